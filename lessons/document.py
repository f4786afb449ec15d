"""A YAML document as a tree of nodes that know their lines. Imports only `problem` and `misread`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeAlias

import yaml

from lessons import misread
from lessons.misread import Misread
from lessons.problem import Problem

Key: TypeAlias = str | int
_NAMES = (yaml.AnchorToken, yaml.AliasToken)
_EXPONENT = re.compile(r"[-+]?(?:\d+\.?\d*|\.\d+)[eE][-+]?\d+")


@dataclass(frozen=True, slots=True)
class Node:
    """A value in a YAML document: of a mapping, a list or a scalar.

    The readers (`text`, `number`, `items`) are lenient: what is missing or of another type reads as empty. So a rule
    can look at a document whose shape is wrong somewhere, and all that is wrong with it is said at once.
    """

    file: Path
    line: int
    """Counted from 1; where the value has a key, the key's line."""
    value: object
    children: Mapping[Key, Node] = field(default_factory=dict)

    def at(self, *path: Key) -> Node:
        """The node at this path, or the last one on the way that exists."""
        node = self
        for key in path:
            if key not in node.children:
                break
            node = node.children[key]
        return node

    def has(self, key: str) -> bool:
        return key in self.children

    def text(self, key: str) -> str:
        value = self.at(key).value if self.has(key) else ""
        return value if isinstance(value, str) else ""

    def number(self, key: str) -> float | None:
        value = self.at(key).value if self.has(key) else None
        return value if isinstance(value, int | float) and not isinstance(value, bool) else None

    def items(self, key: str) -> tuple[Node, ...]:
        """The nodes of the list at this key."""
        node = self.children.get(key)
        return tuple(node.children.values()) if node and isinstance(node.value, list) else ()

    def texts(self, key: str) -> tuple[tuple[str, Node], ...]:
        """The texts in the list at this key, each with its node."""
        return tuple((node.value, node) for node in self.items(key) if isinstance(node.value, str))

    def problem(self, found: str, expected: str) -> Problem:
        return Problem(self.file, self.line, found, expected)


def read(
    text: str, file: Path, first_line: int = 1, numeric: frozenset[str] = frozenset()
) -> tuple[Node, list[Problem]]:
    """Parse YAML text that starts at `first_line` of `file`. What cannot be read is left out and reported, and so is
    what YAML reads as something else than it looks.

    `numeric` are the keys whose values are numbers: there `1e-3` is one, which YAML takes for a text.
    """
    reading = _Reading(file, first_line, text, numeric)
    nothing = Node(file, first_line, None)
    try:
        root = yaml.compose(text, yaml.SafeLoader)
        names = [token for token in yaml.scan(text, yaml.SafeLoader) if isinstance(token, _NAMES)]
    except yaml.YAMLError as error:
        return nothing, [reading.problem(misread.refused(error, text))]
    if any(isinstance(name, yaml.AliasToken) for name in names):  # an alias of itself would have no end
        line = first_line + names[0].start_mark.line
        return nothing, [Problem(file, line, "a YAML alias (`*name`)", "each value written out, a text in quotes")]
    if root is None:
        return nothing, []
    for name in names:
        found = f"`&{name.value}`, which YAML takes for the name of what follows"
        reading.problems.append(Problem(file, first_line + name.start_mark.line, found, "the text in quotes"))
    return reading.node(root, reading.line(root)), reading.problems


class _Reading:
    """Makes nodes from PyYAML's, and collects what is wrong with them."""

    def __init__(self, file: Path, first_line: int, text: str, numeric: frozenset[str]) -> None:
        self.file = file
        self.first_line = first_line
        self.text = text
        self.numeric = numeric
        self.problems: list[Problem] = []
        self.constructor = yaml.SafeLoader("")

    def line(self, node: yaml.Node) -> int:
        return self.first_line + node.start_mark.line

    def problem(self, found: Misread) -> Problem:
        """Lines that it names count in the file."""

        def counted(words: str) -> str:
            return re.sub(r"\{line:(\d+)\}", lambda number: str(self.first_line + int(number[1])), words)

        return Problem(self.file, self.first_line + found.line, counted(found.found), counted(found.expected))

    def node(self, node: yaml.Node, line: int, numeric: bool = False) -> Node:
        if isinstance(node, yaml.MappingNode):
            children = self.mapping(node)
            return Node(self.file, line, {key: child.value for key, child in children.items()}, children)
        if isinstance(node, yaml.SequenceNode):
            listed: dict[Key, Node] = {
                index: self.node(child, self.line(child), numeric) for index, child in enumerate(node.value)
            }
            return Node(self.file, line, [child.value for child in listed.values()], listed)
        assert isinstance(node, yaml.ScalarNode)
        return Node(self.file, line, self.scalar(node, numeric))

    def mapping(self, node: yaml.MappingNode) -> dict[Key, Node]:
        children: dict[Key, Node] = {}
        for key_node, value_node in node.value:
            line = self.line(key_node)
            key = key_node.value if isinstance(key_node, yaml.ScalarNode) else "a list or mapping"
            if key in children:  # YAML itself would silently take the last one
                self.problems.append(Problem(self.file, line, f"`{key}` a second time", "each key once"))
            else:
                children[key] = self.node(value_node, line, key in self.numeric)
        return children

    def scalar(self, node: yaml.ScalarNode, numeric: bool) -> object:
        if numeric and node.style is None and _EXPONENT.fullmatch(node.value):
            return float(node.value)
        try:
            value: object = self.constructor.construct_object(node)
        except (
            yaml.YAMLError,
            ValueError,
            LookupError,
        ):  # an unknown tag, no such date, `!!int` of nothing
            expected = "a text, a number, true or false; a text in quotes if it begins with a sign"
            self.problems.append(Problem(self.file, self.line(node), f"`{self.written(node)}`", expected))
            return None
        for found, expected in misread.taken_otherwise(node, self.text, value):
            self.problems.append(Problem(self.file, self.line(node), found, expected))
        return value

    def written(self, node: yaml.ScalarNode) -> str:
        return self.text[node.start_mark.index : node.end_mark.index] or f"{node.value}"
