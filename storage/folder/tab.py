"""What a browser gives a store: one lock for one tab, and its errors in the words of this floor."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

import js
from pyodide.ffi import JsException, create_proxy, to_js

from storage.errors import FolderUnreadable, MissingName, StorageError, StoreBusy, StoreFull

T = TypeVar("T")
PATIENCE = 3_000  # ms: a tab that is being reloaded lets go of its lock a moment after the new one asks
ERROR_OF_NAME: dict[str, type[StorageError]] = {
    "QuotaExceededError": StoreFull,
    "NotFoundError": MissingName,
    "NoModificationAllowedError": StoreBusy,
}


def options(**named: Any) -> Any:
    """A JavaScript object of named values."""
    return to_js(named, dict_converter=js.Object.fromEntries)


def know_errors() -> None:
    """Safari gives some of its own errors no `stack` ("Load failed" of a fetch with no network), and Pyodide takes what
    has none for no error: who waits for such a promise would wait for ever. So all errors have one, be it empty.
    """
    if not js.Reflect.has(js.Error.prototype, "stack"):
        js.Object.defineProperty(js.Error.prototype, "stack", options(value="", writable=True, configurable=True))


def as_storage_error(error: Any, name: str) -> StorageError:
    """The error of this floor for an error of the browser."""
    kind = str(getattr(error, "name", "") or type(error).__name__)
    return ERROR_OF_NAME.get(kind, FolderUnreadable)(f"{name}: {kind} {getattr(error, 'message', error)}")


class TabLock:
    """Held by one tab of this browser, until it is released or the tab's worker ends, however it ends."""

    def __init__(self, name: str) -> None:
        self.name = name
        self._let_go: Any = None
        self._kept: list[Any] = []

    @classmethod
    async def take(cls, name: str) -> "TabLock":
        """Raises StoreBusy when another tab keeps it."""
        lock = cls(name)
        granted: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        request = asyncio.ensure_future(lock._ask(granted))
        await asyncio.wait({granted, request}, return_when=asyncio.FIRST_COMPLETED)
        if not granted.done():
            try:
                await request
            except JsException as error:
                raise StoreBusy(name) from error
        lock._kept.append(request)
        return lock

    async def _ask(self, granted: asyncio.Future[None]) -> None:
        def resolver(resolve: Any, _reject: Any) -> None:
            self._let_go = resolve

        def hold(_lock: Any) -> Any:
            if not granted.done():
                granted.set_result(None)
            return js.Promise.new(resolver_proxy)  # the lock is held for as long as this promise is open

        resolver_proxy, hold_proxy = create_proxy(resolver), create_proxy(hold)
        self._kept += [resolver_proxy, hold_proxy]
        patience = options(signal=js.AbortSignal.timeout(PATIENCE))
        await js.navigator.locks.request(self.name, patience, hold_proxy)

    async def release(self) -> None:
        if self._let_go is not None:
            self._let_go(None)
            self._let_go = None
            await asyncio.gather(*(k for k in self._kept if isinstance(k, asyncio.Task)), return_exceptions=True)


class Turns:
    """One piece of work after the other, each to its end: a caller that is cancelled leaves nothing half-done."""

    def __init__(self) -> None:
        self._turn = asyncio.Lock()

    async def take(self, name: str, work: Callable[[], Awaitable[T]]) -> T:
        """What the work returns. Errors of the browser are told as errors of this floor."""

        async def one() -> T:
            async with self._turn:
                try:
                    return await work()
                except JsException as error:
                    raise as_storage_error(error, name) from error

        return await asyncio.shield(asyncio.ensure_future(one()))
