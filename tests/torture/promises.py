"""A promise is an op that was acknowledged. It is kept where the op stands, or where something stands that outdoes it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from storage.library import Library
from storage.ops import Change, Op
from tests.torture.diary import Line, Reader

SAID_OF_COUNTS = ("began", "round", "folded", "unfolded", "shed", "opened")


@dataclass(frozen=True, slots=True)
class Promise:
    partition: str
    op: Op

    @property
    def media(self) -> list[str]:
        """The pieces of the picture that the op speaks of."""
        return [f"p/{self.partition}/media/{digest}" for digest in self.op.value] if self.op.field == "chunks" else []

    def kept(self, library: Library) -> bool:
        slot = library.field(self.partition, self.op.entity, self.op.field)
        if slot is None:
            return False
        if self.op.text:
            return self.op.id in slot.texts or self.op.id in slot.replaced
        return slot.plain is not None and slot.plain.order >= self.op.order


def standing(library: Library, changes: Iterable[Change]) -> tuple[list[Promise], list[str]]:
    """What stands for changes just written, and the fields whose change does not stand. A plain change that was beaten at once
    by news from the folder is stood for by what beat it."""
    made: list[Promise] = []
    beaten: list[str] = []
    for change in {(c.partition, c.entity, c.field): c for c in changes}.values():
        slot = library.field(change.partition, change.entity, change.field)
        ops = list(slot.standing()) if slot else []
        mine = [op for op in ops if op.value == change.value and op.text == change.text]
        if not mine:
            beaten.append(f"{change.entity} {change.field}")
        made += [Promise(change.partition, op) for op in mine[:1] or ([] if change.text else ops[:1])]
    return made, beaten


@dataclass
class Ledger:
    """All that one device has promised, as far as its diary was read."""

    path: Path
    saved: dict[str, Promise] = field(default_factory=dict)  # by op id
    checked: set[str] = field(default_factory=set)
    records: int = 0  # acknowledged
    counts: dict[str, int] = field(default_factory=lambda: dict.fromkeys(SAID_OF_COUNTS, 0))
    troubles: dict[str, int] = field(default_factory=dict)
    wrong: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._reader = Reader(self.path)

    def read_on(self) -> tuple[list[str], list[str]]:
        """Op ids that are now said to be in the folder; and those that a device did not find again at its start, which is right
        only where the folder has them."""
        before, absent = set(self.checked), []
        for line in self._reader.fresh():
            absent += self._take(line)
        return sorted(self.checked - before), absent

    def _take(self, line: Line) -> Sequence[str]:
        match line:
            case {"what": "saved", "ops": ops}:
                self.records += 1
                promises = [Promise(partition, Op.from_json(raw)) for partition, raw in ops]
                self.saved |= {promise.op.id: promise for promise in promises}
            case {"what": "checked", "ops": ids}:
                self.checked.update(ids)
            case {"what": "absent", "ops": ids}:
                return [str(ident) for ident in ids]
            case {"what": "trouble", "of": of}:
                self.troubles[of] = self.troubles.get(of, 0) + 1
            case {"what": "wrong", "how": how}:
                self.wrong.append(how)
            case {"what": what}:
                self.counts[what] += int(line.get("many", 1))
        return ()

    def unchecked(self) -> list[Promise]:
        return [promise for ident, promise in self.saved.items() if ident not in self.checked]
