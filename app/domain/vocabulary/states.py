"""In which state a target or an observation is."""

from enum import StrEnum


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
