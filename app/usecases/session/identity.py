"""As what this device has joined: kept in one small file that never leaves it, and replaced whole."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields, replace
from typing import Any

from app.domain.vocabulary.roles import Role


@dataclass(frozen=True, slots=True)
class Identity:
    """`role` is how far this device looks, and what is written here each of `roles` must be allowed to write (empty: `role`
    alone). `staff`: the person whose device it is, or "". `before`: what this tablet still had to send when its store was
    wiped, {"at": ms UTC, "pending"}, until a person has read it."""

    token: str = ""
    role: Role = Role.TA
    classes: tuple[str, ...] = ()
    staff: str = ""
    school: str = ""
    space: str = ""
    name: str = ""
    before: Mapping[str, int] | None = None
    roles: tuple[Role, ...] = ()

    @property
    def joined(self) -> bool:
        return bool(self.token)

    @property
    def writes_as(self) -> tuple[Role, ...]:
        return self.roles or (self.role,)

    def updated(self, said: Mapping[str, Any]) -> "Identity":
        """With what the hub says of role, classes and roles today."""
        return replace(self, **_read({key: value for key, value in said.items() if key in {"role", "classes", "roles"}}))

    def to_bytes(self) -> bytes:
        return json.dumps(asdict(self)).encode()

    @classmethod
    def from_bytes(cls, data: bytes | None) -> "Identity":
        """Without a file this device has not joined."""
        return cls(**_read(json.loads(data or b"{}")))


def _read(raw: Mapping[str, Any]) -> dict[str, Any]:
    known = {one.name for one in fields(Identity)} & raw.keys()
    made = {key: raw[key] for key in known}
    if "role" in made:
        made["role"] = Role(made["role"])
    for key in ("classes", "roles"):
        if key in made:
            made[key] = tuple(Role(one) if key == "roles" else str(one) for one in made[key] or ())
    return made
