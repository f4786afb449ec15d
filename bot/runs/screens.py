"""A run from queued to picture, its knobs, its code, and past runs."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from bot.domain import wording
from bot.domain.findings import finding
from bot.domain.headline import last_epochs
from bot.domain.messages import Attachment
from bot.domain.runs import Epoch, Run, RunState
from bot.runs import figures, hints
from bot.runs.buttons import RunAgain, RunCode, RunExample, Runs, ShowCode, StopRun, Tune
from bot.telegram.richtext import Text, bold, code, italic, join, lines, paragraphs, pre, text
from bot.telegram.screen import PHONE_COLUMNS, Button, Row, Screen
from bot.turns.buttons import Read
from lessons.model import Example, Lesson, Role

SELF_REPORTED = "Self-reported: this is your own code, so the figures are what it says of itself."


DOING = {Role.TRAIN: "Building the model …", Role.EVALUATE: "Loading the model …"}
"""What a run of an example does before its first figures."""


MARKERS = re.compile(r"[ ~^]*[~^][ ~^]*")
"""What Python writes under a line of a traceback."""


JPEG = b"\xff\xd8"
"""How such a file begins; every other picture of a run is PNG."""


SORRY = {
    "timeout": "⏱ Time is up.",
    "memory": "🧠 Out of memory.",
    "output": "📜 Too much output.",
    "cancelled": "⏹ Stopped.",
    "lost": "🔌 The run was lost. That was not your code's fault: please try again.",
    "error": "💥 The code stopped with an error.",
}
"""First words on a failure, by the runner's reason."""


def _title(example: Example | None, run: Run) -> Text:
    return bold(example.title if example else run.example if run.verified else wording.YOUR_CODE)


def with_values(run: Run) -> Text:
    return text("with ", code(wording.values(run.values))) if run.values else Text()


def _stop(run: Run) -> Row:
    return (Button("⏹ Stop", StopRun(run.id)),)


def queued(example: Example | None, run: Run, place: int = 0, wait: float | None = 0.0) -> Screen:
    """`place` counts those before it: 0 means next. `wait` in seconds is None while nobody knows."""
    about = f", about {_about(wait)} to wait" if wait else ""
    if place:
        where = f"Number {place + 1} in the queue{about}."
    else:
        where = "Starting …" if wait == 0 else f"You are next{about}."
    again = "The bot was restarted; this run starts over." if run.restarts else ""
    return Screen(
        paragraphs(join(" ", ["⏳", _title(example, run), with_values(run)]), lines(again, where)), (_stop(run),)
    )


def _about(seconds: float) -> str:
    return wording.duration(seconds) if seconds >= 9.5 else f"{max(1, round(seconds))} s"


def starting(example: Example | None, run: Run) -> Screen:
    head = join(" ", ["🚀", _title(example, run), with_values(run)])
    doing = "Running your code …" if not run.verified else DOING[example.role if example else Role.TRAIN]
    return Screen(paragraphs(head, doing), (_stop(run),))


def training(example: Example | None, run: Run, history: Sequence[Epoch]) -> Screen:
    """The live message: a bar, and each metric with its course so far."""
    last = history[-1]
    head = join(" ", ["🏃", _title(example, run), with_values(run)])
    which = f"model {last.model} · " if len(last_epochs(history)) > 1 else ""
    at = f"{which}epoch {last.epoch} of {last.epochs} · {wording.duration(last.seconds)}"
    done = f"{wording.bar(last.epoch, last.epochs)} {at}"
    return Screen(paragraphs(head, lines(done, pre(figures.course(history)))), (_stop(run),))


def finished(lesson: Lesson | None, example: Example | None, run: Run, picture: bytes | None) -> Screen:
    """The end of a run: figures, what they mean in one sentence, and what to do next."""
    epochs = what_ran(run.history) if run.history else ""
    took = " in " + wording.duration(run.seconds or 0)
    head = lines(join(" ", ["✅", _title(example, run), with_values(run)]), (epochs or "Done") + took)
    table = figures.table(run.history, run.judgements)
    printed = _printed(run, bool(table), _room(table))
    trust = italic(SELF_REPORTED) if not run.verified and (table or printed) else ""
    drawn = _drawn(run) if picture else ""
    body = paragraphs(head, pre(table) if table else "", finding(run, example), drawn, printed, trust)
    ending = "jpg" if picture and picture.startswith(JPEG) else "png"
    attachment = Attachment(f"run-{run.id}.{ending}", picture, picture=True) if picture else None
    return Screen(body, tuple(_next_rows(lesson, example, run)), attachment)


def _drawn(run: Run) -> str:
    """What the runner's pictures are of, where the run has several models or evaluations."""
    curves, matrix = _curves_of(run), _matrix_of(run)
    if curves and curves == matrix:
        return f"Curves and matrix are those of {curves}."
    said = (
        f"The curves are those of {curves}." if curves else "",
        f"The matrix is that of {matrix}." if matrix else "",
    )
    return " ".join(one for one in said if one)


