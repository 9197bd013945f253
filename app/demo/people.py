"""Who is in the made-up school: classes, staff, pupils with their targets and consents."""

from dataclasses import dataclass, field
from random import Random
from typing import Any

from app.demo.words import Aim, aims, people
from app.domain.register.people import Term
from app.domain.vocabulary.audiences import Audience, MediaKind
from app.domain.vocabulary.roles import Role
from app.usecases.evidence.capture import Writes
from app.usecases.register import roster

IN_A_CLASS, ONE_CLASS = 10, 12  # pupils of a class; up to so many are one class
PHOTO, VIDEO = MediaKind.PHOTO, MediaKind.VIDEO
CONSENTS: dict[str, list[tuple[Audience, MediaKind]]] = {
    "all": [(a, k) for a in (Audience.OWN_FAMILY, Audience.OTHER_FAMILIES) for k in (PHOTO, VIDEO)],
    "own": [(Audience.OWN_FAMILY, PHOTO), (Audience.OWN_FAMILY, VIDEO)],
    "photo": [(Audience.OWN_FAMILY, PHOTO)],
    "none": [],
}


@dataclass(slots=True)
class Goal:
    """A live target of a child, and how the help goes: rungs of the ladder at first and now."""

    id: str
    aim: Aim
    first: float = 1
    now: float = 7


@dataclass(slots=True)
class Child:
    id: str
    class_id: str
    goals: list[Goal]


@dataclass(slots=True)
class Cast:
    """Ids of the people: adults of each class (assistant, teacher, SENCO), and the children."""

    adults: dict[str, tuple[str, str, str]] = field(default_factory=dict)
    senco: str = ""
    children: list[Child] = field(default_factory=list)


async def enrol(writer: Writes, count: int, term: Term, chance: Random, ids: roster.Random) -> Cast:
    """The whole school is named, and its people are entered as a SENCO would."""
    await roster.name_school(writer, people()["school"])
    cast = await _staff(writer, _classes_for(count), ids)
    classes = list(cast.adults)
    for number in range(count):
        words = _known(number) if number < len(people()["pupils"]) else _invented(number, chance)
        room = classes[number * len(classes) // count]
        cast.children.append(await _pupil(writer, room, words, term, chance, ids))
    return cast


def _classes_for(count: int) -> int:
    return 1 if count <= ONE_CLASS else -(-count // IN_A_CLASS)


async def _staff(writer: Writes, classes: int, ids: roster.Random) -> Cast:
    """Each class has an assistant and a teacher of its own as far as the names go; then they share."""
    named = people()
    rooms = [await roster.add_class(writer, name, ids) for name in named["classes"][:classes]]
    assistants = [named["staff"][0][0], *named["assistants"]][: len(rooms)]
    teachers = [named["staff"][1][0], *named["teachers"]][: len(rooms)]
    cast = Cast(senco=await roster.add_staff(writer, named["staff"][2][0], Role.SENCO, [], ids))
    helpers = [await roster.add_staff(writer, n, Role.TA, rooms[i :: len(assistants)], ids) for i, n in enumerate(assistants)]
    leads = [await roster.add_staff(writer, n, Role.TEACHER, rooms[i :: len(teachers)], ids) for i, n in enumerate(teachers)]
    for i, room in enumerate(rooms):
        cast.adults[room] = (helpers[i % len(helpers)], leads[i % len(leads)], cast.senco)
    return cast


# -- pupils --------------------------------------------------------------------------------------------------------------
def _known(number: int) -> dict[str, Any]:
    """One of the eight that are described word for word."""
    return {"protected": False, **people()["pupils"][number]}


def _invented(number: int, chance: Random) -> dict[str, Any]:
    named = people()
    first = chance.choice(named["first"])
    last = chance.choice(named["last" if first.isascii() or first[0] < "\u0600" else "last_arabic"])
    need, area = chance.choice(named["needs"])
    fitting = [key for key, aim in aims().items() if aim.area == area]
    others = [key for key in aims() if key not in fitting]
    return {
        "name": f"{first} {last}", "preferred_name": "", "year_group": f"Year {1 + number // IN_A_CLASS % 6}", "needs": [need],
        "areas": [area], "sen_status": chance.choice("KKE"), "likes": chance.choice(named["likes"]),
        "helps": chance.choice(named["helps"]), "protected": chance.random() < 0.03,
        "aims": chance.sample(fitting, 2) + chance.sample(others, chance.randint(0, 2)),
        "consent": chance.choice(("all", "all", "own", "own", "photo", "none")),
    }  # fmt: skip


async def _pupil(writer: Writes, class_id: str, words: dict[str, Any], term: Term, chance: Random, ids: roster.Random) -> Child:
    fields = {key: value for key, value in words.items() if key not in {"aims", "consent"}}
    ident = await roster.add_pupil(writer, class_id, fields, ids)
    called = words["preferred_name"] or words["name"].split(" ")[0]
    for audience, kind in CONSENTS[words["consent"]]:
        await roster.set_consent(writer, ident, audience, kind, True, "a parent, on the form of the school", term.start)
    goals = [await _goal(writer, ident, called, aims()[key], term, ids) for key in words["aims"]]
    for number, goal in enumerate(goals):
        goal.first, goal.now = _growth(number, chance)
    return Child(ident, class_id, goals)


async def _goal(writer: Writes, pupil: str, called: str, aim: Aim, term: Term, ids: roster.Random) -> Goal:
    by = f"{term.end.day} {term.end:%B %Y}"
    fields = {
        "statement": f"By {by} {called} will {aim.does} {aim.often}, {aim.help}.", "short": aim.short,
        "criterion": aim.criterion, "baseline": aim.baseline, "start": term.start.isoformat(),
        "review_date": term.end.isoformat(), "area": aim.area, "strategies": aim.strategies, "family_words": aim.family,
        "next_step": aim.next,
    }  # fmt: skip
    ident = await roster.add_target(writer, pupil, fields, ids)
    return Goal(ident, aim)


def _growth(number: int, chance: Random) -> tuple[float, float]:
    """Where the help begins and where it is now: nearly all need less, and some second targets stay as they are."""
    first = chance.uniform(1.0, 2.6)
    stays = number == 1 and chance.random() < 0.3
    return first, min(7.2, first + (0.3 if stays else chance.choice((2.8, 3.4, 4.0, 4.6, 5.2))))
