"""Real servers for the contract of folders: Apache with mod_dav, wsgidav, and a hub behind a socket. Each on a port of its own,
in a folder of its own, and gone with the session."""

import asyncio
import base64
import hashlib
import json
import os
import pwd
import secrets
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Coroutine
from contextlib import ExitStack
from functools import cached_property
from pathlib import Path
from typing import Any
from urllib.parse import quote

import uvicorn
from starlette.applications import Starlette
from starlette.types import Receive, Scope, Send

from tests.ports import free_port

SIGN_IN = USER, PASSWORD = "dana", "p@ss/wörd: 100%"
LONGEST = 120  # seconds for a server to open, or to answer: reached only when something is wrong
MODULES = Path("/usr/lib/apache2/modules")
APACHE = """
ServerRoot {where}
ServerName localhost
Listen 127.0.0.1:{port}
{modules}
{user}
PidFile {where}/pid
ErrorLog {where}/errors
Mutex file:{where}
DavLockDB {where}/locks
DocumentRoot {files}
StartServers 1
<Directory {files}>
  Dav On
  AuthType Basic
  AuthName school
  AuthUserFile {where}/users
  Require valid-user
</Directory>
"""
WANTED = ("mpm_event", "authn_core", "authn_file", "authz_core", "authz_user", "auth_basic", "dir", "dav", "dav_fs")


def until_open(
    port: int, process: "subprocess.Popen[bytes] | None" = None, ready: Callable[[socket.socket], bool] = bool
) -> None:
    """Somebody listens, and is `ready` for more. Raises AssertionError when the server has ended, or takes too long."""
    deadline = time.monotonic() + LONGEST
    while time.monotonic() < deadline:
        assert process is None or process.poll() is None, f"the server ended with {process and process.returncode}"
        with socket.socket() as door:
            if door.connect_ex(("127.0.0.1", port)) == 0 and ready(door):
                return
        time.sleep(0.02)
    raise AssertionError(f"nobody listens on {port}")


class DavServer:
    """A WebDAV server over a folder, as a process. `fresh` makes a collection that nobody has used."""

    def __init__(self, name: str) -> None:
        self.name, self.port = name, free_port()
        self.where = Path(tempfile.mkdtemp(prefix=f"steps-{name}-"))
        self.where.chmod(0o755)
        self.files = self.where / "files"
        self.files.mkdir()
        self.files.chmod(0o777)
        self.words = self.command()
        self.start()

    def start(self) -> None:
        nothing = subprocess.DEVNULL
        self.process = subprocess.Popen(self.words, stdin=nothing, stdout=nothing, stderr=nothing)
        until_open(self.port, self.process)

    def end(self) -> None:
        """Its files stay; `start` may follow."""
        self.process.terminate()
        try:
            self.process.wait(LONGEST)
        finally:
            self.process.kill()

    def command(self) -> list[str]:
        raise NotImplementedError

    def fresh(self) -> Path:
        made = self.files / f"Schule & {secrets.token_hex(4)} ü"
        made.mkdir()
        made.chmod(0o777)
        return made

    def url(self, folder: Path) -> str:
        return f"http://127.0.0.1:{self.port}/{folder.relative_to(self.files).as_posix()}"

    def typed(self, folder: Path, password: str = PASSWORD) -> str:
        """The folder's address as a person types it."""
        return self.url(folder).replace("http://", f"dav+http://{USER}:{quote(password, safe='')}@", 1)

    def stop(self) -> None:
        try:
            self.end()
        finally:
            shutil.rmtree(self.where, ignore_errors=True)


class Apache(DavServer):
    def command(self) -> list[str]:
        program = shutil.which("apache2", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
        assert program, "there is no Apache here: make .venv/browsers gets it"
        known = base64.b64encode(hashlib.sha1(PASSWORD.encode()).digest()).decode()
        (self.where / "users").write_text(f"{USER}:{{SHA}}{known}\n")
        modules = "\n".join(f"LoadModule {one}_module {MODULES}/mod_{one}.so" for one in WANTED)
        settings = APACHE.format(where=self.where, port=self.port, files=self.files, modules=modules, user=self._user())
        (self.where / "apache.conf").write_text(settings)
        return [program, "-f", str(self.where / "apache.conf"), "-DFOREGROUND"]

    def _user(self) -> str:
        """Apache does not serve as root: there it becomes nobody, who may write here."""
        if os.getuid():
            return ""
        nobody = pwd.getpwnam("nobody")
        os.chown(self.where, nobody.pw_uid, nobody.pw_gid)
        return f"User #{nobody.pw_uid}\nGroup #{nobody.pw_gid}"


class WsgiDav(DavServer):
    def command(self) -> list[str]:
        settings = {
            "host": "127.0.0.1", "port": self.port, "provider_mapping": {"/": str(self.files)}, "verbose": 0,
            "simple_dc": {"user_mapping": {"*": {USER: {"password": PASSWORD}}}},
            "http_authenticator": {"accept_basic": True, "accept_digest": False, "default_to_digest": False},
        }  # fmt: skip
        (self.where / "wsgidav.json").write_text(json.dumps(settings))
        return [sys.executable, "-m", "wsgidav.server.server_cli", "--config", str(self.where / "wsgidav.json")]


class Door:
    """A real socket with a hub behind it, in a thread with a loop of its own; one hub after the other."""

    def __init__(self) -> None:
        self.port, self.loop = free_port(), asyncio.new_event_loop()
        self.url, self.app = f"http://127.0.0.1:{self.port}", Starlette()
        config = uvicorn.Config(self._ask, interface="asgi3", port=self.port, log_level="critical", ws="none", lifespan="off")
        self.server = uvicorn.Server(config)
        self.thread = threading.Thread(target=self.loop.run_until_complete, args=[self.server.serve()], daemon=True)
        self.thread.start()
        until_open(self.port)

    async def _ask(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self.app(scope, receive, send)

    async def inside(self, work: Coroutine[Any, Any, Any]) -> Any:
        """What the work returns, done in the hub's own loop."""
        return await asyncio.wrap_future(asyncio.run_coroutine_threadsafe(work, self.loop))

    def stop(self) -> None:
        self.server.should_exit = self.server.force_exit = True
        self.thread.join(LONGEST)
        self.loop.close()


class Servers:
    """Whatever is asked for, started then; `stop` ends what was started."""

    def __init__(self) -> None:
        self._open = ExitStack()

    def _kept(self, server: Any) -> Any:
        self._open.callback(server.stop)
        return server

    @cached_property
    def apache(self) -> DavServer:
        return self._kept(Apache("apache"))

    @cached_property
    def wsgidav(self) -> DavServer:
        return self._kept(WsgiDav("wsgidav"))

    @cached_property
    def door(self) -> Door:
        return self._kept(Door())

    def stop(self) -> None:
        self._open.close()
