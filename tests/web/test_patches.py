"""A Flet that has changed stops the build; none of it calls out."""

import re
import shutil
from pathlib import Path

import pytest
from flet_web import get_package_web_dir

from app.web import patches
from app.web.patches import PATCHES, FletChanged


@pytest.fixture
def client(tmp_path: Path) -> Path:
    """The files of Flet's client that are changed, as its wheel has them."""
    for name in {file for file, *_ in PATCHES}:
        shutil.copy(Path(get_package_web_dir()) / name, tmp_path)
    return tmp_path


@pytest.mark.parametrize("which", range(len(PATCHES)))
def test_a_patch_whose_place_has_gone_stops_the_build(which: int, client: Path) -> None:
    file, before, _, why = PATCHES[which]
    changed = client / file
    changed.write_text(changed.read_text().replace(before, "something else"))
    with pytest.raises(FletChanged, match=re.escape(why)):
        patches.apply(client)


def test_a_place_that_is_there_twice_stops_the_build() -> None:
    with pytest.raises(FletChanged, match="2 places"):
        patches.patch("a b a", "a", "c", "why")


def test_fonts_that_are_named_in_another_way_stop_the_build(client: Path) -> None:
    main = client / "main.dart.js"
    main.write_text(main.read_text().replace('"notosansarabic/', '"notosansother/'))
    with pytest.raises(FletChanged, match="fonts"):
        patches.apply(client)


def test_the_client_names_no_other_host_that_it_could_fetch_from(client: Path) -> None:
    patches.apply(client)
    text = "".join(file.read_text() for file in client.glob("*.js"))
    hosts = {found.split("/")[2] for found in re.findall(r"https?://[a-z0-9.-]+\.[a-z]+", text)}
    shown_never_fetched = {
        "www.w3.org", "flet.dev", "flutter.dev", "docs.flutter.dev", "api.flutter.dev", "pub.dev", "github.com",
        "raw.githubusercontent.com", "developer.android.com", "developer.mozilla.org",
    }  # fmt: skip
    assert hosts <= shown_never_fetched, hosts - shown_never_fetched
