"""Code that a learner changed or wrote, sent in a message or as a file. It runs as untrusted code.

What the sender marked as code runs at once; what only looks like it runs after one tap. What was sent is a row of
`snippets` from its message on, so that an edit replaces it and a second half finds its first one.
"""

from __future__ import annotations

import tokenize
from collections.abc import Sequence
from io import BytesIO

from bot.domain.ids import SnippetId
from bot.domain.messages import Mode
from bot.domain.runs import CodePart, Order, SentCode, SnippetState
from bot.domain.snippets import NotANotebook, Snippet, continuation, is_notebook, of_notebook, of_source, rejoined
from bot.features.own_code import screens
from bot.features.own_code.buttons import DropCode, Edit
from bot.runs import control
from bot.runs import screens as run_screens
from bot.runs.buttons import RunCode
from bot.runs.effects import StartJob
from bot.runs.follower import post_of, waiting_of
from bot.telegram.incoming import Content, SentFile
from bot.telegram.richtext import units
from bot.turns.jobs import Occasion
from bot.turns.turn import Turn

LIMIT = 64 * 1024
"""Longest code that is taken, in bytes of UTF-8."""
NOTEBOOK_LIMIT = 5_000_000
"""Largest file of a notebook, in bytes: outputs and their pictures lie in it."""
"""Stands in a run's row where the example's id would be."""
FULL = 3796
"""A message of so many units may have been cut: apps cut at 4,096, or up to 300 before at the end of a line."""
HALF = 2048
"""Some apps look for a blank line as far back as this."""
AT_ONCE = 2.0
"""Seconds within which an app sends all parts of one text."""
WAIT = 3.0
"""Seconds for which the rest of a full message is waited for before the learner is asked for it."""
PATIENCE = 600.0
"""Seconds after which code is no rest of anything any more."""
KEPT = 3 * 86400.0
"""Seconds for which sent code can be edited or run by its button; Telegram lets people edit for two days."""
ASK_FOR_REST = "ask_for_rest"
"""Timer: a full message was followed by nothing."""


def may_be_code(file: SentFile) -> bool:
    """Whether the file may be code, and so is fetched."""
    most = {".py": LIMIT, ".ipynb": NOTEBOOK_LIMIT}
    return any(file.name.lower().endswith(suffix) and file.size <= size for suffix, size in most.items())


def edit(turn: Turn, pressed: Edit) -> None:
    """Send an example's code with how to send it back."""
    example = turn.course.example(pressed.lesson, pressed.example)
    if example is None:
        turn.toast("This example is no longer in the course.", alert=True)
    elif not turn.runs.takes_own_code:
        turn.toast(screens.NOT_HERE, alert=True)
    else:
        turn.say(screens.to_edit(example))


# What arrives


def sent(turn: Turn, snippet: Snippet) -> None:
    """Code in a message, or in a file."""
    came = turn.incoming
    whole = came.edited or came.content is not Content.TEXT
    length = units(came.text) if snippet.to_the_end and not whole else 0
    part = _part(turn, snippet.raw)
    if _may_run(turn, snippet):
        noted = turn.tables.snippets.add(turn.learner.id, [part], length, snippet.marked, came.sent_at)
        _go(turn, noted, snippet)


def continues(turn: Turn) -> bool:
    """Takes the message if it is the rest of code that was cut. Returns whether it is."""
    came = turn.incoming
    last = turn.tables.snippets.last(turn.learner.id)
    if last is None or came.content is not Content.TEXT or not _may_follow(turn, last):
        return False
    code, to_the_end = continuation(came.text, came.entities)
    parts = (*last.parts, _part(turn, code))
    joined = _joined(parts, last.marked or bool(came.code and came.code.marked))
    if _may_run(turn, joined):
        length = units(came.text) if to_the_end else 0
        noted = turn.tables.snippets.change(last.id, parts, length, joined.marked, came.sent_at)
        _go(turn, noted, joined)
    return True


