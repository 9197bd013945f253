"""What the audit log speaks of: the acts, which changes of a record are acts, and each in a sentence. Ids alone are kept; names
are looked up when somebody reads."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from app.domain.vocabulary.roles import Role

Facts = Mapping[str, Any]
"""Short words, ids, numbers and lists of ids; never what a person typed."""
HUB: Facts = {}
"""Who it is when nobody asked the hub to."""
AN_ID = re.compile(r"[0-9a-z-]{1,40}")
A_CONSENT = re.compile(r"[a-z_]{1,30}\.[a-z_]{1,30}")


class What(StrEnum):
    INVITED = "invited"
    INVITE_BURNT = "invite_burnt"
    JOINED = "joined"
    DEVICE_ENDED = "device_ended"
    DEVICE_GIVEN_UP = "device_given_up"
    QUARANTINE_ACCEPTED = "quarantine_accepted"
    QUARANTINE_DROPPED = "quarantine_dropped"
    LINK_MADE = "link_made"
    LINK_ENDED = "link_ended"
    FAMILY_LOOKED = "family_looked"
    FAMILY_OPENED = "family_opened"
    PAPER_MADE = "paper_made"
    BACKUP_MADE = "backup_made"
    RESTORED = "restored"
    RESTORE_CONFIRMED = "restore_confirmed"
    CONSENT_GIVEN = "consent_given"
    CONSENT_WITHDRAWN = "consent_withdrawn"
    ERASURE_ORDERED = "erasure_ordered"
    ERASURE_CANCELLED = "erasure_cancelled"
    ERASED = "erased"
    HELD = "held"
    HOLD_ENDED = "hold_ended"
    STAFF_ROLE = "staff_role"
    STAFF_CLASSES = "staff_classes"
    STAFF_LEFT = "staff_left"
    STAFF_BACK = "staff_back"
    PUPIL_LEFT = "pupil_left"
    PIN_RESET = "pin_reset"
    SHEET_PRINTED = "sheet_printed"
    HUB_CLAIMED = "hub_claimed"
    LOG_BEGUN = "log_begun"
    LOG_BROKEN = "log_broken"
    NEW_KEY = "new_key"


W = What
KINDS: dict[str, frozenset[What]] = {
    "families": frozenset({W.LINK_MADE, W.LINK_ENDED, W.FAMILY_LOOKED, W.FAMILY_OPENED}),
    "consents": frozenset({W.CONSENT_GIVEN, W.CONSENT_WITHDRAWN}),
    "erasures": frozenset({W.ERASURE_ORDERED, W.ERASURE_CANCELLED, W.ERASED, W.HELD, W.HOLD_ENDED}),
    "papers": frozenset({W.PAPER_MADE, W.BACKUP_MADE, W.RESTORED, W.RESTORE_CONFIRMED}),
    "devices": frozenset(
        {
            W.INVITED, W.INVITE_BURNT, W.JOINED, W.DEVICE_ENDED, W.DEVICE_GIVEN_UP, W.QUARANTINE_ACCEPTED, W.QUARANTINE_DROPPED,
            W.SHEET_PRINTED, W.HUB_CLAIMED,
        }
    ),
    "people": frozenset({W.STAFF_ROLE, W.STAFF_CLASSES, W.STAFF_LEFT, W.STAFF_BACK, W.PUPIL_LEFT, W.PIN_RESET}),
    "log": frozenset({W.LOG_BEGUN, W.LOG_BROKEN, W.NEW_KEY}),
}  # fmt: skip
"""What people filter by."""


@dataclass(frozen=True, slots=True)
class Act:
    """Something that was done, with ids of what it was about."""

    what: What
    about: Facts
    why: str = ""


def an_id(text: Any) -> str:
    """The id; "?" for what is none, since it might be anything."""
    return text if isinstance(text, str) and AN_ID.fullmatch(text) else "?"


# -- changes of records: the rows of the schema name these -------------------------------------------------------------------
Made = tuple[What, dict[str, Any], str] | None
"""The act, what it is about besides the thing itself, and why; None for a change that is no act."""


def consent(field: str, value: Any, _: Facts) -> Made:
    """What is not plainly a yes is a no."""
    given = isinstance(value, Mapping) and value.get("given") is True
    return W.CONSENT_GIVEN if given else W.CONSENT_WITHDRAWN, {"consent": field if A_CONSENT.fullmatch(field) else "?"}, ""


def erasure(_: str, value: Any, beside: Facts) -> Made:
    """Of `cancelled`: a plain no is the order itself."""
    return (W.ERASURE_ORDERED, {}, an_id(beside.get("why"))) if value is False else (W.ERASURE_CANCELLED, {}, "")


def erased(_: str, __: Any, ___: Facts) -> Made:
    return W.ERASED, {}, ""


def legal_hold(_: str, value: Any, __: Facts) -> Made:
    """Anything but a plain no is a yes."""
    return W.HOLD_ENDED if value in (False, None) else W.HELD, {}, ""


def membership(_: str, value: Any, __: Facts) -> Made:
    return (W.PUPIL_LEFT, {}, "") if value is False else None


def staff(field: str, value: Any, _: Facts) -> Made:
    match field:
        case "role":
            return W.STAFF_ROLE, {"role": an_id(value)}, ""
        case "classes":
            return W.STAFF_CLASSES, {"classes": [an_id(one) for one in value] if isinstance(value, list) else []}, ""
        case "left" | "deleted":
            return W.STAFF_LEFT if value else W.STAFF_BACK, {}, ""
        case "pin_reset":
            return (W.PIN_RESET, {}, "") if value else None
    return None


# -- in words --------------------------------------------------------------------------------------------------------------
ROLES = {
    Role.TA: "class tablet",
    Role.TEACHER: "teacher",
    Role.SENCO: "SENCO",
    Role.DSL: "safeguarding lead",
    Role.SLT: "leadership",
}
AUDIENCES = {"own_family": "the own family's page", "other_families": "other families' pages"}
MEDIA = {"photo": "photos", "video": "clips", "voice": "voice notes"}
WORDS: dict[What, str] = {
    W.INVITED: "{who} made a code for a device ({role})",
    W.INVITE_BURNT: "A code was tried wrongly five times and is closed",
    W.JOINED: "{device} joined ({role})",
    W.DEVICE_ENDED: "{who} ended {device}",
    W.DEVICE_GIVEN_UP: "{who} gave up what {device} had not sent",
    W.QUARANTINE_ACCEPTED: "{who} accepted what {device} had handed in",
    W.QUARANTINE_DROPPED: "{who} threw away what {device} had handed in",
    W.LINK_MADE: "{who} made a family link for {pupil}",
    W.LINK_ENDED: "{who} ended a family link of {pupil}",
    W.FAMILY_LOOKED: "The family of {pupil} looked at its page",
    W.FAMILY_OPENED: "The family of {pupil} opened a picture or clip",
    W.PAPER_MADE: "{who} made a paper about {pupil}",
    W.BACKUP_MADE: "{who} made a backup of the school's folder",
    W.RESTORED: "The school's folder was restored from a backup",
    W.RESTORE_CONFIRMED: "{who} confirmed that the restored folder may be used",
    W.CONSENT_GIVEN: "{who} noted a consent for {pupil}: {consent}",
    W.CONSENT_WITHDRAWN: "{who} noted that there is no consent for {pupil}: {consent}",
    W.ERASURE_ORDERED: "{who} asked for all records of {pupil} to be erased",
    W.ERASURE_CANCELLED: "{who} cancelled the erasure of {pupil}",
    W.ERASED: "The hub erased all records of {pupil}",
    W.HELD: "{who} set a legal hold on the records of {pupil}",
    W.HOLD_ENDED: "{who} ended the legal hold on the records of {pupil}",
    W.STAFF_ROLE: "{who} gave {staff} the role {role}",
    W.STAFF_CLASSES: "{who} set the classes of {staff}: {classes}",
    W.STAFF_LEFT: "{who} noted that {staff} has left",
    W.STAFF_BACK: "{who} noted that {staff} is back",
    W.PUPIL_LEFT: "{who} noted that {pupil} has left",
    W.PIN_RESET: "{who} reset the PIN of {staff}",
    W.SHEET_PRINTED: "The recovery sheet was printed",
    W.HUB_CLAIMED: "The hub was claimed with the recovery sheet",
    W.LOG_BEGUN: "This log begins",
    W.LOG_BROKEN: "The hub found that this log had been damaged or changed, and went on",
    W.NEW_KEY: "The hub has another key than the one that signed everything above: it cannot vouch for that",
}
Lookup = Callable[[str, str], str]
"""(kind, id) -> the name, or "" where nobody knows it any more. Kinds: staff, pupil, device, class."""
NOBODY = {"staff": "somebody", "pupil": "a child whose records are not here", "device": "a device", "class": "a class"}


def sentence(what: str, about: Facts, who: Facts, names: Lookup) -> str:
    """One act in plain words. `who` has `staff` or `device`, or neither where the hub acted by itself."""
    if what not in set(What):
        return "Something that a newer Small Steps knows"
    parts = {kind: _named(kind, about.get(kind), names) for kind in ("pupil", "staff", "device")}
    parts |= {"who": _actor(who, names), "role": ROLES.get(about.get("role", ""), "another one"), "consent": _of(about)}
    parts["classes"] = ", ".join(_named("class", one, names) for one in about.get("classes", ())) or "none"
    text = WORDS[What(what)].format(**parts)
    return text[:1].upper() + text[1:]


def _named(kind: str, ident: Any, names: Lookup) -> str:
    return (names(kind, str(ident)) if ident else "") or NOBODY[kind]


def _actor(who: Facts, names: Lookup) -> str:
    if who.get("staff") and (found := names("staff", str(who["staff"]))):
        return found
    return _named("device", who.get("device"), names) if who.get("device") else "the hub"


def _of(about: Facts) -> str:
    audience, _, kind = str(about.get("consent", "")).partition(".")
    return f"{MEDIA.get(kind, 'pictures')} on {AUDIENCES.get(audience, 'other places')}"
