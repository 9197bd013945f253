"""Files of format 1: a header of 8 bytes, then the body. Segments hold ops as zlib-packed JSON lines; chunks hold bytes.

A snapshot is a segment that names the files whose ops it holds, folded: `covers`.
"""

import dataclasses
import json
import re
import zlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from storage import names
from storage.errors import BadBytes, Garbage, NewerFormat
from storage.ops import NOTHING, Json, Op, dumps

MAGIC, FORMAT = b"SMST", 1
SEGMENT, CHUNK, JOURNAL, SNAPSHOT = 1, 2, 3, 4
FILE_KINDS = {"log": SEGMENT, "media": CHUNK, "snap": SNAPSHOT}
MOST_STORED, MOST_INFLATED = 256 * 1024, 8 * 1024 * 1024
HEADER = 8
HALF_A_CHARACTER = re.compile(r"(?<!\\)(?:\\\\)*\\u[dD][89a-fA-F]")  # escaped surrogates: we never write them


@dataclass(frozen=True, slots=True)
class Segment:
    """What one writer sealed for one partition. `media` are the chunk hashes its ops speak of; `covers`, in a snapshot, the
    full names of the files folded into it; `extra` what a newer format says besides, kept (I10); `edition` the highest edition of
    its kinds and fields, of which the first is not written down."""

    partition: str
    writer: str
    seq: int
    ops: tuple[Op, ...]
    media: tuple[str, ...] = ()
    covers: tuple[str, ...] = ()
    extra: Mapping[str, Json] = dataclasses.field(default_factory=lambda: NOTHING)
    edition: int = 1

    @property
    def media_names(self) -> list[str]:
        return [f"p/{self.partition}/media/{digest}" for digest in self.media]


def header(kind: int) -> bytes:
    """Magic, format, kind, sealing (0 = none yet), reserved."""
    return MAGIC + bytes((FORMAT, kind, 0, 0))


def body(data: bytes, kind: int) -> bytes:
    """What follows the header. Raises BadBytes, or NewerFormat where the header says so."""
    if len(data) < HEADER or data[:4] != MAGIC:
        raise BadBytes("not a file of ours")
    if data[4] > FORMAT or data[6] != 0:
        raise NewerFormat(f"format {data[4]}, sealing {data[6]}")
    if data[4] != FORMAT or data[5] != kind:
        raise BadBytes("a file of another kind")
    return data[HEADER:]


def pack(lines: Iterable[object], level: int = 6) -> bytes:
    return zlib.compress("\n".join(dumps(line) for line in lines).encode(), level)


def unpack(packed: bytes, most: int = MOST_INFLATED) -> list[object]:
    """JSON lines from packed bytes; never inflates past `most` bytes (0: no limit, for what is ours). Raises BadBytes."""
    inflate = zlib.decompressobj()
    try:
        raw = inflate.decompress(packed, most)
        if inflate.unconsumed_tail or not inflate.eof:
            raise BadBytes("too large once unpacked, or cut off")
        text = raw.decode()
        if "\\u" in text and HALF_A_CHARACTER.search(text):
            raise BadBytes("half a character")
        return [json.loads(line) for line in text.split("\n")]
    except (zlib.error, ValueError, RecursionError) as error:
        raise BadBytes(str(error)) from error


def encode(
    partition: str,
    writer: str,
    seq: int,
    ops: Iterable[Op],
    media: Iterable[str] = (),
    covers: Iterable[str] = (),
    edition: int = 1,
) -> bytes:
    head: dict[str, Json] = {"partition": partition, "writer": writer, "seq": seq, "media": sorted(set(media))}
    head |= {"edition": edition} if edition > 1 else {}
    lines = [op.to_json() for op in ops]
    if covered := sorted(set(covers)):
        return header(SNAPSHOT) + pack([head | {"covers": covered}, *lines])
    return header(SEGMENT) + pack([head, *lines])


def decode(data: bytes) -> Segment:
    """Raises BadBytes for anything that is not a whole segment or snapshot, NewerFormat for one of a newer format."""
    kind = SNAPSHOT if data[5:6] == bytes([SNAPSHOT]) else SEGMENT
    head, *lines = unpack(body(data, kind))
    match head:
        case {"partition": str(partition), "writer": str(writer), "seq": int(seq), "media": list(media), **more}:
            extra = {str(key): value for key, value in more.items()}
            covers = extra.pop("covers", []) if kind == SNAPSHOT else []
            if not isinstance(covers, list) or (kind == SNAPSHOT) != bool(covers):
                raise BadBytes("a snapshot that does not say what it covers")
            said = extra.get("edition")
            edition = said if isinstance(said, int) and said > 1 else 1
            extra = extra if edition == 1 else {key: value for key, value in extra.items() if key != "edition"}
            ops = tuple(Op.from_json(line) for line in lines)
            texts = tuple(str(m) for m in media), tuple(str(name) for name in covers)
            return Segment(partition, writer, seq, ops, *texts, extra or NOTHING, edition)
    raise BadBytes("a segment without a head")


def read(name: str, data: bytes) -> Segment:
    """The segment of this name. Raises BadBytes where the bytes are others, and Garbage where they are the right ones and no
    segment of ours; also where its head speaks of another place: a copy under a wrong name is not a file of that pupil."""
    parts = names.parse(name)
    if parts is None or parts.hash != names.hash_of(data):
        raise BadBytes(name)
    try:
        segment = decode(data)
    except BadBytes as error:
        raise Garbage(name) from error
    said = (segment.partition, segment.writer, segment.seq, "snap" if segment.covers else "log")
    if said != (parts.partition, parts.writer, parts.seq, parts.kind):
        raise Garbage(name)
    return segment


def split(ops: list[Op], most: int = MOST_STORED) -> Iterator[list[Op]]:
    """Runs of ops, each of which packs to at most `most` bytes and unpacks well under the limit; one op is never cut."""
    if len(ops) <= 1 or fits(ops, most - 1024):
        yield ops
        return
    half = len(ops) // 2
    yield from split(ops[:half], most)
    yield from split(ops[half:], most)


def fits(ops: list[Op], most: int) -> bool:
    """Whether the ops pack to at most `most` bytes, and unpack well under the limit."""
    raw = "\n".join(dumps(op.to_json()) for op in ops).encode()
    return len(raw) <= MOST_INFLATED // 4 and len(zlib.compress(raw, 6)) <= most
