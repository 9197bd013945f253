"""Who may see something, and which kinds of media consent is given for."""

from enum import StrEnum


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
