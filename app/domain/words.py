"""The words of the house: scales and kinds, each with what a person reads. Data, so that a school can add its own later."""

from enum import StrEnum


class Role(StrEnum):
    TA = "ta"
    TEACHER = "teacher"
    SENCO = "senco"
    SLT = "slt"
    DSL = "dsl"


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


class TargetStatus(StrEnum):
    DRAFT = "draft"
    LIVE = "live"
    ACHIEVED = "achieved"
    PARTLY = "partly"
    NOT_YET = "not_yet"
    DROPPED = "dropped"


class ReviewState(StrEnum):
    NEW = "new"
    APPROVED = "approved"
    QUERIED = "queried"
    HIDDEN = "hidden"


class Audience(StrEnum):
    STAFF = "staff"
    OWN_FAMILY = "own_family"
    OTHER_FAMILIES = "other_families"
    PROFESSIONALS = "professionals"
    TRAINING = "training"
    PUBLIC = "public"


class MediaKind(StrEnum):
    PHOTO = "photo"
    VIDEO = "video"
    VOICE = "voice"


class HelpLevel(StrEnum):
    """The highest level of help that was needed; the order is from independent to no response."""

    INDEPENDENT = "independent"
    GESTURE = "gesture"
    INDIRECT_VERBAL = "indirect_verbal"
    DIRECT_VERBAL = "direct_verbal"
    MODEL = "model"
    PARTIAL_PHYSICAL = "partial_physical"
    FULL_PHYSICAL = "full_physical"
    NO_RESPONSE = "no_response"

    @property
    def rung(self) -> int:
        """7 = independent ... 0 = no response."""
        return len(HelpLevel) - 1 - list(HelpLevel).index(self)

    @property
    def words(self) -> str:
        return HELP_WORDS[self][0]

    @property
    def definition(self) -> str:
        return HELP_WORDS[self][1]

    @property
    def for_families(self) -> str:
        return HELP_WORDS[self][2]


HELP_WORDS: dict[HelpLevel, tuple[str, str, str]] = {
    HelpLevel.INDEPENDENT: ("independent", "Did it alone, with no help of any kind.", "on their own"),
    HelpLevel.GESTURE: ("gesture", "A point, a look or a nod was enough.", "when we point or nod"),
    HelpLevel.INDIRECT_VERBAL: ("hint in words", "A hint such as 'what comes next?'", "with a small hint"),
    HelpLevel.DIRECT_VERBAL: ("told in words", "Was told what to do.", "when we say what to do"),
    HelpLevel.MODEL: ("shown", "An adult or a friend showed how first.", "after we show how"),
    HelpLevel.PARTIAL_PHYSICAL: ("light touch", "A touch or a nudge began the movement.", "with a light touch"),
    HelpLevel.FULL_PHYSICAL: ("hand over hand", "The adult moved with the pupil all the way.", "with our hands helping"),
    HelpLevel.NO_RESPONSE: ("no response", "Did not respond this time.", "not yet"),
}

SETTINGS = ("class", "playground", "lunch", "pool", "garden", "trip", "home")
