"""Rows of the schema: who agreed to what. A consent for each audience and kind of picture, each a field of its own."""

from app.domain.records import acts
from app.domain.schema.checks import flag, record, words
from app.domain.schema.fields import Field, Kind, Place
from app.domain.vocabulary.audiences import Audience, MediaKind
from app.domain.vocabulary.roles import SENCO

# `by` and `on` are what the SENCO noted, as she noted it: a consent that was withdrawn is not held back for an odd date.
AGREED = Field(record("given", given=flag(), by=words(), on=words(), withdrawn=words()), act=acts.consent)
CONSENT = Kind("consent", Place.PUPIL, SENCO, {f"{audience}.{kind}": AGREED for audience in Audience for kind in MediaKind})
