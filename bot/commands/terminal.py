"""`tutor run`: an example in the sandbox, with its progress in the terminal."""

from __future__ import annotations

import dataclasses
import json
import re
import sys
from collections.abc import Sequence
from contextlib import aclosing
from pathlib import Path
from typing import Any, TextIO

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from bot.domain import wording
from lessons.loader import example_of
from lessons.model import Example
from lessons.parameters import bare, parse, write
from runner import EpochEnded, Evaluated, Event, Failed, Finished, Job, Origin, Output, Queued, Started, open_runner

KERAS_BAR = re.compile(r"━|^Epoch \d+/\d+$", re.MULTILINE)
"""Keras' own progress, which our bar shows better."""

NAMES: dict[type[Any], str] = {
    Queued: "queued",
    Started: "started",
    EpochEnded: "epoch",
    Evaluated: "evaluated",
    Output: "output",
    Finished: "finished",
    Failed: "failed",
}


def job_of(file: Path, values: Sequence[str]) -> Job:
    """The job that runs `file` with NAME=VALUE parameters; a script of the course knows their bounds and its data.

    Files that the script needs from an earlier run (`model.keras`) are taken from beside it. Raises ValueError naming a
    value that cannot be used, SyntaxError for a script that is not Python.
    """
    example = example_of(file) or bare(file.read_text(encoding="utf-8"), file.name)
    pairs = [value.partition("=") for value in values]
    wrong = [value for value, (_, equals, _) in zip(values, pairs, strict=True) if not equals]
    if wrong:
        raise ValueError(f"{wrong[0]!r}: a parameter is written NAME=VALUE")
    source = write(example, parse(example, {name: value for name, _, value in pairs}))
    return Job(source, name=file.name, files=_files(file, example), makes=example.makes)


def _files(file: Path, example: Example) -> dict[str, bytes]:
    paths = dict(example.data)
    model = file.parent / "model.keras"
    if example.needs and model.is_file():
        paths["model.keras"] = model
    return {name: path.read_bytes() for name, path in paths.items()}


async def run_example(file: Path, values: Sequence[str], as_json: bool, out: Path | None) -> int:
    """Run it and show what happens; returns 0 for finished, 1 for failed. Raises as `job_of` does."""
    job = job_of(file, values)
    async with open_runner(slots=1) as runner:
        show = _Lines(sys.stdout) if as_json else _Terminal(Console(), job)
        if not as_json:
            safety = await runner.ready()
            Console().print(f"Sandbox: {', '.join(safety.layers)}", style="dim", highlight=False)
            for line in safety.missing:
                Console().print(line, style="yellow", highlight=False)
        ended: Event | None = None
        with show:
            async with aclosing(runner.run(job)) as events:
                async for ended in events:
                    show(ended)
    if isinstance(ended, Finished) and out:
        save(ended, out, quiet=as_json)
    return 0 if isinstance(ended, Finished) else 1


def save(done: Finished, folder: Path, quiet: bool) -> None:
    """Write pictures and files of a run into `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    named = {p.file_name: p.data for p in done.pictures}
    for name, content in (named | {a.name: a.data for a in done.artifacts}).items():
        (folder / name).write_bytes(content)
        if not quiet:
            Console().print(f"Saved {folder / name}", highlight=False)


def as_line(event: Event) -> str:
    """An event as one line of JSON. Bytes of pictures and files are left out; their sizes stand for them."""
    facts = {f.name: getattr(event, f.name) for f in dataclasses.fields(event)}
    if isinstance(event, Finished):
        facts["pictures"] = [{"name": p.name, "width": p.width, "height": p.height} for p in event.pictures]
        facts["artifacts"] = [{"name": a.name, "bytes": len(a.data)} for a in event.artifacts]
    if isinstance(event, Finished | Failed):
        facts["omitted"] = [dataclasses.asdict(one) for one in event.omitted]
    if isinstance(event, Evaluated) and event.classification:
        facts["classification"] = dataclasses.asdict(event.classification)
    return json.dumps({"event": NAMES[type(event)], **facts}, default=dict)


class _Lines:
    """One event a line, for programs."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def __enter__(self) -> None:
        """Nothing to prepare."""

    def __exit__(self, *error: object) -> None:
        """Nothing to undo."""

    def __call__(self, event: Event) -> None:
        print(as_line(event), file=self._stream, flush=True)


class _Terminal:
    """A bar with the epochs, and lines for the rest, for people."""

    def __init__(self, console: Console, job: Job) -> None:
        self._console = console
        self._bar = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TextColumn("{task.fields[metrics]}"),
            TimeElapsedColumn(),
            console=console,
        )
        self._task = self._bar.add_task(job.name, total=None, metrics="")

    def __enter__(self) -> None:
        self._bar.start()

    def __exit__(self, *error: object) -> None:
        self._bar.stop()

    def __call__(self, event: Event) -> None:
        match event:
            case EpochEnded(epoch, epochs, metrics):
                shown = "  ".join(f"{wording.metric_name(n)} {wording.figure(v)}" for n, v in metrics.items())
                self._bar.update(self._task, total=epochs, completed=epoch, metrics=shown)
            case Evaluated():
                self._evaluated(event)
            case Output(text) if not KERAS_BAR.search(text):
                self._bar.console.print(text.rstrip("\n"), markup=False, highlight=False)
            case Failed(reason, detail):
                self._bar.console.print(f"{reason}: {detail}", style="red", markup=False, highlight=False)
            case Finished(seconds):
                self._bar.console.print(f"Finished in {wording.duration(seconds)}.", style="green")

    def _evaluated(self, event: Evaluated) -> None:
        found = event.classification
        figures = dict(event.metrics)
        if found:
            figures |= {
                "accuracy": found.accuracy,
                "precision": found.precision,
                "recall": found.recall,
                "F1": found.f1,
            }
        shown = "  ".join(f"{wording.metric_name(n)} {wording.figure(v)}" for n, v in figures.items())
        who = "trained" if event.trained else "untrained"
        read = "" if event.examples is None else f", {event.examples} examples"
        on = "" if event.data is Origin.UNKNOWN else f", {event.data} data"
        self._bar.console.print(f"Evaluated ({who}{read}{on}): {shown}", highlight=False)
