"""Rows of the schema: who is here. The SENCO's to write, and the DSL's where a legal hold is asked for."""

from app.domain.records import acts
from app.domain.schema.checks import day, each_of, flag, ids, one_of, ref, whole, words
from app.domain.schema.fields import Field, Kind, Place, prose
from app.domain.vocabulary.census import AreaOfNeed, SenStatus
from app.domain.vocabulary.roles import REVIEWERS, SENCO, Role

SCHOOL = Kind(
    "school",
    Place.SCHOOL,
    SENCO,
    {"name": Field(words()), "media_days": Field(whole(0)), "public_url": Field(words()), "language": Field(words(35))},
)
CLASS = Kind("class", Place.SCHOOL, SENCO, {"name": Field(words()), "deleted": Field(flag())})
STAFF = Kind(
    "staff",
    Place.SCHOOL,
    SENCO,
    {
        "name": Field(words()),
        "role": Field(one_of(Role, Role.TA), act=acts.staff),
        "classes": Field(ids(), act=acts.staff),
        "left": Field(day(), act=acts.staff),
        "pin_reset": Field(ref(), act=acts.staff),
        "deleted": Field(flag(), act=acts.staff),
    },
    about="staff",
)
TERM = Kind(
    "term",
    Place.SCHOOL,
    SENCO,
    {"name": Field(words()), "start": Field(day()), "end": Field(day()), "deleted": Field(flag())},
)
MEMBERSHIP = Kind(
    "membership",
    Place.SCHOOL,
    SENCO,
    {"class_id": Field(ref()), "active": Field(flag(), act=acts.membership), "deleted": Field(flag())},
)
PUPIL = Kind(
    "pupil",
    Place.PUPIL,
    SENCO,
    {
        "name": Field(words(), searched=True),
        "preferred_name": Field(words(), searched=True),
        "year_group": Field(words()),
        "needs": Field(ids()),
        "areas": Field(each_of(AreaOfNeed)),
        "sen_status": Field(one_of(SenStatus, SenStatus.SUPPORT)),
        "protected": Field(flag()),
        "likes": prose(family=True),
        "helps": prose(family=True),
        "face_seed": Field(whole()),
        "legal_hold": Field(flag(), by=REVIEWERS, act=acts.legal_hold),
        "deleted": Field(flag()),
    },
)
