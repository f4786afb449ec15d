"""The outer wall stands wherever Python lives."""

from __future__ import annotations

import subprocess
import sys
import sysconfig
import tempfile
import venv
from pathlib import Path

ASK = """
import asyncio
from runner import open_runner

async def layers():
    async with open_runner(slots=1) as runner:
        return (await runner.ready()).layers

print(*asyncio.run(layers()))
"""


def test_an_environment_below_tmp_is_seen_from_behind_bubblewrap() -> None:
    with tempfile.TemporaryDirectory(dir="/tmp") as folder:
        venv.create(folder, symlinks=True)
        packages = Path(folder, "lib", f"python{sys.version_info.major}.{sys.version_info.minor}", "site-packages")
        packages.rmdir()
        packages.symlink_to(sysconfig.get_path("purelib"))
        found = subprocess.run(
            [f"{folder}/bin/python", "-c", ASK],
            cwd=Path(__file__).parents[2],
            capture_output=True,
            text=True,
            timeout=120,
        )
    assert "bubblewrap" in found.stdout.split(), found.stderr
