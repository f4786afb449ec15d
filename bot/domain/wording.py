"""Numbers, times and small graphics in words. Every plural, percentage, duration and figure that people read, in the
chat, on the pages and in files, is worded here."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, tzinfo

from bot.domain.runs import Value
from lessons.parameters import shown

UNKNOWN = "–"
"""Stands for a figure that is not known."""
NARROW_SPACE = "\u202f"
"""Keeps a number and its unit on one line."""
LETTERS = "ABCDEFGHIJ"
"""Letters of a question's choices, by place."""
OWN_CODE = "Own code"
"""Title of a run of a learner's own code, for instructors."""
YOUR_CODE = "Your own code"
"""The same for the learner."""
MINUTE, HOUR, DAY = 60.0, 3600.0, 86400.0
SPARKS = "▁▂▃▄▅▆▇█"


# Numbers


def count(n: int, noun: str) -> str:
    """`1 run`, `1,234 runs`."""
    return f"{n:,} {noun}" if n == 1 else f"{n:,} {noun}s"


def percent(part: float) -> str:
    """`91.3 %`: how good a model is."""
    return f"{100 * part:.1f} %"


def share(part: float | None) -> str:
    """`83 %`: how many of a group. What is not quite all never reads as all, nor a little as nothing."""
    if part is None:
        return UNKNOWN
    whole = round(100 * part)
    whole = 99 if whole == 100 and part < 1 else 1 if whole == 0 and part > 0 else whole
    return f"{whole}{NARROW_SPACE}%"


def share_of(part: int, whole: int) -> str:
    """The share that a count is of another."""
    return share(part / whole if whole else None)


def figure(value: float | None) -> str:
    """A metric with three significant places and no needless length: 0.0312, 0.913, 2.31, 1.2e-05."""
    if value is None:
        return UNKNOWN
    if value == 0 or 0.001 <= abs(value) < 10:
        return f"{value:.3f}" if abs(value) >= 0.1 or value == 0 else f"{value:.4f}"
    return f"{value:.1f}" if 10 <= abs(value) < 10_000 else f"{value:.1e}"


def signed(value: float) -> str:
    """`+0.25`, with a minus as long as the plus."""
    return f"{value:+.2f}".replace("-", "−")


# Times


def duration(seconds: float | None) -> str:
    """`2.3 s`, `1 min 15 s`, `1 h 30 min`."""
    if seconds is None:
        return UNKNOWN
    if seconds < 9.95:
        return f"{seconds:.1f} s"
    if seconds < 59.5:
        return f"{seconds:.0f} s"
    if round(seconds) < HOUR:
        minutes, rest = divmod(round(seconds), 60)
        return f"{minutes} min {rest} s" if rest else f"{minutes} min"
    hours, rest = divmod(round(seconds / MINUTE), 60)
    return f"{hours} h {rest} min" if rest else f"{hours} h"


def moment(at: float | None, zone: tzinfo) -> str:
    """`15 Jan 2027, 08:00`."""
    return UNKNOWN if at is None else f"{datetime.fromtimestamp(at, zone):%-d %b %Y, %H:%M}"


def day(day: date) -> str:
    """`15 Jan`."""
    return f"{day:%-d %b}"


def ago(at: float | None, now: float) -> str:
    """`just now`, `5 min ago`, `3 days ago`."""
    if at is None:
        return UNKNOWN
    gone = now - at
    return "just now" if gone < MINUTE else f"{_span(gone)} ago"


def due(at: float, now: float) -> str:
    """`due in 3 days`, `was due 3 days ago`."""
    return f"due in {_span(at - now)}" if at >= now else f"was due {_span(now - at)} ago"


def _span(seconds: float) -> str:
    """The largest whole unit: minutes, hours or days."""
    if seconds < HOUR:
        return f"{max(1, int(seconds // MINUTE))} min"
    return f"{int(seconds // HOUR)} h" if seconds < DAY else count(int(seconds // DAY), "day")


# Names and values


def letter(place: int) -> str:
    """The letter that learners see at a choice: A, B, ..."""
    return LETTERS[place]


def value(value: Value) -> str:
    """A parameter's value as a learner reads and writes it: `true`, `20`, `0.00001`."""
    return shown(value)


def values(parameters: Mapping[str, Value]) -> str:
    """As one would type them: `epochs=20 learning_rate=0.01`."""
    return " ".join(f"{name}={value(v)}" for name, v in parameters.items())


def shortened(text: str, room: int) -> str:
    """The text in at most `room` characters; what is cut off leaves an ellipsis."""
    return text if len(text) <= room else text[: room - 1].rstrip() + "…"


def metric_name(keras_name: str) -> str:
    """Keras' name as read: `val_accuracy` -> `val accuracy`."""
    return keras_name.replace("_", " ")


def in_order(names: Iterable[str]) -> list[str]:
    """Metrics as one reads them: the loss first, and all of the training before all of the validation."""
    return sorted(names, key=lambda name: (name.startswith("val_"), name.removeprefix("val_") != "loss"))


# Graphics and tables


def bar(done: int, total: int, width: int = 10) -> str:
    """Full only when all is done, empty only when nothing is."""
    filled = max(width * done // total, min(done, 1)) if total else 0
    return "▰" * filled + "▱" * (width - filled)


def sparkline(values: Sequence[float], width: int = 10) -> str:
    """The course of a metric, at most `width` characters, scaled to its own range."""
    if len(values) < 2:
        return ""
    if len(values) > width:
        values = [values[round(i * (len(values) - 1) / (width - 1))] for i in range(width)]
    low, high = min(values), max(values)
    span = high - low or 1.0
    return "".join(SPARKS[round((v - low) / span * (len(SPARKS) - 1))] for v in values)


def columns(rows: Sequence[Sequence[str]]) -> str:
    """Rows of a monospaced table: the first column left, the others right."""
    widths = [max(len(cell) for cell in column) for column in zip(*rows, strict=True)]
    return "\n".join(
        "  ".join(
            c.ljust(w) if i == 0 else c.rjust(w) for i, (c, w) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in rows
    )
