"""What a disk of the browser must do, scripted; asserted here, measured for the page."""

import hashlib
import os
import time
from typing import Any

import js

from storage import names
from storage.errors import BadBytes, MissingName, StorageError, StoreBusy, StoreFull
from storage.folder.browser import open_disk
from storage.folder.idb import Idb
from storage.folder.opfs import Opfs
from storage.folder.port import Disk
from storage.folder.tab import options

KINDS = {"opfs": Opfs, "idb": Idb}
PUPIL = "a" * 32
held: dict[str, Any] = {}


def say(word: str) -> None:
    js.postMessage(options(said=word))


def media(data: bytes) -> str:
    return str(names.Name(PUPIL, "media", names.hash_of(data)))


async def port(kind: str) -> list[str]:
    """The port's promises, one after the other, on a fresh room."""
    room = f"port-{os.urandom(4).hex()}"
    disk = await KINDS[kind].open(room)
    data, other = os.urandom(300_000), b"other bytes"
    name = media(data)
    assert await disk.names() == set() and await disk.size(name) == 0
    for missing in (disk.get(name),):
        try:
            await missing
            raise AssertionError("a file that is not there was read")
        except MissingName:
            pass
    assert await disk.put(name, data, b"n") == hashlib.sha256(b"n" + data).hexdigest()
    assert await disk.put(name, data) == hashlib.sha256(data).hexdigest()
    assert await disk.get(name) == data and await disk.get(name, 10, 20) == data[10:20]
    assert await disk.get(name, 299_990) == data[299_990:] and await disk.get(name, 299_990, 400_000) == data[299_990:]
    assert await disk.get(name, 20, 20) == b""
    try:
        await disk.put(name, other)
        raise AssertionError("bytes that are not what their name says were taken")
    except BadBytes:
        assert await disk.get(name) == data
    await disk.replace(name, other)  # rot
    assert await disk.digest(name, b"x") == hashlib.sha256(b"x" + other).hexdigest()
    await disk.put(name, data)
    assert await disk.get(name) == data and set(await disk.partitions()) == {PUPIL}
    await disk.append("local/journal.000001", b"one")
    await disk.append("local/journal.000001", b"two")
    assert await disk.get("local/journal.000001") == b"onetwo" and await disk.size("local/journal.000001") == 6
    assert await disk.get("local/journal.000001", 2, 4) == b"et"
    await disk.truncate("local/journal.000001", 4)
    await disk.append("local/journal.000001", b"!")
    await disk.truncate("local/nothing", 0)
    for number in range(450):
        await disk.append("local/many", bytes([number % 256]))
    await disk.replace("local/Odd name+ä%", b"")
    await disk.replace("local/keep/draft", b"1" * 10)
    await disk.replace("local/keep/draft", b"22")
    assert await disk.names("local/keep/") == {"local/keep/draft"}
    await disk.close()

    disk = await KINDS[kind].open(room)
    assert await disk.names() == {name, "local/journal.000001", "local/many", "local/Odd name+ä%", "local/keep/draft"}
    assert await disk.get("local/journal.000001") == b"onet!" and await disk.size("local/many") == 450
    assert await disk.get("local/many") == bytes(n % 256 for n in range(450))
    assert await disk.get("local/Odd name+ä%") == b"" and await disk.get("local/keep/draft") == b"22"
    await disk.append("local/journal.000001", b"more")
    assert await disk.size("local/journal.000001") == 9
    await disk.replace("local/journal.000001", b"new")
    await disk.append("local/journal.000001", b"er")
    assert await disk.get("local/journal.000001") == b"newer"
    for gone in sorted(await disk.names()):
        await disk.delete(gone)
    await disk.delete("local/never")
    assert await disk.names() == set() and await disk.digest(name, b"") is None
    await disk.close()
    return sorted(await (await KINDS[kind].open(room)).names())


async def figures(kind: str) -> dict[str, float]:
    """ms a step, on this machine."""
    disk = await KINDS[kind].open(f"figures-{os.urandom(4).hex()}")
    found: dict[str, float] = {}

    async def clock(word: str, times: int, step: Any) -> None:
        start = time.perf_counter()
        for number in range(times):
            await step(number)
        found[word] = round((time.perf_counter() - start) * 1000 / times, 2)

    line, mib = os.urandom(400), os.urandom(1 << 20)
    pieces = [os.urandom(300_000) for _ in range(10)]
    await clock("append 400 B", 200, lambda _n: disk.append("local/journal", line))
    await clock("replace 2 kB", 50, lambda _n: disk.replace("local/keep/draft", line * 5))
    await clock("put 300 kB", 10, lambda n: disk.put(media(pieces[n]), pieces[n]))
    await clock("put 1 MiB", 1, lambda _n: disk.put(media(mib), mib))
    await clock("get 1 MiB", 5, lambda _n: disk.get(media(mib)))
    await clock("1000 small files", 1000, lambda n: disk.replace(f"local/many/{n:06d}", b"x"))
    await disk.shut()
    start = time.perf_counter()
    again = await type(disk).open(disk.room, disk._lock)
    found["open with 1000 files"] = round((time.perf_counter() - start) * 1000, 2)
    await again.close()
    return found


