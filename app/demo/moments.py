"""What was seen in the made-up school: drafts as an assistant makes them, and what the SENCO has said of each since."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from random import Random

from app.demo import calendar
from app.demo.people import Cast, Child, Goal
from app.demo.words import extras
from app.domain.words import HelpLevel, ReviewState
from app.usecases.capture import Draft, DraftMedia

WAITING = 9  # observations of a class that wait for a look
MANY = 500  # from here on only every tenth observation has a picture


@dataclass(slots=True)
class Moment:
    """A draft, who recorded it, and what has become of it."""

    draft: Draft
    by: str
    review: ReviewState = ReviewState.NEW
    starred: bool = False
    question: str = ""


class Stories:
    """Makes moments one after the other; a note comes again only when all others of its kind were used."""

    def __init__(self, cast: Cast, pictures: Mapping[str, DraftMedia], now: int, share: float, chance: Random) -> None:
        self._cast, self._pictures, self._now, self._share, self._chance = cast, pictures, now, share, chance
        self._begun = now - calendar.WEEKS * 7 * 86_400_000
        self._decks: dict[tuple[str, ...], list[str]] = {}
        self._turns: dict[str, int] = {}

    def alone(self, at: int, child: Child) -> Moment:
        """One child: seven of eight times against a target, else something good that nobody planned."""
        if self._chance.random() < 0.12:
            return self._unplanned(at, [child], "moments")
        goal = self._goal(child)
        level = self._level(goal, at)
        note = self._next(goal.aim.later if level.rung >= 4 else goal.aim.early, child.id)
        draft = Draft(at, self._media(goal.aim.pictures), note, self._chance.choice(goal.aim.settings), [child.id])
        self._rate(draft, child, goal, level)
        return Moment(draft, self._adult(child))

    def together(self, at: int, children: Sequence[Child]) -> Moment:
        return self._unplanned(at, children, "together")

    def _unplanned(self, at: int, children: Sequence[Child], kind: str) -> Moment:
        seen = extras()[kind]
        found = seen[int(self._next(tuple(str(i) for i in range(len(seen))), kind))]
        draft = Draft(at, self._media(found["pictures"]), found["note"], found["setting"], [c.id for c in children])
        return Moment(draft, self._adult(children[0]))

    def clip(self, at: int, child: Child, which: int) -> Moment:
        draft = Draft(at, [self._pictures[f"clip_{which}"]], extras()["clips"][which], "class", [child.id])
        return Moment(draft, self._adult(child))

    # -- parts -----------------------------------------------------------------------------------------------------------
    def _goal(self, child: Child) -> Goal:
        """The first targets come up most often, as in class."""
        turn = self._turns[child.id] = self._turns.get(child.id, -1) + 1
        order = (0, 1, 0, 1, 2, 0, 1, 3)
        return child.goals[order[turn % len(order)] % len(child.goals)]

    def _level(self, goal: Goal, at: int) -> HelpLevel:
        part = (at - self._begun) / (self._now - self._begun)
        rung = goal.first + (goal.now - goal.first) * part + self._chance.gauss(0, 0.7)
        wanted = min(7, max(1, round(rung)))
        return next(level for level in HelpLevel if level.rung == wanted)

    def _rate(self, draft: Draft, child: Child, goal: Goal, level: HelpLevel) -> None:
        draft.toggle_target(child.id, goal.id)
        draft.set_help(child.id, goal.id, level)

    def _next(self, texts: tuple[str, ...], owner: str) -> str:
        deck = self._decks.setdefault((owner, *texts), [])
        if not deck:
            deck += self._chance.sample(texts, len(texts))
        return deck.pop()

    def _media(self, names: Sequence[str]) -> list[DraftMedia]:
        return [self._pictures[self._chance.choice(names)]] if self._chance.random() < self._share else []

    def _adult(self, child: Child) -> str:
        return self._chance.choices(self._cast.adults[child.class_id], (6, 3, 1))[0]


def story(cast: Cast, pictures: Mapping[str, DraftMedia], count: int, now: int, chance: Random) -> list[Moment]:
    """Moments, oldest first, that make `count` observations; each of a group's children has one of its own."""
    pairs = count // 10 if len(cast.children) > 1 else 0
    times = calendar.moments(count - pairs, now, chance)
    stories = Stories(cast, pictures, now, 0.1 if count > MANY else 0.62, chance)
    shared = set(chance.sample(range(len(times)), pairs))
    made = []
    for number, at in enumerate(times):
        child = cast.children[number % len(cast.children)]
        if number in shared:
            made.append(stories.together(at, [child, _mate(cast, child, chance)]))
        else:
            made.append(stories.alone(at, child))
    _put_clips(made, stories, cast, shared)
    _look_back(made, cast, chance)
    return made


def _mate(cast: Cast, child: Child, chance: Random) -> Child:
    return chance.choice([c for c in cast.children if c is not child and c.class_id == child.class_id] or cast.children[:1])


def _put_clips(made: list[Moment], stories: Stories, cast: Cast, shared: set[int]) -> None:
    """One clip that the first child's family can see, and one that still waits for a look."""
    alone = [i for i in range(len(made)) if i not in shared]
    early = [i for i in alone if made[i].draft.pupils == [cast.children[0].id] and i < len(made) - WAITING]
    for which, places in enumerate((early, alone)):
        if places and len(made) > WAITING:
            place = made[places[-1]].draft
            child = next(c for c in cast.children if c.id == place.pupils[0])
            made[places[-1]] = stories.clip(place.at, child, which)


def _look_back(made: list[Moment], cast: Cast, chance: Random) -> None:
    """The newest wait; one of the others is asked about and one is hidden; the rest is approved, the best with a star."""
    waiting = WAITING * len(cast.adults)
    seen = 0
    older: list[Moment] = []
    for moment in reversed(made):
        seen += len(moment.draft.pupils)
        if seen > waiting:
            older.append(moment)
    for number, moment in enumerate(older):
        moment.review = ReviewState.APPROVED
        clip = any(m.is_clip for m in moment.draft.media)
        moment.starred = clip or (bool(moment.draft.media) and chance.random() < 0.4) or (number % 9 == 5)
    plain = [m for m in older if not m.draft.media]
    for moment, state in zip(plain, (ReviewState.QUERIED, ReviewState.HIDDEN), strict=False):
        moment.review, moment.starred = state, False
        moment.question = extras()["questions"][0] if state is ReviewState.QUERIED else ""
