"""What a family sees: its own child, what was approved, what everybody in it agreed to; at this very moment (promise 2)."""

import re
from collections.abc import Callable
from html.parser import HTMLParser

import httpx
import pytest

from app.domain.vocabulary.audiences import Audience, MediaKind
from app.domain.vocabulary.states import ReviewState
from app.usecases.review import review
from app.usecases.session import change
from storage.errors import FolderReadOnly
from storage.ops import Change
from tests.hub.conftest import JPEG, START, Hub

Refused = Callable[[httpx.Response, int, str], None]
OWN, OTHERS = Audience.OWN_FAMILY, Audience.OTHER_FAMILIES
DAY = 86_400_000


class Seen(HTMLParser):
    """A page as a browser takes it in: its words, its tags, and where its pictures are."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.words, self.tags, self.sources, self.alts = "", [], [], []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.tags.append(tag)
        self.sources += [given["src"]] if "src" in given else []
        self.alts += [given.get("alt") or given.get("aria-label") or ""] if tag in {"img", "video"} else []

    def handle_data(self, data: str) -> None:
        self.words = " ".join([*self.words.split(), *data.split()])


async def look(hub: Hub, path: str) -> Seen:
    answer = await hub.client.get(path)
    assert answer.status_code == 200, answer.text
    return Seen(answer.text)


@pytest.fixture
async def link(hub: Hub) -> str:
    return await hub.link(hub.made.amira)


async def shared(hub: Hub, *others: str, note: str = "Asked for a turn.", **more: object) -> str:
    """An approved observation of Amira, and of the others, whose picture everybody agreed to."""
    first, *_ = await hub.observe(hub.made.amira, *others, note=note, **more)  # type: ignore[arg-type]
    await hub.approve(hub.made.amira, first)
    for kind in (MediaKind.PHOTO, MediaKind.VIDEO):
        await hub.consent(hub.made.amira, OWN, kind=kind)
        for other in others:
            await hub.consent(other, OTHERS, kind=kind)
    return first


# -- the page ----------------------------------------------------------------------------------------------------------
async def test_the_page_shows_what_was_approved_with_its_picture(hub: Hub, link: str) -> None:
    await shared(hub)
    seen = await look(hub, link)
    assert "Amira ’s small steps" in seen.words and "Asked for a turn." in seen.words and "Brook School" in seen.words
    assert len(seen.sources) == 1 and seen.alts == ["A photo of Amira, 18 November 2026: Asked for a turn."]
    picture = await hub.client.get(seen.sources[0])
    assert (picture.status_code, picture.content, picture.headers["content-type"]) == (200, JPEG, "image/jpeg")


@pytest.mark.parametrize("state", [ReviewState.NEW, ReviewState.QUERIED, ReviewState.HIDDEN])
async def test_what_is_not_approved_is_not_there(hub: Hub, link: str, state: ReviewState) -> None:
    ident = await shared(hub)
    source = (await look(hub, link)).sources[0]
    hub.time.forward(1000)
    await review.set_state(hub.writer, hub.made.amira, ident, state)
    seen = await look(hub, link)
    assert "Asked for a turn." not in seen.words and seen.sources == []
    assert (await hub.client.get(source)).status_code == 404


async def test_a_photo_nobody_agreed_to_is_not_there(hub: Hub, link: str) -> None:
    ident, *_ = await hub.observe(hub.made.amira, note="Asked for a turn.")
    await hub.approve(hub.made.amira, ident)
    seen = await look(hub, link)
    assert "Asked for a turn." not in seen.words and seen.sources == []


async def test_an_empty_page_says_so_kindly(hub: Hub, link: str) -> None:
    seen = await look(hub, link)
    assert "There is nothing new to show yet." in seen.words and "I ask for a turn" in seen.words


async def test_at_most_three_moments_the_starred_first(hub: Hub, link: str) -> None:
    made = []
    for n in range(5):
        hub.time.forward(DAY)
        made.append(await shared(hub, note=f"moment {n}"))
    await review.star(hub.writer, hub.made.amira, made[0], True)
    words = (await look(hub, link)).words
    assert [int(n) for n in re.findall(r"moment (\d) \d", words)] == [0, 4, 3]


async def test_steps_are_told_in_plain_words_with_first_and_now(hub: Hub, link: str) -> None:
    for _ in range(3):
        await shared(hub)
    words = (await look(hub, link)).words
    assert "I ask for a turn At first when we point or nod Now when we point or nod" in words


async def test_ratings_that_nobody_approved_are_not_told(hub: Hub, link: str) -> None:
    for _ in range(3):
        await hub.observe(hub.made.amira, note="waits")
    assert "We have just begun to look at this." in (await look(hub, link)).words


# -- group pictures ----------------------------------------------------------------------------------------------------
async def test_a_picture_of_two_is_shown_when_both_have_agreed(hub: Hub, link: str) -> None:
    await shared(hub, hub.made.leo)
    assert len((await look(hub, link)).sources) == 1


async def test_a_picture_of_two_is_withheld_when_the_other_child_has_not_agreed(hub: Hub, link: str) -> None:
    await shared(hub, hub.made.leo)
    source = (await look(hub, link)).sources[0]
    hub.time.forward(1000)
    await hub.consent(hub.made.leo, OTHERS, given=False)
    seen = await look(hub, link)
    assert seen.sources == [] and "Asked for a turn." not in seen.words
    assert (await hub.client.get(source)).status_code == 404


async def test_a_protected_child_takes_the_moment_off_every_other_familys_page(hub: Hub, link: str) -> None:
    await shared(hub, hub.made.leo)
    hub.time.forward(1000)
    await hub.writer.write([Change(hub.made.leo, f"pupil:{hub.made.leo}", "protected", True)])
    assert (await look(hub, link)).sources == []


async def test_each_family_sees_its_own_childs_copy(hub: Hub, link: str) -> None:
    mine, his = await hub.observe(hub.made.amira, hub.made.leo, note="Played together.")
    for child, ident in ((hub.made.amira, mine), (hub.made.leo, his)):
        await hub.approve(child, ident)
        await hub.consent(child, OWN)
        await hub.consent(child, OTHERS)
    hers, leos = await look(hub, link), await look(hub, await hub.link(hub.made.leo))
    assert hers.sources[0].split("/")[-1] != leos.sources[0].split("/")[-1]
    theirs = leos.sources[0].split("/")[-1]
    assert (await hub.client.get(f"{link}/media/{theirs}")).status_code == 404, "Leo's copy through Amira's link"


@pytest.mark.parametrize("facts", [{"visible": None}, {"visible": "leo"}, {"visible": [1]}, {"type": ""}])
async def test_a_picture_of_which_it_is_not_known_who_is_in_it_is_withheld(hub: Hub, link: str, facts: dict[str, object]) -> None:
    await shared(hub)
    media = (await look(hub, link)).sources[0].split("/")[-1]
    hub.time.forward(1000)
    await hub.writer.write([Change(hub.made.amira, f"media:{media}", key, value) for key, value in facts.items()])
    assert (await look(hub, link)).sources == []


async def test_a_picture_whose_facts_have_not_arrived_withholds_the_moment(hub: Hub, link: str) -> None:
    ident = await shared(hub)
    hub.time.forward(1000)
    media = [source.split("/")[-1] for source in (await look(hub, link)).sources]
    await hub.writer.write([Change(hub.made.amira, f"observation:{ident}", "media", [*media, "f" * 32])])
    assert (await look(hub, link)).sources == []


# -- at this very moment -----------------------------------------------------------------------------------------------
async def test_a_consent_that_was_withdrawn_counts_at_the_next_look(hub: Hub, link: str) -> None:
    await shared(hub)
    source = (await look(hub, link)).sources[0]
    assert (await hub.client.get(source)).status_code == 200
    hub.time.forward(1000)
    await hub.consent(hub.made.amira, OWN, given=False)
    assert (await hub.client.get(source)).status_code == 404
    assert (await look(hub, link)).sources == []


async def test_a_consent_that_cannot_be_read_counts_as_withdrawn(hub: Hub, link: str) -> None:
    await shared(hub)
    source = (await look(hub, link)).sources[0]
    before = await hub.folder.names(f"p/{hub.made.amira}/")
    hub.time.forward(1000)
    await hub.consent(hub.made.amira, OWN, given=False)
    (withdrawal,) = await hub.folder.names(f"p/{hub.made.amira}/") - before
    await hub.folder.replace(withdrawal, b"cut off while it was copied")
    assert (await look(hub, link)).sources == [] and (await hub.client.get(source)).status_code == 404


async def test_a_moment_with_two_texts_waits_for_a_person(hub: Hub, link: str) -> None:
    ident = await shared(hub)
    await look(hub, link)
    tablet = await hub.tablet()  # it has not seen the first text
    hub.time.forward(1000)
    name, data = tablet.segment(hub.made.amira, Change(hub.made.amira, f"observation:{ident}", "note", "Other words.", text=True))
    await hub.folder.put(name, data)
    seen = await look(hub, link)
    assert seen.sources == [] and "words" not in seen.words
    assert ident in [o.id for o in hub.office.school.queue()]


# -- links -------------------------------------------------------------------------------------------------------------
async def closed(hub: Hub, path: str) -> None:
    answer = await hub.client.get(path)
    assert answer.status_code == 404 and answer.headers["content-type"].startswith("text/html")
    assert "This page is closed" in answer.text and "Please ask the school for a new one." in answer.text
    assert "Amira" not in answer.text


async def test_a_link_ends_on_its_day_with_a_kind_page(hub: Hub, link: str) -> None:
    await look(hub, link)
    hub.time.forward(30 * DAY + 1)
    await closed(hub, link)


async def test_a_link_that_was_ended_gives_a_kind_page(hub: Hub, link: str) -> None:
    await shared(hub)
    source = (await look(hub, link)).sources[0]
    (known,) = await hub.office.links.of(hub.made.amira)
    await hub.office.links.end(str(known["id"]), "test")
    await closed(hub, link)
    assert (await hub.client.get(source)).status_code == 404


@pytest.mark.parametrize("token", ["made-up", "x" * 32, "%00", "é", "' or 1=1", "a" * 3000])
async def test_a_link_that_never_was_gives_the_same_kind_page(hub: Hub, refused: Refused, token: str) -> None:
    await closed(hub, f"/f/{token}")
    refused(await hub.client.get(f"/f/{token}/media/x"), 404, "link_ended")


async def test_a_link_of_a_child_who_has_gone_gives_the_kind_page(hub: Hub, link: str) -> None:
    hub.time.forward(1000)
    await hub.writer.write([Change(hub.made.amira, f"pupil:{hub.made.amira}", "deleted", True)])
    await closed(hub, link)


async def test_one_familys_link_does_not_open_another_childs_pictures(hub: Hub, link: str, refused: Refused) -> None:
    await shared(hub)
    media = (await look(hub, link)).sources[0].split("/")[-1]
    other = await hub.link(hub.made.leo)
    for part in ("media", "still"):
        refused(await hub.client.get(f"{other}/{part}/{media}"), 404, "unknown")


async def test_a_picture_that_lies_with_another_child_is_not_had_through_this_one(hub: Hub, link: str, refused: Refused) -> None:
    ident = await shared(hub, hub.made.leo)
    await look(hub, link)
    (theirs,) = [m for o in hub.office.school.observations(hub.made.leo) for m in o.media]
    hub.time.forward(1000)
    await hub.writer.write([Change(hub.made.leo, f"media:{theirs}", "observation", ident)])
    await hub.writer.write([Change(hub.made.amira, f"observation:{ident}", "media", [theirs])])
    assert (await look(hub, link)).sources == []
    refused(await hub.client.get(f"{link}/media/{theirs}"), 404, "unknown")


@pytest.mark.parametrize("media", ["x", "%2e%2e%2f", "0" * 32, "%00", "a" * 3000])
async def test_a_made_up_picture_is_not_there(hub: Hub, link: str, refused: Refused, media: str) -> None:
    refused(await hub.client.get(f"{link}/media/{media}"), 404, "unknown")


async def test_a_picture_of_an_observation_is_not_had_by_its_chunks_or_name(hub: Hub, link: str) -> None:
    await shared(hub)
    name = next(n for n in await hub.folder.names(f"p/{hub.made.amira}/media/"))
    assert (await hub.client.get(f"{link}/media/{name.split('/')[-1]}")).status_code == 404


# -- written down ------------------------------------------------------------------------------------------------------
async def test_every_look_is_written_down_with_what_it_showed(hub: Hub, link: str) -> None:
    ident = await shared(hub)
    await look(hub, link)
    hub.time.forward(1000)
    await look(hub, link)
    views = (await hub.office.access.vault.papers("views")).values()
    assert sorted(views, key=lambda v: int(v["at"])) == [
        {"pupil": hub.made.amira, "at": START, "shown": [ident]},
        {"pupil": hub.made.amira, "at": START + 1000, "shown": [ident]},
    ]


async def test_a_look_at_a_closed_page_is_no_look(hub: Hub) -> None:
    await hub.client.get("/f/made-up")
    assert await hub.office.access.vault.papers("views") == {}


async def test_what_cannot_be_written_down_is_not_shown(hub: Hub, link: str, monkeypatch: pytest.MonkeyPatch) -> None:
    await shared(hub)

    async def full(name: str, data: bytes) -> None:
        raise FolderReadOnly(name)

    monkeypatch.setattr(hub.folder, "replace", full)
    answer = await hub.client.get(link)
    assert answer.status_code == 503 and "Not just now" in answer.text and "Amira" not in answer.text


# -- words that are no words -------------------------------------------------------------------------------------------
EVIL = "<script>alert(1)</script><img src=x onerror=alert(2)>\"'><b>{{ 7*7 }}{% raw %}&amp;"


async def test_what_is_typed_stays_text(hub: Hub, link: str) -> None:
    await shared(hub, note=EVIL)
    hub.time.forward(1000)
    fields = {"preferred_name": f"Ami{EVIL}", "likes": EVIL}
    changes = [Change(hub.made.amira, f"pupil:{hub.made.amira}", key, value) for key, value in fields.items()]
    goals = [Change(hub.made.amira, f"target:{hub.made.target}", key, EVIL) for key in ("family_words", "next_step")]
    await hub.writer.write([*changes, *goals, *change.of("school", "school", "settings", name=EVIL)])
    seen = await look(hub, link)
    assert "script" not in seen.tags and "b" not in seen.tags and seen.tags.count("img") == 1
    assert "<script>alert(1)</script>" in seen.words and "{{ 7*7 }}" in seen.words and "49" not in seen.words


async def test_the_front_door_keeps_the_schools_name_text(hub: Hub) -> None:
    await hub.office.ready()
    hub.time.forward(1000)
    await hub.writer.write(change.of("school", "school", "settings", name=EVIL))
    await hub.office.refresh()
    assert "script" not in Seen((await hub.client.get("/")).text).tags


async def test_other_children_have_no_names_in_any_text(hub: Hub, link: str) -> None:
    await shared(hub, note="Sat with Leo, LEO MARSH and Jakub's friend. Amira laughed.")
    hub.time.forward(1000)
    words = {"family_words": "I play with Leo", "next_step": "Asks Nowak"}
    await hub.writer.write([Change(hub.made.amira, f"target:{hub.made.target}", key, value) for key, value in words.items()])
    await hub.writer.write([Change(hub.made.amira, f"pupil:{hub.made.amira}", "likes", "Leo's cat")])
    seen = await look(hub, link)
    told = seen.words + " ".join(seen.alts)
    assert not re.search("leo|marsh|jakub|nowak", told, re.IGNORECASE)
    assert "Sat with another child, another child and another child's friend. Amira laughed." in told
    assert "I play with another child" in told and "Asks another child" in told and "another child's cat" in told


# -- clips and headers -------------------------------------------------------------------------------------------------
CLIP = bytes.fromhex("1a45dfa380 18538067 01ffffffffffffff ec5400") + bytes(range(256)) * 20  # a WebM with one empty part


async def test_a_clip_has_a_still_and_plays_from_anywhere(hub: Hub, link: str) -> None:
    await shared(hub, kind="video/webm", data=CLIP)
    seen = await look(hub, link)
    assert "video" in seen.tags and seen.alts[0].startswith("A clip of Amira")
    source = seen.sources[0]
    part = await hub.client.get(source, headers={"Range": "bytes=100-199"})
    assert (part.status_code, part.content) == (206, CLIP[100:200])
    assert part.headers["content-range"] == f"bytes 100-199/{len(CLIP)}" and part.headers["content-type"] == "video/webm"
    whole = await hub.client.get(source)
    assert (whole.content, whole.headers["accept-ranges"]) == (CLIP, "bytes")
    assert (await hub.client.get(source.replace("/media/", "/still/"))).content == b"small"


async def test_consent_for_photos_shows_no_clip(hub: Hub, link: str) -> None:
    await shared(hub, kind="video/webm", data=CLIP)
    source = (await look(hub, link)).sources[0]
    hub.time.forward(1000)
    await hub.consent(hub.made.amira, OWN, given=False, kind=MediaKind.VIDEO)
    assert (await look(hub, link)).sources == []
    assert [(await hub.client.get(s)).status_code for s in (source, source.replace("/media/", "/still/"))] == [404, 404]


async def test_a_still_that_is_damaged_is_not_there(hub: Hub, link: str) -> None:
    await shared(hub, kind="video/webm", data=CLIP)
    source = (await look(hub, link)).sources[0]
    hub.time.forward(1000)
    await hub.writer.write([Change(hub.made.amira, f"media:{source.split('/')[-1]}", "poster", "no base64!")])
    assert (await hub.client.get(source.replace("/media/", "/still/"))).status_code == 404


async def test_a_picture_that_rotted_is_told_and_the_page_stays(hub: Hub, link: str, refused: Refused) -> None:
    await shared(hub)
    source = (await look(hub, link)).sources[0]
    for name in await hub.folder.names(f"p/{hub.made.amira}/media/"):
        await hub.folder.replace(name, b"rotten")
    answer = await hub.client.get(source)
    refused(answer, answer.status_code, "file_damaged")
    assert (await look(hub, link)).sources == [source]


@pytest.mark.parametrize(("kind", "data"), [("image/svg+xml", b"<svg onload='alert(1)'/>"), ("image/jpeg", b"<script>")])
async def test_a_file_that_the_app_never_made_is_not_shown(hub: Hub, link: str, refused: Refused, kind: str, data: bytes) -> None:
    await shared(hub, kind=kind, data=data)
    refused(await hub.client.get((await look(hub, link)).sources[0]), 404, "unknown")


async def test_a_page_and_its_pictures_are_kept_and_found_by_nobody(hub: Hub, link: str) -> None:
    await shared(hub)
    source = (await look(hub, link)).sources[0]
    for path in (link, source, "/f/made-up"):
        headers = (await hub.client.get(path)).headers
        assert headers["cache-control"] == "no-store" and headers["x-robots-tag"] == "noindex, nofollow"
        assert headers["referrer-policy"] == "no-referrer" and headers["x-frame-options"] == "DENY"
        assert (
            "default-src 'none'" in headers["content-security-policy"] and "script-src" not in headers["content-security-policy"]
        )
    assert (await hub.client.get("/robots.txt")).text == "User-agent: *\nDisallow: /\n"


async def test_the_page_needs_no_script_and_loads_only_from_here(hub: Hub, link: str) -> None:
    await shared(hub)
    html = (await hub.client.get(link)).text
    assert "<script" not in html and "http://" not in html and "https://" not in html
    for path in set(re.findall(r'(?:href|src)="(/page/[^"]+)"', html)):
        assert (await hub.client.get(path)).status_code == 200
    css = (await hub.client.get("/page/page.css")).text
    for path in set(re.findall(r'url\("([^"]+)"\)', css)):
        assert (await hub.client.get(path)).status_code == 200


async def test_a_look_with_head_says_the_same_without_the_words(hub: Hub, link: str) -> None:
    answer = await hub.client.head(link)
    assert (answer.status_code, answer.content) == (200, b"")


async def test_a_clock_of_the_year_ten_thousand_breaks_no_page(hub: Hub, link: str) -> None:
    ident = await shared(hub)
    tablet = await hub.tablet()
    hub.time.forward(1000)
    odd = tablet.segment(hub.made.amira, Change(hub.made.amira, "observation:odd", "at", 10**30))
    assert (await tablet.put(*odd)).status_code == 200
    await hub.writer.write([Change(hub.made.amira, f"observation:{ident}", "at", 10**30)])
    assert "Asked for a turn." in (await look(hub, link)).words
