"""What an adult at a device does all day, in made-up order, through the use cases of the app."""

import os
import random
from collections.abc import Mapping, Sequence

from app.domain.vocabulary.roles import Role
from app.domain.vocabulary.scales import HelpLevel
from app.domain.vocabulary.states import ReviewState
from app.usecases.evidence import capture
from app.usecases.evidence.capture import Draft, DraftMedia
from app.usecases.records import erasure
from app.usecases.register import roster
from app.usecases.review import review
from app.usecases.session.school import School
from storage.errors import Erased
from storage.ops import Change
from storage.store import Store
from tests.pictures import photo
from tests.torture.diary import Diary
from tests.torture.grounds import Joined
from tests.torture.promises import standing

WEIGHTS = {
    "observe": 9, "reword": 5, "set_elsewhere": 3, "rate": 2, "approve": 2, "ask": 1, "star": 1, "rename": 1, "move": 1, "aim": 1,
    "erase": 1, "spare": 1,
}  # fmt: skip
FOR_ALL = {"observe", "reword", "set_elsewhere", "rate"}
RECENT = 12  # observations of a child that are gone back to: a text carries the ids of all it ever replaced
FEWEST = 4  # children who stay, whatever is ordered
LARGE = 1_300_000  # bytes: a picture of two pieces


class Promising:
    """Writes, and notes down what was promised when the store has returned."""

    def __init__(self, store: Store, diary: Diary) -> None:
        self.store, self.diary, self.unchecked = store, diary, dict[str, list[str]]()
        self.syncing = False

    async def write(self, changes: Sequence[Change], media: Mapping[str, bytes] | None = None) -> None:
        self.diary.say("began")
        alone = not self.syncing
        await self.store.write(changes, media)
        promises, beaten = standing(self.store.library, changes)
        self.diary.say("saved", ops=[[promise.partition, promise.op.to_json()] for promise in promises])
        if beaten and alone and not self.syncing:
            self.diary.say("wrong", how=f"saved, and not there at once: {beaten}")
        for promise in promises:
            self.unchecked.setdefault(promise.op.entity, []).append(promise.op.id)


class Deeds:
    def __init__(self, writer: Promising, joined: Joined, number: int, dice: random.Random) -> None:
        self.writer, self.joined, self.number, self.dice = writer, joined, number, dice
        self.school = School(writer.store)
        self.verbs = [verb for verb in WEIGHTS if joined.role is Role.SENCO or verb in FOR_ALL]

    async def one(self) -> None:
        (verb,) = self.dice.choices(self.verbs, [WEIGHTS[verb] for verb in self.verbs])
        try:
            await getattr(self, verb)()
        except Erased:
            self.writer.diary.say("trouble", of="a child was erased")

    def words(self, what: str) -> str:
        """Words that nobody else ever writes, so that what is there twice was written twice."""
        return f"{what} {self.number} {os.urandom(6).hex()}"

    # -- whom and what it is about ---------------------------------------------------------------------------------------
    def pupils(self) -> list[str]:
        """Who may be seen here, and is."""
        library, scope = self.writer.store.library, self.joined.scope(self.writer.store)
        here = {document["id"] for document in library.documents("pupil")}
        return sorted(pupil for pupil in self.school.memberships() if pupil in here and scope(pupil))

    def seen_before(self, by: str = "") -> tuple[str, str] | None:
        """(pupil, observation), one of the last of a child; `by` whom it is (staff or senco)."""
        pupils = self.pupils()
        pupil = self.dice.choice(pupils) if pupils else ""
        found = [d for d in self.writer.store.library.documents("observation", pupil) if str(d.get("by", "")).startswith(by)]
        return (pupil, self.dice.choice(found[-RECENT:])["id"]) if found else None

    def mine(self) -> str:
        """A TA may not touch what a SENCO approves, and only a SENCO's own is approved here: else the hub would say no."""
        return "senco" if self.joined.role is Role.SENCO and self.dice.random() < 0.5 else "staff"

    # -- what is done ----------------------------------------------------------------------------------------------------
    async def observe(self) -> None:
        pupils = self.pupils()
        chosen = self.dice.sample(pupils, min(len(pupils), self.dice.choice([1, 1, 1, 2])))
        if not chosen:
            return
        by = "senco" if self.joined.role is Role.SENCO else "staff"
        draft = Draft(self.writer.store.now(), [], self.words("note"), self.words("setting"), chosen)
        files = self.picture(draft) if self.dice.random() < 0.4 else {}
        await capture.save(self.writer, draft, files, by, draft.at, 0, os.urandom)

    def picture(self, draft: Draft) -> dict[str, bytes]:
        data = photo(LARGE if self.dice.random() < 0.08 else self.dice.randrange(1, 60_000))
        draft.media = [DraftMedia("m", "image/jpeg", len(data), 8, 6)]
        return {"m": data}

    async def reword(self) -> None:
        if found := self.seen_before(self.mine()):
            await review.settle_note(self.writer, *found, self.words("note"))

    async def set_elsewhere(self) -> None:
        if found := self.seen_before():
            await self.writer.write([Change(found[0], f"observation:{found[1]}", "setting", self.words("setting"))])

    async def rate(self) -> None:
        if found := self.seen_before():
            rating = {"help": str(self.dice.choice(list(HelpLevel)))}
            await self.writer.write([Change(found[0], f"observation:{found[1]}", "rating.any", rating)])

    async def approve(self) -> None:
        if found := self.seen_before("senco"):
            await review.set_state(self.writer, *found, ReviewState.APPROVED)

    async def ask(self) -> None:
        if found := self.seen_before("senco"):
            await review.set_state(self.writer, *found, ReviewState.QUERIED, self.words("question"))

    async def star(self) -> None:
        if found := self.seen_before():
            await review.star(self.writer, *found, self.dice.random() < 0.5)

    async def rename(self) -> None:
        await roster.name_school(self.writer, self.words("school"))

    async def move(self) -> None:
        """A pupil changes class: one class's tablets let go of it, the other's fetch it."""
        if self.dice.random() < 0.2 and (pupils := self.pupils()):
            to = self.dice.choice(self.school.classes()).id
            await self.writer.write([Change("school", f"membership:{self.dice.choice(pupils)}", "class_id", to)])

    async def aim(self) -> None:
        if pupils := self.pupils():
            await roster.add_target(self.writer, self.dice.choice(pupils), {"short": self.words("target")}, os.urandom)

    async def erase(self) -> None:
        """One order at a time; the hub carries it out when it has waited."""
        pupils = self.pupils()
        if len(pupils) > FEWEST and all(order.cancelled for order in erasure.orders(self.writer.store.library)):
            await erasure.order(self.writer, self.dice.choice(pupils), "senco", erasure.Why.LEFT, self.writer.store.now())

    async def spare(self) -> None:
        """Now and then an order is taken back, perhaps too late."""
        open_orders = [order for order in erasure.orders(self.writer.store.library) if not order.cancelled]
        if open_orders and self.dice.random() < 0.1:
            await erasure.cancel(self.writer, open_orders[0].pupil, "senco", self.writer.store.now())
