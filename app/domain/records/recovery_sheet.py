"""The recovery sheet: the hub's key in letters that a person can type again, with checks that find every slip.

Eight rows of four bytes of the key, each with a byte of check that says which row is wrong; and a ninth row over all of the key,
by which any slip is found.
"""

import hashlib
import re

KEY_BYTES, ROWS = 32, 9
LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford's base32: without I, L, O and U
READ_AS = str.maketrans("OIL", "011")
PART, FIVE = 4, 5  # bytes of the key in a row; bytes of a row
SAID = b"small steps recovery sheet"
NUMBERED = re.compile(r"\A\s*[1-9][ .:)]\s*(?=\S{4})")  # a row may be typed with its number


class Slip(ValueError):
    """Something typed is not as it was printed. `row` 1 to 9, or 0 when it is known only that one of them is wrong."""

    def __init__(self, row: int) -> None:
        self.row = row
        super().__init__(f"row {row}")


def rows_of(key: bytes) -> list[str]:
    """Nine rows like ABCD-EFGH."""
    parts = [key[at : at + PART] for at in range(0, KEY_BYTES, PART)]
    packed = [part + _check(number, part) for number, part in enumerate(parts, 1)]
    return [_written(five) for five in (*packed, _seal(key))]


def read_row(number: int, text: str) -> bytes:
    """The five bytes of a row, 1 to 9, however it was typed. Raises Slip."""
    plain = re.sub(r"[\s-]", "", NUMBERED.sub("", text, count=1)).upper().translate(READ_AS)
    if len(plain) != 8 or not set(plain) <= set(LETTERS):
        raise Slip(number)
    value = 0
    for letter in plain:
        value = value * 32 + LETTERS.index(letter)
    five = value.to_bytes(FIVE, "big")
    if number < ROWS and five[PART:] != _check(number, five[:PART]):
        raise Slip(number)
    return five


def key_of(rows: list[str]) -> bytes:
    """The key of a whole sheet. Raises Slip."""
    if len(rows) != ROWS:
        raise Slip(min(len(rows) + 1, ROWS))
    fives = [read_row(number, text) for number, text in enumerate(rows, 1)]
    key = b"".join(five[:PART] for five in fives[:-1])
    if fives[-1] != _seal(key):
        raise Slip(0)
    return key


def _written(five: bytes) -> str:
    value = int.from_bytes(five, "big")
    letters = "".join(LETTERS[(value >> shift) & 31] for shift in range(35, -1, -5))
    return f"{letters[:4]}-{letters[4:]}"


def _check(number: int, part: bytes) -> bytes:
    return hashlib.sha256(SAID + bytes([number]) + part).digest()[:1]


def _seal(key: bytes) -> bytes:
    return hashlib.sha256(SAID + key).digest()[:FIVE]
