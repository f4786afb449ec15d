"""Numbers and small graphics in words, as a phone shows them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from bot.domain.runs import Value

SPARKS = "▁▂▃▄▅▆▇█"


def seconds(duration: float) -> str:
    if duration < 9.95:
        return f"{duration:.1f} s"
    if duration < 59.5:
        return f"{duration:.0f} s"
    minutes, rest = divmod(round(duration), 60)
    return f"{minutes} min {rest} s" if rest else f"{minutes} min"


def count(n: int, noun: str) -> str:
    return f"{n:,} {noun}" if n == 1 else f"{n:,} {noun}s"


def bar(done: int, total: int, width: int = 10) -> str:
    """Full only when all is done, empty only when nothing is."""
    filled = max(width * done // total, min(done, 1)) if total else 0
    return "▰" * filled + "▱" * (width - filled)


def figure(value: float) -> str:
    """A metric with three significant places and no needless length: 0.0312, 0.913, 2.31, 1.2e-05."""
    if value == 0 or 0.001 <= abs(value) < 10:
        return f"{value:.3f}" if abs(value) >= 0.1 or value == 0 else f"{value:.4f}"
    return f"{value:.1f}" if 10 <= abs(value) < 10_000 else f"{value:.1e}"


def percent(share: float) -> str:
    return f"{100 * share:.1f} %"


def sparkline(values: Sequence[float], width: int = 10) -> str:
    """The course of a metric, at most `width` characters, scaled to its own range."""
    if len(values) < 2:
        return ""
    if len(values) > width:
        values = [values[round(i * (len(values) - 1) / (width - 1))] for i in range(width)]
    low, high = min(values), max(values)
    span = high - low or 1.0
    return "".join(SPARKS[round((v - low) / span * (len(SPARKS) - 1))] for v in values)


def value(v: Value) -> str:
    return f"{v:g}" if isinstance(v, float) else str(v)


def values(parameters: Mapping[str, Value]) -> str:
    """As one would type them: `epochs=20 learning_rate=0.01`."""
    return " ".join(f"{name}={value(v)}" for name, v in parameters.items())


def metric_name(keras_name: str) -> str:
    """Keras' name as read: `val_accuracy` -> `val accuracy`."""
    return keras_name.replace("_", " ")


def in_order(names: Iterable[str]) -> list[str]:
    """Metrics as one reads them: the loss first, and all of the training before all of the validation."""
    return sorted(names, key=lambda name: (name.startswith("val_"), name.removeprefix("val_") != "loss"))


def columns(rows: Sequence[Sequence[str]]) -> str:
    """Rows of a monospaced table: the first column left, the others right."""
    widths = [max(len(cell) for cell in column) for column in zip(*rows, strict=True)]
    return "\n".join(
        "  ".join(
            c.ljust(w) if i == 0 else c.rjust(w) for i, (c, w) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in rows
    )
