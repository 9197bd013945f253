"""The school of a round: a folder with two classes, five devices that have joined, and where everything of theirs lies."""

import json
import os
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

from app.domain.schema.rights import partitions_for
from app.domain.vocabulary.roles import Role
from app.hub.ground.signed_records import key_at
from app.hub.office import Office
from app.usecases.register import roster
from app.usecases.session.school import School
from storage.folder.directory import Directory
from storage.replica import Replica
from storage.space import create_space
from storage.store import Store

PUPILS = 8
START = 1_795_000_000_000  # ms UTC: a school day in November 2026
DAY = 86_400_000  # ms


@dataclass(frozen=True, slots=True)
class Grounds:
    """One round's place. `day`: seconds that a day of the devices' clocks lasts, so that a week passes within the round."""

    place: Path
    port: int
    day: float
    began: float

    @property
    def school(self) -> Path:
        return self.place / "school"

    @property
    def key(self) -> Path:
        return self.place / "hub.key"

    @property
    def hub(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def store(self, number: int) -> Path:
        return self.place / f"device-{number}"

    def diary(self, number: int) -> Path:
        return self.place / f"device-{number}.diary"

    def clock(self, offset_days: float = 0) -> Callable[[], int]:
        """Now in ms UTC, as the devices have it."""
        return lambda: START + int(((time.time() - self.began) / self.day + offset_days) * DAY)

    def keep(self) -> None:
        (self.place / "grounds.json").write_text(json.dumps(asdict(self) | {"place": str(self.place)}))

    @classmethod
    def at(cls, place: Path) -> "Grounds":
        return cls(**json.loads((place / "grounds.json").read_text()) | {"place": place})


@dataclass(frozen=True, slots=True)
class Joined:
    """A device's way in, and what it may see."""

    token: str
    role: Role
    classes: tuple[str, ...]

    def scope(self, store: Store) -> Callable[[str], bool]:
        return lambda partition: partitions_for(self.role, self.classes, School(store).memberships())(partition)

    @classmethod
    def of(cls, grounds: Grounds, number: int) -> "Joined":
        raw = json.loads((grounds.place / f"device-{number}.json").read_text())
        return cls(raw["token"], Role(raw["role"]), tuple(raw["classes"]))


async def founded(place: Path, port: int, day: float) -> Grounds:
    grounds = Grounds(place, port, day, time.time())
    grounds.school.mkdir(parents=True)
    folder = Directory(grounds.school)
    await create_space(folder, os.urandom)
    oak, elm = await _filled(Replica(folder, os.urandom(8).hex(), grounds.clock()))
    office = Office(folder, key_at(grounds.key), None)
    devices = [(Role.TA, [oak]), (Role.TA, [oak]), (Role.TA, [elm]), (Role.SENCO, []), (Role.SENCO, [])]
    for number, (role, classes) in enumerate(devices):
        await _join(grounds, office, number, role, classes)
    grounds.keep()
    return grounds


async def _filled(replica: Replica) -> tuple[str, str]:
    await roster.name_school(replica, "Brook School")
    classes = [await roster.add_class(replica, name, os.urandom) for name in ("Oak", "Elm")]
    for number in range(PUPILS):
        pupil = await roster.add_pupil(replica, classes[number % 2], {"name": f"Pupil {number}"}, os.urandom)
        await roster.add_target(replica, pupil, {"short": f"asks {number}"}, os.urandom)
    return classes[0], classes[1]


async def _join(grounds: Grounds, office: Office, number: int, role: Role, classes: list[str]) -> None:
    """Once and before anything is killed: a code works once."""
    store = await Store.open(Directory.own(grounds.store(number)), now=grounds.clock())
    code, _ = await office.access.invite(role, classes, None)
    token, _ = await office.access.join(code, store.device, f"device {number}")
    facts = {"token": token, "role": str(role), "classes": classes}
    (grounds.place / f"device-{number}.json").write_text(json.dumps(facts))
    await store.close()
