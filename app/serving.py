"""Starting the hub: everything is looked at before anything is written, and what is wrong is one sentence."""

import asyncio
import errno
import json
import os
import secrets
import shutil
import signal
import socket
import ssl
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import uvicorn

from app.announce import Doors, open_doors
from app.errors import (
    CertificateUnreadable,
    FolderForeign,
    FolderMissing,
    FolderNewer,
    FolderNotWritable,
    FolderUnreadable,
    KeyUnreadable,
    PortTaken,
)
from app.hub.office import Office
from app.hub.site import site
from app.hub.vault import key_at
from app.settings import Settings, key_path
from app.web.build import build, inputs
from storage.errors import BadBytes, MissingName, NewerFormat
from storage.folder.directory import Directory
from storage.space import NAME, create_space, open_space, read_space

GRACE = 5  # seconds that a stop waits for what is on its way
OTHERS = {"desktop.ini", "thumbs.db"}  # what systems leave lying in an empty folder


def say_at_once(line: str) -> None:
    """Also where the output is a file or a pipe: whoever started the hub waits for these lines."""
    print(line, flush=True)


def serve(settings: Settings, make_demo: Callable[[Path], None], say: Callable[[str], None] = say_at_once) -> None:
    """Runs until it is stopped. Raises SmallStepsError with nothing written when it cannot start."""
    for stop in (signal.SIGINT, signal.SIGTERM):  # the hub stops in order first, and what was begun is tidied away
        signal.signal(stop, lambda *_: sys.exit(0))
    if not (settings.demo and not settings.folder.exists()):
        look_at(settings.folder)
    with bound(settings.host, settings.port) as door:
        _files_outside(settings)
        writable(settings.folder if settings.folder.exists() else settings.folder.parent)
        _built(settings.web, say)
        if settings.demo and not (settings.folder / NAME).exists():
            say("Drawing the demo school; this takes a moment, once.")
            made_whole(settings.folder, make_demo)
        asyncio.run(_run(settings, door, say))


def look_at(folder: Path) -> None:
    """Whether this can be a school's folder; only reads. Raises FolderMissing, FolderForeign, FolderNewer, FolderUnreadable."""
    if not folder.is_dir():
        raise FolderMissing
    try:
        read_space((folder / NAME).read_bytes())
    except FileNotFoundError as error:
        if any(not one.name.startswith(".") and one.name.lower() not in OTHERS for one in folder.iterdir()):
            raise FolderForeign from error
    except NewerFormat as error:
        raise FolderNewer from error
    except (BadBytes, OSError) as error:
        raise FolderUnreadable from error


def writable(folder: Path, otherwise: str | None = None) -> None:
    """Raises FolderNotWritable. What is tried leaves nothing behind."""
    try:
        with tempfile.TemporaryFile(dir=folder) as probe:
            probe.write(b"?")
    except OSError as error:
        raise FolderNotWritable(otherwise) from error


def bound(host: str, port: int) -> socket.socket:
    """A socket that nobody else listens on. Raises PortTaken."""
    try:
        family, kind, proto, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)[0]
    except OSError as error:
        raise PortTaken(f"There is no address like {host} on this computer. Choose another one with --host.") from error
    door = socket.socket(family, kind, proto)
    option = getattr(socket, "SO_EXCLUSIVEADDRUSE", socket.SO_REUSEADDR)  # Windows would let two programs share a port
    door.setsockopt(socket.SOL_SOCKET, option, 1)
    try:
        door.bind(address)
        door.listen(128)
    except OSError as error:
        door.close()
        raise PortTaken(_why_not(error, host, port)) from error
    return door


def _why_not(error: OSError, host: str, port: int) -> str:
    if error.errno == errno.EADDRNOTAVAIL:
        return f"This computer does not have the address {host}. Choose another one with --host."
    if error.errno == errno.EACCES:
        return f"You may not use port {port} on this computer. Choose one above 1023 with --port."
    return f"Another program already uses port {port}. Stop it, or choose another one with --port."


def made_whole(folder: Path, make: Callable[[Path], None]) -> None:
    """The folder as `make` makes it, or none: one that was stopped half-way is not taken for a school."""
    aside = (folder if folder.is_dir() else folder.parent) / f".{folder.name}-{secrets.token_hex(4)}"
    try:  # its name is known before it is made: a stop at any moment tidies it away
        aside.mkdir()
        _moved(aside / folder.name, folder, make)
    finally:
        shutil.rmtree(aside, ignore_errors=True)


def _moved(made: Path, folder: Path, make: Callable[[Path], None]) -> None:
    make(made)
    if not folder.is_dir():
        made.rename(folder)
        return
    for part in sorted(made.iterdir(), key=lambda one: one.name == NAME):  # its name last: then it is all there
        part.rename(folder / part.name)


def _built(web: Path, say: Callable[[str], None]) -> None:
    stamp = web / "inputs.txt"
    if not stamp.exists() or stamp.read_text() != inputs():
        say("Building the app; this takes a moment, once after each change.")
        build(web)


def _files_outside(settings: Settings) -> None:
    """Raises CertificateUnreadable, KeyUnreadable, or FolderNotWritable for the file of the links."""
    if settings.cert is not None:
        try:
            ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(settings.cert, settings.cert_key)
        except OSError as error:
            raise CertificateUnreadable from error
    if settings.key_file is not None and settings.key_file.exists():
        hub_key("", settings.key_file)
    if settings.links is not None:
        writable(settings.links.parent, f"{settings.links} cannot be written. Choose another file with --links.")


def hub_key(space: str, chosen: Path | None) -> bytes:
    """Raises KeyUnreadable."""
    try:
        return key_at(key_path(space, chosen))
    except (OSError, ValueError) as error:
        raise KeyUnreadable from error


async def _office(settings: Settings) -> Office:
    folder = Directory(settings.folder)
    try:
        space = await open_space(folder)
    except MissingName:
        space = await create_space(folder, os.urandom)
    return Office(folder, hub_key(space.id, settings.key_file), settings.web)


async def _run(settings: Settings, door: socket.socket, say: Callable[[str], None]) -> None:
    office = await _office(settings)
    doors = await open_doors(office, settings)

    def announce() -> None:
        write_links(settings.links, doors)
        for line in doors.lines:
            say(line)

    config = uvicorn.Config(
        site(office), log_level="warning", access_log=False, server_header=False, timeout_graceful_shutdown=GRACE,
        ssl_certfile=settings.cert, ssl_keyfile=settings.cert_key,
    )  # fmt: skip
    try:
        await Hub(config, announce).serve(sockets=[door])
    except SystemExit:
        say("Stopped. Everything is in the folder.")
        raise


class Hub(uvicorn.Server):
    """Says where it is when it really listens."""

    def __init__(self, config: uvicorn.Config, announce: Callable[[], None]) -> None:
        super().__init__(config)
        self._announce = announce

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            self._announce()


def write_links(file: Path | None, doors: Doors) -> None:
    if file is not None:
        aside = file.with_name(f"{file.name}.new")
        aside.write_text(json.dumps(doors.links, indent=1), encoding="utf-8")
        aside.replace(file)
