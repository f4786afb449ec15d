"""Answers as JSON that any text fits in, halves of characters too: a raw update may hold them."""

from __future__ import annotations

import json
from typing import Any

from starlette.responses import JSONResponse

Json = dict[str, Any]


def dumped(value: Any) -> str:
    """A value as JSON in ASCII."""
    return json.dumps(value)


class Answer(JSONResponse):
    """An answer of this server."""

    def render(self, content: Any) -> bytes:
        """The body."""
        return dumped(content).encode()
