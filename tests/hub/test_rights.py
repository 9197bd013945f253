"""Each right is asked once at the hub, out of the table that the device asks too."""

import inspect
from pathlib import Path

import pytest

from app.domain.schema.asked import RIGHTS, Right
from app.domain.vocabulary.roles import Role
from app.hub import routes
from tests.hub.conftest import Hub

ASKED = {
    Right.DEVICES: ["/api/devices", "/api/folder", "/api/quarantine", "/api/restored"],
    Right.LINKS: ["/api/links?pupil=0"],
    Right.AUDIT: ["/api/audit"],
}


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize(("right", "path"), [(right, path) for right, paths in ASKED.items() for path in paths])
async def test_the_hub_answers_exactly_the_roles_that_hold_the_right(hub: Hub, role: Role, right: Right, path: str) -> None:
    device = await hub.join(role)
    answer = await device.ask("GET", path)
    assert answer.status_code == (200 if role in RIGHTS[right] else 403)


def test_no_route_asks_for_a_role_by_itself() -> None:
    for file in Path(inspect.getfile(routes)).parent.glob("*.py"):
        assert "caller.role not in" not in file.read_text(encoding="utf-8"), f"{file.name} asks for a role past the table"
