"""Markdown of a course as text and entities. Pure; never for text from people.

`inline` is for questions: one text with a few marks. `blocks` is for a lesson: its paragraphs, lists, tables and
fences, which the reading pages lay out. What Telegram cannot show stands as it was written, and a Remark says so.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from markdown_it import MarkdownIt
from markdown_it.rules_block.table import escapedSplit
from markdown_it.rules_inline import StateInline, link
from markdown_it.rules_inline.state_inline import Delimiter
from markdown_it.token import Token
from markdown_it.tree import SyntaxTreeNode

from bot.telegram import formulas
from bot.telegram.richtext import (
    Part,
    Text,
    bold,
    code,
    italic,
    join,
    lines,
    linkable,
    paragraphs,
    pre,
    quote,
    styled,
    text,
)

TABLE_COLUMNS = 44
"""Characters of a row that a phone shows in one line of a code block; a wider table is written row by row."""

RULE = "————————"
_FENCE = re.compile(r"^ {0,3}(`{3,}|~{3,})[ \t]*(\w*)[^\n`]*\n(.*?)^ {0,3}\1[`~]*[ \t]*$", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True, slots=True)
class Remark:
    """Something that cannot be shown as its author meant it."""

    line: int
    """The line of the source, counted from 0."""
    found: str
    expected: str


@dataclass(frozen=True, slots=True)
class SectionLink:
    """A link to a section of the same lesson."""

    line: int
    section: str


@dataclass(frozen=True, slots=True)
class RichBlock:
    """A paragraph, a list or whatever else stands alone, as it will be shown."""

    text: Text
    line: int
    """The line of the source, counted from 0."""
    parts: tuple[RichBlock, ...] = ()
    """What it may be cut into: a list's items, a quotation's paragraphs; empty for what has no parts."""
    gap: str = "\n\n"
    """What stands between it and the block before."""
    head: Text | None = None
    """A table's first lines, which each of its pieces begins with."""
    leads: bool = False
    """A heading: it stands on the page of what follows."""
    picture: str = ""
    """The file of a picture that belongs here."""
    ways: tuple[SectionLink, ...] = ()
    remarks: tuple[Remark, ...] = ()


@dataclass(frozen=True, slots=True)
class Phrase:
    """A text of a question, as it will be shown."""

    text: Text
    ways: tuple[SectionLink, ...]
    remarks: tuple[Remark, ...]


def inline(source: str) -> Text:
    """A question's text. Its marks are `**bold**`, `*italic*`, `` `code` ``, formulas, web links and code fences; all
    else stands as written."""
    return phrase(source).text


@lru_cache(maxsize=4096)
def phrase(source: str) -> Phrase:
    """The same with what there is to say about it."""
    walk = _Walk(0)
    parts: list[Text] = []
    end = 0
    for fence in _FENCE.finditer(source):
        parts += [walk.words(source[end : fence.start()]), pre(fence[3], fence[2] or None)]
        end = fence.end()
    parts.append(walk.words(source[end:]))
    return Phrase(join("\n", parts), tuple(walk.ways), tuple(walk.remarks))


@lru_cache(maxsize=256)
def blocks(source: str) -> tuple[RichBlock, ...]:
    """The blocks of a lesson's text, in order."""
    tree = SyntaxTreeNode(_LESSON.parse(source))
    rows = source.split("\n")
    made: list[RichBlock] = []
    end = 0
    for node in tree.children:
        first, last = node.map or (end, end)
        apart = not made or not made[-1].text or "" in [row.strip() for row in rows[max(0, end - 1) : first]]
        main, *pictures = _Walk(first, rows).block(node)
        made += [replace(main, gap="\n\n" if apart else "\n"), *pictures]
        end = last
    return tuple(made)


