"""The hub as `smallsteps serve` starts it, as a process to be killed. No browser comes here, so that the app is not built; and
its clock runs as fast as the devices', so that an order to erase a child is old enough within the round.

    python -m tests.torture.hub PLACE
"""

import sys
from functools import partial
from pathlib import Path

from app.hub.office import Office
from app.hub.serve import serving
from app.settings import Settings
from app.web.build import inputs
from tests.torture.grounds import Grounds
from tests.torture.processes import leave_with_the_conductor


def no_demo(folder: Path) -> None:
    raise AssertionError(f"{folder} is there already")


def main(place: Path) -> None:
    grounds, web = Grounds.at(place), place / "web"
    web.mkdir(exist_ok=True)
    (web / "inputs.txt").write_text(inputs())  # the app counts as built
    serving.Office = partial(Office, now=grounds.clock())  # type: ignore[misc, assignment]
    serving.serve(Settings(grounds.school, port=grounds.port, key_file=grounds.key, web=web), no_demo)


if __name__ == "__main__":
    leave_with_the_conductor()
    main(Path(sys.argv[1]))
