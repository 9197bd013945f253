"""Whether a package that we pin has a fault that is publicly known, as pip-audit hears it. `make check` ends with this.

Where the service with that knowledge does not answer, nothing was audited: that is said in as many words, and never told as "none
found"."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
PINNED = [word for name in ("requirements.txt", "requirements-test.txt") for word in ("-r", str(ROOT / name))]
LONGEST = 300  # s


def verdict(report: dict[str, Any] | None) -> tuple[str, int]:
    """(sentence, exit code) of what pip-audit reports; None where it could not report anything."""
    found = report["dependencies"] if report else []
    faulty = [f"{one['name']} {one['version']}: {fault['id']}" for one in found for fault in one.get("vulns", ())]
    looked_at = [one for one in found if "vulns" in one]
    if faulty:
        return "Known faults in packages that are pinned: " + "; ".join(faulty), 1
    if not looked_at or len(looked_at) < len(found):
        left = len(found) - len(looked_at)
        return f"NOT AUDITED: of {left or 'all'} packages nothing is known, since the list of known faults was not to be had.", 0
    return f"{len(looked_at)} packages audited: no known fault.", 0


def asked() -> dict[str, Any] | None:
    words = [sys.executable, "-m", "pip_audit", *PINNED, "--no-deps", "--disable-pip", "-f", "json"]
    try:
        done = subprocess.run([*words, "--progress-spinner", "off"], capture_output=True, text=True, timeout=LONGEST, check=False)
        report: dict[str, Any] = json.loads(done.stdout)
    except (ValueError, subprocess.TimeoutExpired):
        return None
    return report


if __name__ == "__main__":
    sentence, code = verdict(asked())
    print(sentence)
    sys.exit(code)