# Which elements of HTML mean something here, and what. Elements without a counterpart stand as they are written.
_STYLES = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "code": "code",
    "kbd": "code",
}
_SCRIPTS: Mapping[str, Callable[[str], str]] = {"sup": formulas.raised, "sub": formulas.lowered}
_BREAK = re.compile(r"<br\s*/?>", re.IGNORECASE)
_NO_PICTURE = re.compile(r"!\[[^\]]*\]\([^)]*\)")
"""What was left as text though it was meant as a picture."""
_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
_TAG = re.compile(r"<(?P<close>/?)(?P<name>[A-Za-z][A-Za-z0-9-]*)(?P<more>[^>]*?)/?>", re.DOTALL)
_HTML = """
    a abbr article aside audio b blockquote body button center cite code dd del details div dl dt em embed figcaption
    figure font footer form h1 h2 h3 h4 h5 h6 head header hr html i iframe img ins kbd li main nav object ol p pre
    script small span strike strong style sub summary sup svg table tbody td tfoot th thead tr u ul video
"""
_ELEMENTS = frozenset(_HTML.split())
"""What is surely HTML: `<s>`, `<start>`, `<input>` or `<mask>` may just as well be a token of a vocabulary."""


class _Walk:
    """Goes through tokens and keeps what it comes across."""

    def __init__(self, line: int, rows: Sequence[str] = ()) -> None:
        self.line = line
        self._rows = rows
        self._named: set[str] = set()
        """Elements whose opening tag was remarked on: their closing tag goes with it."""
        self.remarks: list[Remark] = []
        self.ways: list[SectionLink] = []
        self.pictures: list[str] = []

    def remark(self, found: str, expected: str) -> None:
        self.remarks.append(Remark(self.line, found, expected))

    # Blocks

    def block(self, node: SyntaxTreeNode) -> list[RichBlock]:
        """The block, and one for each picture in it."""
        self.line = node.map[0] if node.map else self.line
        first = self.line
        alone = node.type == "paragraph" and [child.type for child in node.children[0].children] == ["image"]
        made = self.made(node)
        made = replace(made, line=first, ways=tuple(self.ways), remarks=tuple(self.remarks))
        if alone and made.text:
            return [replace(made, text=italic(made.text), picture=self.pictures[0])]
        return [made, *(RichBlock(Text(), first, picture=picture, gap="") for picture in self.pictures)]

    def made(self, node: SyntaxTreeNode) -> RichBlock:
        line = self.line = node.map[0] if node.map else self.line
        match node.type:
            case "paragraph":
                return RichBlock(self.inline(node.children[0]), line)
            case "heading":
                return RichBlock(bold(self.inline(node.children[0])), line, leads=True)
            case "fence":
                return RichBlock(pre(node.content, (node.info.split() or [""])[0] or None), line)
            case "code_block":
                return RichBlock(_indented(node.content), line)
            case "html_block":
                return RichBlock(self.html(node.content), line)
            case "hr":
                return RichBlock(Text(RULE), line)
            case "blockquote":
                return self.quotation(node, line)
            case "bullet_list" | "ordered_list":
                items = tuple(self.items(node, depth=0))
                return RichBlock(lines(*(item.text for item in items)), line, items)
            case "table":
                return self.table(node, line)
        return RichBlock(Text(node.content if node.token else ""), line)  # nothing that the parser makes today

    def quotation(self, node: SyntaxTreeNode, line: int) -> RichBlock:
        """Telegram has no quotation within a quotation: an inner one stands in the outer."""
        inner = [_unquoted(self.made(child)) for child in node.children]
        parts = tuple(replace(block, text=quote(block.text), parts=()) for block in inner if block.text)
        return RichBlock(quote(paragraphs(*(block.text for block in inner))), line, parts if len(parts) > 1 else ())

    def items(self, node: SyntaxTreeNode, depth: int) -> Iterator[RichBlock]:
        number = int(node.attrs.get("start", 1)) if node.type == "ordered_list" else 0
        for i, item in enumerate(node.children):
            line = self.line = item.map[0] if item.map else self.line
            mark = f"{number + i}. " if node.type == "ordered_list" else "• "
            parts: list[Part] = []
            for child in item.children:
                if child.type in ("bullet_list", "ordered_list"):
                    parts += [block.text for block in self.items(child, depth + 1)]
                else:
                    parts.append(self.made(child).text)
            first, *more = parts or [""]
            yield RichBlock(lines(text("  " * depth, mark, first), *more), line, gap="\n")

    def table(self, node: SyntaxTreeNode, line: int) -> RichBlock:
        """In columns where a phone has room for them; else a row a paragraph, each cell behind its column's name."""
        found = [row for group in node.children for row in group.children]
        rows = [[self.cell(cell) for cell in row.children] for row in found]
        for row, of in zip(rows[1:], found[1:], strict=True):
            row += self.further(of, len(row))
        most = max(len(row) for row in rows)
        rows = [[*row, *[Text()] * (most - len(row))] for row in rows]
        widths = [max(len(cell.plain) for cell in column) for column in zip(*rows, strict=True)]
        if sum(widths) + 3 * (len(widths) - 1) <= TABLE_COLUMNS:
            drawn = [" | ".join(c.plain.ljust(w) for c, w in zip(row, widths, strict=True)).rstrip() for row in rows]
            head = f"{drawn[0]}\n{'-+-'.join('-' * width for width in widths)}"
            return RichBlock(pre("\n".join([head, *drawn[1:]])), line, head=Text(head))
        header, *body = rows
        starts = [(row.map or (line, line))[0] for row in found[1:]]
        parts = [RichBlock(_spelled(header, row), start) for row, start in zip(body, starts, strict=True)]
        if not parts:
            return RichBlock(join(" · ", header), line)
        return RichBlock(paragraphs(*(part.text for part in parts)), line, tuple(parts))

    def further(self, node: SyntaxTreeNode, columns: int) -> list[Text]:
        """Cells beyond the columns that the table has: Markdown passes over them in silence."""
        self.line = (node.map or (len(self._rows), 0))[0]
        if self.line >= len(self._rows):
            return []
        cells = [cell.strip() for cell in escapedSplit(self._rows[self.line].strip().lstrip("> "))]
        cells = cells[not cells[0] : len(cells) - (not cells[-1])]
        if len(cells) > columns:
            self.remark(f"a row of {len(cells)} cells in a table of {columns} columns", "as many cells as columns")
        return [self.tokens(_LESSON.parseInline(cell, {})[0].children or []) for cell in cells[columns:]]

    def cell(self, node: SyntaxTreeNode) -> Text:
        """The text of a cell, on one line."""
        made = self.inline(node.children[0]) if node.children else Text()
        return Text(made.plain.replace("\n", " "), made.entities)

    def html(self, source: str) -> Text:
        """A block that begins with a tag: its comments are left out, and the marks in it count as anywhere."""
        kept = _COMMENT.sub(lambda found: "\n" * found[0].count("\n"), source)
        self.line += len(kept) - len(kept.lstrip("\n"))
        return self.tokens(_LESSON.parseInline(kept.strip("\n"), {})[0].children or [])

    # Inline

    def words(self, source: str) -> Text:
        """A question's text outside of fences."""
        made = (
            self.tokens(_QUESTION.parseInline(source.strip("\n"), {})[0].children or []) if source.strip() else Text()
        )
        self.line += source.count("\n")
        return made

    def inline(self, node: SyntaxTreeNode) -> Text:
        token = node.token
        assert token, "an inline node is one token"
        self.line = token.map[0] if token.map else self.line
        return self.tokens(token.children or [])

    def tokens(self, tokens: Sequence[Token]) -> Text:
        """What is open is a stack: of each mark or tag what closes it, and the parts within."""
        partners = _partners(tokens)
        stack: list[list[Part]] = [[]]
        for i, token in enumerate(tokens):
            if token.type == "html_inline" and i in partners:
                opens = partners[i] > i
            else:
                opens = token.nesting > 0
                if token.nesting == 0:
                    stack[-1].append(self.single(token))
                    continue
            if opens:
                stack.append([])
            else:
                inner = text(*stack.pop())
                stack[-1].append(self.around(tokens[partners[i]], inner))
        return text(*stack[0])

    def single(self, token: Token) -> Part:
        """A token that holds nothing."""
        if token.type in ("softbreak", "hardbreak"):
            self.line += 1
            return "\n"
        shown: Part = token.content
        if token.type == "code_inline":
            shown = code(token.content)
        elif token.type == "formula":
            shown = self.formula(token)
        elif token.type == "image":
            self.pictures.append(str(token.attrs.get("src", "")))
            shown = text(*(self.single(child) for child in token.children or [] if child.nesting == 0))
        elif token.type == "html_inline":
            shown = self.tag(token.content)
        elif unread := _NO_PICTURE.search(token.content):
            self.remark(f"`{unread[0]}`, which is no picture", "a file name without spaces: `![words](my-file.png)`")
        self.line += token.content.count("\n")
        return shown

    def formula(self, token: Token) -> Part:
        try:
            return formulas.shown(token.content)
        except formulas.TooRich as error:
            self.remark(f"the formula `{token.markup}`: {error}", "signs that plain text has, or a picture of it")
            return token.markup

    def tag(self, source: str) -> Part:
        """A tag without its other half."""
        if source.startswith("<!--"):
            return ""
        if _BREAK.fullmatch(source):
            return "\n"
        found = _TAG.fullmatch(source)
        if found and found["name"].lower() in _ELEMENTS and ("=" in found["more"] or not found["more"].strip()):
            name = found["name"].lower()
            if found["close"] and name in self._named:
                return source
            self._named.add(name)
            known = name in _STYLES or name in _SCRIPTS
            wanted = f"`<{name}>` and `</{name}>`" if known else "Markdown, or the tag in backticks to show it"
            self.remark(f"the HTML tag `{source}`" + (" alone" if known else ""), wanted)
        return source

    def around(self, opening: Token, inner: Text) -> Part:
        match opening.type:
            case "strong_open":
                return bold(inner)
            case "em_open":
                return italic(inner)
            case "s_open":
                return styled(inner, "strikethrough")
            case "link_open":
                return self.link(str(opening.attrs.get("href", "")), inner)
        name = opening.content[1:-1].strip().lower()
        if name in _SCRIPTS:
            return _SCRIPTS[name](inner.plain)
        return code(inner.plain) if _STYLES[name] == "code" else styled(inner, _STYLES[name])

    def link(self, url: str, inner: Text) -> Part:
        """What Telegram cannot link stands as its words."""
        if linkable(url):
            return styled(inner, "text_link", url=url)
        if url.startswith("#"):
            self.ways.append(SectionLink(self.line, url[1:]))
            return inner
        if url.lower().startswith("mailto:"):  # Telegram makes a way of the bare address
            address = url[7:].partition("?")[0]
            return inner if inner.plain == address else text(inner, f" ({address})")
        expected = "a web address with https://, or #section"
        self.remark(f"a link to `{_LESSON.normalizeLinkText(url)}`, which Telegram cannot open", expected)
        return inner


