"""What the worker hears from its page, and tells it: one BroadcastChannel, plain objects with a `kind`.

From the page:  {kind: "file", file: File}      a file was picked
                {kind: "online", value: bool}   the network came or went
                {kind: "visible", value: bool}  the page was shown or hidden
                {kind: "touched", value: true}  a person has the device in hand
                {kind: "picking", value: bool}  the page's own file window is open, or not any more
                {kind: "persisted", value: bool} the browser promised, or refused, to keep what is stored
From the worker: {kind: "ready"}                the app listens; the page answers with how things stand, and files that wait
"""

from collections.abc import Callable
from typing import Any

import js
from pyodide.ffi import create_proxy, to_js

CHANNEL = "small-steps"


class Bridge:
    """Kept for as long as the app runs. One listener for each kind; what comes before there is one waits for it."""

    def __init__(self, channel: str = CHANNEL) -> None:
        self._channel = js.BroadcastChannel.new(channel)
        self._listeners: dict[str, Callable[[Any], None]] = {}
        self._waiting: dict[str, list[Any]] = {}
        self._heard = create_proxy(self._hear)
        self._channel.onmessage = self._heard
        self.online, self.visible = bool(js.navigator.onLine), True
        self.persisted: bool | None = None  # as the page says; None until it has

    def on_file(self, listener: Callable[[Any], None]) -> None:
        """Called with each picked file, a JavaScript File: pass it to the codec as it is."""
        self._listen("file", listener)

    def on_online(self, listener: Callable[[bool], None]) -> None:
        self._listen("online", listener)

    def on_visible(self, listener: Callable[[bool], None]) -> None:
        self._listen("visible", listener)

    def on_touched(self, listener: Callable[[bool], None]) -> None:
        self._listen("touched", listener)

    def on_picking(self, listener: Callable[[bool], None]) -> None:
        self._listen("picking", listener)

    def on_persisted(self, listener: Callable[[bool], None]) -> None:
        self._listen("persisted", listener)

    def post_ready(self) -> None:
        """Tell the page that the app listens."""
        self.post("ready")

    def post(self, kind: str, **more: Any) -> None:
        self._channel.postMessage(to_js({"kind": kind} | more, dict_converter=js.Object.fromEntries))

    def close(self) -> None:
        self._channel.close()
        self._heard.destroy()

    def _listen(self, kind: str, listener: Callable[[Any], None]) -> None:
        self._listeners[kind] = listener
        for value in self._waiting.pop(kind, []):
            listener(value)

    def _hear(self, event: Any) -> None:
        kind = str(getattr(event.data, "kind", ""))
        if kind not in {"file", "online", "visible", "persisted", "touched", "picking"}:
            return
        value = event.data.file if kind == "file" else bool(event.data.value)
        if kind != "file":
            setattr(self, kind, value)
        if listener := self._listeners.get(kind):
            listener(value)
        elif kind == "file":
            self._waiting.setdefault(kind, []).append(value)
