"""What the audit log speaks of: the acts, which changes of a record are acts, and each in a sentence. Ids alone are kept; names
are looked up when a person reads."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from app.domain.vocabulary.language import N_, _
from app.domain.vocabulary.roles import Role

Facts = Mapping[str, Any]
"""Short words, ids, numbers and lists of ids; never what a person typed."""
HUB: Facts = {}
"""Who it is when the hub did it unasked."""
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
ACTS_OF_KIND: dict[str, frozenset[What]] = {
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
    Role.TA: N_("class tablet"),
    Role.TEACHER: N_("teacher"),
    Role.SENCO: N_("SENCO"),
    Role.DSL: N_("safeguarding lead"),
    Role.SLT: N_("leadership"),
}
CONSENTS = {
    "own_family.photo": N_("photos on the own family's page"),
    "own_family.video": N_("clips on the own family's page"),
    "own_family.voice": N_("voice notes on the own family's page"),
    "other_families.photo": N_("photos on other families' pages"),
    "other_families.video": N_("clips on other families' pages"),
    "other_families.voice": N_("voice notes on other families' pages"),
}
WORDS: dict[What, str] = {
    W.INVITED: N_("{who} made a code for a device ({role})"),
    W.INVITE_BURNT: N_("A code was tried wrongly five times and is closed"),
    W.JOINED: N_("{device} joined ({role})"),
    W.DEVICE_ENDED: N_("{who} ended {device}"),
    W.DEVICE_GIVEN_UP: N_("{who} gave up what {device} had not sent"),
    W.QUARANTINE_ACCEPTED: N_("{who} accepted what {device} had handed in"),
    W.QUARANTINE_DROPPED: N_("{who} threw away what {device} had handed in"),
    W.LINK_MADE: N_("{who} made a family link for {pupil}"),
    W.LINK_ENDED: N_("{who} ended a family link of {pupil}"),
    W.FAMILY_LOOKED: N_("The family of {pupil} looked at its page"),
    W.FAMILY_OPENED: N_("The family of {pupil} opened a picture or clip"),
    W.PAPER_MADE: N_("{who} made a paper about {pupil}"),
    W.BACKUP_MADE: N_("{who} made a backup of the school's folder"),
    W.RESTORED: N_("The school's folder was restored from a backup"),
    W.RESTORE_CONFIRMED: N_("{who} confirmed that the restored folder may be used"),
    W.CONSENT_GIVEN: N_("{who} noted a consent for {pupil}: {consent}"),
    W.CONSENT_WITHDRAWN: N_("{who} noted that there is no consent for {pupil}: {consent}"),
    W.ERASURE_ORDERED: N_("{who} asked for all records of {pupil} to be erased"),
    W.ERASURE_CANCELLED: N_("{who} cancelled the erasure of {pupil}"),
    W.ERASED: N_("The hub erased all records of {pupil}"),
    W.HELD: N_("{who} set a legal hold on the records of {pupil}"),
    W.HOLD_ENDED: N_("{who} ended the legal hold on the records of {pupil}"),
    W.STAFF_ROLE: N_("{who} gave {staff} the role {role}"),
    W.STAFF_CLASSES: N_("{who} set the classes of {staff}: {classes}"),
    W.STAFF_LEFT: N_("{who} noted that {staff} has left"),
    W.STAFF_BACK: N_("{who} noted that {staff} is back"),
    W.PUPIL_LEFT: N_("{who} noted that {pupil} has left"),
    W.PIN_RESET: N_("{who} reset the PIN of {staff}"),
    W.SHEET_PRINTED: N_("The recovery sheet was printed"),
    W.HUB_CLAIMED: N_("The hub was claimed with the recovery sheet"),
    W.LOG_BEGUN: N_("This log begins"),
    W.LOG_BROKEN: N_("The hub found that this log had been damaged or changed, and went on"),
    W.NEW_KEY: N_("The hub has another key than the one that signed everything above: it cannot vouch for that"),
}
Lookup = Callable[[str, str], str]
"""(kind, id) -> the name, or "" if it is not known any more. Kinds: staff, pupil, device, class."""
UNKNOWN = {
    "staff": N_("a member of staff"),
    "pupil": N_("a child whose records are not here"),
    "device": N_("a device"),
    "class": N_("a class"),
}


def sentence(what: str, about: Facts, who: Facts, names: Lookup) -> str:
    """One act in plain words. `who` has `staff` or `device`, or neither where the hub acted by itself."""
    if what not in set(What):
        return _("Something that a newer Small Steps knows")
    parts = {kind: _named(kind, about.get(kind), names) for kind in ("pupil", "staff", "device")}
    parts |= {"who": _actor(who, names), "role": _(ROLES.get(about.get("role", ""), N_("another one"))), "consent": _of(about)}
    parts["classes"] = ", ".join(_named("class", one, names) for one in about.get("classes", ())) or _("none")
    text = _(WORDS[What(what)], **parts)
    return text[:1].upper() + text[1:]


def _named(kind: str, ident: Any, names: Lookup) -> str:
    return (names(kind, str(ident)) if ident else "") or _(UNKNOWN[kind])


def _actor(who: Facts, names: Lookup) -> str:
    if who.get("staff") and (found := names("staff", str(who["staff"]))):
        return found
    return _named("device", who.get("device"), names) if who.get("device") else _("the hub")


def _of(about: Facts) -> str:
    return _(CONSENTS.get(str(about.get("consent", "")), N_("pictures in other places")))