def _partners(tokens: Sequence[Token]) -> dict[int, int]:
    """For each token that opens or closes something, where its other half is. Tags that cross Markdown's marks, or are
    of no use here, have none."""
    partners: dict[int, int] = {}
    opened: list[int] = []
    for i, token in enumerate(tokens):
        name = _name(token)
        if token.nesting > 0 or (name and not name.startswith("/")):
            opened.append(i)
        elif token.nesting < 0:
            while tokens[opened[-1]].type == "html_inline":
                opened.pop()
            partners[i] = opened.pop()
            partners[partners[i]] = i
        elif name and opened and _name(tokens[opened[-1]]) == name[1:]:
            partners[i] = opened.pop()
            partners[partners[i]] = i
    return partners


def _name(token: Token) -> str:
    """`b` or `/b` of a plain tag that means something here; else empty."""
    name = token.content[1:-1].strip().lower() if token.type == "html_inline" else ""
    return name if name.removeprefix("/") in _STYLES.keys() | _SCRIPTS.keys() else ""


def _indented(content: str) -> Text:
    """A code block by indentation. A whole fence that was indented so far is taken as the fence it is."""
    fence = _FENCE.fullmatch("\n".join(row.strip() if set(row.strip()[:3]) in ({"`"}, {"~"}) else row
                                       for row in content.strip("\n").split("\n")))  # fmt: skip
    return pre(fence[3], fence[2] or None) if fence else pre(content)


