"""Starting the hub: everything is looked at before anything is written, and what is wrong is one sentence."""

import asyncio
import errno
import json
import os
import secrets
import shutil
import signal
import socket
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path

from app.errors import KeyUnreadable, PlainHttp, PortTaken
from app.folders.places import in_words, is_address, look_at, need_no_backup, place, writable
from app.hub.ground.signed_records import key_at
from app.hub.guard.known_hosts import Front
from app.hub.guard.request_log import Write, to_file, to_stderr
from app.hub.guard.server import Door, Hub
from app.hub.office import Office
from app.hub.routes.trust import trust_site
from app.hub.serve import authority as tls
from app.hub.serve import machine
from app.hub.serve.announce import Doors, open_doors
from app.hub.serve.certificates import Certificate, OwnTls
from app.hub.site import guard, site
from app.settings import ANYWHERE, HERE, Settings, key_path
from app.web.build import build
from app.web.inputs import current
from storage.errors import MissingName
from storage.space import NAME, create_space, open_space

STDERR = "-"


def say_at_once(line: str) -> None:
    """Even if the output is a file or a pipe: what started the hub waits for these lines."""
    print(line, flush=True)


def serve(settings: Settings, make_demo: Callable[[Path], None], say: Callable[[str], None] = say_at_once) -> None:
    """Runs until it is stopped. Raises SmallStepsError with nothing written when it cannot start."""
    for stop in (signal.SIGINT, signal.SIGTERM):  # the hub stops in order first, and what was begun is tidied away
        signal.signal(stop, lambda *_: sys.exit(0))
    if not (settings.only_here or settings.secure or settings.plain):
        raise PlainHttp
    demo = settings.folder if settings.demo and isinstance(settings.folder, Path) else None
    to_be_made = demo is not None and not demo.exists()
    if not to_be_made:
        look_at(settings.folder)
        need_no_backup(settings.folder)
    with bound(settings.host, settings.port) as door, _small_door(settings) as small:
        _files_outside(settings)
        writable(demo.parent if demo and to_be_made else settings.folder)
        _built(settings.web, say)
        if demo and not (demo / NAME).exists():
            say("Drawing the demo school; this takes a moment, once.")
            made_whole(demo, make_demo)
        asyncio.run(_run(settings, door, small, say))


@contextmanager
def _small_door(settings: Settings) -> Iterator[socket.socket | None]:
    """Where tablets learn to trust the hub, if they have to. Raises PortTaken."""
    if settings.own_tls:
        with bound(settings.host, settings.trust_port) as door:
            yield door
    else:
        yield None


def bound(host: str, port: int) -> socket.socket:
    """A socket that nothing else listens on. Raises PortTaken."""
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
    """An installed wheel brings the app along; a checkout builds it, with parts that only a checkout has to have."""
    if not current(web):
        say("Building the app; this takes a moment, once after each change.")
        build(web)


def _files_outside(settings: Settings) -> None:
    """Raises CertificateUnreadable, KeyUnreadable, or FolderNotWritable for the file of the links."""
    if settings.cert is not None:
        tls.context(settings.cert, settings.cert_key)
    if settings.key_file is not None and settings.key_file.exists():
        hub_key("", settings.key_file)
    if settings.links is not None:
        writable(settings.links.parent, f"{settings.links} cannot be written. Choose another file with --links.")
    if settings.log not in {"", STDERR}:
        writable(Path(settings.log).parent, f"{settings.log} cannot be written. Choose another file with --log.")


def hub_key(space: str, chosen: Path | None) -> bytes:
    """Raises KeyUnreadable."""
    try:
        return key_at(key_path(space, chosen))
    except (OSError, ValueError) as error:
        raise KeyUnreadable from error


async def _office(settings: Settings) -> Office:
    folder = place(settings.folder)
    try:
        space = await open_space(folder)
    except MissingName:
        space = await create_space(folder, os.urandom)
    return Office(folder, hub_key(space.id, settings.key_file), settings.web)


async def _run(settings: Settings, door: socket.socket, small: socket.socket | None, say: Callable[[str], None]) -> None:
    own = OwnTls(settings) if settings.own_tls else None
    with in_words() if is_address(settings.folder) else nullcontext():
        office = await _office(settings)
        doors = await open_doors(office, settings, own.trust if own else None)

    def announce() -> None:
        write_links(settings.links, doors)
        for line in doors.lines:
            say(line)

    front = Front(_names(settings), _log(settings.log), own.trust if own else None)
    certificate = own or (Certificate(settings.cert, settings.cert_key) if settings.cert else None)
    ways = [Door(door, site(office, front), certificate.context if certificate else None)]
    if own and small:
        ways.append(Door(small, trust_site(own.trust, lambda app: guard(app, office, front))))
    try:
        await Hub(ways, announce, settings.proxies, certificate.renew if certificate else None).serve()
    except SystemExit:
        say("Stopped. Everything is in the folder.")
        raise


def _names(settings: Settings) -> frozenset[str]:
    """What the hub answers to: on the network also this computer's own names."""
    names = HERE | set(settings.hostnames) | ({settings.host} - ANYWHERE)
    return frozenset(names if settings.only_here else names | machine.names())


def _log(where: str) -> Write | None:
    return None if not where else to_stderr if where == STDERR else to_file(Path(where))


def write_links(file: Path | None, doors: Doors) -> None:
    if file is not None:
        aside = file.with_name(f"{file.name}.new")
        aside.write_text(json.dumps(doors.links, indent=1), encoding="utf-8")
        aside.replace(file)
