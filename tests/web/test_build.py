"""What the build writes: all that is listed is there, with its hash; nothing is built twice."""

import base64
import hashlib
import json
import re
from pathlib import Path

from PIL import Image

from app.web import build, inputs

WORKER = re.compile(r"FILES = (\{.*?\});", re.DOTALL)


def kept(root: Path) -> dict[str, str]:
    found = WORKER.search((root / "sw.js").read_text())
    assert found
    return dict(json.loads(found[1]))


def test_every_file_that_is_kept_offline_is_there_with_its_hash(built_app: Path) -> None:
    files = kept(built_app)
    for name, said in files.items():
        digest = hashlib.sha256((built_app / name).read_bytes()).digest()
        assert said == "sha256-" + base64.b64encode(digest).decode(), name
    assert {
        "index.html",
        "main.dart.js",
        "app.tar.gz",
        "pyodide/pyodide.asm.wasm",
        "canvaskit/canvaskit.wasm",
        "bridge.js",
    } <= set(files)


def test_a_second_start_builds_nothing(built_app: Path) -> None:
    assert build.build_if_changed(built_app) is None


def test_a_wheel_is_made_of_the_app_of_this_code_and_of_no_other(built_app: Path, tmp_path: Path) -> None:
    assert inputs.of_our_files(built_app) and not inputs.of_our_files(tmp_path)
    (tmp_path / inputs.STAMP).write_text("0" * 64 + " " + "0" * 64)
    assert not inputs.of_our_files(tmp_path)


def test_the_version_changes_with_any_byte(built_app: Path, tmp_path: Path) -> None:
    (tmp_path / "index.html").write_text("one")
    one = build.precache(tmp_path).version
    (tmp_path / "index.html").write_text("two")
    assert build.precache(tmp_path).version != one


def test_the_first_visit_stays_small(built_app: Path) -> None:
    files = [built_app / name for name in kept(built_app)]
    sent = sum(next(p for p in (f.with_name(f.name + ".gz"), f) if p.exists()).stat().st_size for f in files)
    assert sent < 13_000_000  # bytes, gzip


def test_the_policy_is_in_the_header_and_in_the_page_and_allows_no_inline_script(built_app: Path) -> None:
    header, page = (built_app / "csp.txt").read_text(), (built_app / "index.html").read_text()
    assert header == build.POLICY + build.HEADER_ONLY and build.POLICY in page
    scripts = re.search(r"script-src ([^;]*)", header)
    assert scripts and scripts[1] == "'self' 'wasm-unsafe-eval'"
    assert not re.search(r"<script(?![^>]*src=)", page) and " onclick" not in page


def test_the_manifest_names_only_pictures_that_exist_in_their_true_size(built_app: Path) -> None:
    manifest = json.loads((built_app / "manifest.json").read_text())
    assert (manifest["name"], manifest["start_url"], manifest["scope"], manifest["id"]) == (
        "Small Steps",
        "/app/",
        "/app/",
        "/app/",
    )
    assert manifest["shortcuts"][0]["url"] == "/app/capture"
    pictures = [*manifest["icons"], *manifest.get("screenshots", []), *manifest["shortcuts"][0]["icons"]]
    for picture in pictures:
        with Image.open(built_app / picture["src"]) as image:
            assert f"{image.width}x{image.height}" == picture["sizes"]
    assert {(p["sizes"], p.get("purpose")) for p in manifest["icons"]} >= {
        ("192x192", None),
        ("512x512", None),
        ("512x512", "maskable"),
    }
