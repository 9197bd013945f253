"""Our names can be kept by every file system that a school may have: Windows forbids signs and words, and takes A for a."""

import re
from itertools import product
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.vocabulary.roles import Role
from app.errors import CodeUnknown
from app.hub.devices.access import LETTERS, NO_FILES, Access
from app.hub.ground.signed_records import Vault
from app.hub.records.pending import PendingEntries
from storage import names
from storage.errors import Refused
from storage.folder.directory import Directory
from storage.folder.memory import Memory
from storage.space import create_space
from tests.contract.kinds import DEV, KEY, hub_at, segment
from tests.storage.parts import AMIRA, BEN, ticking

FORBIDDEN = re.compile(r'[<>:"/\\|?*\x00-\x1f]')
RESERVED = {"con", "prn", "aux", "nul", "conin$", "conout$"} | {f"{word}{n}" for word in ("com", "lpt") for n in "0123456789¹²³"}
LONGEST_PATH = 260  # characters on an old Windows, with what stands before the folder


def hexes(size: int) -> st.SearchStrategy[str]:
    return st.text("0123456789abcdef", min_size=size, max_size=size)


partitions = st.one_of(st.sampled_from(["school", "office"]), hexes(32), hexes(32).map(lambda one: f"{one}.office"))
logs = st.builds(
    names.Name, partitions, st.sampled_from(["log", "snap"]), hexes(32), hexes(16), hexes(16), st.integers(0, 10**12 - 1)
)
media = st.builds(names.Name, partitions, st.just("media"), hexes(32))
ours = st.one_of(logs, media)


def fits_windows(name: str) -> bool:
    return len(name) < LONGEST_PATH // 2 and all(
        not FORBIDDEN.search(part) and part[-1:] not in {"", ".", " "} and part.split(".")[0].lower() not in RESERVED
        for part in name.split("/")
    )


def test_this_test_knows_what_windows_forbids() -> None:
    for bad in ("a:b", "p/con", "p/NUL.txt", "a.", "a ", "a//b", "p/lpt1.x", "a\\b", "what?", "aux", "x" * 200):
        assert not fits_windows(bad)


@given(ours)
def test_no_name_of_ours_is_one_that_windows_forbids(name: names.Name) -> None:
    assert names.parse(str(name)) == name and fits_windows(str(name)) and all(len(part) <= 80 for part in str(name).split("/"))


@given(ours, ours)
def test_two_names_that_differ_do_so_where_a_and_capital_a_are_one(one: names.Name, other: names.Name) -> None:
    assert (str(one) == str(other)) == (str(one).casefold() == str(other).casefold())


@given(ours, st.data())
def test_a_name_with_other_capitals_is_somebody_elses(name: names.Name, data: st.DataObject) -> None:
    told = str(name)
    turned = data.draw(st.sets(st.sampled_from(range(len(told)))))
    odd = "".join(sign.upper() if place in turned else sign for place, sign in enumerate(told))
    assert odd == told or names.parse(odd) is None


@given(st.text())
def test_whatever_is_taken_for_a_name_of_ours_fits(text: str) -> None:
    for guess in (text, f"p/school/media/{text}", f"p/{text}/media/{'0' * 32}"):
        assert names.parse(guess) is None or fits_windows(guess)


async def test_all_that_a_hub_writes_into_the_folder_fits(tmp_path: Path) -> None:
    """Files of devices, tokens, invites and what was tried, links and their views, and quarantine."""
    directory = Directory(tmp_path)
    await create_space(directory, bytes)
    async with hub_at(directory) as hub:
        await hub.folder.put(*segment())
        with pytest.raises(Refused):
            await hub.folder.put(segment(2)[0].replace(AMIRA, BEN), segment(2)[1])
        code, _ = await hub.office.access.invite(Role.TA, [AMIRA], None)
        with pytest.raises(CodeUnknown):
            await hub.office.access.join(code[:3] + "AAAAA", DEV, "")
        _, token, _ = await hub.office.links.make(AMIRA, 1, DEV)
        await hub.office.links.write_down(token, AMIRA, [])
    found = await directory.names()
    kinds = {name.split("/")[1] for name in found if name.startswith("hub/")}
    assert kinds >= {"tokens", "invites", "used", "tries", "links", "views", "quarantine"}
    assert [name for name in found if not fits_windows(name.removeprefix(f"hub/quarantine/{DEV}/"))] == []
    assert max(map(len, found)) < LONGEST_PATH - 60


async def test_no_invite_has_a_name_that_windows_keeps_for_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    """The three public letters are drawn until the file that they name can be written everywhere."""
    drawn, vault = iter("AUXPRNAUN23456"), Vault(Memory(), KEY)
    monkeypatch.setattr("app.hub.devices.access.secrets.choice", lambda _: next(drawn))
    code, _ = await Access(vault, ticking(), PendingEntries(vault, ticking())).invite(Role.TA, [], None)
    assert code == "AUN23456"
    reserved = {"".join(letters) for letters in product(LETTERS, repeat=3) if not fits_windows("".join(letters))}
    assert reserved == set(NO_FILES)
