"""The camera: preview, shutter, and a clip with a ring that fills in 30 seconds. It lives only while this screen is shown."""

import asyncio
from collections.abc import Callable
from typing import Any

import flet as ft
import flet_camera as fc

from app.domain.vocabulary.language import N_, _
from views import theme as t
from views.parts.basics import banner, column, named, quiet, words, wrap
from views.ui import Ui

LONGEST = 30  # seconds of a clip
PATIENCE = 60  # s: a camera that does not answer keeps no tablet open
NO_CAMERA = N_(
    "The camera cannot be used here (not there, not allowed, or busy). A picture from the device or a note works all the same."
)


class Camera:
    """One camera, from opening to closing the screen. Prefers the one at the back; a front picture is turned round."""

    def __init__(self, ui: Ui) -> None:
        self.ui = ui
        self.control = fc.Camera(expand=True, preview_enabled=True)
        self.state = "starting"  # starting, ready, filming, busy, none
        self.seconds = 0  # in halves, of the clip
        self.still = b""  # taken just before the clip begins: its picture in lists and in papers
        self._found: list[Any] = []
        self._at = 0
        self._started = False

    def start(self) -> None:
        if not self._started:
            self._started = True
            self.ui.page.run_task(self._start)

    async def _start(self) -> None:
        try:
            await asyncio.sleep(0.1)  # the control has to be on the page before it can be asked
            self._found = list(await self.control.get_available_cameras())
            back = [i for i, c in enumerate(self._found) if c.lens_direction == fc.CameraLensDirection.BACK]
            self._at = back[0] if back else 0
            await self._use()
        except Exception as error:  # every browser has its own way to say no
            print("camera:", repr(error))
            self.state = "none"
        self.ui.draw()

    async def _use(self) -> None:
        if not self._found:
            self.state = "none"
            return
        await self.control.initialize(self._found[self._at], fc.ResolutionPreset.HIGH, enable_audio=True)
        self.state = "ready"

    @property
    def mirrored(self) -> bool:
        """The browser's camera turns round what any camera sees but one that says it is at the back: it is turned again."""
        return bool(self._found) and self._found[self._at].lens_direction != fc.CameraLensDirection.BACK

    @property
    def several(self) -> bool:
        return len(self._found) > 1

    async def flip(self) -> None:
        self._at = (self._at + 1) % len(self._found)
        await self._use()

    async def shoot(self) -> None:
        if self.state != "ready":
            return
        self.state = "busy"
        self.ui.draw()
        try:
            await self.ui.desk.drafting.add_photo(bytes(await self.control.take_picture()), self.mirrored)
        finally:
            self.state = "ready"

    async def film(self) -> None:
        if self.state != "ready":
            return
        self.state = "busy"  # so that no one presses twice
        self.still = bytes(await self.control.take_picture())
        await self.control.start_video_recording()
        self.state, self.seconds, self.ui.desk.door.filming = "filming", 0, True
        while self.state == "filming" and self.seconds < LONGEST * 2 and not self.ui.desk.door.lock_when_filmed:
            self.ui.draw()
            await asyncio.sleep(0.5)
            self.seconds += 1
        await self._stop()

    async def _stop(self) -> None:
        length = self.seconds * 500
        self.state = "busy"
        self.ui.draw()
        try:
            await self.ui.desk.drafting.add_clip(
                bytes(await asyncio.wait_for(self.control.stop_video_recording(), PATIENCE)),
                max(500, length),
                self.still,
                self.mirrored,
            )
        finally:
            self.state, self.seconds = "ready", 0
            self.ui.desk.door.on_clip_done()

    def stop(self) -> None:
        if self.state == "filming":
            self.state = "stopping"


@ft.component
def _picture(control: fc.Camera, height: int) -> ft.Control:
    return ft.Container(control, height=height, bgcolor="#000000", border_radius=t.CARD, clip_behavior=ft.ClipBehavior.ANTI_ALIAS)


# Drawn once and then left alone: a camera that was drawn again would lose its place on the page, and its picture.
_live: Callable[[fc.Camera, int], ft.Control] = ft.memo(_picture)  # type: ignore[no-untyped-call]


def preview(ui: Ui, camera: Camera) -> ft.Control:
    """The live picture, or a sentence about why there is none."""
    camera.start()
    if camera.state == "none":
        return banner(ui, _(NO_CAMERA), "no-camera", "sending")
    lines: list[ft.Control] = [_live(camera.control, 460 if ui.wide else 320)]
    if camera.state == "starting":
        lines.append(words(ui, _("Opening the camera…"), quiet=True))
    return column(lines, t.S)


def buttons(ui: Ui, camera: Camera, then: Any) -> ft.Control:
    """The shutter in the thumb's reach, the clip beside it, and the device's pictures."""
    p = ui.palette
    filming = camera.state == "filming"
    made: list[ft.Control] = []
    if camera.state != "none":
        shutter = ft.Container(
            ft.Icon(ft.Icons.CAMERA_ALT, color=p.on_shutter, size=36),
            width=t.SHUTTER,
            height=t.SHUTTER,
            border_radius=t.SHUTTER / 2,
            bgcolor=p.shutter,
            on_click=ui.do(camera.shoot, then),
            ink=True,
            alignment=ft.Alignment(0, 0),
            border=ft.Border.all(4, p.card),
            disabled=camera.state != "ready",
            opacity=1 if camera.state == "ready" else 0.5,
        )
        label = _("Take a photo") if camera.state == "ready" else _("One moment")
        made.append(ft.Semantics(identifier="shutter", content=shutter, button=True, container=True, label=label))
        made.append(_clip_button(ui, camera, filming, then))
        if camera.several:
            made.append(quiet(ui, "flip", _("Turn"), ui.do(camera.flip), ft.Icons.FLIP_CAMERA_IOS))
    made.append(quiet(ui, "pick-photo", _("Picture from the device"), page_opens_it, ft.Icons.PHOTO_LIBRARY))
    made.append(quiet(ui, "only-note", _("Only a note"), ui.press(then), ft.Icons.EDIT_NOTE))
    if ui.wide:
        return column(made, t.M, horizontal_alignment=ft.CrossAxisAlignment.CENTER)
    return ft.Row(made, wrap=True, spacing=t.M, run_spacing=t.M, vertical_alignment=ft.CrossAxisAlignment.CENTER)


def page_opens_it(_event: Any = None) -> None:
    """The page itself opens the file window, inside the person's own tap; there is nothing to do here."""


def _clip_button(ui: Ui, camera: Camera, filming: bool, then: Any) -> ft.Control:
    if not filming:
        return quiet(ui, "clip", _("Clip"), ui.do(camera.film, then), ft.Icons.VIDEOCAM, disabled=camera.state != "ready")
    left = LONGEST - camera.seconds // 2
    whole, p = LONGEST * 2, ui.palette
    ring = ft.ProgressRing(
        value=camera.seconds / whole, width=40, height=40, stroke_width=6, color=p.shutter, bgcolor=p.outline
    )  # its whole way is seen: in the first seconds it would be a mere speck
    text = named("clip-left", words(ui, _("{n} s left", n=left), bold=True))
    return wrap([ring, quiet(ui, "clip-stop", _("Stop"), ui.press(camera.stop), ft.Icons.STOP), text])
