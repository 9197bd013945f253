"""Names in the folder. A name says what is inside and carries the hash of its bytes; anything else is foreign (I1)."""

import hashlib
import re
from dataclasses import dataclass

PARTITION = r"(?:school|office|[0-9a-f]{32}(?:\.office)?)"
LOG = re.compile(rf"p/({PARTITION})/(log|snap)/([0-9a-f]{{16}})\.([0-9a-f]{{16}})\.([0-9]{{6,12}})-([0-9a-f]{{32}})")
WHERE = re.compile(PARTITION)
MEDIA = re.compile(rf"p/({PARTITION})/(media)/([0-9a-f]{{32}})")
ASIDE = re.compile(rf"p/({PARTITION})/aside/(log|snap|media)\.(.+)\.[0-9a-f]{{8}}")
TORN = re.compile(r"part/[0-9a-f]{16}")


@dataclass(frozen=True, slots=True)
class Name:
    """A well-formed name, taken apart. `dev`, `inc` and `seq` are empty for media."""

    partition: str
    kind: str
    hash: str
    dev: str = ""
    inc: str = ""
    seq: int = 0

    @property
    def writer(self) -> str:
        return f"{self.dev}.{self.inc}"

    def __str__(self) -> str:
        if self.kind == "media":
            return f"p/{self.partition}/media/{self.hash}"
        return f"p/{self.partition}/{self.kind}/{self.writer}.{self.seq:06d}-{self.hash}"


def parse(name: str) -> Name | None:
    """The parts of a well-formed name, or None for a foreign one."""
    if found := LOG.fullmatch(name):
        partition, kind, dev, inc, seq, digest = found.groups()
        made = Name(partition, kind, digest, dev, inc, int(seq))
        return made if str(made) == name else None
    if found := MEDIA.fullmatch(name):
        return Name(found[1], "media", found[3])
    return None


def aside(name: str, mark: str) -> str:
    """Where a rotten file of ours goes: below its own child's directory, under a name that is never taken for one of ours."""
    _, partition, kind, rest = name.split("/")
    return f"p/{partition}/aside/{kind}.{rest}.{mark}"


def before_aside(name: str) -> str:
    """The name that a file had before it was set aside, or "" for every other name."""
    found = ASIDE.fullmatch(name)
    return "/".join(("p", *found.groups())) if found else ""


def is_torn(name: str) -> bool:
    """Whether this is a name under which a file is written before it is moved into its place."""
    return TORN.fullmatch(name) is not None


def is_partition(text: str) -> bool:
    return WHERE.fullmatch(text) is not None


def hash_of(data: bytes) -> str:
    """First 32 hex digits of the SHA-256 of the stored bytes."""
    return hashlib.sha256(data).hexdigest()[:32]


def matches(name: str, data: bytes) -> bool:
    """Whether the bytes are what the name says (I2)."""
    parts = parse(name)
    return parts is not None and parts.hash == hash_of(data)


def digest_of(names: set[str]) -> str:
    """One short word for a set of names; equal sets have equal digests on every device and hub."""
    return hashlib.sha256("\n".join(sorted(names)).encode()).hexdigest()[:32]
