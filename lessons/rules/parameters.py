"""Parameters: each has its one literal in the source, and bounds that hold its values."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator

from lessons.document import Node
from lessons.forms import shown
from lessons.model import Literal, Parameter
from lessons.parameters import admits, expectation
from lessons.problem import Problem
from lessons.script import LiteralPlace, Script, SiteError


def problems(example: Node, script: Script | None) -> Iterator[Problem]:
    """What is wrong with the parameters of one example; `script` is None where its source cannot be read."""
    known: dict[str, tuple[Node, Parameter]] = {}
    for node in example.items("parameters"):
        parameter = _parameter(node)
        if parameter and parameter.name in known:
            yield node.at("name").problem(f"parameter `{parameter.name}` again", "each name once in an example")
        elif parameter:
            known[parameter.name] = node, parameter
            yield from _bounds(node, parameter)
            yield from _values(node, parameter)
            yield from _template(node, parameter)
    if script:
        yield from _places(known.values(), script)


def _places(parameters: Iterable[tuple[Node, Parameter]], script: Script) -> Iterator[Problem]:
    """Each parameter has a literal of its own in the source, and its default is that literal."""
    taken: dict[LiteralPlace, str] = {}
    for node, parameter in parameters:
        try:
            site = script.site(parameter.name, parameter.replaces)
        except SiteError as error:
            yield node.at("replaces" if parameter.replaces else "name").problem(f"{error}", "one literal in the source")
            continue
        yield from _default(node, parameter, site)
        other = taken.setdefault(site, parameter.name)
        if other != parameter.name:
            found = f"`{parameter.name}` changes the same literal as `{other}`, on line {site.line}"
            yield node.problem(found, "a literal for each parameter")


def _parameter(node: Node) -> Parameter | None:
    """The parameter as far as its node can be understood: rules speak up even where something else is wrong."""
    default = node.at("default").value
    if not node.text("name") or not isinstance(default, int | float | str):
        return None
    return Parameter(
        name=node.text("name"),
        default=default,
        title=node.text("title"),
        minimum=node.number("minimum"),
        maximum=node.number("maximum"),
        choices=tuple(_literals(node.items("choices"))),
        presets=tuple(_literals(node.items("presets"))),
        replaces=node.text("replaces"),
        template=node.text("template"),
    )


def _literals(nodes: Iterable[Node]) -> Iterator[Literal]:
    return (node.value for node in nodes if isinstance(node.value, int | float | str))


def _bounds(node: Node, parameter: Parameter) -> Iterator[Problem]:
    """A learner's value is never without limits."""
    low, high = parameter.minimum, parameter.maximum
    if low is not None and high is not None and low > high:
        yield node.at("minimum").problem(f"`minimum` {low:g} above `maximum` {high:g}", "the smaller one first")
    if parameter.choices or isinstance(parameter.default, bool):
        for key in ("minimum", "maximum"):
            if node.has(key):
                yield node.at(key).problem(f"`{key}` for `{parameter.name}`", "none: its values are counted out")
    elif isinstance(parameter.default, str):
        yield node.problem(f"no `choices` for `{parameter.name}`, a text", "them: the texts that are allowed")
    elif low is None or high is None:
        yield node.problem(f"no bounds for `{parameter.name}`", "`minimum` and `maximum`, or `choices`")


def _values(node: Node, parameter: Parameter) -> Iterator[Problem]:
    """Default, choices and presets are values that a learner could give."""
    named = [("default", node.at("default"))]
    named += [(key, item) for key in ("choices", "presets") for item in node.items(key)]
    for key, item in named:
        if isinstance(item.value, int | float | str) and not _is_allowed(parameter, item.value):
            yield item.problem(f"{shown(item.value)} in `{key}` of `{parameter.name}`", expectation(parameter))
    if parameter.presets and parameter.default not in parameter.presets:
        found = f"`presets` of `{parameter.name}` without the default {shown(parameter.default)}"
        yield node.at("presets").problem(found, "the default among them")


def _is_allowed(parameter: Parameter, value: Literal) -> bool:
    whole_for_fraction = isinstance(parameter.default, float) and type(value) is int
    return (type(value) is type(parameter.default) or whole_for_fraction) and admits(parameter, value)


def _template(node: Node, parameter: Parameter) -> Iterator[Problem]:
    if bool(parameter.replaces) != bool(parameter.template):
        yield node.problem("only one of `replaces` and `template`", "both or neither")
    elif parameter.template:
        try:
            ast.parse(parameter.template.replace("{value}", repr(parameter.default)), mode="eval")
        except (SyntaxError, ValueError):
            yield node.at("template").problem(f"`{parameter.template}`", "a Python expression around {value}")
        if "{value}" not in parameter.template:
            yield node.at("template").problem(f"`{parameter.template}` without {{value}}", "{value} in it")


def _default(node: Node, parameter: Parameter, site: LiteralPlace) -> Iterator[Problem]:
    same = type(parameter.default) is type(site.value) and parameter.default == site.value
    if not same and not parameter.replaces:
        found = f"`default` of `{parameter.name}` is {shown(parameter.default)}"
        yield node.at("default").problem(found, f"{shown(site.value)}, as on line {site.line} of the source")
