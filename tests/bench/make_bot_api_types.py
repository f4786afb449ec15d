"""Wrote `bot_api_types.json`: the types that an Update can hold, from a machine-readable copy of the Bot API's page
(https://core.telegram.org/bots/api, version 10.0 of May 8, 2026).

    python -m tests.bench.make_bot_api_types telegram-bot-api-10.0.json

A type is an object of its fields, or a list of the types that it can be. A field is written as its types, with `!`
before one that is required, or `=word` where it always is this word.
"""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path
from typing import Any

TARGET = Path(__file__).with_name("bot_api_types.json")
WORD = re.compile(r"(?:always|must be) [“\"](\w+)[”\"]")


def reduced(types: dict[str, Any], root: str = "Update") -> dict[str, Any]:
    """The root and all types that can be reached from it."""
    found: dict[str, Any] = {}
    left = [root]
    while left:
        name = left.pop()
        if name in found or name not in types:
            continue
        given = types[name]
        if subtypes := given.get("subtypes"):
            found[name] = subtypes
        else:
            found[name] = {field["name"]: _field(field) for field in given.get("fields", [])}
        left += subtypes or [
            kind.removeprefix("Array of ").removeprefix("Array of ")
            for field in given.get("fields", [])
            for kind in field["types"]
        ]
    return dict(sorted(found.items()))


def _field(field: dict[str, Any]) -> str:
    word = WORD.search(field["description"])
    if word and field["types"] == ["String"]:
        return "=" + word[1]
    return ("!" if field["required"] else "") + "|".join(field["types"])


if __name__ == "__main__":
    made = reduced(json.loads(Path(sys.argv[1]).read_text())["types"])
    TARGET.write_text(json.dumps(made, indent=0, ensure_ascii=False) + "\n")
    print(f"{len(made)} types, {TARGET.stat().st_size:,} bytes")
