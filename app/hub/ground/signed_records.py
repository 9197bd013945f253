"""What hubs share in `hub/`: small immutable papers, each signed with the hub's key, so that a writer of the folder cannot
let himself in. The key is a file outside the folder and all that a hub has of its own."""

import hashlib
import hmac
import json
import os
import secrets
from pathlib import Path
from typing import Any

from storage.errors import BadBytes, MissingName
from storage.folder.port import Disk
from storage.ops import dumps

KEY_BYTES = 32


def key_at(path: Path) -> bytes:
    """The hub's key, made on first use with mode 0600. Raises ValueError when the file is not a key."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        aside = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
        handle = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as file:
            file.write(secrets.token_bytes(KEY_BYTES))
            file.flush()
            os.fsync(file.fileno())
        aside.replace(path)
    key = path.read_bytes()
    if len(key) != KEY_BYTES:
        raise ValueError(f"{path} is not a hub's key")
    return key


class Vault:
    """Signed papers by kind and id. A paper that is not signed with this key is not there."""

    def __init__(self, folder: Disk, key: bytes) -> None:
        self.folder, self._key = folder, key

    def mac(self, *words: str) -> str:
        return hmac.new(self._key, "\n".join(words).encode(), hashlib.sha256).hexdigest()

    def hidden(self, secret: str) -> str:
        """What is kept of a secret: enough to know it again, not to tell it."""
        return self.mac("secret", secret)[:32]

    async def write(self, kind: str, ident: str, paper: dict[str, Any]) -> None:
        made = {"paper": paper, "mac": self.mac(kind, ident, dumps(paper))}
        await self.folder.replace(f"hub/{kind}/{ident}.json", dumps(made).encode())

    async def read(self, kind: str, ident: str) -> dict[str, Any] | None:
        try:
            raw = json.loads(await self.folder.get(f"hub/{kind}/{ident}.json"))
            paper: dict[str, Any] = raw["paper"]
            return paper if hmac.compare_digest(str(raw["mac"]), self.mac(kind, ident, dumps(paper))) else None
        except (MissingName, BadBytes, ValueError, KeyError, TypeError, RecursionError):
            return None

    async def ids(self, kind: str) -> list[str]:
        found = await self.folder.names(f"hub/{kind}/")
        return sorted(name.removeprefix(f"hub/{kind}/").removesuffix(".json") for name in found)

    async def papers(self, kind: str) -> dict[str, dict[str, Any]]:
        """All papers of a kind that this key signed, by id."""
        return {ident: paper for ident in await self.ids(kind) if (paper := await self.read(kind, ident)) is not None}
