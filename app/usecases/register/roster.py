"""Who is here: school, classes, staff, terms, pupils, targets and consents. Written by the SENCO."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date

from app.domain.vocabulary.audiences import Audience, MediaKind
from app.domain.vocabulary.roles import Role
from app.usecases.evidence.capture import Writes
from storage.ops import Change, Json

Random = Callable[[int], bytes]


def changes(partition: str, entity: str, fields: Mapping[str, Json]) -> list[Change]:
    return [Change(partition, entity, key, value) for key, value in fields.items()]


async def name_school(writer: Writes, name: str) -> None:
    await writer.write(changes("school", "school:settings", {"name": name.strip()}))


async def set_media_days(writer: Writes, days: int) -> None:
    await writer.write(changes("school", "school:settings", {"media_days": days}))


async def add_class(writer: Writes, name: str, random: Random) -> str:
    ident = random(16).hex()
    await writer.write(changes("school", f"class:{ident}", {"name": name.strip()}))
    return ident


async def add_staff(writer: Writes, name: str, role: Role, classes: Sequence[str], random: Random) -> str:
    ident = random(16).hex()
    await writer.write(changes("school", f"staff:{ident}", {"name": name.strip(), "role": str(role), "classes": list(classes)}))
    return ident


async def forget_pin(writer: Writes, staff: str, random: Random) -> None:
    """Each device forgets the person's PIN when it hears of this, and lets a new one be chosen for a while."""
    await writer.write(changes("school", f"staff:{staff}", {"pin_reset": random(8).hex()}))


async def set_term(writer: Writes, ident: str, name: str, start: date, end: date) -> None:
    await writer.write(changes("school", f"term:{ident}", {"name": name, "start": start.isoformat(), "end": end.isoformat()}))


async def add_pupil(writer: Writes, class_id: str, fields: Mapping[str, Json], random: Random) -> str:
    """Membership goes to `school`; everything else about the child to the child's own partition."""
    ident = random(16).hex()
    known = {"face_seed": random(1)[0], "sen_status": "K", "protected": False} | dict(fields)
    member = changes("school", f"membership:{ident}", {"class_id": class_id, "active": True})
    await writer.write([*member, *changes(ident, f"pupil:{ident}", known)])
    return ident


async def add_target(writer: Writes, pupil: str, fields: Mapping[str, Json], random: Random) -> str:
    ident = random(16).hex()
    await writer.write(changes(pupil, f"target:{ident}", {"pupil": pupil, "status": "live"} | dict(fields)))
    return ident


async def set_consent(writer: Writes, pupil: str, audience: Audience, kind: MediaKind, given: bool, by: str, on: date) -> None:
    value = {"given": given, "by": by, "on": on.isoformat()}
    await writer.write([Change(pupil, f"consent:{pupil}", f"{audience}.{kind}", value)])
