"""What a module of tests asks for and a browser has not: pytest, of which a little is enough, and the hub, which is not used."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from types import ModuleType, SimpleNamespace
from typing import Any


@contextmanager
def raises(*kinds: type[BaseException]) -> Iterator[SimpleNamespace]:
    """As pytest's own: the error has to come."""
    told = SimpleNamespace(value=None)
    try:
        yield told
    except kinds as error:
        told.value = error
        return
    raise AssertionError(f"did not raise {' or '.join(kind.__name__ for kind in kinds)}")


class Marks:
    """`pytest.mark.<name>(...)` notes what it was given on the test, where pytest notes it too."""

    def __getattr__(self, name: str) -> Callable[..., Callable[[Any], Any]]:
        def marked(*args: Any, **kwargs: Any) -> Callable[[Any], Any]:
            def note(test: Any) -> Any:
                test.pytestmark = [*getattr(test, "pytestmark", []), SimpleNamespace(name=name, args=args, kwargs=kwargs)]
                return test

            return note

        return marked


def fixture(*_args: Any, **_more: Any) -> Callable[[Any], Any]:
    return lambda function: function


class Absent(MetaPathFinder, Loader):
    """Any module that is not here, with any name in it: it can be read, and is of no use."""

    def find_spec(self, fullname: str, path: Any = None, target: Any = None) -> ModuleSpec:
        return ModuleSpec(fullname, self, is_package=True)

    def create_module(self, spec: ModuleSpec) -> ModuleType:
        return Nothing(spec.name)

    def exec_module(self, module: ModuleType) -> None:
        return None


class Nothing(ModuleType):
    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return type(name, (), {})


@contextmanager
def in_place() -> Iterator[None]:
    """While modules of tests are imported. What they import of ours and of others has to be imported before."""
    pytest = ModuleType("pytest")
    pytest.raises, pytest.mark, pytest.fixture = raises, Marks(), fixture  # type: ignore[attr-defined]
    pytest.FixtureRequest = pytest.MonkeyPatch = object  # type: ignore[attr-defined]
    sys.modules["pytest"] = pytest
    absent = Absent()
    sys.meta_path.append(absent)
    try:
        yield
    finally:
        sys.meta_path.remove(absent)
