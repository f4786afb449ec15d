"""Writes what a script sees in plain Python, in a cold cell and in a warm one, as a table for docs/benchmarks.md.

`python -m tests.bench.observe >table.md`
"""

from __future__ import annotations

import asyncio
import tempfile
from pathlib import Path

from runner import LocalPool, Options, Queue
from tests.runner import observations

WIDTH = 60


async def seen_in(warm: bool) -> dict[str, str]:
    """What the scripts see in a cell of this kind."""
    pool = LocalPool(slots=1, options=Options(warm=warm))
    runner = Queue(pool)
    try:
        await (observations.warmed(pool) if warm else runner.ready())
        return (await observations.sandboxed(runner))[0]
    finally:
        await runner.aclose()


def main() -> None:
    """Print the table."""
    with tempfile.TemporaryDirectory() as folder:
        plain = observations.plain(Path(folder))
    cold, warm = (asyncio.run(seen_in(kind)) for kind in (False, True))
    print("| what a script sees | plain Python | cold cell | warm cell |\n|---|---|---|---|")
    for name in observations.OBSERVATIONS:
        cells = (_cell(one[name]) for one in (plain, cold, warm))
        print(f"| {name} | {' | '.join(cells)} |")


def _cell(value: str) -> str:
    shown = value if len(value) <= WIDTH else f"{value[: WIDTH - 2]} …"
    return f"`{shown}`".replace("|", "\\|")


if __name__ == "__main__":
    main()
