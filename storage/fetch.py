"""httpx over the browser's own fetch, so that the hub is spoken to in the same words on a tablet and on a computer."""

import asyncio
from typing import Any

import httpx
import js
from pyodide.ffi import JsException, to_js

# What the browser writes itself and forbids others to write.
ITS_OWN = {"host", "connection", "content-length", "accept-encoding", "user-agent", "transfer-encoding"}
# fetch gives the body already unpacked, so these would be wrong on what httpx is handed.
UNPACKED = {"content-encoding", "content-length", "transfer-encoding"}


class FetchTransport(httpx.AsyncBaseTransport):
    """One request, one whole answer: nothing is streamed. The time allowed is httpx's connect, write and read together.

    A redirect counts as no answer: a hub never redirects its API, the sign-in page of a guest Wi-Fi does.
    """

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Raises ConnectError if nothing answers, ReadTimeout when it takes too long, ReadError when it breaks off."""
        body = await request.aread()
        abort = js.AbortController.new()
        late: list[bool] = []

        def too_late() -> None:
            late.append(True)
            abort.abort()

        limit = allowed(request)
        timer = asyncio.get_running_loop().call_later(limit, too_late) if limit else None
        try:
            return await self._fetch(request, body, abort.signal)
        except httpx.TransportError as error:
            if late:
                raise httpx.ReadTimeout(f"no answer in {limit:g} s", request=request) from error
            raise
        except asyncio.CancelledError:
            abort.abort()
            raise
        finally:
            if timer:
                timer.cancel()

    @staticmethod
    async def _fetch(request: httpx.Request, body: bytes, signal: Any) -> httpx.Response:
        wanted = {
            "method": request.method,
            "headers": [[k, v] for k, v in request.headers.items() if k.lower() not in ITS_OWN],
            "signal": signal, "cache": "no-store", "credentials": "omit", "redirect": "error", "referrerPolicy": "no-referrer",
        }  # fmt: skip
        if body:
            wanted["body"] = body
        try:
            answer = await js.fetch(str(request.url), to_js(wanted, dict_converter=js.Object.fromEntries))
        except JsException as error:
            raise httpx.ConnectError(f"{error.name}: {error.message}", request=request) from error
        try:
            content = (await answer.arrayBuffer()).to_bytes()
        except JsException as error:
            raise httpx.ReadError(f"{error.name}: {error.message}", request=request) from error
        told = js.Object.fromEntries(answer.headers.entries()).to_py()
        headers = [(str(key), str(value)) for key, value in told.items() if key not in UNPACKED]
        return httpx.Response(int(answer.status), headers=headers, content=content, request=request)


def allowed(request: httpx.Request) -> float | None:
    """Seconds for the whole of it, or None for no limit."""
    timeout: dict[str, float | None] = request.extensions.get("timeout", {})
    parts = [timeout.get(kind) for kind in ("connect", "write", "read")]
    return None if None in parts else sum(part for part in parts if part)
