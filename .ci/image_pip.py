"""Reads `pip config list`, writes a pip.conf with the same settings, prints the mounts that a build needs for it."""

from __future__ import annotations

import ast
import os
import sys
from pathlib import Path

settings: dict[str, str] = {}
for line in sys.stdin:
    name, _, value = line.strip().partition("=")
    section, _, key = name.rpartition(".")
    if section in ("global", ":env:", "install") and key != "config-file":  # in order of rank
        settings[key] = ast.literal_eval(value)
for variable in ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"):
    if os.environ.get(variable):
        settings.setdefault("cert", os.environ[variable])

conf = Path(sys.argv[1])
conf.write_text("[global]\n" + "".join(f"{key} = {' '.join(value.split())}\n" for key, value in settings.items()))

sources = {str(conf): "/etc/pip.conf"}
for key, value in settings.items():
    for word in value.split():
        path = Path(word.removeprefix("file://"))
        if path.is_absolute() and path.exists():
            # The pages of an index point to files beside it.
            path = path.parent if key.endswith("index-url") else path
            sources[str(path)] = str(path)
for source, target in sources.items():
    print(f"--volume={source}:{target}:ro")
