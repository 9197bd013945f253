"""From a moment to observations: one atomic write, each pupil with a copy of its own."""

import base64
import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields
from typing import Any, Protocol

from app.domain.vocabulary.scales import HelpLevel
from app.domain.vocabulary.states import ReviewState
from app.errors import NothingToSave
from app.usecases.session import change
from storage import media as pieces
from storage.ops import Change


class Writes(Protocol):
    async def write(self, changes: Sequence[Change], media: Mapping[str, bytes] | None = None) -> None: ...


@dataclass(slots=True)
class DraftMedia:
    """A picture or clip of the draft; its bytes are a local file of the store, `draft.<id>`."""

    id: str
    type: str
    size: int
    width: int = 0
    height: int = 0
    duration_ms: int = 0
    thumb: str = ""
    poster: str = ""

    @property
    def is_clip(self) -> bool:
        return self.type.startswith("video/")

    @property
    def file(self) -> str:
        return f"draft.{self.id}"


@dataclass(slots=True)
class Draft:
    """What has been put together and not saved yet."""

    at: int = 0
    media: list[DraftMedia] = field(default_factory=list)
    note: str = ""
    setting: str = ""
    pupils: list[str] = field(default_factory=list)
    targets: dict[str, list[str]] = field(default_factory=dict)
    helps: dict[str, str] = field(default_factory=dict)  # "<pupil>/<target>" -> level of help

    @property
    def empty(self) -> bool:
        return not (self.media or self.note.strip() or self.pupils)

    @property
    def ready(self) -> bool:
        return bool(self.pupils and (self.media or self.note.strip() or any(self.targets.values())))

    def toggle_pupil(self, pupil: str) -> None:
        if pupil in self.pupils:
            self.pupils.remove(pupil)
            self.targets.pop(pupil, None)
            self.helps = {key: level for key, level in self.helps.items() if not key.startswith(f"{pupil}/")}
        else:
            self.pupils.append(pupil)

    def toggle_target(self, pupil: str, target: str) -> None:
        chosen = self.targets.setdefault(pupil, [])
        if target in chosen:
            chosen.remove(target)
            self.helps.pop(f"{pupil}/{target}", None)
        else:
            chosen.append(target)

    def set_help(self, pupil: str, target: str, level: HelpLevel) -> None:
        if self.helps.get(f"{pupil}/{target}") == level:
            del self.helps[f"{pupil}/{target}"]
        else:
            self.helps[f"{pupil}/{target}"] = str(level)

    def become(self, other: "Draft") -> None:
        """The same draft, with what the other says."""
        for one in fields(self):
            setattr(self, one.name, getattr(other, one.name))

    def to_bytes(self) -> bytes:
        return json.dumps(asdict(self)).encode()

    @classmethod
    def from_bytes(cls, data: bytes) -> "Draft":
        """As much of the draft as can be read: damage must neither keep the app from starting nor take the rest along."""
        try:
            raw = json.loads(data)
        except (ValueError, RecursionError):
            return cls()
        return cls(**_readable(raw, cls()) | _inside(raw)) if isinstance(raw, dict) else cls()


def _readable(raw: dict[str, Any], blank: object) -> dict[str, Any]:
    """The plain values that are of the kind that a blank one has there."""
    kinds = {f.name: type(getattr(blank, f.name)) for f in fields(blank)}  # type: ignore[arg-type]
    return {key: raw[key] for key, kind in kinds.items() if kind in {str, int} and type(raw.get(key)) is kind}


def _inside(raw: dict[str, Any]) -> dict[str, Any]:
    """The lists and mappings of a draft, without what is strange in them."""
    media = [_readable(one, DraftMedia("", "", 0)) for one in listed(raw.get("media")) if isinstance(one, dict)]
    return {
        "media": [DraftMedia(**one) for one in media if {"id", "type", "size"} <= set(one)],
        "pupils": strings(raw.get("pupils")),
        "targets": {pupil: strings(chosen) for pupil, chosen in mapped(raw.get("targets")).items()},
        "helps": {key: level for key, level in mapped(raw.get("helps")).items() if level in list(HelpLevel)},
    }


def listed(value: object) -> list[Any]:
    return value if isinstance(value, list) else []


def mapped(value: object) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def strings(value: object) -> list[str]:
    return [v for v in listed(value) if isinstance(v, str)]


async def save(
    writer: Writes, draft: Draft, files: Mapping[str, bytes], by: str, now: int, offset_min: int, random: Callable[[int], bytes]
) -> list[str]:
    """The ids of the new observations, one a pupil, when all of it is durable. `files`: draft media id -> bytes.

    Raises NothingToSave; NoRoomLeft's ground error leaves nothing half-visible."""
    if not draft.ready:
        raise NothingToSave
    group = random(16).hex() if len(draft.pupils) > 1 else ""
    changes: list[Change] = []
    chunks: dict[str, bytes] = {}
    made = []
    for pupil in draft.pupils:
        ident = random(16).hex()
        media_ids = []
        for item in draft.media:
            media_id = random(16).hex()
            media_ids.append(media_id)
            mine = pieces.chunks(pupil, files[item.id])
            chunks |= mine
            changes += _media_changes(pupil, ident, media_id, item, files[item.id], pieces.hashes(mine), draft.pupils)
        changes += _observation_changes(pupil, ident, draft, media_ids, group, by, draft.at or now, offset_min)
        made.append(ident)
    await writer.write(changes, chunks)
    return made


def _media_changes(
    pupil: str, observation: str, ident: str, item: DraftMedia, data: bytes, chunks: list[str], visible: list[str]
) -> list[Change]:
    facts = {
        "observation": observation, "type": item.type, "size": len(data), "sha": hashlib.sha256(data).hexdigest(),
        "width": item.width, "height": item.height, "duration_ms": item.duration_ms, "chunks": chunks,
        "thumb": item.thumb, "poster": item.poster, "visible": list(visible),
    }  # fmt: skip
    return change.of("media", pupil, ident, **facts)


def _observation_changes(
    pupil: str, ident: str, draft: Draft, media: list[str], group: str, by: str, at: int, offset_min: int
) -> list[Change]:
    targets = draft.targets.get(pupil, [])
    facts: dict[str, object] = {
        "pupil": pupil, "at": at, "offset_min": offset_min, "by": by, "setting": draft.setting, "media": media,
        "group": group, "review": ReviewState.NEW, "starred": False, "targets": targets, "together": list(draft.pupils),
    }  # fmt: skip
    for target in targets:
        if level := draft.helps.get(f"{pupil}/{target}"):
            facts[f"rating.{target}"] = {"help": level}
    return change.of("observation", pupil, ident, **facts, note=draft.note.strip())


def as_text(data: bytes) -> str:
    """Small pictures inside documents are base64."""
    return base64.b64encode(data).decode()