async def chosen(room: str) -> dict[str, Any]:
    disk, lasting = await open_disk(room)
    answer = {"kind": disk.kind, "lasting": lasting, "names": sorted(await disk.names())}  # type: ignore[attr-defined]
    await disk.append("local/starts", b"*")
    answer["starts"] = await disk.size("local/starts")
    await disk.close()
    return answer


async def hold(room: str, kind: str = "") -> str:
    """Open and keep open, as the app does."""
    try:
        held[room] = await KINDS[kind].open(room) if kind else (await open_disk(room))[0]
    except StoreBusy:
        return "busy"
    return str(held[room].kind)


async def write_for_ever(room: str, kind: str) -> None:
    """Appends, replaces and puts until somebody pulls the plug; says every number that is durable."""
    disk: Disk = await KINDS[kind].open(room)
    number = 0
    while True:
        number += 1
        record = number.to_bytes(4, "big") * 64
        await disk.append("local/journal.000001", record)
        await disk.replace("local/keep/draft", record * 200)
        data = record * 1000
        await disk.put(media(data), data)
        say(str(number))


async def what_is_left(room: str, kind: str) -> dict[str, Any]:
    """After the plug was pulled: how many whole records, and whether every file is whole."""
    disk = await KINDS[kind].open(room)
    journal = await disk.get("local/journal.000001")
    whole = 0
    while journal[whole * 256 : whole * 256 + 256] == (whole + 1).to_bytes(4, "big") * 64:
        whole += 1
    draft = await disk.get("local/keep/draft")
    listed = await disk.names("p/")
    good = [n for n in listed if names.matches(n, await disk.get(n))]
    answer = {
        "records": whole, "tail": len(journal) - whole * 256, "draft": int.from_bytes(draft[:4], "big"),
        "draft whole": draft == draft[:4] * 12_800, "files": len(listed), "good": len(good),
        "names": sorted(n for n in await disk.names() if not n.startswith("p/")),
    }  # fmt: skip
    await disk.close()
    return answer


async def fill(room: str, kind: str) -> dict[str, Any]:
    """Writes until there is no room; then what is there must be what was acknowledged, and small things work again."""
    disk = await KINDS[kind].open(room)
    journal, good = b"", set()
    await disk.replace("local/keep/draft", b"the draft")
    full = {"put": False, "append": False, "replace": False}
    try:
        for _ in range(200):
            data = os.urandom(1 << 20)
            await disk.put(media(data), data)
            good.add(media(data))
    except StoreFull:
        full["put"] = True
    try:
        for number in range(100_000):
            record = bytes([number % 256]) * 50_000
            await disk.append("local/journal.000001", record)
            journal += record
    except StoreFull:
        full["append"] = True
    try:
        await disk.replace("local/keep/draft", b"x" * 3_000_000)
    except StoreFull:
        full["replace"] = True
    await disk.close()
    disk = await KINDS[kind].open(room)
    left = await disk.get("local/journal.000001") if "local/journal.000001" in await disk.names() else b""
    answer = {
        "full": full, "puts": len(good), "same files": await disk.names("p/") == good, "same journal": left == journal,
        "draft": (await disk.get("local/keep/draft")).decode(), "names": sorted(await disk.names("local/")),
    }  # fmt: skip
    for name in good:
        await disk.delete(name)
    await disk.append("local/journal.000001", b"again")
    answer["works again"] = (await disk.get("local/journal.000001")).endswith(b"again")
    await disk.close()
    return answer


def _break(what: Any, name: str) -> None:
    """From now on this browser refuses, as a private tab of Safari does."""
    from pyodide.ffi import create_proxy

    def refuse(*_args: Any) -> Any:
        return js.Promise.reject(js.DOMException.new("unknown transient reason", "UnknownError"))

    js.Reflect.defineProperty(what, name, options(value=create_proxy(refuse)))


async def chosen_without(room: str, opfs: bool = True, idb: bool = True) -> Any:
    """What is chosen where one of the stores, or both, refuse; or the code of the error."""
    if not opfs:
        _break(js.navigator.storage, "getDirectory")
    if not idb:
        js.Reflect.defineProperty(js.indexedDB, "open", options(value=None))  # a browser that has no database
    try:
        return await chosen(room)
    except StorageError as error:
        return error.code
