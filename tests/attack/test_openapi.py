"""Every route of the hub, asked as its own description says and otherwise, by everybody: never a fault of the hub's own."""

import warnings
from collections.abc import Iterator
from itertools import cycle
from typing import Any
from urllib.parse import quote, urlsplit

import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode
from schemathesis.schemas import APIOperation

from app.hub.site import create_app
from tests.attack.parts import Askers, ask, planted, well_answered
from tests.hub.conftest import KEY, Hub
from tests.lanes import IN_FULL

# Examples of each route, of what fits its description and of what does not; each is asked by everybody.
EXAMPLES = {GenerationMode.POSITIVE: 9, GenerationMode.NEGATIVE: 9 if IN_FULL else 1}
pytestmark = pytest.mark.filterwarnings("default")  # what the generator itself warns of is not ours


def operations() -> list[Any]:
    """In one order in every process: a route keeps its methods in a set, and two workers must collect the same tests."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        schema = schemathesis.openapi.from_dict(create_app("/nowhere", KEY).openapi())
        return sorted((result.ok() for result in schema.get_all_operations()), key=lambda one: one.label)


OPERATIONS = operations()


def cases(operation: APIOperation[Any, Any, Any, Any], mode: GenerationMode) -> list[Any]:
    """So many made-up questions; none where there is nothing that could be wrong."""
    made: list[Any] = []

    @settings(max_examples=EXAMPLES[mode], database=None, phases=[Phase.generate], suppress_health_check=list(HealthCheck))
    @given(case=operation.as_strategy(generation_mode=mode))
    def gather(case: Any) -> None:
        made.append(case)

    try:
        gather()
    except (Unsatisfiable, ValueError):
        assert mode is GenerationMode.NEGATIVE, operation
    return made


def written(case: Any) -> tuple[str, list[tuple[bytes, bytes]], bytes]:
    """(what stands in the first line, headers, body) as a client would write the question."""
    ready = requests.Request(**case.as_transport_kwargs(base_url="http://hub.test")).prepare()
    url, body = urlsplit(ready.url or ""), ready.body or b""
    headers = [
        (key.lower().encode("latin-1", "replace"), str(value).encode("latin-1", "replace"))
        for key, value in ready.headers.items()
    ]
    target = url.path + (f"?{url.query}" if url.query else "")
    return (
        target,
        [pair for pair in headers if pair[0] not in {b"host", b"authorization"}],
        body.encode() if isinstance(body, str) else body,
    )


def with_real_things(operation: Any, everybody: Askers) -> Iterator[str]:
    """The route's path with things that are there, over and over."""
    wheels = {name: cycle(values) for name, values in everybody.real.items()}
    while True:
        path = operation.path.replace("{ticket}", "made-up")
        for name, wheel in wheels.items():
            if f"{{{name}}}" in path:
                path = path.replace(f"{{{name}}}", quote(next(wheel), safe="/%"))
        yield path


@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE], ids=["as told", "otherwise"])
@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda one: one.label)
async def test_nothing_that_is_asked_breaks_the_hub(hub: Hub, everybody: Askers, operation: Any, mode: GenerationMode) -> None:
    secret, real = planted(hub), with_real_things(operation, everybody)
    method = operation.method.upper()
    for number, case in enumerate(cases(operation, mode)):
        target, headers, body = written(case)
        if number % 3:  # else nobody would come past the name of the school
            headers = [pair for pair in headers if pair[0] != b"x-space"]
        if number % 2:
            target = next(real) + ("?" + target.partition("?")[2] if "?" in target else "")
        for token in everybody.of("nobody", "ta", "senco", "ended", "family"):
            answer = await ask(hub.app, method, target, token, headers, body)
            well_answered(answer, method)
            assert secret.encode() not in answer.body, (target, token)


def test_every_route_is_among_them() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        paths = create_app("/nowhere", KEY).openapi()["paths"]
    assert {one.label for one in OPERATIONS} == {f"{m.upper()} {path}" for path, methods in paths.items() for m in methods}
