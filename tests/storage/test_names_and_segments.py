"""What a file is called and what is in it: only what is whole, ours and in its own place is taken."""

import zlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from storage import names, segments
from storage.errors import BadBytes, NewerFormat
from storage.ops import Op
from tests.storage.parts import AMIRA, BEN, op

WRITER = f"{'d' * 16}.{'e' * 16}"
MEDIA = f"p/{AMIRA}/media/{'0' * 32}"


def made(ops: list[Op], partition: str = AMIRA, seq: int = 1) -> tuple[str, bytes]:
    data = segments.encode(partition, WRITER, seq, ops, ["f" * 32])
    return str(names.Name(partition, "log", names.hash_of(data), "d" * 16, "e" * 16, seq)), data


@pytest.mark.parametrize(
    "name",
    [
        f"p/school/log/{WRITER}.000001-{'0' * 32}", f"p/office/snap/{WRITER}.1234567-{'0' * 32}",
        f"p/{AMIRA}.office/log/{WRITER}.999999-{'f' * 32}", f"p/{AMIRA}/media/{'0' * 32}",
    ],
)  # fmt: skip
def test_a_well_formed_name_is_taken_apart_and_put_together(name: str) -> None:
    assert str(names.parse(name)) == name


@pytest.mark.parametrize(
    "name",
    [
        "", "space.json", f"{MEDIA} (conflicted copy)", MEDIA[:-1], f"p/{AMIRA}/media/~${'0' * 30}", f"{MEDIA}.crswap",
        f"{MEDIA}\n", MEDIA.replace(AMIRA, ".."), MEDIA.replace(AMIRA, AMIRA.upper()), f"q/school/media/{'0' * 32}",
        f"p/school/log/{WRITER}.00001-{'0' * 32}", f"p/school/log/{WRITER}.0000001-{'0' * 32}",
        f"p/school/log/{WRITER}.٠٠٠٠٠١-{'0' * 32}",
    ],
)  # fmt: skip
def test_i1_any_other_name_is_foreign(name: str) -> None:
    assert names.parse(name) is None


def test_equal_sets_of_names_have_equal_digests() -> None:
    assert names.digest_of({"a", "b"}) == names.digest_of({"b", "a"}) != names.digest_of({"a", "b", "c"})


def test_a_segment_is_read_as_it_was_written() -> None:
    ops = [op("Zoë"), op("a text", text=True, ident="j", replaces=("i",)), op({"a": [1, None, True]}, ident="k", extra={"z": 1})]
    segment = segments.read(*made(ops))
    assert segment.ops == tuple(ops) and segment.media_names == [f"p/{AMIRA}/media/{'f' * 32}"]
    assert made(ops) == made(ops)


def test_i2_bytes_that_are_not_what_the_name_says_are_refused() -> None:
    name, data = made([op()])
    with pytest.raises(BadBytes):
        segments.read(name, data + b"\0")


def test_i12_a_segment_copied_into_another_childs_directory_is_not_that_childs() -> None:
    name, data = made([op()])
    with pytest.raises(BadBytes):
        segments.read(name.replace(AMIRA, BEN), data)
    with pytest.raises(BadBytes):
        segments.read(name.replace(".000001-", ".000002-"), data)


@pytest.mark.parametrize("byte,value", [(4, 2), (6, 1)])
def test_a_newer_format_or_an_unknown_sealing_is_told_and_not_guessed(byte: int, value: int) -> None:
    data = bytearray(made([op()])[1])
    data[byte] = value
    with pytest.raises(NewerFormat):
        segments.decode(bytes(data))


def test_every_cut_of_a_segment_is_seen() -> None:
    data = made([op()])[1]
    for end in range(len(data)):
        with pytest.raises(BadBytes):
            segments.decode(data[:end])


@settings(max_examples=200)
@given(st.binary(max_size=60), st.booleans())
def test_any_bytes_are_a_segment_or_bad_bytes_and_nothing_else(data: bytes, packed: bool) -> None:
    body = zlib.compress(data) if packed else data
    with pytest.raises(BadBytes):
        segments.decode(segments.header(segments.SEGMENT) + body)


def hostile(text: str) -> bytes:
    head = '{"media":[],"partition":"school","seq":1,"writer":"w"}\n'
    return segments.header(segments.SEGMENT) + zlib.compress((head + text).encode())


@pytest.mark.parametrize("text", ["[" * 100_000, "9" * 5_000, '{"e":1}', '"half \\ud800 a character"', ""])
def test_a_hostile_segment_is_bad_bytes(text: str) -> None:
    with pytest.raises(BadBytes):
        segments.decode(hostile(text))


def test_a_backslash_before_ud8_is_only_text() -> None:
    assert segments.read(*made([op("C:\\ud8\\ud800")])).ops[0].value == "C:\\ud8\\ud800"


def test_a_segment_that_would_unpack_to_more_than_8_mib_is_refused() -> None:
    with pytest.raises(BadBytes):
        segments.decode(segments.header(segments.SEGMENT) + zlib.compress(b" " * (segments.MOST_INFLATED + 1)))


def test_runs_of_ops_fit_in_a_segment_and_none_is_lost() -> None:
    import random

    dice = random.Random(1)
    ops = [op(dice.randbytes(6_000).hex(), ident=str(n)) for n in range(100)]
    runs = list(segments.split(ops))
    assert len(runs) > 1 and [one for run in runs for one in run] == ops
    assert all(len(made(run)[1]) <= segments.MOST_STORED for run in runs)


def test_ops_that_pack_well_are_split_before_they_unpack_to_too_much() -> None:
    ops = [op("0" * 400_000, ident=str(n)) for n in range(40)]
    for run in segments.split(ops):
        segments.read(*made(run))
