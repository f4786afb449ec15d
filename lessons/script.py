"""Literals in a script's text: where they stand, and how to put others in their place. Pure."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import accumulate

from lessons.model import Literal

_INNER = (
    # What stands in these does not run with the script, or has names of its own ...
    *(ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda, ast.ClassDef),
    *(ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp),
    # ... and inside of an f-string Python 3.11 gives wrong positions.
    ast.JoinedStr,
)


@dataclass(frozen=True, slots=True)
class LiteralPlace:
    """Where a literal stands in a source."""

    value: Literal
    line: int
    """Counted from 1."""
    start: int
    end: int
    """Bytes in the source's UTF-8, which is what Python's syntax tree counts."""


class SiteError(ValueError):
    """A source has no such literal, or more than one. The message says which."""


class Script:
    """A script's source with its literals. Raises SyntaxError or ValueError when the source is not Python."""

    def __init__(self, source: str) -> None:
        self.source = source
        tree = ast.parse(source)
        self._nodes = tuple(_module_level(tree))
        self._body = tree.body
        # Python ends a line at these and at nothing else, unlike str.splitlines.
        lengths = [len(line) for line in re.split(rb"(?<=\n)|(?<=\r)(?!\n)", source.encode())]
        self._starts = list(accumulate(lengths, initial=0))

    def assigned(self) -> dict[str, LiteralPlace]:
        """The literals assigned at module level, by name, in their order.

        A name that is bound more than once is left out: one literal alone does not decide its value.
        """
        found = {}
        for statement in self._body:
            match statement:
                case (
                    ast.Assign(targets=[ast.Name(id=name)], value=value)
                    | ast.AnnAssign(target=ast.Name(id=name), value=ast.expr() as value)
                ):
                    site = self._site(value)
                    if site and len(self._bindings(name)) == 1:
                        found[name] = site
        return found

    def site(self, name: str, replaces: str = "") -> LiteralPlace:
        """The literal that sets the parameter `name`.

        That is the one assigned to this name at module level; where nothing is, the one given as a keyword argument of
        this name in a call at module level. With `replaces`, it is the one given as the keyword argument of that name.

        Raises SiteError where there is none, or more than one.
        """
        bindings = self._bindings(name)
        if replaces or not bindings:
            return self._keyword(replaces or name)
        if len(bindings) > 1:
            lines = " and ".join(f"{line}" for line in bindings)
            raise SiteError(f"`{name}` is assigned more than once, on lines {lines}")
        if name not in self.assigned():
            raise SiteError(f"`{name}` is assigned on line {bindings[0]}, but not as a literal of its own")
        return self.assigned()[name]

    def replaced(self, texts: Mapping[LiteralPlace, str]) -> str:
        """The source with these texts at these sites, and every other byte as it is."""
        encoded = self.source.encode()
        for site in sorted(texts, key=lambda site: site.start, reverse=True):
            encoded = encoded[: site.start] + texts[site].encode() + encoded[site.end :]
        return encoded.decode()

    def _keyword(self, name: str) -> LiteralPlace:
        values = (node.value for node in self._nodes if isinstance(node, ast.keyword) and node.arg == name)
        sites = sorted((site for site in map(self._site, values) if site), key=lambda site: site.start)
        if len(sites) == 1:
            return sites[0]
        if not sites:
            raise SiteError(f"no literal is assigned to `{name}` or given as an argument `{name}=`")
        lines = " and ".join(f"{site.line}" for site in sites)
        raise SiteError(f"`{name}=` is given more than once, on lines {lines}")

    def _bindings(self, name: str) -> list[int]:
        """The lines where the module binds this name, in whatever way."""
        stores = (node for node in self._nodes if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store))
        return sorted(node.lineno for node in stores if node.id == name)

    def _site(self, node: ast.expr) -> LiteralPlace | None:
        """The site of this expression, if it is a literal."""
        value = _literal(node)
        if value is None or node.end_lineno is None or node.end_col_offset is None:
            return None
        start = self._starts[node.lineno - 1] + node.col_offset
        end = self._starts[node.end_lineno - 1] + node.end_col_offset
        return LiteralPlace(value, node.lineno, start, end)


def _module_level(tree: ast.Module) -> Iterator[ast.AST]:
    """Every node that is evaluated when the script runs, apart from what functions and classes hold."""
    waiting: list[ast.AST] = [tree]
    while waiting:
        node = waiting.pop()
        if not isinstance(node, _INNER):
            yield node
            waiting.extend(ast.iter_child_nodes(node))


def _literal(node: ast.expr) -> Literal | None:
    match node:
        case ast.Constant(value=bool() | int() | float() | str() as value):
            return value
        case ast.UnaryOp(op=ast.USub(), operand=ast.Constant(value=int() | float() as value)):
            return None if isinstance(value, bool) else -value
    return None