def _may_follow(turn: Turn, last: SentCode) -> bool:
    """Whether this message may be the rest: it came with the part before, or it is code and was asked for."""
    came = turn.incoming
    since = came.sent_at - last.sent_at
    if not last.units or came.message <= last.last_message:
        return False
    if last.state in (SnippetState.WAITING, SnippetState.ASKED):
        code = came.code is not None and not came.code.short
        return since <= WAIT or (since <= PATIENCE and (code or _completes(turn, last)))
    return last.units > HALF and since <= AT_ONCE and came.message == last.last_message + 1


def _completes(turn: Turn, last: SentCode) -> bool:
    """Whether the text and the code before it are Python together. A text in words is not."""
    came = turn.incoming
    code, _ = continuation(came.text, came.entities)
    return _joined([*last.parts, _part(turn, code)], last.marked).runs


def edited(turn: Turn) -> bool:
    """A message that was changed: if it brought code, or brings some now, the new code counts. An answer stands as it
    was given."""
    came = turn.incoming
    if came.file:
        if may_be_code(came.file):
            file(turn, came.file)
    elif came.content is Content.TEXT:
        before = turn.tables.snippets.of_message(turn.learner.id, came.message)
        if came.code and (before or not came.code.short):
            _replace(turn, before, came.code)
    return True


def _replace(turn: Turn, before: SentCode | None, snippet: Snippet) -> None:
    if before is None:
        sent(turn, snippet)
        return
    part = _part(turn, snippet.raw)
    parts = [part if old.message == part.message else old for old in before.parts]
    if tuple(parts) == before.parts:
        return  # Telegram calls it an edit, too, when it has found out something about a link
    whole = _joined(parts, snippet.marked) if len(parts) > 1 else snippet
    if _may_run(turn, whole):
        noted = turn.tables.snippets.change(before.id, parts, 0, whole.marked, before.sent_at)
        _go(turn, noted, whole)


def file(turn: Turn, came: SentFile) -> None:
    """A file of Python, or a notebook."""
    notebook = came.name.lower().endswith(".ipynb")
    limit = NOTEBOOK_LIMIT if notebook else LIMIT
    if came.size > limit:
        turn.say(screens.too_long(came.size, limit))
    elif came.content is None:
        turn.say(screens.not_fetched(came.name))
    else:
        snippet = _read(turn, came.name, came.content, notebook)
        if snippet and turn.incoming.edited:
            _replace(turn, turn.tables.snippets.of_message(turn.learner.id, turn.incoming.message), snippet)
        elif snippet:
            sent(turn, snippet)


def _read(turn: Turn, name: str, content: bytes, notebook: bool) -> Snippet | None:
    """The code of a file. None when the file has no code that can run, and the learner is told why."""
    try:
        source = _decoded(content)
        return of_notebook(source) if notebook or is_notebook(source) else of_source(source)
    except UnicodeDecodeError as error:
        turn.say(screens.not_utf8(name, error.start))
    except NotANotebook as error:
        turn.say(screens.no_notebook(name, error.trouble))
    return None


def _decoded(content: bytes) -> str:
    """As Python reads a file: by its byte order mark, or by the coding that it names; otherwise UTF-8. Raises
    UnicodeDecodeError."""
    if content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return content.decode("utf-16")
    try:
        coding, _ = tokenize.detect_encoding(BytesIO(content).readline)
    except SyntaxError:
        coding = "utf-8-sig"  # unknown, or the first lines are not what they say
    return content.decode(coding)


# What becomes of it


def _may_run(turn: Turn, snippet: Snippet) -> bool:
    """Whether it can run here at all; if not, the learner is told why."""
    size = len(snippet.source.encode("utf-8", "surrogatepass"))
    if size > LIMIT:
        turn.say(screens.too_long(size, LIMIT))
    elif snippet.empty and snippet.left_out:
        turn.say(screens.nothing_left(snippet.left_out))
    elif not turn.runs.takes_own_code:
        turn.say(screens.not_here())
    else:
        return True
    return False


