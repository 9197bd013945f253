"""Nobody is locked out for ever: the sheet, a lost hub that is claimed elsewhere, a new SENCO's code; with real processes."""

import json
import os
import shutil
import signal
import subprocess
from pathlib import Path

import httpx
import pytest

from app.domain.records.recovery_sheet import key_of
from tests.cli.typed import LAST_LINE, LONGEST, all_in, command, one_sentence, serving, surroundings, typed


def claimed(where: Path, folder: Path, rows: list[str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command("claim", folder), cwd=where, env=surroundings(where), input="\n".join(rows) + "\n", capture_output=True,
        text=True, timeout=LONGEST, check=False,
    )  # fmt: skip


def rows_in(printed: str) -> list[str]:
    return [line.split()[1] for line in printed.splitlines() if line.startswith("  ") and line.strip()[:1].isdigit()]


def join(hub: str, code: str) -> str:
    answer = httpx.post(f"{hub}/api/join", json={"code": code, "device": os.urandom(8).hex(), "name": "SENCO"}, timeout=60)
    return str(answer.raise_for_status().json()["token"])


@pytest.fixture
def school(built_app: Path, tmp_path: Path, port: int) -> tuple[Path, str]:
    """(where a hub has run, the token of a SENCO's device that has joined); the hub was killed."""
    here = tmp_path / "here"
    (here / "school").mkdir(parents=True)
    with serving(here, "--folder", "school", "--port", port, "--links", "links.json") as hub:
        hub.until(LAST_LINE)
        links = json.loads((here / "links.json").read_text())
        token = join(links["hub"], links["setup"].rsplit("/", 1)[1])
        hub.stop(signal.SIGKILL)
    return here, token


def test_a_lost_hub_is_claimed_elsewhere_and_every_device_goes_on(school: tuple[Path, str], tmp_path: Path, port: int) -> None:
    here, token = school
    printed = typed(here, "recovery-sheet", "school")
    assert printed.returncode == 0, printed.stderr
    rows = rows_in(printed.stdout)
    assert key_of(rows) == next((here / "config").rglob("*.key")).read_bytes()
    there = tmp_path / "there"
    there.mkdir()
    shutil.move(here / "school", there / "school")
    shutil.rmtree(here)  # the old computer, and the key with it
    done = claimed(there, there / "school", [row.lower().replace("-", " ") for row in rows])
    assert done.returncode == 0, done.stderr
    key = next((there / "config").rglob("*.key"))
    assert key.stat().st_mode & 0o777 == 0o600
    with serving(there, "--folder", "school", "--port", port) as hub:
        hub.until(LAST_LINE)
        assert not any("must join again" in line for line in hub.said)
        answer = httpx.get(f"http://localhost:{port}/api/devices", headers={"Authorization": f"Bearer {token}"}, timeout=60)
        assert answer.status_code == 200 and len(answer.json()["devices"]) == 1
        told = [entry["what"] for entry in _log(port, token)]
        assert {"sheet_printed", "hub_claimed"} <= set(told), told
        assert hub.stop(signal.SIGTERM) == 0


def _log(port: int, token: str) -> list[dict[str, str]]:
    answer = httpx.get(f"http://localhost:{port}/api/audit", headers={"Authorization": f"Bearer {token}"}, timeout=60)
    return list(answer.raise_for_status().json()["entries"])


def test_a_sheet_that_was_typed_wrongly_or_is_anothers_changes_nothing(school: tuple[Path, str], tmp_path: Path) -> None:
    here, _ = school
    rows = rows_in(typed(here, "recovery-sheet", "school").stdout)
    key = next((here / "config").rglob("*.key"))
    there = tmp_path / "there"
    there.mkdir()
    before = all_in(here / "school")
    wrong = rows[2].replace(rows[2][0], "7" if rows[2][0] != "7" else "8", 1)
    assert "Row 3 cannot be right" in one_sentence(claimed(there, here / "school", [*rows[:2], wrong, *rows[3:]]))
    assert "recovery sheet" in one_sentence(claimed(there, here / "school", rows[:8]))
    (there / "other").mkdir()
    from app.domain.records.recovery_sheet import rows_of

    assert "does not open this folder" in one_sentence(claimed(there, here / "school", rows_of(bytes(32))))
    assert not list((there / "config").rglob("*.key")) and all_in(here / "school") == before
    mine = key.read_bytes()
    key.write_bytes(os.urandom(32))
    other = key.read_bytes()
    assert "another key" in one_sentence(claimed(here, here / "school", rows))
    assert key.read_bytes() == other and "not the one of this folder" in one_sentence(typed(here, "recovery-sheet", "school"))
    key.write_bytes(mine)
    assert claimed(here, here / "school", rows).returncode == 0, "the same key once more is no harm"
    key.unlink()
    assert "smallsteps claim" in one_sentence(typed(here, "recovery-sheet", "school"))
    assert not key.exists(), "looking for a key makes none"


def test_a_sheet_as_pdf_is_readable_by_its_owner_alone(school: tuple[Path, str]) -> None:
    here, _ = school
    done = typed(here, "recovery-sheet", "school", "--pdf", "sheet.pdf")
    assert done.returncode == 0 and "delete the file" in done.stdout, done.stderr
    assert (here / "sheet.pdf").read_bytes().startswith(b"%PDF") and (here / "sheet.pdf").stat().st_mode & 0o777 == 0o600


def test_whoever_has_the_hubs_computer_lets_a_new_senco_in_while_it_runs(school: tuple[Path, str], port: int) -> None:
    here, _ = school
    with serving(here, "--folder", "school", "--port", port) as hub:
        hub.until(LAST_LINE)
        done = typed(here, "invite-senco", "school", "--link", f"http://localhost:{port}")
        assert done.returncode == 0, done.stderr
        url = next(line.strip() for line in done.stdout.splitlines() if "/join/" in line)
        token = join(f"http://localhost:{port}", url.rsplit("/", 1)[1])
        devices = httpx.get(f"http://localhost:{port}/api/devices", headers={"Authorization": f"Bearer {token}"}, timeout=60)
        assert {row["role"] for row in devices.json()["devices"]} == {"senco"} and len(devices.json()["devices"]) == 2
        with pytest.raises(httpx.HTTPStatusError):
            join(f"http://localhost:{port}", url.rsplit("/", 1)[1])
        assert hub.stop(signal.SIGTERM) == 0
