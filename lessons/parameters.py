"""An example's parameters: read from a learner's words, and written into its source. Pure."""

from __future__ import annotations

import difflib
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from lessons import numbers
from lessons.model import Example, Literal, Parameter, Role
from lessons.script import Script

_TRUTH = {"true": True, "yes": True, "on": True, "false": False, "no": False, "off": False}
_SHOWN = 40  # characters of a wrong value that are repeated


@dataclass(frozen=True, slots=True)
class BadParameter:
    """One thing a learner wrote that cannot be used. `str` gives a sentence for them, without its full stop."""

    name: str
    value: str
    expected: str
    known: bool = True
    """False when the example has no parameter of this name."""

    def __str__(self) -> str:
        if not self.known:
            return f"there is no parameter {self.name}; {self.expected}"
        value = " ".join(self.value.split())
        value = value if len(value) <= _SHOWN else f"{value[:_SHOWN]}…"
        return f"{self.name} must be {self.expected}, not {value or 'empty'}"


class BadParameters(ValueError):
    """Some of what a learner wrote cannot be used. Holds every problem, in the order they were written."""

    def __init__(self, problems: Iterable[BadParameter]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))


def parse(example: Example, texts: Mapping[str, str]) -> dict[str, Literal]:
    """The value of each of the example's parameters: converted from `texts`, or its default where that names none.

    A whole number may be written in any way that is one (`20`, `1e3`, `20.0`); NaN and infinity are no numbers.

    Raises BadParameters with every name that is unknown and every value that does not convert or is out of bounds.
    """
    values = {parameter.name: parameter.default for parameter in example.parameters}
    known = {parameter.name: parameter for parameter in example.parameters}
    problems = []
    spelled = {name.casefold(): name for name in known}
    for written, text in texts.items():
        name = spelled.get(written.casefold().replace("-", "_"), written)
        if name not in known:
            problems.append(BadParameter(name, text, _instead_of(name, tuple(known)), known=False))
            continue
        value = _converted(known[name], text.strip())
        meant = [] if value is not None else _meant(known[name], text)
        if len(meant) == 1:
            value = _converted(known[name], repr(meant[0]))
        elif meant:
            either = _enumerated((shown(one) for one in meant), "or")
            problems.append(BadParameter(name, text, f"{either}, written so that only one is meant"))
            continue
        if value is None or not admits(known[name], value):
            problems.append(BadParameter(name, text, expectation(known[name])))
        else:
            values[name] = value
    if problems:
        raise BadParameters(problems)
    return values


def write(example: Example, values: Mapping[str, Literal]) -> str:
    """The example's source with these values: only literals whose value changes differ from the source as it stands.

    `values` are valid ones, as from `parse`. Raises KeyError for a name the example does not have, SiteError where the
    source has no place for one (in a checked course every parameter has its place).
    """
    known = {parameter.name: parameter for parameter in example.parameters}
    script = Script(example.source)
    texts = {}
    for name, value in values.items():
        parameter = known[name]
        if value != parameter.default:
            text = parameter.template.replace("{value}", repr(value)) if parameter.replaces else repr(value)
            texts[script.site(name, parameter.replaces)] = text
    return script.replaced(texts)


def bare(source: str, file: str) -> Example:
    """An example made of any script: every literal assigned at module level is a parameter, without bounds.

    Raises SyntaxError or ValueError when the source is not Python.
    """
    sites = Script(source).assigned()
    found = (Parameter(name, site.value, title="") for name, site in sites.items() if not name.startswith("_"))
    return Example(id=file, title=file, role=Role.TRAIN, source=source, file=file, parameters=tuple(found))


def expectation(parameter: Parameter) -> str:
    """What a value of this parameter has to be: `a whole number from 1 to 50`, `adam, sgd or rmsprop`."""
    if parameter.choices:
        return _enumerated([shown(choice) for choice in parameter.choices], "or")
    match parameter.default:
        case bool():
            return "true or false"
        case str():
            return "a text"
        case int():
            return "a whole number" + _bounds(parameter)
        case float():
            return "a number" + _bounds(parameter)


def admits(parameter: Parameter, value: Literal) -> bool:
    """Whether a value (of the parameter's type) is one of its choices, or within its bounds."""
    if parameter.choices:
        return value in parameter.choices
    if isinstance(value, str):
        return True
    low = -math.inf if parameter.minimum is None else parameter.minimum
    high = math.inf if parameter.maximum is None else parameter.maximum
    return low <= value <= high


def extremes(parameter: Parameter) -> tuple[Literal, ...]:
    """The values at the ends of what a learner may choose, without the default: each choice, or the bounds."""
    values: list[Literal] = list(parameter.choices)
    if isinstance(parameter.default, bool):
        values = values or [False, True]
    elif not values and not isinstance(parameter.default, str):
        whole = isinstance(parameter.default, int)
        values += [] if parameter.minimum is None else [math.ceil(parameter.minimum) if whole else parameter.minimum]
        values += [] if parameter.maximum is None else [math.floor(parameter.maximum) if whole else parameter.maximum]
    return tuple(value for value in dict.fromkeys(values) if value != parameter.default)


def shown(value: Literal) -> str:
    """A value as a learner reads and writes it: `true`, `20`, `0.00001`."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and math.isfinite(value):
        plain = f"{Decimal(repr(value)):f}"
        return plain.removesuffix(".0") if len(plain) <= _SHOWN else repr(value)
    return f"{value}"


def _bounds(parameter: Parameter) -> str:
    low, high = parameter.minimum, parameter.maximum
    if low is not None and high is not None:
        return f" from {shown(low)} to {shown(high)}"
    if low is not None:
        return f" of at least {shown(low)}"
    return "" if high is None else f" of at most {shown(high)}"


def _converted(parameter: Parameter, text: str) -> Literal | None:
    """The text as a value of the parameter's type, or None."""
    match parameter.default:
        case bool():
            return _TRUTH.get(text.lower())
        case str():
            return text
        case int():
            return _whole(text)
        case float():
            return _number(text)


def _meant(parameter: Parameter, text: str) -> list[Literal]:
    """What a number in the writing of people may mean: `0,01` one thing, `1,000` two. Bounds do not choose between
    them: a run with the wrong one of two would look like the right one."""
    if isinstance(parameter.default, bool | str):
        return []
    found = numbers.readings(text)
    return [int(n) if n.denominator == 1 and isinstance(parameter.default, int) else float(n) for n in found]


def _whole(text: str) -> int | None:
    try:
        return int(text)
    except ValueError:
        number = _number(text)
        return int(number) if number is not None and number.is_integer() else None


def _number(text: str) -> float | None:
    try:
        number = float(text)
    except ValueError:
        return None
    return number if math.isfinite(number) else None


def _instead_of(name: str, names: tuple[str, ...]) -> str:
    """The parameter that an unknown name may stand for; finds `lr` too."""
    if not names:
        return "this example has no parameters"
    short = [known for known in names if name.lower() == "".join(word[0] for word in known.split("_"))]
    close = difflib.get_close_matches(name.lower(), names, n=1) or short
    has = f"this example has {_enumerated(names, 'and')}"
    return f"did you mean {close[0]}? T{has[1:]}" if close else has


def _enumerated(words: Iterable[str], last: str) -> str:
    *head, tail = words
    return f"{', '.join(head)} {last} {tail}" if head else tail
