"""The contract of folders, kept by IndexedDB in a real WebKit: what stands in for an iPad keeps what it saves there."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.browser_ground.inside.cases import cases
from tests.browser_ground.site import serving
from tests.journeys.webkit import MARKS, Tablet, screen

pytestmark = MARKS
CALL = """
const [name, args, done] = arguments;
call(name, args).then(value => done({ value }), error => done({ error: String(error) }));
"""


@pytest.fixture(scope="module")
def webkit(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Tablet]:
    with serving(remembering=False) as origin, screen() as display:
        tablet = Tablet(tmp_path_factory.mktemp("webkit") / "profile", origin, display)
        try:
            tablet.open("/")
            yield tablet
        finally:
            tablet.kill()


def call(webkit: Tablet, name: str, **args: Any) -> Any:
    answer = webkit.driver.execute_async_script(CALL, name, args)
    assert "value" in answer, answer["error"]
    return answer["value"]


def test_all_of_the_contract_that_needs_only_a_folder_is_run_in_webkit(webkit: Tablet) -> None:
    assert call(webkit, "contract:names") == list(cases()) and len(cases()) >= 25


@pytest.mark.parametrize("case", cases())
def test_the_database_of_webkit_keeps_the_contract(webkit: Tablet, case: str) -> None:
    assert call(webkit, "contract:run", kind="idb", case=case) == case
