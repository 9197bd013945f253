"""No test falls between the lanes; a lane that fails makes the run fail; and Ctrl+C reaches what a test starts."""

import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from tests import lanes
from tests.lanes import LANES, ROOT, all_files, files_of, lane_of


def test_each_file_of_tests_is_in_exactly_one_lane() -> None:
    named = Counter(place for lane in LANES.values() for place in lane.places)
    assert set(named.values()) == {1}
    assert all(lane_of(file) in LANES for file in all_files()) and len(all_files()) > 100


def test_what_a_lane_names_is_there() -> None:
    said = {place for lane in LANES.values() for place in (*lane.places, *lane.again) if place.endswith(".py")}
    assert said <= set(all_files())
    assert all(files_of(name) for name in LANES)


def test_a_folder_that_no_lane_names_is_told() -> None:
    with pytest.raises(AssertionError, match=r"tests/attic/test_old\.py is in no lane"):
        lane_of("attic/test_old.py")
    assert lane_of("test_new.py") == "core" and lane_of("hub/deep/test_new.py") == "core"


@pytest.fixture
def made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Lanes of one file each, to be written by the test."""
    monkeypatch.setattr(lanes, "LANES", {name: lanes.Lane(()) for name in ("one", "two", "three")})
    monkeypatch.setattr(lanes, "files_of", lambda name: ["-c", str(tmp_path / "none.ini"), str(tmp_path / f"test_{name}.py")])
    (tmp_path / "none.ini").write_text("[pytest]\n")
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")  # most of a start is theirs
    return tmp_path


def test_one_lane_that_fails_makes_the_run_fail_and_the_others_still_run(made: Path, capfd: pytest.CaptureFixture[str]) -> None:
    for name, what in (("one", "False"), ("two", "True"), ("three", "True")):
        (made / f"test_{name}.py").write_text(f"def test_it():\n    assert {what}\n")
    assert not lanes.main(["one+two", "three"])
    said = capfd.readouterr().out
    assert said.count("1 passed in") == 2 and said.count("1 failed in") == 1 and "slowest 10 durations" in said
    assert [line.split()[0] for line in said.partition("== lanes")[2].splitlines()[1:]] == ["one", "two", "three"]
    assert "FAILED (pytest ended with 1)" in said and said.count("s   passed") == 2


def test_a_lane_without_tests_is_no_lane_that_passed(made: Path) -> None:
    (made / "test_one.py").write_text("")
    assert not lanes.main(["one"])


def test_ctrl_c_reaches_what_a_test_starts_even_if_the_shell_ignores_it() -> None:
    asks = "import signal; print(signal.getsignal(signal.SIGINT) is signal.default_int_handler)"
    starts = f"import subprocess, sys, tests.conftest; subprocess.run([sys.executable, '-c', '{asks}'])"

    def in_such_a_shell(code: str) -> str:
        words = ["sh", "-c", f'trap "" INT; exec "{sys.executable}" -c "{code}"']
        return subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=True).stdout.strip()

    assert (in_such_a_shell(asks), in_such_a_shell(starts)) == ("False", "True")
