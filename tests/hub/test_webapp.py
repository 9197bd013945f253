"""The built app under /app/: its files, its one page for every place in it, and nothing from beside it."""

import os
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest

from app.hub.site import create_app
from tests.hub.conftest import KEY, TEST, Hub

Refused = Callable[[httpx.Response, int, str], None]
PAGE = "<!doctype html><title>the app</title>"


@pytest.mark.parametrize("path", ["/app/", "/app/pupils", "/app/observation/0f", "/app/join/ABCDEFGH", "/app/index.html"])
async def test_every_place_in_the_app_is_its_one_page(hub: Hub, path: str) -> None:
    answer = await hub.client.get(path)
    assert (answer.status_code, answer.text) == (200, PAGE)
    assert answer.headers["content-type"].startswith("text/html") and answer.headers["cache-control"] == "no-cache"
    assert answer.headers["content-security-policy"] == "default-src 'self'"


async def test_a_person_who_goes_to_a_place_with_a_dot_gets_the_page(hub: Hub) -> None:
    assert (await hub.client.get("/app/pupil/a.b", headers={"Sec-Fetch-Mode": "navigate"})).text == PAGE
    assert (await hub.client.get("/app/pupil/a.b", headers={"Accept": "text/html,*/*"})).text == PAGE


@pytest.mark.parametrize("mode", [{}, {"Sec-Fetch-Mode": "cors"}, {"Sec-Fetch-Mode": "no-cors"}])
async def test_a_file_that_is_missing_is_not_answered_with_the_page(hub: Hub, refused: Refused, mode: dict[str, str]) -> None:
    refused(await hub.client.get("/app/main.gone.js", headers=mode), 404, "unknown")


async def test_a_script_that_asks_for_a_place_is_not_answered_with_the_page(hub: Hub, refused: Refused) -> None:
    refused(await hub.client.get("/app/pyodide/missing", headers={"Sec-Fetch-Mode": "cors"}), 404, "unknown")


async def test_files_have_the_types_that_browsers_insist_on(hub: Hub) -> None:
    assert (await hub.client.get("/app/pyodide/pyodide.asm.wasm")).headers["content-type"] == "application/wasm"
    assert (await hub.client.get("/app/main.dart.js")).headers["content-type"].startswith("text/javascript")


@pytest.mark.parametrize(
    "path", ["../secret.txt", "..%2fsecret.txt", "%2e%2e/secret.txt", "pyodide/..%2f..%2fsecret.txt", "..%5csecret.txt",
             "/etc/passwd", "%2fetc%2fpasswd", "link.txt", "pyodide/%00.js", "a" * 3000 + ".js"],
)  # fmt: skip
async def test_nothing_beside_the_app_is_served(hub: Hub, web: Path, path: str) -> None:
    (web.parent / "secret.txt").write_text("secret")
    os.symlink(web.parent / "secret.txt", web / "link.txt")
    answer = await hub.client.get(f"/app/{path}")
    assert "secret" not in answer.text and "root:" not in answer.text
    assert answer.status_code in {200, 404} and (answer.status_code == 404 or answer.text == PAGE)


@pytest.mark.parametrize("file", ["csp.txt", "inputs.txt"])
async def test_what_the_build_wrote_for_itself_is_not_served(hub: Hub, web: Path, refused: Refused, file: str) -> None:
    (web / file).write_text("for the hub")
    refused(await hub.client.get(f"/app/{file}"), 404, "unknown")


async def test_a_packed_file_goes_to_browsers_that_unpack(hub: Hub) -> None:
    plain = await hub.client.get("/app/main.dart.js", headers={"Accept-Encoding": "identity"})
    assert plain.text == "plain" and "content-encoding" not in plain.headers
    packed = await hub.client.get("/app/main.dart.js", headers={"Accept-Encoding": "gzip"})
    assert packed.text == "packed" and packed.headers["content-encoding"] == "gzip"
    smaller = await hub.client.get("/app/main.dart.js", headers={"Accept-Encoding": "gzip, br"})
    assert smaller.text == "smaller" and smaller.headers["content-encoding"] == "br"
    assert packed.headers["vary"] == "Accept-Encoding"
    assert packed.headers["content-type"].startswith("text/javascript")


async def test_a_file_the_browser_has_is_not_sent_again(hub: Hub) -> None:
    first = await hub.client.get("/app/index.html")
    for known in ({"If-None-Match": first.headers["etag"]}, {"If-Modified-Since": first.headers["last-modified"]}):
        again = await hub.client.get("/app/index.html", headers=known)
        assert (again.status_code, again.content) == (304, b"")
        assert again.headers["etag"] == first.headers["etag"] and "content-length" not in again.headers


@pytest.mark.parametrize("known", [{"If-None-Match": '"other"'}, {"If-Modified-Since": "no date"},
                                   {"If-Modified-Since": "Thu, 01 Jan 1970 00:00:00 GMT"}])  # fmt: skip
async def test_a_file_the_browser_has_in_another_form_is_sent(hub: Hub, known: dict[str, str]) -> None:
    assert (await hub.client.get("/app/index.html", headers=known)).text == PAGE


async def test_a_new_build_is_sent_to_who_had_the_old_one(hub: Hub, web: Path) -> None:
    etag = (await hub.client.get("/app/")).headers["etag"]
    (web / "index.html").write_text(PAGE + "new")
    assert (await hub.client.get("/app/", headers={"If-None-Match": etag})).text == PAGE + "new"


async def test_the_address_without_a_slash_leads_to_the_app(hub: Hub) -> None:
    answer = await hub.client.get("/app")
    assert (answer.status_code, answer.headers["location"]) == (308, "/app/")


async def test_a_hub_without_a_build_says_what_to_type(hub: Hub, refused: Refused) -> None:
    bare = httpx.ASGITransport(app=create_app(hub.folder, KEY, None, hub.time, TEST))
    async with httpx.AsyncClient(transport=bare, base_url="http://hub.test") as client:
        refused(await client.get("/app/"), 503, "app_not_built")


async def test_the_app_answers_head_like_get(hub: Hub) -> None:
    answer = await hub.client.head("/app/")
    assert (answer.status_code, answer.content) == (200, b"")
