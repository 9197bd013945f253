"""How much anybody may ask: bytes at once, questions a second, files a day; and that a school's work never meets it."""

from collections.abc import Callable
from itertools import pairwise

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.vocabulary.roles import Role
from app.hub.guard import limits
from app.hub.guard.limits import APP, DEVICE, FAMILY, JOINING, STRANGER, Buckets, Days, Lately, Rate
from storage import media as pieces
from storage.ops import Change
from tests.hub.conftest import Device, Hub, Time
from tests.pictures import photo

Refused = Callable[[httpx.Response, int, str], None]
SLOW = Rate("slow", 3, 0.5, miss=2)


class Tick:
    def __init__(self) -> None:
        self.at = 0.0

    def __call__(self) -> float:
        return self.at


# -- buckets -------------------------------------------------------------------------------------------------------------
def test_so_many_at_once_and_then_so_many_a_second() -> None:
    tick = Tick()
    buckets = Buckets(tick)
    assert [buckets.take(SLOW, "a") for _ in range(4)] == [0, 0, 0, 2.0]
    assert buckets.take(SLOW, "b") == 0  # somebody else has not asked yet
    tick.at = 2.0
    assert [buckets.take(SLOW, "a") for _ in range(2)] == [0, 2.0]


def test_a_wrong_guess_costs_more() -> None:
    buckets = Buckets(Tick())
    buckets.take(SLOW, "a")
    buckets.missed(SLOW, "a")
    assert buckets.take(SLOW, "a") == 2.0


@given(st.lists(st.floats(0, 30), min_size=1, max_size=60))
def test_nobody_gets_more_than_the_burst_and_the_rate(pauses: list[float]) -> None:
    tick, let_in = Tick(), 0
    buckets = Buckets(tick)
    for pause in pauses:
        tick.at += pause
        let_in += buckets.take(SLOW, "a") == 0
    assert let_in <= SLOW.burst + sum(pauses) * SLOW.a_second


def test_the_longest_away_is_forgotten_first() -> None:
    held: Lately[int] = Lately(most=2)
    held.put("a", 1)
    held.put("b", 2)
    assert held.get("a") == 1
    held.put("c", 3)
    assert (held.get("a"), held.get("b"), held.get("c"), len(held)) == (1, None, 3, 2)


def test_a_day_begins_anew_at_midnight(time: Time) -> None:
    days = Days(time)
    days.of("a").files = limits.DAY_FILES
    assert days.full("a") and not days.full("b")
    time.forward(days.until_tomorrow() * 1000)
    assert not days.full("a")


def test_who_does_not_know_a_secret_waits_longest() -> None:
    order = (JOINING, FAMILY, STRANGER, DEVICE)
    assert all(one.burst < other.burst and one.a_second <= other.a_second for one, other in pairwise(order))
    assert APP.burst > 60 * 100  # sixty tablets, a hundred files each


# -- at the hub ----------------------------------------------------------------------------------------------------------
async def joined(hub: Hub, count: int) -> list[Device]:
    """Tablets that joined long ago, before this hub process began."""
    made = []
    for number in range(count):
        code, _ = await hub.office.access.invite(Role.TA, [hub.made.oak], None)
        dev = f"{number:016x}"
        token, _ = await hub.office.access.join(code, dev, "a tablet")
        made.append(Device(hub.client, dev, token, hub.time))
    return made


async def test_sixty_tablets_of_one_address_record_at_once_and_none_has_to_wait(hub: Hub) -> None:
    """15:15, and all of them come by one address."""
    for tablet in await joined(hub, 60):
        ((name, data),) = pieces.chunks(hub.made.amira, photo(500)).items()
        note = Change(hub.made.amira, f"observation:{tablet.dev}", "note", "seen", text=True)
        asked = [
            await tablet.ask("GET", "/api/partitions"), await tablet.put(name, data),
            await tablet.put(*tablet.segment(hub.made.amira, note)), await tablet.ask("GET", "/api/partitions"),
        ]  # fmt: skip
        assert [answer.status_code for answer in asked] == [200] * 4


async def test_one_tablet_sends_a_week_in_one_go_and_never_has_to_wait(hub: Hub) -> None:
    (tablet,) = await joined(hub, 1)
    answers = [(await tablet.ask("GET", "/api/digest/" + "p/school/media/" + "0" * 32)).status_code for _ in range(700)]
    assert 429 not in answers and len(answers) > STRANGER.burst


