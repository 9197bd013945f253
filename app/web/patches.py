"""Changes to Flet's own files. Each one says what it expects to find; a Flet that has changed stops the build."""

import json
import re
from pathlib import Path

from app.errors import SmallStepsError

PREFETCH = """
// Python starts beside Flutter: by the time Flutter asks for its worker, it has been loading for a while.
const _newWorker = () => new Worker("/app/python-worker.js", { type: "module" });
let _early = null;
const _stopped = () => dispatchEvent(new Event("small-steps-stopped"));
if (isSecureContext) {
    _early = _newWorker();
    _early.addEventListener("error", _stopped);
    _early.postMessage({ preload: flet.pyodideUrl });
}
"""
PRELOAD = """
self.load = async function (url) {
    const { loadPyodide } = await import(url);
    const python = await loadPyodide({
        stdout: (text) => self.sendPythonOutput(text, false),
        stderr: (text) => self.sendPythonOutput(text, true),
    });
    new BroadcastChannel("small-steps").postMessage({ kind: "python" });
    return python;
};

self.initPyodide = async function () {"""
EARLY_MESSAGE = """self.onmessage = async (event) => {
    if (event.data && event.data.preload) {
        self.loading = self.load(event.data.preload);
        return;
    }
"""
LOAD_BEFORE = """        const pyodideModule = await import(self.pyodideUrl);
        const loadPyodide = pyodideModule.loadPyodide || self.loadPyodide;
        self.pyodide = await loadPyodide({
            stdout: (text) => self.sendPythonOutput(text, false),
            stderr: (text) => self.sendPythonOutput(text, true),
        });
"""
WORKER_BEFORE = """    app.worker = new Worker(
        (flet.entrypointBaseUrl.endsWith("/") ?
            flet.entrypointBaseUrl.slice(0, -1) : flet.entrypointBaseUrl) + "/python-worker.js",
        { type: "module" });
"""
INIT_FAILED = """        console.error("Python worker init error:", error);
"""
FLUTTER_WORKER = """    serviceWorkerSettings: {
        serviceWorkerVersion: "1804020039" /* Flutter's service worker is deprecated \
and will be removed in a future Flutter release. */,
    },
"""
ASSET_BASE = "    assetBase: flet.assetBase\n"
FIRST_FRAME = """window.addEventListener('flutter-first-frame', () => {
    document.getElementById('loading')?.remove();
}, { once: true });
"""
# file, what must be there exactly once, what stands there afterwards, why
STAYS = "no request leaves the origin"
PATCHES = [
    ("flutter_bootstrap.js", FLUTTER_WORKER, "", "Flutter would replace our service worker by one that destroys itself"),
    ("flutter_bootstrap.js", FIRST_FRAME, "", "our own loading page stays until the app has something to show"),
    ("flutter_bootstrap.js", ASSET_BASE, ASSET_BASE.rstrip() + ',\n    canvasKitVariant: "full"\n', "one CanvasKit for all"),
    ("flutter_bootstrap.js", "https://www.gstatic.com/flutter-canvaskit", "/app/none", STAYS),
    ("python.js", "let _apps = {};\n", "let _apps = {};" + PREFETCH, "Python starts at page load"),
    (
        "python.js",
        WORKER_BEFORE,
        "    app.worker = _early || _newWorker();\n    _early = null;\n",
        "the worker that started early",
    ),
    ("python.js", INIT_FAILED, INIT_FAILED + "        _stopped();\n", "the loading page tells when Python could not start"),
    ("python-worker.js", "\nself.initPyodide = async function () {", PRELOAD, "loading apart from running"),
    (
        "python-worker.js",
        LOAD_BEFORE,
        "        self.pyodide = await (self.loading || self.load(self.pyodideUrl));\n",
        "loaded early",
    ),
    ("python-worker.js", "self.onmessage = async (event) => {\n", EARLY_MESSAGE, "hear the early message"),
    ("main.dart.js", "https://cdn.jsdelivr.net/npm/@rive-app/flutter-native-wasm@44.0.0/", "/app/none/", STAYS),
    ("main.dart.js", "https://www.gstatic.com/flutter-canvaskit/", "/app/none/", STAYS),
    ("main.dart.js", "https://fonts.gstatic.com/s/", "/app/assets/fonts/", STAYS),
]
# Rive asks for this at every start; it is told to wait for ever, since nothing here uses it.
NO_RIVE = "globalThis.RiveNative = () => new Promise(() => {});\n"
SHIPPED = {"notosansarabic": "arabic", "notocoloremoji": "emoji", "roboto": "roboto"}
FAMILY = "Atkinson Hyperlegible Next"


class FletChanged(SmallStepsError):
    code = "flet_changed"
    message = "Flet's files are not as this build expects them."


def patch(text: str, before: str, after: str, why: str) -> str:
    """The text with the one place changed. Raises FletChanged when it is not there exactly once."""
    if text.count(before) != 1:
        raise FletChanged(
            f"Flet's files have changed ({text.count(before)} places instead of 1): {why}. Mend app/web/patches.py."
        )
    return text.replace(before, after)


def apply(out: Path) -> None:
    for file, before, after, why in PATCHES:
        path = out / file
        path.write_text(patch(path.read_text(encoding="utf-8"), before, after, why), encoding="utf-8")
    fallbacks(out)
    (out / "none/wasm").mkdir(parents=True, exist_ok=True)
    (out / "none/wasm/rive_native.js").write_text(NO_RIVE)


def fallbacks(out: Path) -> None:
    """What Flutter asks for when our own font lacks a letter: of its 724 fonts we ship what a class writes.

    Each name must lead to a file: after an answer of 404, Flutter asks again at every change of the screen.
    """
    path = out / "main.dart.js"
    found: set[str] = set()

    def ours(match: re.Match[str]) -> str:
        name = next((ours for begins, ours in SHIPPED.items() if match[1].startswith(begins)), "symbols")
        found.add(name)
        return f'"{name}.woff2"'

    text, count = re.subn(r'"(noto[a-z0-9]+|roboto)/v\d+/[^"]+\.woff2"', ours, path.read_text(encoding="utf-8"))
    if count < 500 or found != {*SHIPPED.values(), "symbols"}:
        raise FletChanged(f"Flutter names its fonts in another way ({count} found). Mend app/web/patches.py.")
    path.write_text(text, encoding="utf-8")


def fonts(out: Path) -> None:
    """Fonts that load before the first frame: the icons and our own family. The mathematics fonts are not used."""
    path = out / "assets/FontManifest.json"
    icons = [entry for entry in json.loads(path.read_text()) if entry["family"] == "MaterialIcons"]
    if len(icons) != 1:
        raise FletChanged("Flet's font manifest has changed. Mend app/web/patches.py.")
    own = [{"asset": "fonts/own-regular.woff2"}, {"asset": "fonts/own-bold.woff2", "weight": 700}]
    path.write_text(
        json.dumps([*icons, {"family": FAMILY, "fonts": own}, {"family": "Roboto", "fonts": [{"asset": "fonts/roboto.woff2"}]}])
    )
