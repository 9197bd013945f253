"""`make bench`: one JSON object a line for machines, a table on stderr for people. It never fails for a goal that is not met."""

import asyncio
import sys
import tempfile
from pathlib import Path

from tests.bench import drawing, finding, making, moving, rush, saving
from tests.bench.rows import Row, table


async def main() -> None:
    rows: list[Row] = []
    for part in (saving, finding, drawing, moving, rush, making):
        with tempfile.TemporaryDirectory(prefix="bench-", dir=sys.argv[1] if len(sys.argv) > 1 else None) as place:
            for row in await part.rows(Path(place)):
                print(row.line(), flush=True)
                rows.append(row)
    print(table(rows), file=sys.stderr)


asyncio.run(main())
