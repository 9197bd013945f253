"""The hub as `smallsteps serve` starts it, as a process. No browser comes here, so that the app is not built.

python -m tests.cli.plain_hub FOLDER PORT
"""

import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from app.hub.serve import serving
from app.settings import Settings
from app.web.build import inputs
from tests.cli.typed import LAST_LINE, LONGEST, Hub, surroundings


def main(folder: Path, port: int) -> None:
    web = folder.parent / "web"
    web.mkdir(exist_ok=True)
    (web / "inputs.txt").write_text(inputs())  # the app counts as built
    serving.serve(Settings(folder, port=port, web=web), lambda there: None)


@contextmanager
def open_on(folder: Path, port: int) -> Iterator[Hub]:
    """It is open when this is entered; whatever happens it is gone afterwards, killed. Its key is kept beside the folder."""
    where = folder.parent
    words = [sys.executable, "-m", "tests.cli.plain_hub", str(folder), str(port)]
    process = subprocess.Popen(
        words, cwd=where, env=surroundings(where), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    guard = threading.Timer(LONGEST, process.kill)
    guard.start()
    try:
        with process:
            hub = Hub(process)
            hub.until(LAST_LINE)
            yield hub
            process.kill()
    finally:
        guard.cancel()
        process.kill()


def code_of(hub: Hub) -> str:
    """The code for the first SENCO, as the hub printed it."""
    return next(line for line in hub.said if "/join/" in line).rpartition("/")[2]


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
