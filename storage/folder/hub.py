"""The school's folder as the hub shows it: the same names and the same bytes, over HTTP."""

from typing import Any
from urllib.parse import quote

import httpx

from storage.errors import BadBytes, MissingName, NewerFormat, Refused, StorageError, StoreFull, Unreachable
from storage.folder.port import check_put

KINDS: dict[str, type[StorageError]] = {"bad_bytes": BadBytes, "newer_format": NewerFormat, "store_full": StoreFull}


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
        if answer.status_code >= 500 or answer.status_code == 429:
            raise Unreachable(f"the hub answered {answer.status_code}")
        if answer.is_error:
            raise self._told(answer)
        return answer

    @staticmethod
    def _told(answer: httpx.Response) -> StorageError:
        try:
            error = answer.json()["error"]
            return KINDS.get(error["code"], Refused)(error["code"])
        except (ValueError, KeyError, TypeError):
            return Refused(f"the hub answered {answer.status_code}")

    @staticmethod
    def _file(name: str) -> str:
        return f"/api/files/{quote(name)}"

    async def names(self, prefix: str = "") -> set[str]:
        found: set[str] = set()
        for partition in await self.partitions():
            if f"p/{partition}/".startswith(prefix) or prefix.startswith(f"p/{partition}/"):
                answer = await self._ask("GET", f"/api/p/{partition}/names")
                found.update(str(name) for name in answer.json()["names"] if name.startswith(prefix))
        return found

    async def get(self, name: str, start: int = 0, end: int | None = None) -> bytes:
        if start == 0 and end is None:
            return (await self._ask("GET", self._file(name))).content
        if end is not None and end <= start:
            return b""
        span = f"bytes={start}-" if end is None else f"bytes={start}-{end - 1}"
        return (await self._ask("GET", self._file(name), headers={"Range": span})).content

    async def put(self, name: str, data: bytes, nonce: bytes = b"") -> str:
        check_put(name, data)
        answer = await self._ask("PUT", self._file(name), content=data, headers={"X-Nonce": nonce.hex()})
        return str(answer.json()["digest"])

    async def digest(self, name: str, nonce: bytes) -> str | None:
        try:
            answer = await self._ask("GET", f"/api/digest/{quote(name)}", params={"nonce": nonce.hex()})
        except MissingName:
            return None
        found = answer.json()["digest"]
        return None if found is None else str(found)

    async def delete(self, name: str) -> None:
        try:
            await self._ask("DELETE", self._file(name))
        except MissingName:
            return

    async def partitions(self) -> dict[str, str]:
        return {str(k): str(v) for k, v in (await self._ask("GET", "/api/partitions")).json()["partitions"].items()}
