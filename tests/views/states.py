"""What tests of a screen's states do and ask: type, press, may it be pressed, is it chosen; a full device, an empty school."""

import asyncio
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import flet as ft
import httpx
import pytest

from app.domain.vocabulary.roles import Role
from storage.errors import StoreFull
from tests.hub.conftest import Hub
from tests.usecases.conftest import PHOTO, Seat, Sit
from tests.views.parts import Shown, all_words
from views.evidence import camera

__all__ = ["all_words", "without_a_page"]
FULL = "There is no room left on this device."
NO_NETWORK = "The school's hub cannot be reached. Everything is safe on this tablet and will go on its own later."


@pytest.fixture
def without_a_page(monkeypatch: pytest.MonkeyPatch) -> None:
    """A camera's picture, the clipboard and another window are Flet's, on a page."""
    monkeypatch.setattr(camera, "_live", lambda *_: ft.Container())
    for name in ("CopyToClipboard", "OpenUrl"):
        monkeypatch.setattr(ft, name, lambda _: None)


async def look(seat: Seat, route: str, *taps: str) -> Shown:
    shown = Shown(seat, route)
    await shown.settle()
    for tap in taps:
        await shown.tap(tap)
    return shown


def off(shown: Shown, identifier: str) -> bool:
    """Whether it is there and cannot be pressed."""
    return bool(shown.by(identifier).content.disabled)


def on(shown: Shown, identifier: str) -> bool:
    """Whether a chip or a face is chosen."""
    return bool(shown.by(identifier).selected)


def label(shown: Shown, identifier: str) -> str:
    """What is written on a button, or read out of what is named."""
    named = shown.by(identifier)
    return str(named.label or getattr(named.content, "content", "") or named.content.value)


def said(shown: Shown, identifier: str) -> str:
    """All words of what has this name; nothing where it is not there."""
    found, todo = list[str](), [shown.by(identifier)]
    while todo:
        one = todo.pop(0)
        found += [str(one.value)] if isinstance(one, ft.Text) else []
        inside = [getattr(one, name, None) for name in ("content", "controls")]
        todo += [
            child for part in inside for child in (part if isinstance(part, list) else [part]) if isinstance(child, ft.Control)
        ]
    return "\n".join(found)


def write(shown: Shown, identifier: str, text: str) -> None:
    """As if typed into the field."""
    shown.by(identifier).content.on_change(SimpleNamespace(control=SimpleNamespace(value=text)))


def identifiers(shown: Shown, prefix: str) -> list[str]:
    names = [str(getattr(one, "identifier", None) or "") for one in shown.controls]
    return [name for name in names if name.startswith(prefix)]


async def told_off(shown: Shown, identifier: str) -> str:
    """The sentence in the banner after a press that could not be done."""
    shown.press(identifier)
    while shown.page.work:
        await shown.page.work.pop()
    return said(shown, "error")


async def midway(shown: Shown, identifier: str, held: asyncio.Event, ask: Callable[[], Any]) -> Any:
    """What is asked of the screen while the work that was pressed is held up; then the work goes on to its end."""
    shown.press(identifier)
    work = asyncio.ensure_future(shown.page.work.pop())
    for _ in range(10):
        await asyncio.sleep(0)
    answer = ask()
    held.set()
    await work
    await shown.settle()
    return answer


def no_room(monkeypatch: pytest.MonkeyPatch, seat: Seat) -> None:
    """This device is full, until the patch is undone."""

    async def full(*_: object) -> None:
        raise StoreFull("full")

    for name in ("put", "append", "replace"):
        monkeypatch.setattr(seat.disk, name, full)


async def of_nothing(sit: Sit, hub: Hub, role: Role = Role.SENCO) -> Seat:
    """A device that has joined and of the school knows nothing yet, as the first of a new school."""
    seat = await sit(None)
    code, _ = await hub.office.access.invite(role, [], None)

    async def only_join(request: httpx.Request) -> None:
        if request.url.path != "/api/join":
            raise httpx.ConnectError("no network", request=request)

    seat.line.before.append(only_join)
    await seat.desk.joining.join(code)
    return seat


async def begun(seat: Seat, *pupils: str, note: str = "", photo: bytes = PHOTO) -> None:
    """A moment that is put together and not saved."""
    if photo:
        await seat.desk.drafting.add_photo(photo)
    for pupil in pupils:
        await seat.desk.drafting.toggle_pupil(pupil)
    await seat.desk.drafting.set_note(note)
