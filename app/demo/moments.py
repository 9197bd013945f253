"""What was seen in the made-up school: drafts as an assistant makes them, and what the SENCO has said of each since."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from random import Random

from app.demo import calendar
from app.demo.people import Cast, Child, Goal
from app.demo.words import LITTLE, MUCH, SOME, Seen, extras
from app.domain.vocabulary.scales import HelpLevel
from app.domain.vocabulary.states import ReviewState
from app.usecases.evidence.capture import Draft, DraftMedia

MANY = 500  # from here on only every tenth observation has a picture
PICTURED, FEW_PICTURED = 0.64, 0.11  # of those that a drawing shows
UNPLANNED, TWO_GOALS = 0.07, 0.8
OFTEN = (0, 1, 0, 2, 1, 0, 3, 1)  # the first two targets come up most, as in class


@dataclass(slots=True)
class Moment:
    """A draft, who recorded it, and what has become of it."""

    draft: Draft
    by: str
    review: ReviewState = ReviewState.NEW
    starred: bool = False
    question: str = ""

    @property
    def is_clip(self) -> bool:
        return any(item.is_clip for item in self.draft.media)


class Stories:
    """Makes moments one after the other; a note comes again only when all others of its kind were used."""

    def __init__(self, cast: Cast, pictures: Mapping[str, DraftMedia], now: int, share: float, chance: Random) -> None:
        self._cast, self._pictures, self._now, self._share, self._chance = cast, pictures, now, share, chance
        self._begun = now - calendar.WEEKS * 7 * 86_400_000
        self._decks: dict[tuple[str, str, str], list[Seen]] = {}
        self._turns: dict[str, int] = {}

    def alone(self, at: int, child: Child) -> Moment:
        """One child: nearly always against a target or two, else something good that no one planned."""
        if self._chance.random() < UNPLANNED:
            return self._moment(at, [child], self._unplanned("moments"))
        first, second = self._goals(child)
        level = self._level(first, at)
        when = MUCH if level.rung <= 3 else SOME if level.rung <= 5 else LITTLE
        moment = self._moment(at, [child], self._next(child.id, first.id, when, [s for s in first.aim.seen if s.when == when]))
        self._rate(moment.draft, child, first, level)
        if second is not first and self._chance.random() < TWO_GOALS:
            self._rate(moment.draft, child, second, self._level(second, at))
        return moment

    def together(self, at: int, children: Sequence[Child]) -> Moment:
        return self._moment(at, children, self._unplanned("together"))

    def clip(self, at: int, child: Child, which: int) -> Moment:
        moment = self._moment(at, [child], Seen("", "class", "", extras()["clips"][which]))
        moment.draft.media.append(self._pictures[f"clip_{which}"])
        return moment

    # -- parts -----------------------------------------------------------------------------------------------------------
    def _moment(self, at: int, children: Sequence[Child], seen: Seen) -> Moment:
        at = calendar.at_lunch(at, self._now, self._chance) if seen.setting == "lunch" else at
        shown = bool(seen.picture) and self._chance.random() < self._share
        media = [self._pictures[seen.picture]] if shown else []
        draft = Draft(at, media, seen.note, seen.setting, [child.id for child in children])
        return Moment(draft, self._chance.choices(self._cast.adults[children[0].class_id], (6, 3, 1))[0])

    def _unplanned(self, kind: str) -> Seen:
        return self._next("", "", kind, [Seen("", **found) for found in extras()[kind]])

    def _next(self, child: str, goal: str, kind: str, found: Sequence[Seen]) -> Seen:
        deck = self._decks.setdefault((child, goal, kind), [])
        if not deck:
            deck += self._chance.sample(found, len(found))
        return deck.pop()

    def _goals(self, child: Child) -> tuple[Goal, Goal]:
        turn = self._turns[child.id] = self._turns.get(child.id, -1) + 1
        place = OFTEN[turn % len(OFTEN)] % len(child.goals)
        return child.goals[place], child.goals[0 if place else 1]

    def _level(self, goal: Goal, at: int) -> HelpLevel:
        """Less help with time, and good and bad days."""
        part = (at - self._begun) / (self._now - self._begun)
        rung = round(goal.first + (goal.now - goal.first) * part + self._chance.gauss(0, 0.6))
        return next(level for level in HelpLevel if level.rung == min(7, max(1, rung)))

    def _rate(self, draft: Draft, child: Child, goal: Goal, level: HelpLevel) -> None:
        draft.toggle_target(child.id, goal.id)
        draft.set_help(child.id, goal.id, level)


def tell(stories: Stories, cast: Cast, count: int, now: int, chance: Random) -> list[Moment]:
    """Moments, oldest first, that make `count` observations; each of a group's children has one of its own."""
    pairs = count // 10 if len(cast.children) > 1 else 0
    times = calendar.moments(count - pairs, now, chance)
    shared = set(chance.sample(range(len(times)), pairs))
    made = []
    for number, at in enumerate(times):
        child = cast.children[number % len(cast.children)]
        if number in shared:
            made.append(stories.together(at, [child, _mate(cast, child, chance)]))
        else:
            made.append(stories.alone(at, child))
    return sorted(made, key=lambda moment: moment.draft.at)


def _mate(cast: Cast, child: Child, chance: Random) -> Child:
    others = [c for c in cast.children if c is not child]
    return chance.choice([c for c in others if c.class_id == child.class_id] or others)
