"""Files of format 1, as they were first released: they are read for ever, and what is written today reads the same."""

from pathlib import Path

import pytest

from storage import identity, media, names, segments
from storage.folder.memory import Memory
from storage.folder.port import digest_with
from storage.folding import fold
from storage.journal import Journal
from storage.ops import Op
from storage.space import NAME, Space, create_space, open_space, read_space
from storage.store import Store
from storage.view import placed

HERE = Path(__file__).parent / "format1"
PUPIL = "0123456789abcdef0123456789abcdef"
WRITER = "0011223344556677.8899aabbccddeeff"
OLDER = "1111111111111111.2222222222222222"
OPS = (
    Op("pupil:1", "name", "Zoë Ñandú", (1_795_000_000_000, 0), WRITER, "a" * 32),
    Op(
        "observation:1",
        "note",
        "She asked\nfor a “turn” 😀",
        (1_795_000_000_001, 0),
        WRITER,
        "b" * 32,
        ("c" * 32, "d" * 32),
        True,
    ),
    Op("observation:1", "targets", {"t1": {"help": 3, "seen": True}, "t2": None}, (1_795_000_000_001, 7), OLDER, "e" * 32),
    Op("observation:1", "tag.play", False, (1_795_000_000_002, 0), WRITER, "f" * 32, extra={"z": {"of": ["next", "year"]}}),
    Op("observation:1", "deleted", False, (-1, 0), WRITER, "0" * 32),
)
CHUNK_NAME = f"p/{PUPIL}/media/6d6f5a88231b70ee4d480805e4f1887b"
MEDIA = ("6d6f5a88231b70ee4d480805e4f1887b",)


def golden(name: str) -> bytes:
    text = (HERE / name).read_text()
    return bytes.fromhex(text) if name.endswith(".hex") else text.encode()


def segment_name() -> str:
    return (HERE / "segment.name").read_text().strip()


def snapshot_name() -> str:
    return (HERE / "snapshot.name").read_text().strip()


def test_a_segment_is_read_as_it_was_written() -> None:
    segment = segments.read(segment_name(), golden("segment.hex"))
    assert segment == segments.Segment(PUPIL, WRITER, 42, OPS, MEDIA)
    assert segment.media_names == [CHUNK_NAME]


def test_a_segment_written_today_reads_the_same() -> None:
    today = segments.encode(PUPIL, WRITER, 42, OPS, MEDIA)
    assert segments.decode(today) == segments.decode(golden("segment.hex"))
    lines = [segments.unpack(segments.body(data, segments.SEGMENT)) for data in (today, golden("segment.hex"))]
    assert lines[0] == lines[1] and today[: segments.HEADER] == golden("segment.hex")[: segments.HEADER]


def test_a_snapshot_is_read_as_it_was_written_and_one_of_today_reads_the_same() -> None:
    covers = tuple(sorted([segment_name(), f"p/{PUPIL}/log/{OLDER}.000007-{'3' * 32}"]))
    then = segments.read(snapshot_name(), golden("snapshot.hex"))
    assert then == segments.Segment(PUPIL, WRITER, 43, tuple(fold(OPS)), MEDIA, covers)
    today = segments.encode(PUPIL, WRITER, 43, fold(OPS), MEDIA, covers)
    assert segments.decode(today) == then and today[: segments.HEADER] == golden("snapshot.hex")[: segments.HEADER]


def test_a_chunk_is_what_it_was_to_the_last_byte() -> None:
    assert media.chunks(PUPIL, b"\xff\xd8\xff a picture \xff\xd9") == {CHUNK_NAME: golden("chunk.hex")}
    assert segments.body(golden("chunk.hex"), segments.CHUNK) == b"\xff\xd8\xff a picture \xff\xd9"


async def test_a_journal_is_read_as_it_was_written_and_is_written_the_same_to_the_last_byte() -> None:
    disk = Memory()
    disk.files["local/journal.000003"] = golden("journal.hex")
    journal, records, wrong = await Journal.open(disk)
    assert (journal.generation, journal.count, wrong) == (3, 2, [])
    assert [placed(entry) for record in records for entry in record["ops"]] == [(PUPIL, op) for op in OPS]
    assert [record["media"] for record in records] == [[CHUNK_NAME], []]
    today, _, _ = await Journal.open(again := Memory())
    for record in records:
        await today.add(record)
    assert again.files["local/journal.000001"] == golden("journal.hex")


def test_a_space_is_read_as_it_was_written() -> None:
    assert read_space(golden("space.json")) == Space("00112233445566778899aabbccddeeff", 1, 1)


async def test_a_space_made_today_is_the_same_to_the_last_byte() -> None:
    folder = Memory()
    await create_space(folder, lambda _: bytes.fromhex("00112233445566778899aabbccddeeff"))
    assert folder.files == {NAME: golden("space.json")} and (await open_space(folder)).format == 1


@pytest.mark.parametrize("place", identity.PLACES)
async def test_a_device_is_who_it_was(place: str) -> None:
    disk = Memory()
    disk.files[place] = golden("device.json")
    assert await identity.load(disk) == (tuple(WRITER.split(".")), False)
    made = Memory()
    dice = iter([bytes.fromhex(part) for part in WRITER.split(".")])
    await identity.renew(made, lambda _: next(dice))
    assert made.files[place] == golden("device.json")


async def test_a_whole_tablet_of_format_1_opens() -> None:
    disk = Memory()
    disk.files = {
        segment_name(): golden("segment.hex"), CHUNK_NAME: golden("chunk.hex"), "local/journal.000003": golden("journal.hex"),
        "local/device": golden("device.json"), "local/device.again": golden("device.json"),
        "local/checked": f"\n{CHUNK_NAME}\n".encode(),
    }  # fmt: skip
    store = await Store.open(disk, now=lambda: 1_795_000_000_009)
    assert store.notes == [] and store.writer == WRITER and store.waiting.keys() == {segment_name()}
    assert sorted(op.id for _, op in store.library.ops()) == sorted(op.id for op in OPS)
    shown = store.library.get("observation:1")
    assert shown and shown["note"] == OPS[1].value and shown["targets"] == OPS[2].value
    assert await store.media(PUPIL, MEDIA) == b"\xff\xd8\xff a picture \xff\xd9"


def test_names_and_digests_are_made_as_they_always_were() -> None:
    assert names.hash_of(b"small steps") == "b9f7bd2bf12bbfbe8a927ad375b15f53"
    assert names.digest_of({CHUNK_NAME, "b"}) == "47a0e9fc3235d5eda2bba2be4728b504"
    assert digest_with(b"nonce", b"bytes") == "c91ac43fa52eb37fb547d6812e1ec50bd76bc384e908f02f5b2d56fda836b5bf"
    name = names.parse(segment_name())
    assert name and (name.partition, name.kind, name.writer, name.seq) == (PUPIL, "log", WRITER, 42)
