"""`smallsteps serve` as a real process: the demo school in one word, an empty school for real, and how it stops."""

import json
import re
import signal
import ssl
import subprocess
from pathlib import Path
from resource import RUSAGE_CHILDREN, getrusage

import httpx
import pytest

from tests.cli.typed import LAST_LINE, all_in, serving, typed


@pytest.fixture(scope="module")
def demo_place(built_app: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where `serve --demo` has been started once."""
    return tmp_path_factory.mktemp("demo")


@pytest.fixture(scope="module")
def first_start(demo_place: Path) -> dict[str, str]:
    """The links of the first start; the hub has been stopped again."""
    from tests.ports import free_port

    port = free_port()
    with serving(demo_place, "--demo", "--port", port, "--links", "links.json") as hub:
        hub.until(LAST_LINE)
        links: dict[str, str] = json.loads((demo_place / "links.json").read_text())
        assert all(f"  {link}" in hub.said for name, link in links.items() if name != "hub"), hub.said
        _open_every_door(links)
        assert hub.stop(signal.SIGTERM) == 0
    return links


def _open_every_door(links: dict[str, str]) -> None:
    with httpx.Client(follow_redirects=True, timeout=60) as anyone:
        assert "Small Steps" in anyone.get(links["hub"]).text
        for door in ("tablet", "phone"):
            answer = anyone.get(links[door])
            assert answer.status_code == 200 and "/app/join/" in str(answer.url)
        page = anyone.get(links["family"]).text
        shown = re.findall(r'src="(/f/[^"]+/media/[^"]+)"', page)
        assert len(shown) == 3 and "<video" in page and "small steps" in page
        for path in shown:
            medium = anyone.get(links["hub"] + path)
            assert medium.status_code == 200 and medium.headers["Content-Type"] in {"image/jpeg", "video/webm"}


def test_the_demo_opens_with_a_link_for_each_of_three_people(first_start: dict[str, str], demo_place: Path) -> None:
    assert set(first_start) == {"folder", "hub", "tablet", "phone", "family"}
    assert Path(first_start["folder"]) == demo_place / "demo-school"
    assert first_start["tablet"].startswith("http://localhost:") and first_start["phone"].startswith("http://127.0.0.1:")
    assert typed(demo_place, "check", "--folder", "demo-school").returncode == 0


def test_a_later_start_takes_at_most_five_seconds_and_draws_nothing(
    first_start: dict[str, str], demo_place: Path, port: int
) -> None:
    before = all_in(demo_place / "demo-school/p")
    assert _seconds_to_start(demo_place, port) < 5
    assert all_in(demo_place / "demo-school/p") == before


def _seconds_to_start(where: Path, port: int) -> float:
    """Of a processor: other tests may be at work, and a clock on the wall would count them."""
    before = getrusage(RUSAGE_CHILDREN)
    with serving(where, "--demo", "--port", port) as hub:
        hub.until(LAST_LINE)
        assert not any("Drawing" in line for line in hub.said)
        assert hub.stop(signal.SIGINT) == 0
        assert hub.said[-1] == "Stopped. Everything is in the folder."
    after = getrusage(RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def test_a_family_s_link_outlives_the_hub(first_start: dict[str, str], demo_place: Path, port: int) -> None:
    with serving(demo_place, "--demo", "--port", port) as hub:
        hub.until(LAST_LINE)
        old = first_start["family"].rsplit("/", 1)[1]
        assert httpx.get(f"http://localhost:{port}/f/{old}").status_code == 200


def test_a_demo_that_was_killed_while_it_was_drawn_is_drawn_anew(built_app: Path, tmp_path: Path, port: int) -> None:
    with serving(tmp_path, "--demo", "--port", port) as hub:
        hub.until("Drawing")
        hub.stop(signal.SIGKILL)
    assert not (tmp_path / "demo-school").exists()
    with serving(tmp_path, "--demo", "--port", port) as hub:
        hub.until(LAST_LINE)
        assert hub.stop(signal.SIGTERM) == 0
    assert typed(tmp_path, "check", "--folder", "demo-school").returncode == 0


def test_a_stop_while_it_is_drawn_leaves_nothing_behind(built_app: Path, tmp_path: Path, port: int) -> None:
    with serving(tmp_path, "--demo", "--port", port) as hub:
        hub.until("Drawing")
        hub.stop(signal.SIGTERM)
    assert all_in(tmp_path) == {}


# -- a real school -------------------------------------------------------------------------------------------------------
def test_an_empty_folder_becomes_a_school_with_one_link_for_its_senco(built_app: Path, tmp_path: Path, port: int) -> None:
    (tmp_path / "school").mkdir()
    with serving(tmp_path, "--folder", "school", "--port", port, "--links", "links.json") as hub:
        hub.until(LAST_LINE)
        links = json.loads((tmp_path / "links.json").read_text())
        assert set(links) == {"folder", "hub", "setup"} and not any("demo" in line for line in hub.said)
        code = links["setup"].rsplit("/", 1)[1]
        joined = httpx.post(f"{links['hub']}/api/join", json={"code": code, "device": "ab" * 8, "name": "laptop"})
        assert joined.status_code == 200 and joined.json()["role"] == "senco"
        assert hub.stop(signal.SIGTERM) == 0
    (key,) = (tmp_path / "config").rglob("*.key")
    assert key.stat().st_mode & 0o777 == 0o600 and not list((tmp_path / "school").rglob("*.key"))
    with serving(tmp_path, "--folder", "school", "--port", port, "--links", "links.json") as hub:
        hub.until(LAST_LINE)
        assert "setup" not in json.loads((tmp_path / "links.json").read_text())


def test_with_a_certificate_the_hub_speaks_https(built_app: Path, tmp_path: Path, port: int) -> None:
    (tmp_path / "school").mkdir()
    ask = "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout k.pem -out c.pem -days 2"
    name = ("-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost")
    subprocess.run([*ask.split(), *name], cwd=tmp_path, check=True, capture_output=True)
    with serving(tmp_path, "--folder", "school", "--port", port, "--cert", "c.pem", "--key", "k.pem") as hub:
        hub.until(LAST_LINE)
        trusted = ssl.create_default_context(cafile=tmp_path / "c.pem")
        assert httpx.get(f"https://localhost:{port}/healthz", verify=trusted).json()["status"] == "well"
        assert any(line.startswith(f"  https://localhost:{port}/") for line in hub.said)


def test_two_hubs_do_not_share_a_port(first_start: dict[str, str], demo_place: Path, port: int) -> None:
    with serving(demo_place, "--demo", "--port", port) as hub:
        hub.until(LAST_LINE)
        second = typed(demo_place, "serve", "--demo", "--port", port)
        assert second.returncode == 2 and str(port) in second.stderr
        assert httpx.get(f"http://localhost:{port}/healthz").status_code == 200
