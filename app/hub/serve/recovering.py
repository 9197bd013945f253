"""So that no one is locked out for ever: the hub's key on paper, a hub that moved and is claimed with it, and a new SENCO's code.

All of it is done on the hub's own computer, by a person who may use that; none of it can be asked over the network.
"""

import json
import os
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from app.domain.records.acts import What
from app.domain.records.recovery_sheet import ROWS, Slip, key_of, read_row, rows_of
from app.domain.vocabulary.roles import Role
from app.errors import KeyForeign, KeyThere, KeyUnreadable, SheetWrong
from app.folders.places import looked_at, place, where_is
from app.hub.devices.access import DAY, Access
from app.hub.ground.signed_records import Vault, key_at
from app.hub.office import now_ms
from app.hub.records.pending import PendingEntries
from app.reports.letters import press, tidy
from app.settings import ASSETS, Settings, key_path
from app.usecases.session.school import School
from storage.folder.port import Disk
from storage.replica import Replica
from storage.space import open_space

NO_KEY = "There is no key of this folder on this computer. Claim it with the recovery sheet: smallsteps claim."
TITLE = "Small Steps: recovery sheet"
WHAT = (
    "This is the key of the school's hub. A person who has it and the school's folder can let any device in and make links for "
    "families. Keep it in the school's safe, and nowhere as a photo or a file."
)
HOW = (
    "When the hub's computer is lost: bring the school's folder to another computer with Small Steps, type "
    "smallsteps claim FOLDER, and then these nine rows. Letters may be small; O is read as 0, I and L as 1. All devices and "
    "links go on as before."
)


@dataclass(frozen=True, slots=True)
class Sheet:
    about: list[str]
    rows: list[str]

    @property
    def lines(self) -> list[str]:
        numbered = [f"  {number}   {row}" for number, row in enumerate(self.rows, 1)]
        return [TITLE, "", *self.about, "", *numbered, "", HOW]

    def pdf(self) -> bytes:
        numbered = [f"{number}   {row}" for number, row in enumerate(self.rows, 1)]
        told = {"title": TITLE, "about": [tidy(line) for line in self.about], "rows": numbered, "how": [HOW]}
        return press({"main": (ASSETS / "reports/recovery.typ").read_bytes(), "sheet.json": json.dumps(told).encode()})


async def sheet(folder: str, key_file: Path | None) -> Sheet:
    """Raises KeyUnreadable, KeyForeign, and what is wrong with the folder. That it was printed is noted."""
    disk, space, key = await _opened(folder, key_file)
    await PendingEntries(Vault(disk, key), now_ms).note(What.SHEET_PRINTED)
    school = await _school(disk)
    on = datetime.fromtimestamp(now_ms() / 1000, UTC).date()
    about = [f"School: {school.name or 'without a name yet'}. Folder: {space[:8]}. Printed on {on.day} {on:%B %Y}.", WHAT]
    return Sheet(about, rows_of(key))


async def claim(folder: str, key_file: Path | None, ask: Callable[[int, str], str]) -> Path:
    """The key file that was written. `ask` gives what is typed for a row (1 to 9; what was wrong with the last try, or "").
    Raises SheetWrong, KeyForeign, KeyThere; then nothing has changed."""
    where = where_is(folder)
    await looked_at(where)
    disk = place(where)
    space = (await open_space(disk)).id
    file = key_path(space, key_file)
    key = _typed(ask)
    vault = Vault(disk, key)
    if not await vault.papers("tokens"):
        raise KeyForeign("This sheet does not open this folder: no device has joined with its key. Nothing was changed.")
    if file.exists() and file.read_bytes() != key:
        raise KeyThere(f"There is another key in {file}. Move it away first, if it is of no use; nothing was changed.")
    if not file.exists():
        await PendingEntries(vault, now_ms).note(What.HUB_CLAIMED)
        write_secret(file, key)
    return file


def _typed(ask: Callable[[int, str], str]) -> bytes:
    """Each row as often as it takes, if a person is there to type it again. Raises SheetWrong."""
    rows: list[str] = []
    wrong = ""
    while len(rows) < ROWS:
        text = ask(len(rows) + 1, wrong)
        try:
            read_row(len(rows) + 1, text)
        except Slip as slip:
            wrong = f"Row {slip.row} cannot be right. Please look at it again."
            continue
        rows, wrong = [*rows, text], ""
    try:
        return key_of(rows)
    except Slip as slip:
        raise SheetWrong from slip


def write_secret(file: Path, data: bytes) -> None:
    """Whole or not at all, readable by this person alone."""
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    aside = file.with_name(f"{file.name}.{secrets.token_hex(4)}")
    with os.fdopen(os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
        out.write(data)
        out.flush()
        os.fsync(out.fileno())
    aside.replace(file)


async def invite_senco(folder: str, key_file: Path | None, link: str) -> tuple[str, str]:
    """(address, code) of a SENCO's device, once and within a day. Raises KeyUnreadable, KeyForeign."""
    disk, _, key = await _opened(folder, key_file)
    vault = Vault(disk, key)
    code, _ = await Access(vault, now_ms, PendingEntries(vault, now_ms)).invite(Role.SENCO, [], None, lasts=DAY)
    public = (await _school(disk)).settings.get("public_url")
    hub = (link or str(public or "") or Settings(Path(folder)).hub).rstrip("/")
    return f"{hub}/join/{code}", code


async def _opened(folder: str, key_file: Path | None) -> tuple[Disk, str, bytes]:
    """(folder, space, key) of a school whose key is here. A folder that no device has joined yet has no paper to compare with."""
    where = where_is(folder)
    await looked_at(where)
    disk = place(where)
    space = (await open_space(disk)).id
    file = key_path(space, key_file)
    if not file.is_file():
        raise KeyUnreadable(NO_KEY)
    try:
        key = key_at(file)
    except (OSError, ValueError) as error:
        raise KeyUnreadable from error
    vault = Vault(disk, key)
    if await vault.ids("tokens") and not await vault.papers("tokens"):
        raise KeyForeign
    return disk, space, key


async def _school(disk: Disk) -> School:
    replica = Replica(disk, secrets.token_hex(8), now_ms)
    await replica.refresh()
    return School(replica)
