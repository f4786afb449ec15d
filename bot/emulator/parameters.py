"""A call's parameters: however they came (query, form, multipart, JSON), read with a type and Telegram's refusals."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from starlette.datastructures import UploadFile
from starlette.requests import Request

from .answers import Json
from .entities import Formatted, accept
from .markup import parse
from .refusals import Refused, bad_request

ATTACH = "attach://"
SECRET = frozenset({"secret_token"})
TRUE = frozenset({"true", "1", "yes"})


@dataclass(frozen=True)
class Upload:
    """A file that came with a call."""

    name: str
    mime: str
    content: bytes = field(repr=False)


@dataclass(frozen=True)
class Parameters:
    """The values of one call by name; a missing one reads as empty, 0, False or None."""

    values: Mapping[str, Any]
    uploads: Mapping[str, Upload] = field(default_factory=dict)

    def has(self, name: str) -> bool:
        """Whether this parameter was given and is not empty."""
        return name in self.uploads or self.values.get(name) not in (None, "")

    def text(self, name: str) -> str:
        """A string; numbers are taken as they are written."""
        value = self.values.get(name)
        return "" if value is None else str(value)

    def number(self, name: str, default: int = 0) -> int:
        """A whole number."""
        if not self.has(name):
            return default
        try:
            return int(self.values[name])
        except (TypeError, ValueError):
            raise bad_request(f'invalid {name} specified: "{self.values[name]}" is not a number') from None

    def seconds(self, name: str) -> float:
        """A duration."""
        try:
            return float(self.values.get(name) or 0)
        except (TypeError, ValueError):
            raise bad_request(f"invalid {name} specified") from None

    def flag(self, name: str) -> bool:
        """Yes or no."""
        return str(self.values.get(name, "")).lower() in TRUE

    def json(self, name: str, what: str = "") -> Any:
        """An object or a list, which forms carry as JSON; None when missing. `what` names it in a refusal."""
        value = self.values.get(name)
        if not isinstance(value, str):
            return value
        try:
            return _loads(value) if value else None
        except ValueError:
            raise bad_request(f"can't parse {what or name.replace('_', ' ')} JSON object") from None

    def objects(self, name: str) -> list[Any]:
        """A list; empty when missing."""
        value = self.json(name)
        if value is None:
            return []
        if not isinstance(value, list):
            raise bad_request(f"expected an Array of {name}")
        return value

    def numbers(self, name: str) -> list[int]:
        """A list of whole numbers; empty when missing."""
        values = self.objects(name)
        if not all(isinstance(value, int) for value in values):
            raise bad_request(f"can't parse {name.replace('_', ' ')}: Expected an Array of Number")
        return values

    def formatted(self, name: str, mode: str = "parse_mode", entities: str = "entities") -> Formatted:
        """A text with its entities, from markup when a parse mode is given, else from the entities given."""
        text = self.text(name)
        if self.has(mode):
            return accept(*parse(text, self.text(mode)))
        return accept(text, self.objects(entities))

    def upload(self, name: str) -> Upload | None:
        """The file sent under this name, directly or by `attach://`."""
        return self.attached(self.text(name)) or self.uploads.get(name)

    def attached(self, reference: str) -> Upload | None:
        """The file that an `attach://` reference means; None for any other text."""
        if not reference.startswith(ATTACH):
            return None
        upload = self.uploads.get(reference.removeprefix(ATTACH))
        if upload is None:
            raise bad_request(f"can't find the attached file {reference}")
        return upload

    def nested(self, values: Json) -> Parameters:
        """The fields of an object within this call (an InputMedia, say), read the same way."""
        return Parameters(values, self.uploads)

    def summary(self) -> Json:
        """The parameters for the log: objects opened, files summed up, secrets left out."""
        shown = {name: "…" if name in SECRET else _opened(value) for name, value in self.values.items()}
        files = {name: f"{file.name} ({file.mime}, {len(file.content)} bytes)" for name, file in self.uploads.items()}
        return shown | files


def _opened(value: Any) -> Any:
    """JSON inside of a form value, opened up; anything else as it is."""
    if isinstance(value, str) and value[:1] in ("{", "["):
        try:
            return _loads(value)
        except ValueError:
            return value
    return value


def _loads(text: str | bytes, *, raw: bool = False) -> Any:
    """Reads JSON.

    Raises ValueError for what is none, and Refused for halves of characters, unless it is `raw`.
    """
    try:
        value = json.loads(text, parse_constant=_refuse_constant)
    except RecursionError:
        raise ValueError("nested too deeply") from None
    if raw:
        return value
    try:
        json.dumps(value, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        raise bad_request("strings must be encoded in UTF-8") from None
    return value


def _refuse_constant(constant: str) -> None:
    raise ValueError(f"{constant} is no JSON")


async def read(request: Request, *, raw: bool = False) -> Parameters:
    """Reads a request's parameters; `raw` ones may hold halves of characters.

    Raises Refused (400) for a body that is no JSON object.
    """
    values: dict[str, Any] = dict(request.query_params)
    kind = request.headers.get("content-type", "").partition(";")[0]
    if kind == "application/json":
        try:
            body = _loads(await request.body() or b"{}", raw=raw)
        except ValueError:
            body = None
        if not isinstance(body, dict):
            raise Refused(400, "Bad Request: object expected as JSON body")
        return Parameters(values | body)
    uploads = {}
    if kind in ("application/x-www-form-urlencoded", "multipart/form-data"):
        async with request.form(max_files=100, max_part_size=16 * 1024 * 1024) as form:
            for name, value in form.multi_items():
                if isinstance(value, UploadFile):
                    mime = value.content_type or "application/octet-stream"
                    uploads[name] = Upload(value.filename or name, mime, await value.read())
                else:
                    values[name] = value
    return Parameters(values, uploads)
