"""Runs in the browser's Python: one scenario by name, with arguments and answer as JSON."""

import importlib
import json
import traceback


async def run(name: str, args: str) -> str:
    """`module:function` of this package."""
    module, function = name.split(":")
    try:
        scenario = getattr(importlib.import_module(f"tests.browser_ground.inside.{module}"), function)
        return json.dumps(await scenario(**json.loads(args)))
    except Exception:
        raise RuntimeError(traceback.format_exc()) from None
