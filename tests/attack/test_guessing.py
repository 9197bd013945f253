"""Ten thousand wrong codes: they close one invite and no other, cost bounded memory and room, and are slowed down."""

import os
import tracemalloc
from collections import Counter

from app.domain.vocabulary.roles import Role
from app.hub.devices.access import LETTERS, MOST_TRIES, PUBLIC
from app.hub.guard import limits
from tests.attack.parts import Answer, ask, somewhere
from tests.hub.conftest import Hub

MANY, A_FEW = 10_000, 500
JSON = [(b"content-type", b"application/json")]


async def guess(hub: Hub, code: str, address: str = "") -> Answer:
    body = b'{"code": "%s", "device": "%s", "name": "x"}' % (code.encode(), b"0" * 16)
    return await ask(hub.app, "POST", "/api/join", None, JSON, body, address)


def guesses(public: str = "") -> list[str]:
    """So many different codes; of one invite where its three letters are known."""
    made: dict[str, None] = {}
    while len(made) < MANY:
        raw = os.urandom(8 * MANY)
        made |= dict.fromkeys("".join(LETTERS[byte % len(LETTERS)] for byte in raw[at : at + 8]) for at in range(0, len(raw), 8))
    return [f"{public}{code[len(public) :]}" for code in list(made)[:MANY]]


async def papers(hub: Hub) -> int:
    return len(await hub.folder.names("hub/"))


async def room(hub: Hub) -> int:
    """Bytes of all that the hub has written for itself."""
    return sum([await hub.folder.size(name) for name in await hub.folder.names("hub/")])


async def test_ten_thousand_codes_from_one_address_burn_one_invite_and_are_slowed_down(hub: Hub) -> None:
    target, _ = await hub.office.access.invite(Role.SENCO, [], None)
    other, _ = await hub.office.access.invite(Role.TA, [hub.made.oak], None)
    before, here = await papers(hub), somewhere()
    told = Counter([(await guess(hub, code, here)).error["code"] for code in guesses(target[:PUBLIC]) if code != target])
    assert told["slow_down"] > MANY - 100 and told["code_unknown"] <= MOST_TRIES, told
    assert await papers(hub) - before <= MOST_TRIES + 1, "each try is written down, and no more than five"
    assert (await guess(hub, other)).status == 200, "somebody else's invite is as it was"


async def test_a_guesser_with_ten_thousand_addresses_gets_no_further(hub: Hub) -> None:
    """No limit by address helps here: the invite itself is closed after five."""
    target, _ = await hub.office.access.invite(Role.SENCO, [], None)
    other, _ = await hub.office.access.invite(Role.TA, [hub.made.oak], None)
    before, tokens = await papers(hub), await hub.office.access.vault.ids("tokens")
    told = Counter([(await guess(hub, code)).error["code"] for code in guesses(target[:PUBLIC]) if code != target])
    assert told["code_unknown"] == MOST_TRIES and told["too_many_tries"] >= MANY - MOST_TRIES - 1, told
    assert await papers(hub) - before <= MOST_TRIES + 1 and await hub.office.access.vault.ids("tokens") == tokens
    assert (await guess(hub, target)).error["code"] == "too_many_tries", "the right code comes too late"
    assert (await guess(hub, other)).status == 200


async def test_codes_of_no_invite_leave_nothing_behind_and_keep_memory_bounded(hub: Hub) -> None:
    codes = guesses()
    for code in codes[:-A_FEW]:  # whatever is made once is made by now
        await guess(hub, code)
    before = await room(hub)
    tracemalloc.start()
    try:
        for code in codes[-A_FEW:]:
            assert (await guess(hub, code)).error["code"] == "code_unknown"
        held, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert held < A_FEW * 1024 and await room(hub) == before


async def test_whoever_asks_is_remembered_up_to_a_bound(hub: Hub) -> None:
    seen = limits.Lately[int]()
    for number in range(3 * limits.MOST_KNOWN):
        seen.put(number, number)
    assert len(seen) == limits.MOST_KNOWN and seen.get(0) is None


async def test_ten_thousand_wrong_tokens_and_links_open_nothing_and_are_slowed_down(hub: Hub) -> None:
    link, here = await hub.link(hub.made.amira), somewhere()
    for target, token in (("/api/partitions", "guess"), (link[:-4] + "guess", None), ("/paper/guess", None)):
        told = Counter([(await ask(hub.app, "GET", f"{target}?{n}", token, address=here)).status for n in range(2_000)])
        assert set(told) <= {401, 404, 429} and told[429] > 1_700, (target, told)
        here = somewhere()
    assert (await ask(hub.app, "GET", link)).status == 200
