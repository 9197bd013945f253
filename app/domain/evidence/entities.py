"""Rows of the schema: what was seen. Each pupil has a copy of its own, and who was in the picture is written once."""

from app.domain.schema.checks import everybody, flag, ids, one_of, record, ref, whole, words
from app.domain.schema.fields import Field, Kind, Once, Place, prose
from app.domain.vocabulary.roles import RECORDERS, REVIEWERS, SENCO
from app.domain.vocabulary.scales import HelpLevel
from app.domain.vocabulary.states import ReviewState

RATING = "rating."
SMALL_PICTURE = 512 * 1024  # characters of base64

OBSERVATION = Kind(
    "observation",
    Place.PUPIL,
    RECORDERS,
    {
        "pupil": Field(ref(), once=Once.YES),
        "at": Field(whole(), once=Once.YES),  # ms UTC
        "offset_min": Field(whole(), once=Once.YES),
        "by": Field(ref(), once=Once.YES),
        "setting": Field(words()),
        "note": prose(family=True, searched=True, once=Once.APPROVED),
        "media": Field(ids(), once=Once.YES),
        "group": Field(ref(), once=Once.YES),
        "together": Field(everybody(), once=Once.YES),
        "targets": Field(ids()),
        "review": Field(one_of(ReviewState, ReviewState.HIDDEN), by=REVIEWERS, new=str(ReviewState.NEW)),
        "starred": Field(flag(), by=SENCO, new=False),
        "question": prose(by=REVIEWERS),
        "deleted": Field(flag(), by=REVIEWERS),
    },
    each={RATING: Field(record("help", help=one_of(HelpLevel, HelpLevel.NO_RESPONSE)))},
    moment=True,
    handed_in=True,
)

MEDIA = Kind(
    "media",
    Place.PUPIL,
    RECORDERS,
    {
        "observation": Field(ref(), once=Once.YES),
        "type": Field(words(), once=Once.YES),
        "size": Field(whole(), once=Once.YES),  # bytes
        "sha": Field(words(), once=Once.YES),
        "width": Field(whole(), once=Once.YES),
        "height": Field(whole(), once=Once.YES),
        "duration_ms": Field(whole(), once=Once.YES),
        "chunks": Field(ids(), once=Once.YES),
        "thumb": Field(words(SMALL_PICTURE), once=Once.YES),
        "poster": Field(words(SMALL_PICTURE), once=Once.YES),
        "visible": Field(everybody(), once=Once.YES),
        "deleted": Field(flag(), by=REVIEWERS, once=Once.YES),
    },
    moment=True,
    handed_in=True,
)
