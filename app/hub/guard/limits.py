"""How much each caller may ask: bytes at once, questions a second, files a day. Counted in the memory of this one hub process,
and so forgotten when it stops.

A device is known by its token once the hub has let it in; from then on its own questions count, never its address: sixty
tablets of a school have one address together. A caller that is not known counts by its address.
"""

import hashlib
import math
import os
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from ipaddress import IPv6Address, ip_address
from typing import Generic, TypeVar

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.errors import BadRequest, DayFull, FileTooBig, SlowDown
from app.hub.guard.responses import shaped
from storage.folder.port import LARGEST

LARGEST_BODY = LARGEST
LARGEST_WORDS = 64 * 1024  # bytes of a body that is no file: JSON that is read before a token is asked for
FILES = "/api/files/"
MOST_HEADERS, MOST_HEAD, MOST_PATH = 64, 16 * 1024, 4096  # lines; bytes of all of them; bytes of the address
DAY_BYTES, DAY_FILES = 16 * 1024**3, 100_000  # of one device: more than a school records in a term
DAY = 86_400  # s
MOST_KNOWN = 10_000  # devices or addresses that are remembered; then the one that was away for longest is forgotten

T = TypeVar("T")


class Lately(Generic[T]):
    """Things by key, the newest so many of them."""

    def __init__(self, most: int = MOST_KNOWN) -> None:
        self.most = most
        self._held: OrderedDict[object, T] = OrderedDict()

    def get(self, key: object) -> T | None:
        if key in self._held:
            self._held.move_to_end(key)
        return self._held.get(key)

    def put(self, key: object, thing: T) -> T:
        self._held[key] = thing
        self._held.move_to_end(key)
        if len(self._held) > self.most:
            self._held.popitem(last=False)
        return thing

    def __len__(self) -> int:
        return len(self._held)


# -- questions a second --------------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Rate:
    """So many at once, and so many a second after that. `miss`: what a wrong guess costs besides."""

    name: str
    burst: int
    a_second: float
    miss: int = 0


JOINING = Rate("joining", 60, 0.5, miss=4)  # a whole staff room on the first morning; or a dozen wrong codes
FAMILY = Rate("family", 400, 10, miss=20)
APP = Rate("app", 30_000, 500)  # the app's own files: sixty tablets that open it for the first time
STRANGER = Rate("stranger", 600, 20, miss=5)
DEVICE = Rate("device", 10_000, 150)  # a store that is fetched whole, at full speed


@dataclass(slots=True)
class Bucket:
    """`left` at `at` seconds."""

    left: float
    at: float


class Buckets:
    """`tick` gives seconds that only go forward."""

    def __init__(self, tick: Callable[[], float]) -> None:
        self.tick = tick
        self._all: Lately[Bucket] = Lately()

    def _filled(self, rate: Rate, who: object) -> Bucket:
        now = self.tick()
        one = self._all.get((rate.name, who)) or self._all.put((rate.name, who), Bucket(rate.burst, now))
        one.left, one.at = min(rate.burst, one.left + (now - one.at) * rate.a_second), now
        return one

    def take(self, rate: Rate, who: object) -> float:
        """0 when one more is well, else the seconds to wait."""
        one = self._filled(rate, who)
        if one.left < 1:
            return (1 - one.left) / rate.a_second
        one.left -= 1
        return 0

    def missed(self, rate: Rate, who: object) -> None:
        one = self._filled(rate, who)
        one.left = max(0, one.left - rate.miss)


# -- files a day ---------------------------------------------------------------------------------------------------------
@dataclass(slots=True)
class Used:
    day: int
    bytes: int = 0
    files: int = 0


class Days:
    """What each device has sent on this day (UTC). `now` in ms."""

    def __init__(self, now: Callable[[], int]) -> None:
        self.now = now
        self._used: Lately[Used] = Lately()

    def of(self, device: str) -> Used:
        day = self.now() // (DAY * 1000)
        used = self._used.get(device)
        return used if used and used.day == day else self._used.put(device, Used(day))

    def full(self, device: str) -> bool:
        used = self.of(device)
        return used.bytes >= DAY_BYTES or used.files >= DAY_FILES

    def until_tomorrow(self) -> int:
        """Seconds."""
        return DAY - self.now() // 1000 % DAY


