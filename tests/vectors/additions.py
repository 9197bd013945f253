"""The committed table of the schema, and the rule that it only grows. Written anew, where what changed is an addition, with

python -m tests.vectors.additions
"""

import json
from pathlib import Path
from typing import Any

from app.domain.schema.printed import as_json, page

HERE = Path(__file__).parent
TABLE, FIRST = HERE / "schema.json", HERE / "edition1" / "schema.json"
SCHEMA_PAGE = HERE.parent.parent / "docs" / "schema.md"
SAME_OF_A_KIND, SAME_OF_A_FIELD = ("place", "moment", "since"), ("once", "since")
ONLY_ON = ("family", "searched", "act")


def read(file: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    return found


def objections(old: dict[str, Any], new: dict[str, Any]) -> list[str]:
    """Each change that is not an addition, in a sentence."""
    found = []
    for kind, was in old.items():
        if kind not in new:
            found.append(f"{kind} has gone")
            continue
        found += [f"{kind}: its {what} has changed" for what in SAME_OF_A_KIND if was[what] != new[kind][what]]
        for name, field in was["fields"].items():
            now = new[kind]["fields"].get(name)
            why = _field(field, now) if now else ["has gone"]
            why += ["may be written by fewer"] * bool(now and not _writers(was, field) <= _writers(new[kind], now))
            found += [f"{kind}.{name} {one}" for one in why]
    return found


def _writers(kind: dict[str, Any], field: dict[str, Any]) -> set[str]:
    return set(kind["by"] if field["by"] is None else field["by"])


def _field(was: dict[str, Any], now: dict[str, Any]) -> list[str]:
    found = [f"has another {what}" for what in SAME_OF_A_FIELD if was[what] != now[what]]
    found += [f"is no longer {what}" for what in ONLY_ON if was[what] and not now[what]]
    found += ["says another thing of what is new"] * (was["new"] is not None and was["new"] != now["new"])
    found += ["merges otherwise, and not more openly"] * (was["merge"] != now["merge"] and was["merge"] != "LATEST")
    return found + ["takes less than it took"] * (not wider(was["ok"], now["ok"]))


def wider(was: dict[str, Any], now: dict[str, Any]) -> bool:
    """Whether every value that one check let in, the other lets in too."""
    if was["is"] != now["is"]:
        return False
    match was["is"]:
        case "words":
            return bool(now["most"] >= was["most"])
        case "whole":
            lower = now["low"] is None or (was["low"] is not None and now["low"] <= was["low"])
            return lower and (now["high"] is None or (was["high"] is not None and now["high"] >= was["high"]))
        case "one_of" | "each_of":
            return set(was["of"]) <= set(now["of"])
        case "record":
            parts = all(key in now["of"] and wider(part, now["of"][key]) for key, part in was["of"].items())
            return parts and now["needs"] == was["needs"]
    return was == now


def as_text(table: dict[str, Any]) -> str:
    """A field a line, so that a change is read at a glance."""
    kinds = []
    for kind, row in table.items():
        said = json.dumps({key: value for key, value in row.items() if key != "fields"}, sort_keys=True)
        fields = ",\n".join(f"  {json.dumps(name)}: {json.dumps(one, sort_keys=True)}" for name, one in row["fields"].items())
        kinds.append(f' {json.dumps(kind)}: {said[:-1]}, "fields": {{\n{fields}\n }}}}')
    return "{\n" + ",\n".join(kinds) + "\n}\n"


def main() -> None:
    wrong = objections(read(TABLE) if TABLE.exists() else {}, as_json())
    if wrong:
        raise SystemExit("Not an addition, so nothing was written:\n" + "\n".join(wrong))
    TABLE.write_text(as_text(as_json()), encoding="utf-8")
    SCHEMA_PAGE.write_text(page(), encoding="utf-8")


if __name__ == "__main__":
    main()