def _curves_of(run: Run) -> str:
    """The model whose curves are drawn: the one fitted last; empty where there is only one."""
    return f"model {run.history[-1].model}, the last" if len(last_epochs(run.history)) > 1 else ""


def _matrix_of(run: Run) -> str:
    """The evaluation whose matrix is drawn: the last of a trained model; empty where there is only one."""
    judged = [one for one in run.judgements if one.trained and one.accuracy is not None]
    if len({one.model for one in judged}) > 1:
        return f"model {judged[-1].model}, the last"
    return "the last evaluation" if len({(one.model, one.data) for one in judged}) > 1 else ""


def _room(table: str) -> int:
    """How much of the output is shown in the message: less where there are figures, since a caption is short."""
    return min(450, max(100, 700 - len(table))) if table else 800


def _printed(run: Run, has_table: bool, room: int) -> Text:
    """What the run printed; of the course's own code only where there are no figures, which say the same."""
    return pre(_ends(run.output, room)) if run.output.strip() and not (run.verified and has_table) else Text()


def _ends(output: str, room: int) -> str:
    """First and last lines of what was printed, cut at lines."""
    output = output.strip("\n")
    if len(output) <= room:
        return output
    head, tail = output[: room // 2], output[-room // 2 :]
    head = head[: head.rfind("\n")] if "\n" in head else head
    tail = tail[tail.find("\n") + 1 :] if "\n" in tail else tail
    return f"{head}\n …\n{tail}"


def _next_rows(lesson: Lesson | None, example: Example | None, run: Run) -> list[Row]:
    if not run.verified or lesson is None or example is None:
        return [(Button("🗂 My runs", Runs()),)]
    rows: list[Row] = []
    judge = lesson.judge_of(example.id) if example.role is Role.TRAIN else None
    if judge:
        rows.append((Button("🔎 Evaluate this model", RunExample(lesson.id, judge.id), style="primary"),))
    again: Row = (Button("↻ Again", RunAgain(run.id)),)
    knobs = example if example.role is Role.TRAIN else lesson.example(example.needs)
    if knobs and knobs.parameters:
        again += (Button("⚙ Values", Tune(lesson.id, knobs.id)),)
    rows.append((*again, Button("‹› Code", ShowCode(run.id))))
    others = [e for e in lesson.of_role(Role.TRAIN) if e.id not in (example.id, example.needs)]
    rows += [(Button(f"▶ {e.title}", RunExample(lesson.id, e.id)),) for e in others]
    rows.append((Button("📖 Back to the lesson", Read(lesson.id)),))
    return rows


TO_MEND = "To mend it, edit your message: the new code runs then."


MISSING_FILE = "Is it a file of yours? Send it to this chat, then your code finds it by its name. /files lists yours."


def failed(lesson: Lesson | None, example: Example | None, run: Run) -> Screen:
    """Why it ended, in a sentence; for an error in the code also where."""
    sorry = SORRY.get(run.reason or "", SORRY["lost"])
    detail = run.detail or ""
    shown: Text | str = pre(_end_of(_unmarked(detail), 2000)) if run.reason == "error" else detail
    printed = text("It printed:\n", pre(_ends(run.output, 600))) if run.output.strip() else ""
    missing = MISSING_FILE if not run.verified and "FileNotFoundError" in detail else ""
    mend = italic(TO_MEND) if not run.verified and run.reason == "error" else ""
    reached = _reached(run)
    head = lines(join(" ", [_title(example, run), with_values(run)]), bold(sorry))
    body = paragraphs(head, shown, hints.words(run.hint) or missing, reached, printed, mend)
    if not run.verified or lesson is None or example is None:
        return Screen(body, ((Button("🗂 My runs", Runs()),),))
    again: Row = (Button("↻ Again", RunAgain(run.id)),)
    if example.parameters:
        again += (Button("⚙ Values", Tune(lesson.id, example.id)),)
    return Screen(body, ((*again, Button("‹› Code", ShowCode(run.id))),))


def _reached(run: Run) -> Text:
    """The figures that were there when a run ended before its time."""
    table = figures.table(run.history, run.judgements)
    if not table:
        return Text()
    return lines(f"It had reached {what_ran(run.history, early='')}:" if run.history else "It had reached:", pre(table))


def what_ran(history: Sequence[Epoch], early: str = " (stopped early)") -> str:
    """The epochs, and of how many models; with `early` if the only fit ended before its time."""
    models = len(last_epochs(history))
    if models > 1:
        return f"{wording.count(models, 'model')}, {epochs_that_ran(history)}"
    return epochs_that_ran(history) + (early if history[-1].epoch < history[-1].epochs else "")


def epochs_that_ran(history: Sequence[Epoch]) -> str:
    """`10 epochs`, or `3 of 200 epochs`. Several fits are counted together."""
    starts = [0, *(n for n, (a, b) in enumerate(pairwise(history), 1) if _begins(a, b))]
    fits = [history[start:end] for start, end in zip(starts, [*starts[1:], len(history)], strict=True)]
    ran = sum(fit[-1].epoch - fit[0].epoch + 1 for fit in fits)  # of very many epochs some are not told
    planned = history[-1].epochs - history[0].epoch + 1
    if len(fits) == 1 and ran < planned:
        return f"{ran} of {wording.count(planned, 'epoch')}"
    return wording.count(ran, "epoch")


def _begins(before: Epoch, epoch: Epoch) -> bool:
    """Whether a fit begins with this epoch."""
    return epoch.fit != before.fit or epoch.epoch <= before.epoch or epoch.epochs != before.epochs


def _unmarked(detail: str) -> str:
    """A traceback without the marks under lines that a phone breaks: they would point nowhere."""
    rows = detail.split("\n")
    marks = [bool(MARKERS.fullmatch(row)) and len(above) > PHONE_COLUMNS for above, row in pairwise(["", *rows])]
    return "\n".join(row for row, points_nowhere in zip(rows, marks, strict=True) if not points_nowhere)


def _end_of(detail: str, room: int) -> str:
    """The end of a traceback, cut at a line: the reason stands there."""
    if len(detail) <= room:
        return detail
    kept = detail[-room:]
    return f" …\n{kept[kept.find(chr(10)) + 1 :]}"


def cancelled(example: Example | None, run: Run) -> Screen:
    which = f" of model {run.history[-1].model}" if len(last_epochs(run.history)) > 1 else ""
    how_far = f" after epoch {run.history[-1].epoch} of {run.history[-1].epochs}{which}" if run.history else ""
    head = lines(join(" ", ["⏹", _title(example, run), with_values(run)]), f"Stopped{how_far}.")
    table = figures.table(run.history, run.judgements)
    body = paragraphs(head, pre(table) if table else "", _printed(run, bool(table), 600))
    if not run.verified or example is None:
        return Screen(body)
    return Screen(body, ((Button("↻ Again", RunAgain(run.id)),),))


def outcome(lesson: Lesson | None, example: Example | None, run: Run, picture: bytes | None) -> Screen:
    """The last state of a run that is over. `lesson` and `example` are None when they are no longer in the course."""
    if run.state is RunState.FINISHED:
        return finished(lesson, example, run, picture)
    return cancelled(example, run) if run.state is RunState.CANCELLED else failed(lesson, example, run)


def busy(run: Run, title: str, waiting: int | None = None) -> Screen:
    """`waiting` is sent code that would like to run."""
    body = text("One run at a time: ", bold(title), " is still going. Wait for it, or stop it.")
    return Screen(body, (_stop(run), _run_waiting(waiting)))


def no_longer_busy(waiting: int | None = None) -> Screen:
    """In place of "one run at a time", when that run is over."""
    return Screen(text("That run is over: the next one can start."), (_run_waiting(waiting),))


def _run_waiting(code: int | None) -> Row:
    return () if code is None else (Button("▶ Run your code", RunCode(code), style="success"),)


def further_picture(name: str, file_name: str, data: bytes, photo: bool, run: Run | None = None) -> Screen:
    """One more picture of a run, behind the first."""
    curves, matrix = (_curves_of(run), _matrix_of(run)) if run else ("", "")
    titles = {
        "curves": "How the training went, epoch by epoch" + (f": {curves}." if curves else "."),
        "confusion": "True classes against predicted ones" + (f": {matrix}." if matrix else "."),
    }
    caption = titles.get(name, f"{name[:1].upper()}{name[1:]}" if name.startswith("figure ") else name)
    return Screen(text(caption), attachment=Attachment(file_name, data, picture=photo))


NOT_SHOWN = {
    "count": "More than 8 pictures",
    "format": "A phone cannot show this kind of file",
    "size": "Too large",
    "broken": "Not a whole picture",
}
"""Why a picture was not sent, by the runner's code."""


MOST_NAMED = 10


def not_shown(omitted: Sequence[tuple[str, str]]) -> list[Screen]:
    """Which pictures were not sent, and why: pairs of a name and the runner's code."""
    said = []
    for why, words in NOT_SHOWN.items():
        names = [name for name, code_ in omitted if code_ == why]
        if names:
            more = f" and {len(names) - MOST_NAMED} more" if len(names) > MOST_NAMED else ""
            said.append(f"{words}: {', '.join(names[:MOST_NAMED])}{more}.")
    return [Screen(lines("Not sent:", *said) if len(said) > 1 else text(f"Not sent. {said[0]}"))] if said else []


def whole_output(run: Run) -> list[Screen]:
    """What a learner's own code printed, as a document, when the message could not hold it."""
    if run.verified or len(run.output) <= _room(figures.table(run.history, run.judgements)):
        return []
    document = Attachment(f"run-{run.id}-output.txt", run.output.encode("utf-8", "replace"), picture=False)
    return [Screen(text("All that it printed."), attachment=document)]
