"""Telegram's markup languages: HTML, MarkdownV2 and the old Markdown become text and entities.

Every parser takes the marked-up text and returns the plain text with its entities; bad markup raises Refused with
Telegram's wording. Byte offsets in the wording count UTF-8, as Telegram's do.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import NoReturn

from .addresses import takes
from .answers import Json
from .refusals import bad_request
from .utf16 import units

HTML_TAGS = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "ins": "underline",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "span": "spoiler",
    "tg-spoiler": "spoiler",
    "a": "text_link",
    "code": "code",
    "pre": "pre",
    "blockquote": "blockquote",
    "tg-emoji": "custom_emoji",
}
NAMED_CHARACTERS = {"&lt;": "<", "&gt;": ">", "&amp;": "&", "&quot;": '"'}
TAG = re.compile(r"<(/?)([A-Za-z][A-Za-z0-9-]*)((?:[^<>\"']|\"[^\"]*\"|'[^']*')*)>")
ATTRIBUTE = re.compile(r"([A-Za-z-]+)(?:\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'>]+)))?")
CHARACTER = re.compile(r"&(?:lt|gt|amp|quot|#\d{1,7}|#x[0-9A-Fa-f]{1,6});")

# MarkdownV2: what opens and closes an entity, and how Telegram calls it when its end is missing.
MARKS = {
    "bold": ("*", "Bold"),
    "underline": ("__", "Underline"),
    "italic": ("_", "Italic"),
    "strikethrough": ("~", "Strikethrough"),
    "spoiler": ("||", "Spoiler"),
    "pre": ("```", "Pre"),
    "code": ("`", "Code"),
    "text_link": ("[", "TextUrl"),
    "custom_emoji": ("![", "CustomEmoji"),
}
CLOSERS = {kind: mark for kind, (mark, _) in MARKS.items()} | {"text_link": "]", "custom_emoji": "]"}
RESERVED = frozenset("_*[]()~`>#+-=|{}.!")


@dataclass
class _Draft:
    """The plain text so far, its length in UTF-16 code units, and the entities found."""

    parts: list[str] = field(default_factory=list)
    size: int = 0
    entities: list[Json] = field(default_factory=list)

    def add(self, text: str) -> None:
        self.parts.append(text)
        self.size += len(units(text))

    def close(self, kind: str, offset: int, **extra: str) -> None:
        # A link to no address that Telegram takes stays as its words.
        if self.size > offset and (kind != "text_link" or takes(extra["url"])):
            self.entities.append({"type": kind, "offset": offset, "length": self.size - offset, **extra})

    def result(self) -> tuple[str, list[Json]]:
        return "".join(self.parts), self.entities


@dataclass(frozen=True)
class _Open:
    """An entity whose end has not come yet: where it starts in the plain text and in the markup."""

    kind: str
    offset: int
    at: int
    tag: str = ""
    extra: dict[str, str] = field(default_factory=dict)


def parse(text: str, mode: str) -> tuple[str, list[Json]]:
    """Reads a text in a parse mode; the mode's case does not matter, an empty one means plain text."""
    if not mode:
        return text, []
    parser = PARSERS.get(mode.lower())
    if parser is None:
        raise bad_request("unsupported parse_mode")
    return parser(text)


def _fail(reason: str) -> NoReturn:
    raise bad_request(f"can't parse entities: {reason}")


def _byte(text: str, at: int) -> int:
    return len(text[:at].encode())


def _html(text: str) -> tuple[str, list[Json]]:
    draft, stack, at = _Draft(), list[_Open](), 0
    while at < len(text):
        if text[at] == "<":
            match = TAG.match(text, at)
            if match is None:
                _fail(f"Unclosed start tag at byte offset {_byte(text, at)}")
            at = match.end()
            (_end_tag if match[1] else _start_tag)(text, match, draft, stack)
        elif match := CHARACTER.match(text, at):
            draft.add(_character(match[0]))
            at = match.end()
        else:
            draft.add(text[at])
            at += 1
    if stack:
        _fail(f'Can\'t find end tag corresponding to start tag "{stack[-1].tag}"')
    return draft.result()


