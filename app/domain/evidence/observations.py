"""What was seen: observations and their media. Each pupil owns a copy; `group` links the copies of one moment."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from app.domain.vocabulary.audiences import MediaKind
from app.domain.vocabulary.scales import HelpLevel
from app.domain.vocabulary.states import ReviewState


@dataclass(frozen=True, slots=True)
class Media:
    """A photo or clip. `size` in bytes, `duration_ms` 0 for photos, `visible` the ids of the pupils in it."""

    id: str
    observation: str
    partition: str
    kind: MediaKind
    type: str
    size: int = 0
    width: int = 0
    height: int = 0
    duration_ms: int = 0
    chunks: tuple[str, ...] = ()
    thumb: str = ""
    poster: str = ""
    visible: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Observation:
    """`at` is ms since 1970 UTC; `offset_min` the device's offset then. `other_notes` are texts written at the same time.

    `together` are the ids of all pupils of the moment, its own included."""

    id: str
    pupil: str
    at: int
    by: str = ""
    offset_min: int = 0
    setting: str = ""
    note: str = ""
    other_notes: tuple[str, ...] = ()
    media: tuple[str, ...] = ()
    group: str = ""
    review: ReviewState = ReviewState.NEW
    starred: bool = False
    question: str = ""
    targets: tuple[str, ...] = ()
    ratings: Mapping[str, HelpLevel] = field(default_factory=dict)
    together: tuple[str, ...] = ()
