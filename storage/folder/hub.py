"""The school's folder as the hub shows it: the same names and the same bytes, over HTTP."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

import httpx

from storage import names as naming
from storage.errors import (
    BadBytes,
    Erased,
    FolderReadOnly,
    FolderUnreadable,
    Garbage,
    MissingName,
    NewerFormat,
    OtherSpace,
    Refused,
    StorageError,
    TooLarge,
    Unreachable,
)
from storage.folder.port import check_put
from storage.space import FORMAT

# No room at the hub is no lack of room on this device: for a device the folder is then one that cannot be written.
ERROR_OF_CODE: dict[str, type[StorageError]] = {
    "bad_bytes": BadBytes, "garbage": Garbage, "too_large": TooLarge, "newer_format": NewerFormat, "other_space": OtherSpace,
    "store_full": FolderReadOnly, "folder_read_only": FolderReadOnly, "folder_unreadable": FolderUnreadable,
    "erased": Erased,
}  # fmt: skip
PAST_THE_END, NOT_MODIFIED = 416, 304
NOT_THE_HUB = "something answered, but not the hub"


def time_unknown() -> int:
    return 0


@dataclass(frozen=True, slots=True)
class BroughtBack:
    """The folder came out of a backup: which restores of it there were; the moment that the backup shows, in ms UTC (0: no one
    knows); and whether a SENCO has looked at it since."""

    id: str
    backup: int
    looked: bool


@dataclass(slots=True)
class Hello:
    """What a device and its hub say to each other with the first question of a round.

    The device: the space that it joined ("": not said), how many things it has to send (None: not said), and how many of its
    files it has seen in the folder. The hub: its time, and so how many ms the device's clock is `ahead` of it (see `heard`);
    whether this device may write there: a folder that a newer Small Steps has made its own is only read; what the device may see
    and write today; of how many files it says nothing else, by the code of what is wrong with them; and the edition of the app
    up to which it knows kinds and fields (an older hub says none, and knows the first)."""

    space: str = ""
    pending: int | None = None
    checked: int = 0
    clock: Callable[[], int] = time_unknown
    ahead: int = 0
    heard: bool = False
    writable: bool = True
    me: dict[str, Any] = field(default_factory=dict)
    held_back: dict[str, int] = field(default_factory=dict)
    edition: int = 1
    restored: BroughtBack | None = None
    through: str = ""  # the restores since which this device has put again all that it had

    def headers(self) -> dict[str, str]:
        through = {"X-Through": self.through} if self.through else {}
        return through if self.pending is None else through | {"X-Pending": str(self.pending), "X-Checked": str(self.checked)}

    def hear(self, answer: dict[str, Any]) -> None:
        """Raises OtherSpace. An older hub says less."""
        if self.space and answer.get("space", self.space) != self.space:
            raise OtherSpace(str(answer["space"]))
        if "now" in answer:
            self.ahead, self.heard = self.clock() - int(answer["now"]), self.clock is not time_unknown
        self.held_back = {str(code): int(number) for code, number in answer.get("held_back", {}).items()}
        self.me = dict(answer.get("me") or {})
        self.edition = int(answer.get("edition", 1))
        back = answer.get("restored")
        self.restored = BroughtBack(str(back["id"]), int(back["backup"]), back["looked"] is True) if back else None
        self.writable = answer.get("writable") is not False and int(answer.get("format", FORMAT)) <= FORMAT


class HubFolder:
    """A Folder over a client whose base URL is the hub's. Raises Unreachable if nothing answers, Refused on a no."""

    def __init__(self, client: httpx.AsyncClient, token: str) -> None:
        self._client, self._headers = client, {"Authorization": f"Bearer {token}"}
        self.hello = Hello()
        self._tag, self._said = "", dict[str, Any]()  # the hub's last news, so that it need not say the same again

    @property
    def brought_back(self) -> str:
        return self.hello.restored.id if self.hello.restored else ""

    @property
    def edition(self) -> int:
        return self.hello.edition

    async def _ask(self, method: str, path: str, **more: Any) -> httpx.Response:
        headers = self._headers | ({"X-Space": self.hello.space} if self.hello.space else {}) | more.pop("headers", {})
        try:
            answer = await self._client.request(method, path, headers=headers, **more)
        except httpx.HTTPError as error:
            raise Unreachable(str(error) or type(error).__name__) from error
        if answer.status_code == 404:
            raise MissingName(path)
        if answer.is_error and answer.status_code != PAST_THE_END:
            raise self._as_storage_error(answer)
        return answer

    @staticmethod
    def _as_storage_error(answer: httpx.Response) -> StorageError:
        try:
            code = str(answer.json()["error"]["code"])
        except (ValueError, KeyError, TypeError):
            code = f"the hub answered {answer.status_code}"
        busy = answer.status_code >= 500 or answer.status_code == 429
        return ERROR_OF_CODE.get(code, Unreachable if busy else Refused)(code)

    async def _value_of(self, method: str, path: str, key: str, **more: Any) -> Any:
        """One value of the hub's answer. Something else, like the sign-in page of a guest Wi-Fi, counts as no answer."""
        answer = await self._ask(method, path, **more)
        try:
            return answer.json()[key]
        except (ValueError, KeyError, TypeError) as error:
            raise Unreachable(NOT_THE_HUB) from error

    @staticmethod
    def _file(name: str) -> str:
        return f"/api/files/{quote(name)}"

    async def names(self, prefix: str = "") -> set[str]:
        one = prefix.removeprefix("p/").partition("/")[0]
        found: set[str] = set()
        for partition in [one] if naming.is_partition(one) else await self.partitions():
            if f"p/{partition}/".startswith(prefix) or prefix.startswith(f"p/{partition}/"):
                listed = await self._value_of("GET", f"/api/p/{partition}/names", "names")
                found.update(str(name) for name in listed if str(name).startswith(prefix))
        return found

    async def get(self, name: str, start: int = 0, end: int | None = None) -> bytes:
        if start == 0 and end is None:
            return (await self._ask("GET", self._file(name))).content
        if end is not None and end <= start:
            return b""
        span = f"bytes={start}-" if end is None else f"bytes={start}-{end - 1}"
        answer = await self._ask("GET", self._file(name), headers={"Range": span})
        return b"" if answer.status_code == PAST_THE_END else answer.content

    async def put(self, name: str, data: bytes, nonce: bytes = b"") -> str:
        check_put(name, data)
        if not self.hello.writable:
            raise NewerFormat("the folder")
        return str(await self._value_of("PUT", self._file(name), "digest", content=data, headers={"X-Nonce": nonce.hex()}))

    async def digest(self, name: str, nonce: bytes) -> str | None:
        try:
            found = await self._value_of("GET", f"/api/digest/{quote(name)}", "digest", params={"nonce": nonce.hex()})
        except MissingName:
            return None
        return None if found is None else str(found)

    async def delete(self, name: str) -> None:
        try:
            await self._ask("DELETE", self._file(name))
        except MissingName:
            return

    async def partitions(self) -> dict[str, str]:
        known = {"If-None-Match": self._tag} if self._tag else {}
        answer = await self._ask("GET", "/api/partitions", headers=self.hello.headers() | known)
        try:
            same = answer.status_code == NOT_MODIFIED
            said = self._said | {"now": int(answer.headers["X-Now"])} if same else answer.json()
            self.hello.hear(said)
            found = {str(partition): str(digest) for partition, digest in said["partitions"].items()}
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise Unreachable(NOT_THE_HUB) from error
        self._tag, self._said = answer.headers.get("ETag", ""), said
        return found

    async def tell(self) -> None:
        """Say `hello` again: after a round what was said before it is no longer true."""
        said = {"pending": self.hello.pending or 0, "checked": self.hello.checked}
        await self._ask("POST", "/api/pending", json=said, headers=self.hello.headers())
