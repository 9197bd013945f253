"""Who is here: school, classes, staff, terms, pupils, targets and consents. Written by the SENCO."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date

from app.domain.vocabulary.audiences import Audience, MediaKind
from app.domain.vocabulary.roles import Role
from app.domain.vocabulary.states import TargetStatus
from app.usecases.evidence.capture import Writes
from app.usecases.session import change
from storage.ops import Json

Random = Callable[[int], bytes]


async def name_school(writer: Writes, name: str) -> None:
    await writer.write(change.of("school", "school", "settings", name=name.strip()))


async def set_media_days(writer: Writes, days: int) -> None:
    await writer.write(change.of("school", "school", "settings", media_days=days))


async def add_class(writer: Writes, name: str, random: Random) -> str:
    ident = random(16).hex()
    await writer.write(change.of("class", "school", ident, name=name.strip()))
    return ident


async def add_staff(writer: Writes, name: str, role: Role, classes: Sequence[str], random: Random) -> str:
    ident = random(16).hex()
    await writer.write(change.of("staff", "school", ident, name=name.strip(), role=role, classes=list(classes)))
    return ident


async def forget_pin(writer: Writes, staff: str, random: Random) -> None:
    """Each device forgets the person's PIN when it hears of this, and lets a new one be chosen for a while."""
    await writer.write(change.of("staff", "school", staff, pin_reset=random(8).hex()))


async def set_term(writer: Writes, ident: str, name: str, start: date, end: date) -> None:
    await writer.write(change.of("term", "school", ident, name=name, start=start, end=end))


async def add_pupil(writer: Writes, class_id: str, fields: Mapping[str, Json], random: Random) -> str:
    """Membership goes to `school`; everything else about the child to the child's own partition."""
    ident = random(16).hex()
    known = {"face_seed": random(1)[0], "sen_status": "K", "protected": False} | dict(fields)
    member = change.of("membership", "school", ident, class_id=class_id, active=True)
    await writer.write([*member, *change.of("pupil", ident, ident, **known)])
    return ident


async def add_target(writer: Writes, pupil: str, fields: Mapping[str, Json], random: Random) -> str:
    ident = random(16).hex()
    await writer.write(change.of("target", pupil, ident, **{"pupil": pupil, "status": TargetStatus.LIVE, **fields}))
    return ident


async def set_consent(writer: Writes, pupil: str, audience: Audience, kind: MediaKind, given: bool, by: str, on: date) -> None:
    value = {"given": given, "by": by, "on": on.isoformat()}
    await writer.write(change.of("consent", pupil, pupil, **{f"{audience}.{kind}": value}))
