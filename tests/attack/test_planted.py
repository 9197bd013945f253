"""Links, pipes and sockets that somebody planted in the folder, also where the hub keeps its own papers: the hub goes on, tells
nothing of what they lead to, and writes nothing there."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.attack.parts import Askers, ask, well_answered
from tests.contract.planted import PLANTED, SECRET, untouched
from tests.hub.conftest import Hub

ROUTES = ["/api/partitions", "/api/devices", "/api/folder", "/api/audit", "/api/quarantine", "/healthz", "/"]


@pytest.fixture
def away(tmp_path: Path) -> Path:
    made = tmp_path / "away"
    made.mkdir()
    (made / "secret.txt").write_bytes(SECRET)
    return made


def still_there(hub: Hub, names: list[str]) -> bool:
    return all(os.path.lexists(hub.folder.path / name) for name in names)


@pytest.mark.parametrize("plant", PLANTED.values(), ids=PLANTED)
async def test_nothing_that_is_planted_stops_the_hub_or_leads_it_away(
    hub: Hub, everybody: Askers, away: Path, plant: Callable[[Path, Path], object]
) -> None:
    names = [f"p/{hub.made.amira}/media/{'0' * 32}", f"p/{hub.made.amira}/log/{'1' * 16}.{'2' * 16}.000001-{'3' * 32}"]
    papers = [f"hub/{kind}/PLANTED.json" for kind in ("tokens", "invites", "links", "revoked", "audit", "folds")]
    planted = [*names, *papers, "seen/0123456789abcdef.json", "p/elsewhere", "hub/quarantine/0123456789abcdef"]
    for name in planted:
        place = hub.folder.path / name
        place.parent.mkdir(parents=True, exist_ok=True)
        plant(place, away)
    for route in [*ROUTES, *(f"/api/files/{name}" for name in names), *(f"/api/digest/{name}" for name in names)]:
        answer = await ask(hub.app, "GET", route, everybody.tokens["senco"])
        well_answered(answer)
        assert SECRET not in answer.body, route
    tablet = await hub.tablet()
    assert (await tablet.say(hub.made.amira, "observation:1", "note", "seen", text=True)).status_code == 200
    assert (await ask(hub.app, "GET", f"/f/{everybody.tokens['family']}")).status == 200
    assert untouched(away) and still_there(hub, names)
