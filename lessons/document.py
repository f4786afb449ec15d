"""A YAML document as a tree of nodes that know their lines. Imports only `problem`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeAlias

import yaml

from lessons.problem import Problem

Key: TypeAlias = str | int


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


def read(text: str, file: Path, first_line: int = 1) -> tuple[Node, list[Problem]]:
    """Parse YAML text that starts at `first_line` of `file`. What cannot be read is left out and reported."""
    reading = _Reading(file, first_line)
    try:
        root = yaml.compose(text, yaml.SafeLoader)
        aliased = any(isinstance(token, yaml.AliasToken) for token in yaml.scan(text, yaml.SafeLoader))
    except yaml.MarkedYAMLError as error:
        line = first_line + (error.problem_mark.line if error.problem_mark else 0)
        return Node(file, first_line, None), [Problem(file, line, f"{error.problem}", "well-formed YAML")]
    except yaml.YAMLError as error:  # a character that YAML does not allow
        return Node(file, first_line, None), [Problem(file, first_line, f"{error}".splitlines()[0], "well-formed YAML")]
    if aliased:  # and an alias of itself would have no end
        return Node(file, first_line, None), [
            Problem(file, first_line, "a YAML alias (`*name`)", "each value written out")
        ]
    if root is None:
        return Node(file, first_line, None), []
    return reading.node(root, reading.line(root)), reading.problems


class _Reading:
    """Makes nodes from PyYAML's, and collects what is wrong with them."""

    def __init__(self, file: Path, first_line: int) -> None:
        self.file = file
        self.first_line = first_line
        self.problems: list[Problem] = []
        self.constructor = yaml.SafeLoader("")

    def line(self, node: yaml.Node) -> int:
        return self.first_line + node.start_mark.line

    def node(self, node: yaml.Node, line: int) -> Node:
        if isinstance(node, yaml.MappingNode):
            children = self.mapping(node)
            return Node(self.file, line, {key: child.value for key, child in children.items()}, children)
        if isinstance(node, yaml.SequenceNode):
            listed: dict[Key, Node] = {
                index: self.node(child, self.line(child)) for index, child in enumerate(node.value)
            }
            return Node(self.file, line, [child.value for child in listed.values()], listed)
        return Node(self.file, line, self.scalar(node))

    def mapping(self, node: yaml.MappingNode) -> dict[Key, Node]:
        children: dict[Key, Node] = {}
        for key_node, value_node in node.value:
            line = self.line(key_node)
            key = key_node.value if isinstance(key_node, yaml.ScalarNode) else "a list or mapping"
            if key in children:  # YAML itself would silently take the last one
                self.problems.append(Problem(self.file, line, f"`{key}` a second time", "each key once"))
            else:
                children[key] = self.node(value_node, line)
        return children

    def scalar(self, node: yaml.Node) -> object:
        try:
            return self.constructor.construct_object(node)
        except (
            yaml.YAMLError,
            ValueError,
            LookupError,
        ):  # an unknown tag, a date that does not exist, `!!int` of nothing
            self.problems.append(
                Problem(self.file, self.line(node), f"`{node.value}`", "a text, a number, true or false")
            )
            return None
