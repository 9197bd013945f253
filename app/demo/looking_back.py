"""What the SENCO has done with the made-up observations: approved, starred, asked about, hidden, not looked at yet."""

from collections.abc import Sequence

from app.demo.moments import Moment, Stories
from app.demo.people import Cast
from app.demo.words import extras
from app.domain.vocabulary.states import ReviewState

WAITING = 9  # observations of each class that wait for a look
STARS = 2  # of each child, besides the clip


def look_back(made: Sequence[Moment], cast: Cast, stories: Stories) -> None:
    """The newest wait; of the others one is asked about and one is hidden, and the best have a star."""
    older, newer = _parted(made, WAITING * len(cast.adults))
    _put_clips(older, newer, cast, stories)
    for moment in older:
        moment.review = ReviewState.APPROVED
    for child in cast.children:
        _star([m for m in older if m.draft.pupils[0] == child.id])
    _doubt([m for m in reversed(older) if not m.draft.media])


def _parted(made: Sequence[Moment], waiting: int) -> tuple[list[Moment], list[Moment]]:
    """(older, newer): the newer ones are as many observations as wait."""
    seen, at = 0, len(made)
    while at > 0 and seen < waiting:
        at -= 1
        seen += len(made[at].draft.pupils)
    return list(made[:at]), list(made[at:])


def _put_clips(older: Sequence[Moment], newer: Sequence[Moment], cast: Cast, stories: Stories) -> None:
    """One clip that the first child's family can see, and one that still waits."""
    first = [m for m in older if m.draft.pupils == [cast.children[0].id]]
    alone = [m for m in newer if len(m.draft.pupils) == 1]
    for which, found in enumerate((first[-1:], alone[-1:])):
        for moment in found:
            child = next(c for c in cast.children if c.id == moment.draft.pupils[0])
            moment.draft = stories.clip(moment.draft.at, child, which).draft


def _star(of_child: Sequence[Moment]) -> None:
    pictured = [m for m in of_child if m.draft.media]
    for moment in [m for m in pictured if m.is_clip] + [m for m in pictured if not m.is_clip][-STARS:]:
        moment.starred = True


def _doubt(plain: Sequence[Moment]) -> None:
    for moment, state in zip(plain, (ReviewState.QUERIED, ReviewState.HIDDEN), strict=False):
        moment.review = state
        moment.question = extras()["question"] if state is ReviewState.QUERIED else ""
