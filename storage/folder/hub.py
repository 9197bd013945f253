"""The school's folder as the hub shows it: the same names and the same bytes, over HTTP."""

from typing import Any
from urllib.parse import quote

import httpx

from storage import names as naming
from storage.errors import (
    BadBytes,
    FolderReadOnly,
    FolderUnreadable,
    MissingName,
    NewerFormat,
    Refused,
    StorageError,
    Unreachable,
)
from storage.folder.port import check_put

# No room at the hub is no lack of room on this device: for a device the folder is then one that cannot be written.
KINDS: dict[str, type[StorageError]] = {
    "bad_bytes": BadBytes, "newer_format": NewerFormat, "store_full": FolderReadOnly, "folder_read_only": FolderReadOnly,
    "folder_unreadable": FolderUnreadable,
}  # fmt: skip
PAST_THE_END = 416


class HubFolder:
    """A Folder over a client whose base URL is the hub's. Raises Unreachable when nobody answers, Refused on a no."""

    def __init__(self, client: httpx.AsyncClient, token: str) -> None:
        self._client, self._headers = client, {"Authorization": f"Bearer {token}"}

    async def _ask(self, method: str, path: str, **more: Any) -> httpx.Response:
        headers = self._headers | more.pop("headers", {})
        try:
            answer = await self._client.request(method, path, headers=headers, **more)
        except httpx.HTTPError as error:
            raise Unreachable(str(error) or type(error).__name__) from error
        if answer.status_code == 404:
            raise MissingName(path)
        if answer.is_error and answer.status_code != PAST_THE_END:
            raise self._told(answer)
        return answer

    @staticmethod
    def _told(answer: httpx.Response) -> StorageError:
        try:
            code = str(answer.json()["error"]["code"])
        except (ValueError, KeyError, TypeError):
            code = f"the hub answered {answer.status_code}"
        busy = answer.status_code >= 500 or answer.status_code == 429
        return KINDS.get(code, Unreachable if busy else Refused)(code)

    async def _told_by(self, method: str, path: str, key: str, **more: Any) -> Any:
        """One value of the hub's answer. Something else that answers, as the sign-in page of a guest Wi-Fi, is nobody."""
        answer = await self._ask(method, path, **more)
        try:
            return answer.json()[key]
        except (ValueError, KeyError, TypeError) as error:
            raise Unreachable("somebody answered, but not the hub") from error

    @staticmethod
    def _file(name: str) -> str:
        return f"/api/files/{quote(name)}"

    async def names(self, prefix: str = "") -> set[str]:
        one = prefix.removeprefix("p/").partition("/")[0]
        found: set[str] = set()
        for partition in [one] if naming.is_partition(one) else await self.partitions():
            if f"p/{partition}/".startswith(prefix) or prefix.startswith(f"p/{partition}/"):
                listed = await self._told_by("GET", f"/api/p/{partition}/names", "names")
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
        return str(await self._told_by("PUT", self._file(name), "digest", content=data, headers={"X-Nonce": nonce.hex()}))

    async def digest(self, name: str, nonce: bytes) -> str | None:
        try:
            found = await self._told_by("GET", f"/api/digest/{quote(name)}", "digest", params={"nonce": nonce.hex()})
        except MissingName:
            return None
        return None if found is None else str(found)

    async def delete(self, name: str) -> None:
        try:
            await self._ask("DELETE", self._file(name))
        except MissingName:
            return

    async def partitions(self) -> dict[str, str]:
        found = await self._told_by("GET", "/api/partitions", "partitions")
        return {str(partition): str(digest) for partition, digest in found.items()}
