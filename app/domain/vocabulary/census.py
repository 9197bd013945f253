"""SEN status, areas and types of need, by the codes of the Department for Education."""

from enum import StrEnum

from app.domain.vocabulary.language import N_


class SenStatus(StrEnum):
    """Census codes N, K and E."""

    NONE = "N"
    SUPPORT = "K"
    EHCP = "E"


class AreaOfNeed(StrEnum):
    """Stored in English; read through `_`."""

    COMMUNICATION = N_("communication and interaction")
    COGNITION = N_("cognition and learning")
    SOCIAL = N_("social, emotional and mental health")
    SENSORY = N_("sensory and/or physical")


class NeedType(StrEnum):
    """Codes of the Department for Education."""

    SPLD = "SPLD"
    MLD = "MLD"
    SLD = "SLD"
    PMLD = "PMLD"
    SEMH = "SEMH"
    SLCN = "SLCN"
    HI = "HI"
    VI = "VI"
    MSI = "MSI"
    PD = "PD"
    ASD = "ASD"
    DS = "DS"
    OTH = "OTH"
    NSA = "NSA"
