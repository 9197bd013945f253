"""What several tests of the commands do: fold, check, sync to a stick, and look at what is there."""

import asyncio
import json
import os
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

from storage import names, segments
from storage.folder.directory import Directory
from storage.folding import fold
from storage.replica import Replica
from tests.cli import small
from tests.cli.typed import LONGEST, command, surroundings, typed
from tests.storage.parts import AMIRA


def told(where: Path, *words: object) -> tuple[int, dict[str, Any]]:
    """(exit code, the JSON document) of a check of `school`."""
    done = typed(where.parent, "check", where.name, "--json", *words)
    return done.returncode, json.loads(done.stdout)


def fold_all(where: Path, child: str = AMIRA) -> tuple[str, list[str]]:
    """(snapshot, the names it covers) of all that one child's files say."""
    covers = small.log(where, child)
    parts = [segments.decode((where / name).read_bytes()) for name in covers]
    ops = fold(op for part in parts for op in part.ops)
    media = {digest for part in parts for digest in part.media}
    data = segments.encode(child, parts[0].writer, 100, ops, media, covers)
    dev, inc = parts[0].writer.split(".")
    return small.write(where, str(names.Name(child, "snap", names.hash_of(data), dev, inc, 100)), data), covers


def of(child: str, where: Path) -> list[str]:
    return [name for name, data in small.files(where, "").items() if child in name or child.encode() in data]


def without_all_rights(*words: object, where: Path) -> subprocess.CompletedProcess[str]:
    """As somebody whom permissions stop; root gives its right to pass them up first."""
    drop = [] if os.getuid() else ["setpriv", "--bounding-set=-dac_override,-dac_read_search"]
    return subprocess.run(
        [*drop, *command(*words)],
        cwd=where,
        env=surroundings(where),
        capture_output=True,
        text=True,
        timeout=LONGEST,
        check=False,
    )


def sync(where: Path, *words: str) -> str:
    """What the command printed; all went well."""
    done = typed(where, "sync", *(words or ("school", "stick")))
    assert (done.returncode, done.stderr) == (0, ""), done
    return done.stdout


def more(where: Path, child: str, ident: str) -> None:
    """A moment recorded in one of the copies."""
    asyncio.run(small.write_moment(Replica(Directory(where), os.urandom(8).hex(), lambda: 1), child, ident))


def begun(where: Path, until: Callable[[], bool], a: object = "school", b: object = "stick") -> "subprocess.Popen[str]":
    """A copy that is at work, once so much is done."""
    process = subprocess.Popen(
        command("sync", a, b),
        cwd=where,
        env=surroundings(where),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    while process.poll() is None and not until():
        pass
    return process


def there(stick: Path) -> int:
    return sum(1 for _ in stick.rglob("p/*/*/*"))


def need_nothing_half(stick: Path) -> None:
    """Every name is whole, and no file speaks of a picture that is not there yet."""
    here = small.files(stick)
    assert all(names.matches(name, data) for name, data in here.items())
    assert {medium for n, data in here.items() if "/log/" in n for medium in segments.decode(data).media_names} <= here.keys()
