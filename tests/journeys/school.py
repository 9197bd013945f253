"""A real school for the tests: a hub process of its own on a free port, over a demo folder that the command itself made."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import httpx

from app.settings import DEMO
from tests.ports import free_port

ROOT = Path(__file__).parent.parent.parent


class SchoolHub:
    """`smallsteps serve` as a process that a test may stop, kill and start again on the same port; the demo school unless
    `folder` names another one."""

    def __init__(self, where: Path, folder: str = "", port: int = 0) -> None:
        self.where, self.port, self.other = where, port or free_port(), folder
        self.links_file = where / "links.json"
        self.process: subprocess.Popen[bytes] | None = None
        self.links: dict[str, str] = {}

    @property
    def folder(self) -> Path:
        return self.where / (self.other or DEMO)

    def start(self) -> None:
        self.links_file.unlink(missing_ok=True)
        school = ["--folder", str(self.folder)] if self.other else ["--demo"]
        command = [
            sys.executable,
            "-m",
            "app.cli.main",
            "serve",
            *school,
            "--port",
            str(self.port),
            "--links",
            str(self.links_file),
        ]
        env = os.environ | {"PYTHONPATH": str(ROOT), "XDG_CONFIG_HOME": str(self.where / "config")}
        with (self.where / "hub.log").open("ab") as log:
            self.process = subprocess.Popen(command, cwd=self.where, env=env, stdout=log, stderr=log)
        self._wait()
        self.links = json.loads(self.links_file.read_text())

    def _wait(self, seconds: float = 240) -> None:
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            assert self.process and self.process.poll() is None, (self.where / "hub.log").read_text()[-2000:]
            try:
                if self.links_file.exists() and httpx.get(f"http://127.0.0.1:{self.port}/healthz").is_success:
                    return
            except httpx.TransportError:
                pass  # not listening yet: that is what this loop waits for
        raise AssertionError("the hub did not start: " + (self.where / "hub.log").read_text()[-2000:])

    def stop(self, how: int = signal.SIGTERM) -> None:
        if self.process and self.process.poll() is None:
            self.process.send_signal(how)
            self.process.wait(30)
        self.process = None

    def files(self) -> dict[str, bytes]:
        """Every file in the folder's partitions, by name."""
        base = self.folder
        return {str(f.relative_to(base)): f.read_bytes() for f in sorted((base / "p").rglob("*")) if f.is_file()}

    def api(self, **more: Any) -> httpx.Client:
        return httpx.Client(base_url=f"http://127.0.0.1:{self.port}", timeout=60, **more)
