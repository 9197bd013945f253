"""The shell in a real Chromium: one visit, then offline; an update that waits; a start that says what is wrong."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from app.web import build
from tests.browser import PHONE, Site, by, kept_offline, open_app, serving, started, tree, write

pytestmark = pytest.mark.browser
NOWHERE = "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"
Profile = Callable[..., BrowserContext]


@pytest.fixture
def copy(built_app: Path, tmp_path: Path) -> Path:
    """The built app, to be changed."""
    return Path(shutil.copytree(built_app, tmp_path / "web", ignore=shutil.ignore_patterns("*.br", "*.js.gz", "*.html.gz")))


def test_after_one_visit_the_app_opens_offline_at_any_route_and_nothing_was_asked_of_others(
    built_app: Path, profile: Profile
) -> None:
    with serving(built_app) as site:
        context = profile(flags=(NOWHERE,))
        asked, failed, page = set[str](), list[str](), context.pages[0]
        context.on("request", lambda request: asked.add(request.url))
        page.on("pageerror", lambda error: failed.append(str(error)))
        open_app(page, site.origin, "/app/gallery")
        kept_offline(page)
        site.stop()
        for route in ("/app/", "/app/observation/4f00?from=report", "/app/join/ABCD"):
            open_app(page, site.origin, route)
            assert "Welcome to Small Steps" in tree(page)
        by(page, "join-code").locator("input").click()  # Flutter tells the page a field's text only once it is pressed
        expect(by(page, "join-code").locator("input")).to_have_value("ABCD")
        write(page, "join-name", "Oak → ✓ 🙂 ليلى Łukasz Nguyễn")
        assert {url for url in asked if not url.startswith((site.origin, "blob:", "data:"))} == set()
        assert site.missing == [] and failed == []
        assert max(site.times.values()) == 1, {path: n for path, n in site.times.items() if n > 1}


def test_a_new_version_waits_until_a_person_says_so(copy: Path, profile: Profile) -> None:
    with serving(copy) as site:
        page = profile(size=PHONE).pages[0]
        open_app(page, site.origin)
        kept_offline(page)
        page_file = copy / "index.html"
        page_file.write_text(page_file.read_text().replace("A new version of", "A newer version of"))
        build.precache(copy)
        before = dict(site.sent)
        page.evaluate("navigator.serviceWorker.getRegistration().then(r => r.update())")
        page.locator("#update").wait_for()
        fetched = {path for path, size in site.sent.items() if size != before.get(path)}
        assert fetched <= {"/app/index.html", "/app/sw.js"}, "only what has changed is fetched"
        for name in ("Update now", "Later"):
            box = page.get_by_role("button", name=name).bounding_box()
            assert box and box["height"] >= 48 and box["x"] >= 0 and box["x"] + box["width"] <= PHONE[0]
        page.get_by_role("button", name="Later").click()
        expect(page.locator("#update")).to_be_hidden()
        open_app(page, site.origin)
        assert "A newer version" not in page.content(), "the old version stays until somebody says so"
        with page.expect_navigation():
            page.get_by_role("button", name="Update now").click()
        started(page)
        assert "A newer version" in page.content()
        expect(page.locator("#update")).to_be_hidden()


def test_pages_outside_the_app_are_never_answered_by_it(built_app: Path, profile: Profile) -> None:
    with serving(built_app) as site:
        page = profile().pages[0]
        open_app(page, site.origin)
        kept_offline(page)
        for path in ("/f/token", "/join/ABCD", "/paper/ticket", "/api/partitions"):
            page.goto(site.origin + path)
            assert page.locator("body").inner_text() == f"outside {path}"


def test_plain_http_from_another_machine_is_told_in_a_sentence(built_app: Path, profile: Profile) -> None:
    with serving(built_app) as site:
        page = profile(flags=("--host-resolver-rules=MAP tablet.school 127.0.0.1",)).pages[0]
        page.goto(f"http://tablet.school:{site.port}/app/")
        expect(page.locator("#start-words")).to_contain_text("Please open the school's https address")
        assert not [path for path in site.asked if "pyodide" in path], "nothing starts behind the sentence"


def test_a_python_that_cannot_start_is_told_and_what_is_saved_is_safe(copy: Path, browser_page: Page) -> None:
    (copy / "app.tar.gz").write_bytes(b"not an archive")
    with serving(copy) as site:
        browser_page.goto(site.origin + "/app/")
        expect(browser_page.locator("#start-words")).to_contain_text(
            "could not start. What was saved here is safe", timeout=60_000
        )
        again = browser_page.get_by_role("button", name="Try again")
        assert (again.bounding_box() or {"height": 0})["height"] >= 48


def test_a_language_that_is_not_one_does_not_stop_the_start(built_app: Path, profile: Profile) -> None:
    context = profile()
    context.add_init_script(
        "Object.defineProperty(Navigator.prototype, 'language', { get: () => 'c' });"
        "Object.defineProperty(Navigator.prototype, 'languages', { get: () => ['c', 'en-US@posix'] });"
    )
    with serving(built_app) as site:
        page = context.pages[0]
        open_app(page, site.origin)
        assert page.evaluate("[navigator.language, navigator.languages]") == ["en-GB", ["en-GB"]]


def test_the_policy_stops_what_would_leave_the_school(built_app: Path, browser_page: Page) -> None:
    with serving(built_app) as site:
        browser_page.goto(site.origin + "/app/manifest.json")
        browser_page.goto(site.origin + "/app/")
        refused = browser_page.evaluate(
            "new Promise(done => { addEventListener('securitypolicyviolation', e => done(e.blockedURI));"
            "fetch('https://example.org/pupils').catch(() => {}); })"
        )
        assert refused.startswith("https://example.org")


def test_a_site_remembers_what_it_was_asked(built_app: Path) -> None:
    assert Site(built_app).find("/app/school") == built_app / "index.html"
    assert Site(built_app).find("/app/assets/none.woff2") is None
    assert Site(built_app).find("/api/x") is None