def _go(turn: Turn, code: SentCode, snippet: Snippet) -> None:
    """Code that may go on in the next message waits for it; marked code, and what was run before, runs; other code is
    offered."""
    waits = {"snippet": code.id, "chat": turn.chat}
    turn.tables.timers.unset(ASK_FOR_REST, waits)
    if code.units >= FULL:
        turn.tables.snippets.becomes(code.id, SnippetState.WAITING)
        turn.tables.timers.set(ASK_FOR_REST, turn.now + WAIT, waits)
    elif code.marked or code.state is SnippetState.RUN:
        _run(turn, code, snippet, told=False)
    else:
        turn.tables.snippets.becomes(code.id, SnippetState.OFFERED)
        turn.show(screens.offer(code.id, snippet), _post(code.id))


def ask_for_rest(due: Occasion) -> None:
    """Timer's work: the rest of a full message did not come."""
    tables, payload = due.tables, due.payload
    code = tables.snippets.get(SnippetId(payload["snippet"]))
    if code and code.state is SnippetState.WAITING:
        tables.snippets.becomes(code.id, SnippetState.ASKED)
        tables.outbox.add(screens.ask_for_rest(code.id).outgoing(payload["chat"], _post(code.id), Mode.FOLLOW), due.now)


def forget(due: Occasion) -> None:
    """Timer's work: code that is too old to be edited goes."""
    due.tables.snippets.forget_before(due.now - KEPT)


def press_run(turn: Turn, pressed: RunCode) -> None:
    code = _own(turn, SnippetId(pressed.snippet))
    if code is None:
        return
    if code.state is SnippetState.RUN:
        turn.toast("It has been started already.")
        return
    whole = _whole(code)
    if _run(turn, code, whole, told=True):
        turn.toast("Here we go!")
        asking = [key for key in (_post(code.id), waiting_of(code.id)) if turn.tables.posts.get(turn.chat, key)]
        for key in asking or [_post(code.id)]:
            turn.show(screens.accepted(whole), key, Mode.KEEP)


def press_drop(turn: Turn, pressed: DropCode) -> None:
    code = _own(turn, SnippetId(pressed.snippet))
    if code is None:
        return
    if code.state is not SnippetState.RUN:
        turn.tables.snippets.becomes(code.id, SnippetState.DROPPED)
    turn.show(screens.declined(), _post(code.id), Mode.KEEP)


def _whole(code: SentCode) -> Snippet:
    return _joined(code.parts, code.marked)


def _part(turn: Turn, code: str) -> CodePart:
    """The code of this message. A file is no part of anything that goes on."""
    came = turn.incoming
    return CodePart(came.message, code, units(came.text) if came.content is Content.TEXT else 0)


def _joined(parts: Sequence[CodePart], marked: bool) -> Snippet:
    return rejoined([(part.code, part.units) for part in parts], marked)


def _own(turn: Turn, id: SnippetId) -> SentCode | None:
    code = turn.tables.snippets.get(id)
    if code is None or code.learner != turn.learner.id:
        turn.toast("I no longer have this code. Please send it again.", alert=True)
        return None
    return code


def _post(snippet: SnippetId) -> str:
    return f"snippet:{snippet}"


def _run(turn: Turn, code: SentCode, snippet: Snippet, *, told: bool) -> bool:
    """Store the run and show it; it starts when this is committed. A run of an earlier text of the same code ends.
    `told`: another message says what was changed in the code. Returns whether there is a run now."""
    before = turn.tables.runs.get(code.run) if code.run else None
    if before and not before.state.over:
        control.supersede(turn, before)
    if control.busy(turn, waiting=code.id):
        turn.tables.snippets.becomes(code.id, SnippetState.OFFERED)
        return False
    if snippet.repairs and not told:
        turn.say(screens.repaired(snippet))
    lesson = turn.current_lesson()
    run = turn.tables.runs.add(Order(turn.learner.id, turn.chat, lesson.id, snippet.source), turn.now)
    turn.tables.snippets.ran(code.id, run.id)
    turn.show(run_screens.queued(None, run), post_of(run.id), Mode.NEW)
    turn.after(StartJob(run))
    return True
