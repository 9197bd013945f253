"""What may come into the school's folder: each file is looked into on arrival, and each op held against the schema: who may
write it, and whether it is of the right kind.

A snapshot stands for other files, which may then go: it is taken only when folding those files here gives the very same (I8).
"""

import asyncio
import hmac
from collections.abc import Callable, Iterable

from app.domain.schema.rights import may_rewrite
from app.domain.schema.table import edition, field_of, fits, kind_of
from app.domain.vocabulary.language import N_
from app.domain.vocabulary.roles import Role
from app.domain.vocabulary.states import ReviewState
from app.errors import NotAllowed
from app.hub.devices.access import Caller
from app.hub.files.uploads import Uploads
from app.hub.ground.signed_records import Vault
from storage import erasure, names, segments
from storage.compaction import MOST_FOLDED
from storage.errors import BadBytes, MissingName, NewerFormat, Refused
from storage.folder.port import Disk
from storage.folding import fold
from storage.merge import Field
from storage.ops import Op, dumps, plain
from storage.replica import Replica
from storage.segments import Segment

FOR_ANOTHER = N_("Something in this file is for another person in the school to write. It is kept for the SENCO to look at.")
NOT_RIGHT = N_(
    "Something in this file cannot be right, such as a number where a name belongs. It is kept for the SENCO to look at."
)
NOT_KNOWN = N_("This hub does not know something that this file speaks of. It is kept for the SENCO to look at.")
NOT_WHAT_IT_COVERS = N_("This file says that it stands for others, and does not. It is kept for the SENCO to look at.")
MOST_LOOKED_AT = 4 * MOST_FOLDED  # bytes: more than any device folds into one


class Arrivals:
    """The hub's eyes. A look raises BadBytes for what cannot be read or shown to be true, NewerFormat, NotAllowed for what a
    person should see, and Refused("media_missing")."""

    def __init__(self, folder: Disk, replica: Replica, vault: Vault, restored: Callable[[], int]) -> None:
        self.folder, self.replica, self.vault = folder, replica, vault
        self._restored = restored  # when the folder was last brought back from a backup, ms UTC; 0: never
        self.uploads = Uploads(folder)

    async def look(self, caller: Caller, name: str, parts: names.Name, data: bytes) -> None:
        """At a segment or snapshot that the folder has not got whole. A SENCO's device may bring one of another device, which the
        folder has lost."""
        segment = segments.decode(data)
        if segment.edition > edition():
            raise NewerFormat(f"edition {segment.edition}")
        if not all(_storable(op) for op in segment.ops):
            raise BadBytes(name)
        own = parts.dev == caller.device or caller.role is Role.SENCO
        if not own or not _is_what_it_says(segment, parts):
            raise NotAllowed(FOR_ANOTHER)
        media = set(segment.media)
        if parts.kind == "snap":
            media = await self._look_at_fold(caller, name, parts, segment)
        else:
            self._need_known(segment)
            self._need_allowed(caller, parts, segment)
            self._need_right(parts.partition, segment)
        for digest in sorted(media) if not self._comes_back(segment) else ():
            if not await self._whole(f"p/{parts.partition}/media/{digest}"):
                raise Refused("media_missing")
        if parts.kind == "snap":
            await self.vault.write("folds", parts.hash, {"name": name})
        else:
            await self.uploads.look(parts.partition, segment.ops)

    def _comes_back(self, segment: Segment) -> bool:
        """Whether it was written before the folder was brought back from a backup: its pictures, or what it folds, may then be
        nowhere any more, and the words alone are better than nothing."""
        return bool(segment.ops) and all(op.stamp[0] < self._restored() for op in segment.ops)

    async def _whole(self, name: str) -> bool:
        try:
            return names.matches(name, await self.folder.get(name))
        except (MissingName, BadBytes):
            return False

    # -- snapshots -------------------------------------------------------------------------------------------------------
    async def _look_at_fold(self, caller: Caller, name: str, parts: names.Name, segment: Segment) -> set[str]:
        """The media that no covered file speaks of. What was taken once is taken again as it is: what it covers may have gone
        since, with a snapshot in the folder."""
        if not all(_may_cover(parts, covered) for covered in segment.covers):
            raise NotAllowed(NOT_WHAT_IT_COVERS)
        if await self.vault.read("folds", parts.hash) == {"name": name}:
            return set()
        folded = await self._covered(segment.covers)
        seen = {*folded, *(covered for part in folded.values() for covered in part.covers)}
        if not seen.issuperset(segment.covers):
            if parts.dev != caller.device:
                return set()  # a SENCO's device brings it back, and the folder has lost both it and what it covers
            if self._comes_back(segment) and await asyncio.to_thread(_holds, list(folded.values()), segment):
                self._need_allowed(caller, parts, segment)
                return set()
            raise BadBytes(name)
        media = {digest for part in folded.values() for digest in part.media}
        if not media.issubset(segment.media) or not await asyncio.to_thread(_same, list(folded.values()), segment):
            raise NotAllowed(NOT_WHAT_IT_COVERS)
        return set(segment.media) - media

    async def _covered(self, covers: Iterable[str]) -> dict[str, Segment]:
        """Those covered files that are here and whole, but those that a covered snapshot stands for. Raises BadBytes for too
        many."""
        found: dict[str, Segment] = {}
        stood_for: set[str] = set()
        size = 0
        for name in sorted(covers, key=lambda name: "/snap/" not in name):
            if name in stood_for:
                continue
            try:
                data = await self.folder.get(name)
                found[name] = segments.read(name, data)
            except (MissingName, BadBytes, NewerFormat):
                continue
            stood_for.update(found[name].covers)
            size += len(data)
            if size > MOST_LOOKED_AT:
                raise BadBytes("more than any device folds")
        return found

    async def stands_for(self, name: str, parts: names.Name) -> bool:
        """Whether a whole snapshot of the same device in the folder covers this file: only then may the file go (I8)."""
        for snap in [snap for snap, covers in self.replica.folds.items() if name in covers]:
            found = names.parse(snap)
            same = found is not None and (found.partition, found.dev) == (parts.partition, parts.dev)
            if same and await self._whole(snap):
                return True
        return False

    # -- ops -------------------------------------------------------------------------------------------------------------
    def _need_known(self, segment: Segment) -> None:
        if not all(field_of(kind_of(op.entity), op.field) for op in segment.ops):
            raise NotAllowed(NOT_KNOWN)

    def _need_right(self, partition: str, segment: Segment) -> None:
        """What stands here already, and comes again because the folder had lost it, is not asked a second time."""
        for op in segment.ops:
            if not fits(partition, kind_of(op.entity), op.field, op.value) and not self._stands(partition, op):
                raise NotAllowed(NOT_RIGHT)

    def _stands(self, partition: str, op: Op) -> bool:
        standing = self.replica.library.field(partition, op.entity, op.field)
        return standing is not None and op in standing.standing()

    def _need_allowed(self, caller: Caller, parts: names.Name, segment: Segment) -> None:
        if not all(self._op_allowed(caller, parts.partition, op) for op in segment.ops):
            raise NotAllowed(FOR_ANOTHER)

    def _op_allowed(self, caller: Caller, partition: str, op: Op) -> bool:
        kind = kind_of(op.entity)
        if not op.writer.startswith(f"{caller.device}.") and caller.role is not Role.SENCO:
            return False  # what others wrote comes again from a SENCO's device alone (I13)
        known = self.replica.library.get(op.entity)
        if known is not None and known["partition"] != partition:
            return False  # a thing of another child, moved into this partition
        if op.field == "pupil" and op.value != partition:
            return False
        if kind == erasure.KIND:
            return self.carried_out(partition, op)
        if not caller.may_write(partition, kind, op.field, op.value) or self._rewrites(caller, partition, kind, op):
            return False
        decides = caller.may_write(partition, kind, op.field, None)
        return decides or not self._undoes(partition, op)

    def carried_out(self, partition: str, op: Op) -> bool:
        """Whether a hub with this key said that the child was erased; a SENCO's device may bring that back, too."""
        proof = op.value.get("proof") if isinstance(op.value, dict) else None
        return partition == "school" and isinstance(proof, str) and _same_words(proof, self.proof(op.entity))

    def proof(self, entity: str) -> str:
        return self.vault.mac("carried out", entity)

    def _rewrites(self, caller: Caller, partition: str, kind: str, op: Op) -> bool:
        """Whether this would replace a value that this device may only write once."""
        standing = self.replica.library.field(partition, op.entity, op.field)
        if standing is None or _outdone(op, standing) or all(one.value == op.value for one in standing.standing()):
            return False
        review = self.replica.library.field(partition, op.entity, "review")
        approved = review is not None and review.value() == ReviewState.APPROVED
        return not may_rewrite(caller.role, kind, op.field, approved)

    def _undoes(self, partition: str, op: Op) -> bool:
        """Whether saying "new" would take back what a person with the right to it has decided since."""
        field = field_of(kind_of(op.entity), op.field)
        standing = self.replica.library.field(partition, op.entity, op.field)
        if field is None or field.new is None or standing is None:
            return False
        return any(one.value != field.new and one.order < op.order for one in standing.ranked()[:1])