# -- asked before anything else ------------------------------------------------------------------------------------------
class Limits:
    """`tick` gives seconds that only go forward, `now` ms UTC."""

    def __init__(self, app: ASGIApp, tick: Callable[[], float], now: Callable[[], int]) -> None:
        self.app, self.buckets, self.days = app, Buckets(tick), Days(now)
        self._salt = os.urandom(16)
        self._devices: Lately[str] = Lately()  # what is left of a token that was good -> its device

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        mark = self._mark(headers.get("authorization", ""))
        device = self._devices.get(mark) if mark else None
        rate, who = _rate(scope), _address(scope)
        if device and rate is STRANGER:  # a token is no licence to guess at codes and links
            rate, who = DEVICE, device
        putting = scope["method"] == "PUT" and scope["path"].startswith(FILES)
        if wait := self.buckets.take(rate, who):
            await shaped(SlowDown(), {"Retry-After": str(math.ceil(wait))})(scope, receive, send)
        elif device and putting and self.days.full(device):
            await shaped(DayFull(), {"Retry-After": str(self.days.until_tomorrow())})(scope, receive, send)
        else:
            scope.setdefault("state", {})
            came, status = await self._let_in(scope, receive, send)
            self._learn(scope, mark, rate, who, status)
            if putting and (known := _device(scope)):
                used = self.days.of(known)
                used.bytes, used.files = used.bytes + came, used.files + 1

    async def _let_in(self, scope: Scope, receive: Receive, send: Send) -> tuple[int, int]:
        """(bytes that came, status)"""
        came = status = 0

        async def received() -> Message:
            nonlocal came
            message = await receive()
            came += len(message.get("body", b""))
            return message

        async def sent(message: Message) -> None:
            nonlocal status
            status = message.get("status", status)
            await send(message)

        await self.app(scope, received, sent)
        return came, status

    def _mark(self, authorization: str) -> bytes:
        """A token is never kept: only what tells it again while this process runs."""
        return hashlib.blake2b(authorization.encode(), key=self._salt, digest_size=16).digest() if authorization else b""

    def _learn(self, scope: Scope, mark: bytes, rate: Rate, who: object, status: int) -> None:
        if device := _device(scope):
            self._devices.put(mark, device)
        elif status in {401, 403, 404}:
            self.buckets.missed(rate, who)
            if rate is DEVICE:
                self._devices.put(mark, "")  # the token is none any more


def _device(scope: Scope) -> str:
    """Whose token it was, as the hub has found (`files.any_caller`)."""
    return str(scope["state"].get("device", ""))


def _rate(scope: Scope) -> Rate:
    path = scope["path"]
    if path.startswith(("/app", "/page/")):
        return APP
    if path == "/api/join" and scope["method"] == "POST":
        return JOINING
    return FAMILY if path.startswith(("/f/", "/paper/")) else STRANGER


def _address(scope: Scope) -> str:
    """Of one household or school: of the new long addresses the first half."""
    host = str((scope.get("client") or ("",))[0])
    try:
        found = ip_address(host.partition("%")[0])
    except ValueError:
        return host
    if isinstance(found, IPv6Address):
        return str(found.ipv4_mapped or IPv6Address(int(found) >> 64 << 64))
    return host


# -- bytes at once -------------------------------------------------------------------------------------------------------
class SmallRequests:
    """No caller, known or not, may send more than 2 MiB at once, or 64 KiB if it is no file; nor endless headers."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        if not _short(scope):
            await shaped(_head_too_big())(scope, receive, send)
            return
        most = LARGEST_BODY if scope["path"].startswith(FILES) else LARGEST_WORDS
        said = Headers(scope=scope).get("content-length", "0")
        if not said.isdecimal() or len(said) > 12 or int(said) > most:
            await shaped(FileTooBig())(scope, receive, send)
            return
        await self.app(scope, _counted(receive, most), send)


def _short(scope: Scope) -> bool:
    head = scope["headers"]
    address = len(scope.get("raw_path") or b"") + len(scope["query_string"])
    return len(head) <= MOST_HEADERS and sum(len(k) + len(v) for k, v in head) <= MOST_HEAD and address <= MOST_PATH


def _head_too_big() -> BadRequest:
    made = BadRequest()
    made.status = 431
    return made


def _counted(receive: Receive, most: int) -> Receive:
    came = 0

    async def received() -> Message:
        nonlocal came
        message = await receive()
        came += len(message.get("body", b""))
        if came > most:
            raise FileTooBig
        return message

    return received