def _unquoted(block: RichBlock) -> RichBlock:
    kept = tuple(entity for entity in block.text.entities if entity.type != "blockquote")
    return replace(block, text=Text(block.text.plain, kept))


def _spelled(header: Sequence[Text], row: Sequence[Text]) -> Text:
    """A row of a wide table: its first cell, then the others behind their columns' names."""
    first, *others = zip(header, row, strict=True)
    named = [join(": ", [name, cell]) for name, cell in others if cell]
    return lines(bold(first[1]) if first[1] else "", *named)


# Rules of Markdown that differ here

_OPENERS, _CLOSERS = frozenset("([{"), frozenset(")]}")


def _in_word(letter: str) -> bool:
    """Whether a mark next to this letter stands inside of a word. Scripts that write words without spaces have none."""
    return letter.isalnum() and not ("\u2e80" <= letter <= "\ud7ff" or "\uf900" <= letter <= "\ufaff")


def _emphasis(state: StateInline, silent: bool) -> bool:
    """`*it*` and `**bold**` at the borders of words: `2*3*4` and `x**2` stand as they are, and so does `__init__`."""
    mark = state.src[state.pos]
    if silent or mark not in "*_":
        return False
    scanned = state.scanDelims(state.pos, mark == "*")
    before = state.src[state.pos - 1 : state.pos]
    after = state.src[state.pos + scanned.length : state.pos + scanned.length + 1]
    counts = mark == "*" or (scanned.length == 1 and state.md is _LESSON)
    can_open = counts and scanned.can_open and not _in_word(before) and before not in _CLOSERS
    can_close = counts and scanned.can_close and not _in_word(after) and after not in _OPENERS
    for _ in range(scanned.length):
        token = state.push("text", "", 0)
        token.content = mark
        place = len(state.tokens) - 1
        state.delimiters.append(Delimiter(ord(mark), scanned.length, place, -1, can_open, can_close))
    state.pos += scanned.length
    return True


