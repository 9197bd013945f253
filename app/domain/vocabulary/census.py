"""SEN status, areas and types of need, by the codes of the Department for Education."""

from enum import StrEnum


class SenStatus(StrEnum):
    """Census codes N, K and E."""

    NONE = "N"
    SUPPORT = "K"
    EHCP = "E"


class AreaOfNeed(StrEnum):
    COMMUNICATION = "communication and interaction"
    COGNITION = "cognition and learning"
    SOCIAL = "social, emotional and mental health"
    SENSORY = "sensory and/or physical"


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
