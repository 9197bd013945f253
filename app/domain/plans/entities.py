"""Rows of the schema: what a pupil works towards."""

from app.domain.schema.checks import day, flag, one_of, ref, words
from app.domain.schema.fields import Field, Kind, Place, prose
from app.domain.vocabulary.roles import PLANNERS
from app.domain.vocabulary.states import TargetStatus

TARGET = Kind(
    "target",
    Place.PUPIL,
    PLANNERS,
    {
        "pupil": Field(ref()),
        "statement": prose(family=True, searched=True),
        "short": prose(family=True, searched=True),
        "criterion": prose(family=True),
        "baseline": prose(family=True),
        "strategies": prose(family=True),
        "family_words": prose(family=True),
        "next_step": prose(family=True),
        "start": Field(day()),
        "review_date": Field(day()),
        "area": Field(words()),
        "status": Field(one_of(TargetStatus, TargetStatus.LIVE)),
        "deleted": Field(flag()),
    },
    handed_in=True,
)
