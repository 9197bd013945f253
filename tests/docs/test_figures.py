"""Figures that a page tells are those of the code: a limit that is changed is changed in its page, too."""

import pytest

from app.domain.door import pins
from app.hub.devices import access
from app.hub.files import quarantine
from app.hub.guard import limits, server
from app.hub.guard.limits import APP, DEVICE, FAMILY, JOINING, STRANGER, Rate
from app.hub.guard.slow_connections import Patience
from app.hub.records import audit
from app.hub.serve import authority
from app.media import codec
from app.usecases.door import door, locks
from app.usecases.evidence import drafting
from app.usecases.families import page
from app.usecases.records import erasure
from app.usecases.syncing import health
from storage import compaction, healing, media, recording, retention, segments
from storage.folder import port
from tests.docs.pages import text

KIB, MIB, MINUTE, DAY = 1024, 1024**2, 60_000, 86_400_000
SLOW = Patience()

# page, the words that tell a figure, what it is in the code, what it is in the words
TOLD = [
    ("folder-format", "at most 256 KiB", segments.MOST_STORED, 256 * KIB),
    ("folder-format", "into one file that names what it covers; never changes; at most 1 MiB", compaction.MOST_FOLDED, MIB),
    ("folder-format", "a piece of a picture or clip, at most 1 MiB", media.PIECE + segments.HEADER, MIB),
    ("folder-format", "unpacks to more than 8 MiB", segments.MOST_INFLATED, 8 * MIB),
    ("folder-format", "larger than 2 MiB", port.LARGEST, 2 * MIB),
    ("folder-format", "more than ten minutes off", health.TEN_MINUTES, 10 * MINUTE),
    ("sync", "When 32 small files of one device", compaction.LEAST, 32),
    ("sync", "after seven days", compaction.WEEK, 7 * DAY),
    ("sync", "has held for 14 days", retention.DAYS, 14),
    ("sync", "If two listings a day apart", healing.A_DAY, DAY),
    ("settings", "14 unless it is set", retention.DAYS, 14),
    ("pins", "Four to eight digits", (pins.SHORTEST, pins.LONGEST), (4, 8)),
    ("pins", "After ten in a row", pins.MOST_WRONG, 10),
    ("pins", "600,000 iterations", pins.ITERATIONS, 600_000),
    ("pins", "for ten minutes from the moment", pins.RESET_LASTS, 10 * MINUTE),
    ("pins", "after two minutes without a touch", locks.IDLE, 120),
    ("pins", "an open camera has ten minutes", door.HOLDING, 10 * MINUTE),
    ("network", "lasts 397 days", authority.HUB_LASTS.days, 397),
    ("network", "a month before its end", authority.NEARLY.days, 30),
    ("network", "valid for ten years", authority.AUTHORITY_LASTS.days, 3650),
    ("network", "16 GB and 100,000 files a day", (limits.DAY_BYTES, limits.DAY_FILES), (16 * 1024 * MIB, 100_000)),
    ("network", "any other question 64 KiB", limits.LARGEST_WORDS, 64 * KIB),
    ("network", "its first lines 16 KiB and 10 seconds", (limits.MOST_HEAD, SLOW.head), (16 * KIB, 10)),
    ("network", "A file is 2 MiB at most", limits.LARGEST_BODY, 2 * MIB),
    ("network", "silent for 20 seconds in the middle, or is slower than 1 KiB a second", (SLOW.silence, SLOW.slowest), (20, KIB)),
    ("network", "There are 600 connections", SLOW.most, 600),
    ("network", "sixteen at a time", server.CONNECTIONS_AT_ONCE, 16),
    ("network", "at most 25 megapixels", codec.MOST_PIXELS, 25_000_000),
    ("limits", "of 30 seconds at most", drafting.LONGEST_CLIP_MS, 30_000),
    ("privacy", "after seven days in which it can be cancelled", erasure.ERASURE_WAITS, 7 * DAY),
    ("audit-log", "closed after five wrong tries", access.MOST_TRIES, 5),
    ("audit-log", "The same look again within a minute", audit.MINUTE, MINUTE),
    ("decisions", "closed at 64 KiB", audit.LARGEST, 64 * KIB),
    ("decisions", "at most 64 MiB for each device", quarantine.MOST_BYTES, 64 * MIB),
    ("decisions", "after every 20 merged segments", recording.VIEW_AFTER, 20),
    ("decisions", "All others last ten minutes", access.CODE_LASTS, 10 * MINUTE),
]


@pytest.mark.parametrize(("noun", "words", "real", "told"), TOLD, ids=[f"{noun}: {words}" for noun, words, *_ in TOLD])
def test_a_figure_is_told_as_it_is(noun: str, words: str, real: object, told: object) -> None:
    assert words in " ".join(text(f"docs/{noun}.md").split())
    assert real == told


def test_a_family_sees_at_most_so_many_moments_as_the_readme_says() -> None:
    assert page.MOST_ITEMS == 3 and "up to three chosen moments" in " ".join(text("README.md").split())


RATES = [
    ("a device that has joined", DEVICE, "10,000 questions", "150 a second"),
    ("joining, each address", JOINING, "60; a wrong code counts five times", "one in 2 s"),
    ("families and papers, each address", FAMILY, "400; a wrong link counts 21 times", "10 a second"),
    ("the app's own files, each address", APP, "30,000", "500 a second"),
    ("every other caller, each address", STRANGER, "600; a no counts six times", "20 a second"),
]
SPELT = {"five": 5, "21": 21, "six": 6, "": 1}


@pytest.mark.parametrize(("who", "rate", "burst", "later"), RATES, ids=[rate.name for _, rate, *_ in RATES])
def test_a_rate_is_told_as_it_is(who: str, rate: Rate, burst: str, later: str) -> None:
    assert f"| {who} | {burst} | {later}" in text("docs/network.md")
    assert int(burst.split()[0].strip(";").replace(",", "")) == rate.burst
    assert SPELT[burst.partition("counts ")[2].removesuffix(" times")] == rate.miss + 1  # the question itself, and the miss
    assert later == ("one in 2 s" if rate.a_second == 0.5 else f"{rate.a_second} a second")
