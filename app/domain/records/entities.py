"""Rows of the schema: orders to erase a child, and that one was carried out, which only the hub says."""

from app.domain.records import acts
from app.domain.schema.checks import choice, flag, record, ref, whole, words
from app.domain.schema.fields import Field, Kind, Place
from app.domain.vocabulary.roles import NO_ROLE, REVIEWERS

ERASURE = Kind(
    "erasure",
    Place.SCHOOL,
    REVIEWERS,
    {
        "asked": Field(whole()),  # ms UTC
        "by": Field(ref()),
        "why": Field(choice("family", "left", "mistake", "other")),
        "cancelled": Field(flag(), act=acts.erasure),
        "cancelled_at": Field(whole()),
        "cancelled_by": Field(ref()),
    },
)
ERASED = Kind("erased", Place.SCHOOL, NO_ROLE, {"at": Field(record("proof", on=whole(), proof=words()), act=acts.erased)})