def _same_words(one: str, other: str) -> bool:
    """In the same time whether they differ early or late: how long it took tells no one how much of a guess was right."""
    return hmac.compare_digest(one.encode("utf-8", "surrogatepass"), other.encode("utf-8", "surrogatepass"))


def _is_what_it_says(segment: Segment, parts: names.Name) -> bool:
    said = (segment.partition, segment.writer, segment.seq, "snap" if segment.covers else "log")
    return said == (parts.partition, parts.writer, parts.seq, parts.kind)


def _may_cover(snap: names.Name, covered: str) -> bool:
    """A snapshot stands for files of its own device and place alone, and never for pictures."""
    parts = names.parse(covered)
    return parts is not None and parts.kind != "media" and (parts.partition, parts.dev) == (snap.partition, snap.dev)


def _same(folded: list[Segment], snap: Segment) -> bool:
    """Whether the snapshot says what the files say, and they nothing that it could not say."""
    if any(part.extra for part in folded):
        return False
    made = fold(op for part in folded for op in part.ops)
    newest = max((part.edition for part in folded), default=1)
    return snap.edition == newest and [dumps(op.to_json()) for op in made] == [dumps(op.to_json()) for op in snap.ops]


def _holds(folded: list[Segment], snap: Segment) -> bool:
    """Whether nothing that these files say is missing in the snapshot, which may say more."""
    made = fold([*(op for part in folded for op in part.ops), *snap.ops])
    return not any(part.extra for part in folded) and [dumps(o.to_json()) for o in made] == [dumps(o.to_json()) for o in snap.ops]


def _outdone(op: Op, standing: Field) -> bool:
    """Whether the op changes nothing: it is an old one that comes again, for the folder had lost it."""
    if op.text:
        known = op.id in standing.replaced or standing.texts.get(op.id) == op
        return known and standing.replaced.issuperset(op.replaces)
    return standing.plain is not None and not op.beats(standing.plain)


def _storable(op: Op) -> bool:
    """Whether the value could be written again everywhere: no fractions, no endless nesting."""
    try:
        return bool(plain(op.value) == op.value)
    except (ValueError, RecursionError):
        return False
