"""Code of a Jupyter notebook: its code cells, in order. Outputs and text cells are left out."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from bot.domain.snippets.finding import of_source
from bot.domain.snippets.snippet import Repair, Snippet


class Unusable(StrEnum):
    """Why a file is no notebook that can run."""

    NOT_JSON = "not json"
    NO_CELLS = "no cells"
    """JSON, but no notebook."""
    NO_CODE = "no code"
    OTHER_LANGUAGE = "other language"


@dataclass(frozen=True, slots=True)
class NotANotebook(Exception):
    trouble: Unusable


HALF_PAIR = re.compile("[\ud800-\udfff]")
"""Escapes in JSON can write halves of surrogate pairs, which can be neither stored nor sent."""
OTHER = re.compile(r"(?:ir\b|julia|javascript|deno|bash|octave|matlab|scala|java|xcpp|rust|sas|stata)", re.IGNORECASE)
"""How kernels of other languages are named."""


def is_notebook(content: str) -> bool:
    """Whether a file holds a notebook, whatever it is called."""
    return content.lstrip("\ufeff \t\r\n")[:1] == "{" and '"cells"' in content and '"cell_type"' in content


def of_notebook(content: str) -> Snippet:
    """Raises NotANotebook."""
    try:
        notebook = json.loads(content.lstrip("\ufeff"))
    except (ValueError, RecursionError):
        raise NotANotebook(Unusable.NOT_JSON) from None
    cells = _cells(notebook)
    if cells is None:
        raise NotANotebook(Unusable.NO_CELLS)
    if _language(notebook) not in ("", "python", "python3", "ipython"):
        raise NotANotebook(Unusable.OTHER_LANGUAGE)
    sources = [_source(cell) for cell in cells if cell.get("cell_type") == "code"]
    found = [of_source(source) for source in sources if source.strip()]
    if not found:
        raise NotANotebook(Unusable.NO_CODE)
    repairs: dict[Repair, None] = {code: None for cell in found for code in cell.repairs}
    left_out = tuple(line for cell in found for line in cell.left_out)
    source = "\n".join(cell.source for cell in found)
    return Snippet(source, "\n".join(cell.raw for cell in found), True, repairs=tuple(repairs), left_out=left_out)


def _cells(notebook: Any) -> list[dict[str, Any]] | None:
    """Cells of format 4, or of format 3, where they lie in worksheets."""
    if not isinstance(notebook, dict):
        return None
    sheets = notebook["worksheets"] if isinstance(notebook.get("worksheets"), list) else [notebook]
    listed = [sheet["cells"] for sheet in sheets if isinstance(sheet, dict) and isinstance(sheet.get("cells"), list)]
    return [cell for cells in listed for cell in cells if isinstance(cell, dict)] if listed else None


def _source(cell: dict[str, Any]) -> str:
    """The text, or the list of its lines with their line feeds; format 3 calls it `input`."""
    source = cell.get("source", cell.get("input", ""))
    if isinstance(source, list):
        source = "".join(line for line in source if isinstance(line, str))
    return HALF_PAIR.sub("\ufffd", source) if isinstance(source, str) else ""


def _language(notebook: dict[str, Any]) -> str:
    """What the cells are written in; empty where the notebook does not say so. A kernel's name is mostly that of an
    environment: it says something only where kernels of other languages are called so."""
    metadata = notebook.get("metadata")
    for holder, key in (("language_info", "name"), ("kernelspec", "language"), ("kernelspec", "name")):
        about = metadata.get(holder) if isinstance(metadata, dict) else None
        named = about.get(key) if isinstance(about, dict) else None
        if isinstance(named, str) and (key == "language" or holder == "language_info" or OTHER.match(named)):
            return "python" if "python" in named.lower() else named.lower()
    return ""