def _character(reference: str) -> str:
    if reference in NAMED_CHARACTERS:
        return NAMED_CHARACTERS[reference]
    code = int(reference[3:-1], 16) if reference[2] in "xX" else int(reference[2:-1])
    return chr(code) if 0 < code < 0x110000 and not 0xD800 <= code < 0xE000 else reference


def _start_tag(text: str, match: re.Match[str], draft: _Draft, stack: list[_Open]) -> None:
    tag = match[2].lower()
    place = _byte(text, match.start())
    if tag not in HTML_TAGS:
        _fail(f'Unsupported start tag "{tag}" at byte offset {place}')
    attributes = {name.lower(): a or b or c for name, a, b, c in ATTRIBUTE.findall(match[3])}
    if tag == "span" and attributes.get("class") != "tg-spoiler":
        _fail(f'Tag "span" must have class "tg-spoiler" at byte offset {place}')
    kind, extra = HTML_TAGS[tag], dict[str, str]()
    if tag == "a":
        extra["url"] = CHARACTER.sub(lambda found: _character(found[0]), attributes.get("href", ""))
    elif tag == "tg-emoji":
        extra["custom_emoji_id"] = attributes.get("emoji-id", "")
    elif tag == "blockquote" and "expandable" in attributes:
        kind = "expandable_blockquote"
    elif tag == "code" and stack and stack[-1].tag == "pre" and attributes.get("class", "").startswith("language-"):
        extra["language"] = attributes["class"].removeprefix("language-")
    stack.append(_Open(kind, draft.size, match.start(), tag, extra))


def _end_tag(text: str, match: re.Match[str], draft: _Draft, stack: list[_Open]) -> None:
    tag, place = match[2].lower(), _byte(text, match.start())
    if not stack:
        _fail(f"Unexpected end tag at byte offset {place}")
    opened = stack.pop()
    if opened.tag != tag:
        _fail(f'Unmatched end tag at byte offset {place}, expected "</{opened.tag}>", found "</{tag}>"')
    if tag == "a" and not opened.extra["url"]:
        return  # a link without an address is plain text
    if tag == "code" and stack and stack[-1].tag == "pre":
        # <pre><code class="language-x"> is one block; the language belongs to the outer tag.
        stack[-1].extra.update(opened.extra)
        return
    draft.close(opened.kind, opened.offset, **opened.extra)


def _markdown_v2(text: str) -> tuple[str, list[Json]]:
    return _MarkdownV2(text).read()