async def test_wrong_codes_are_slowed_down_and_a_right_one_comes_in_after_a_while(hub: Hub, refused: Refused) -> None:
    asked = [await hub.client.post("/api/join", json={"code": "WRONG234", "device": "0" * 16}) for _ in range(20)]
    codes = [answer.status_code for answer in asked]
    assert codes[0] == 403 and codes[-1] == 429 and codes.index(429) <= 12
    refused(asked[-1], 429, "slow_down")
    assert 1 <= int(asked[-1].headers["retry-after"]) <= 30 and asked[-1].json()["error"]["retry"]


async def test_devices_go_on_while_a_stranger_of_the_same_address_guesses(hub: Hub) -> None:
    tablet = await hub.tablet()
    assert (await tablet.ask("GET", "/api/partitions")).status_code == 200
    guesses = [await hub.client.get("/api/partitions", headers={"Authorization": f"Bearer {n}"}) for n in range(150)]
    assert guesses[0].status_code == 401 and guesses[-1].status_code == 429
    assert (await tablet.ask("GET", "/api/partitions")).status_code == 200


async def test_a_token_is_no_licence_to_guess_codes(hub: Hub) -> None:
    tablet = await hub.tablet()
    await tablet.ask("GET", "/api/partitions")
    tries = [await tablet.ask("POST", "/api/join", json={"code": "WRONG234", "device": "0" * 16}) for _ in range(20)]
    assert tries[-1].status_code == 429


async def test_guessing_at_links_is_slowed_down_and_a_family_is_not(hub: Hub) -> None:
    link = await hub.link(hub.made.amira)
    assert [(await hub.client.get(link)).status_code for _ in range(30)] == [200] * 30
    guesses = [(await hub.client.get(f"/f/{n}")).status_code for n in range(30)]
    assert guesses[0] == 404 and guesses[-1] == 429


async def test_what_a_device_sends_in_a_day_ends_somewhere(hub: Hub, refused: Refused, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "DAY_FILES", 3)
    tablet, other = await hub.tablet(), await hub.tablet()
    note = Change(hub.made.amira, "observation:1", "note", "seen", text=True)
    answers = [await tablet.put(*tablet.segment(hub.made.amira, note)) for _ in range(4)]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
    refused(answers[-1], 429, "day_full")
    assert 0 < int(answers[-1].headers["retry-after"]) <= 86_400
    assert (await tablet.ask("GET", "/api/partitions")).status_code == 200  # it may look on
    assert (await other.put(*other.segment(hub.made.amira, note))).status_code == 200
    hub.time.forward(86_400_000)
    assert (await tablet.put(*tablet.segment(hub.made.amira, note))).status_code == 200


async def test_bytes_count_as_well(hub: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "DAY_BYTES", 1000)
    tablet = await hub.tablet()
    ((name, data),) = pieces.chunks(hub.made.amira, photo(3000)).items()
    assert [(await tablet.put(name, data)).status_code for _ in range(2)] == [200, 429]


async def test_words_are_sixty_four_kilobytes_at_most_token_or_not(hub: Hub, refused: Refused) -> None:
    long = b'{"code": "' + b"A" * limits.LARGEST_WORDS + b'"}'
    refused(await hub.client.post("/api/join", content=long), 413, "file_too_big")
    phone = await hub.phone()
    refused(await phone.ask("POST", "/api/links", content=long), 413, "file_too_big")


ENDLESS = [{"headers": {f"X-{n}": "1" for n in range(70)}}, {"headers": {"X-Long": "x" * 20_000}}, {"params": {"q": "x" * 5000}}]


@pytest.mark.parametrize("more", ENDLESS)
async def test_endless_first_lines_are_refused(hub: Hub, refused: Refused, more: dict[str, dict[str, str]]) -> None:
    refused(await hub.client.get("/healthz", **more), 431, "bad_request")  # type: ignore[arg-type]


@pytest.mark.parametrize("length", ["-1", "x", "1e9", "9" * 40, "٣"])
async def test_a_length_that_is_none_is_refused(hub: Hub, refused: Refused, length: str) -> None:
    answer = await hub.client.post("/api/join", content=b"{}", headers={"Content-Length": length.encode()})  # type: ignore[dict-item]
    refused(answer, 413, "file_too_big")


def test_addresses_of_one_household_count_as_one() -> None:
    def of(host: str) -> str:
        return limits._address({"type": "http", "client": (host, 1)})

    assert of("2001:db8:1:2:3::4") == of("2001:db8:1:2:ffff::1") != of("2001:db8:1:3::1")
    assert of("::ffff:192.0.2.7") == of("192.0.2.7") != of("192.0.2.8")
    assert of("fe80::1%eth0") == of("fe80::2") and of("strange") == "strange"