_DOLLARS = re.compile(r"\$\$(?=\S)([^$`]+?)(?<=\S)\$\$|\$(?=[^\s$])([^$`\n]*?)(?<=\S)\$(?![\w{($])", re.DOTALL)
_DISPLAY = re.compile(r"\$\$\s*([^$`]+?)\s*\$\$", re.DOTALL)
_BACKSLASHES = re.compile(r"\\\((.+?)\\\)|\\\[(.+?)\\\]", re.DOTALL)


def _formula(state: StateInline, silent: bool) -> bool:
    """`$...$`, `$$...$$`, `\\(...\\)` and `\\[...\\]`. Money and variables of a shell stand as they are."""
    src, pos = state.src, state.pos
    if src[pos] == "$":
        found = _DISPLAY.match(src, pos, state.posMax) or _DOLLARS.match(src, pos, state.posMax)
    else:
        found = _BACKSLASHES.match(src, pos, state.posMax)
    content = next((group for group in found.groups() if group), "") if found else ""
    if not found or not content or not (src[pos] == "\\" or src.startswith("$$", pos) or formulas.is_formula(content)):
        return False
    if not silent:
        token = state.push("formula", "", 0)
        token.content, token.markup = content, found[0]
    state.pos = found.end()
    return True


_ESCAPE = re.compile(r"\\([*_`$<\[])")


def _escape(state: StateInline, silent: bool) -> bool:
    """In questions a backslash takes away the meaning of a mark that has one, and stands as it is before all else."""
    found = _ESCAPE.match(state.src, state.pos, state.posMax)
    if not found:
        return False
    if not silent:
        token = state.push("text_special", "", 0)
        token.content, token.markup, token.info = found[1], found[0], "escape"
    state.pos = found.end()
    return True


_LOOKS_LIKE_A_LINK = re.compile(r"[/:#]|\.(?:md|html?|pdf|ipynb|png|jpe?g)$", re.IGNORECASE)


def _link(state: StateInline, silent: bool) -> bool:
    """In questions `[0, 1](x)` is no link but a text: a link leads to a web address, to a section or to a file."""
    pos, pending = state.pos, state.pending
    kept = len(state.tokens), len(state.delimiters)
    if not link(state, silent):
        return False
    if silent:
        return True
    opening = next(token for token in state.tokens[kept[0] :] if token.type == "link_open")
    if _LOOKS_LIKE_A_LINK.search(str(opening.attrs["href"])):
        return True
    del state.tokens[kept[0] :], state.tokens_meta[kept[0] :], state.delimiters[kept[1] :]
    state.pos, state.pending = pos, pending
    return False


def _parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"maxNesting": 60}).enable(["table", "strikethrough"])
    parser.validateLink = lambda url: True  # type: ignore[method-assign]  # `javascript:` is a link too: one that Telegram refuses
    parser.inline.ruler.at("emphasis", _emphasis)
    parser.inline.ruler.before("escape", "formula", _formula)
    return parser


_LESSON = _parser()
_QUESTION = _parser().disable(["strikethrough", "image"])
_QUESTION.inline.ruler.at("escape", _escape)
_QUESTION.inline.ruler.at("link", _link)