class _MarkdownV2:
    """Reads MarkdownV2 from left to right; `stack` holds what is open, `quote` the block quotation we are in."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.draft = _Draft()
        self.stack: list[_Open] = []
        self.quote: _Open | None = None

    def read(self) -> tuple[str, list[Json]]:
        while self.at < len(self.text):
            if not (self._escape() or self._close() or self._quote() or self._open()):
                self._plain()
        if self.stack:
            self._unfinished(self.stack[-1])
        self._end_quote()
        return self.draft.result()

    def _within(self) -> str:
        return self.stack[-1].kind if self.stack else ""

    def _escape(self) -> bool:
        if self.text[self.at] != "\\" or not "\x01" <= self.text[self.at + 1 : self.at + 2] <= "\x7e":
            return False
        self.draft.add(self.text[self.at + 1])
        self.at += 2
        return True

    def _close(self) -> bool:
        kind = self._within()
        if not kind or not self.text.startswith(CLOSERS[kind], self.at):
            return False
        if kind == "italic" and self.text.startswith("__", self.at):
            return False  # two underscores open or close an underline first
        opened = self.stack.pop()
        self.at += len(CLOSERS[kind])
        if kind in ("text_link", "custom_emoji"):
            self._close_link(opened)
        else:
            self.draft.close(kind, opened.offset, **opened.extra)
        return True

    def _close_link(self, opened: _Open) -> None:
        start = self.at
        match = re.compile(r"\(((?:\\.|[^)\\])*)\)", re.DOTALL).match(self.text, start)
        if match is None:
            if opened.kind == "text_link" and not self.text.startswith("(", start):
                return  # [text] without an address is plain text
            _fail(f"Can't find end of a URL at byte offset {_byte(self.text, start)}")
        self.at = match.end()
        url = re.sub(r"\\([\x01-\x7e])", r"\1", match[1])
        if opened.kind == "custom_emoji":
            self.draft.close("custom_emoji", opened.offset, custom_emoji_id=url.rpartition("id=")[2])
        elif url:
            self.draft.close("text_link", opened.offset, url=url)

    def _quote(self) -> bool:
        """Block quotations are lines that start with `>`; `**>` starts a new one, `||` at its end folds it."""
        if self._within() in ("code", "pre"):
            return False
        if self.quote and self.text[self.at] == "\n":
            self.at += 1
            if not self.text.startswith(">", self.at):
                self._end_quote()
            else:
                self.at += 1
            self.draft.add("\n")
            return True
        for mark in ("**>", ">"):
            if self.text.startswith(mark, self.at) and (self.at == 0 or self.text[self.at - 1] == "\n"):
                self._end_quote()
                self.quote = _Open("blockquote", self.draft.size, self.at)
                self.at += len(mark)
                return True
        return False

    def _end_quote(self) -> None:
        if self.quote is not None:
            self.draft.close(self.quote.kind, self.quote.offset)
            self.quote = None

    def _open(self) -> bool:
        if self._within() in ("code", "pre"):
            return False
        for kind, (mark, _) in MARKS.items():
            if self.text.startswith(mark, self.at):
                if kind == "spoiler" and self.quote and self._at_line_end(self.at + 2):
                    self.quote = _Open("expandable_blockquote", self.quote.offset, self.quote.at)
                    self.at += 2
                    return True
                extra = self._language() if kind == "pre" else {}
                self.stack.append(_Open(kind, self.draft.size, self.at, extra=extra))
                self.at += len(mark)
                if kind == "pre":
                    self.at += len(extra.get("language", ""))
                    self.at += self.text.startswith("\n", self.at)
                return True
        return False

    def _at_line_end(self, at: int) -> bool:
        return self.text[at : at + 1] in ("", "\n")

    def _language(self) -> dict[str, str]:
        match = re.compile(r"```([^\s`]+)\n").match(self.text, self.at)
        return {"language": match[1]} if match else {}

    def _plain(self) -> None:
        character = self.text[self.at]
        if character in RESERVED and self._within() not in ("code", "pre"):
            _fail(f"Character '{character}' is reserved and must be escaped with the preceding '\\'")
        self.draft.add(character)
        self.at += 1

    def _unfinished(self, opened: _Open) -> NoReturn:
        name = "PreCode" if "language" in opened.extra else MARKS[opened.kind][1]
        _fail(f"Can't find end of {name} entity at byte offset {_byte(self.text, opened.at)}")


def _markdown(text: str) -> tuple[str, list[Json]]:
    """The old Markdown: no nesting, no underline; a backslash escapes only what could open an entity."""
    draft, at = _Draft(), 0
    span = re.compile(r"```(?:([^\s`]+)\n)?(.*?)```|`([^`]*)`|\*([^*]*)\*|_([^_]*)_|\[([^\]]*)\]\(([^)]*)\)", re.DOTALL)
    while at < len(text):
        if text[at] == "\\" and text[at + 1 : at + 2] in tuple("_*`["):
            draft.add(text[at + 1])
            at += 2
        elif match := span.match(text, at):
            _add_span(draft, match)
            at = match.end()
        elif text[at] in "_*`":
            _fail(f"Can't find end of the entity starting at byte offset {_byte(text, at)}")
        else:
            draft.add(text[at])
            at += 1
    return draft.result()


def _add_span(draft: _Draft, match: re.Match[str]) -> None:
    language, pre, code, bold, italic, label, url = match.groups()
    kinds = {"pre": pre, "code": code, "bold": bold, "italic": italic, "text_link": label}
    kind = next(kind for kind, content in kinds.items() if content is not None)
    offset = draft.size
    draft.add(kinds[kind] or "")
    if kind != "text_link" or url:
        extra = {"language": language, "url": url}
        draft.close(kind, offset, **{name: value for name, value in extra.items() if value})


PARSERS: dict[str, Callable[[str], tuple[str, list[Json]]]] = {
    "html": _html,
    "markdownv2": _markdown_v2,
    "markdown": _markdown,
}
