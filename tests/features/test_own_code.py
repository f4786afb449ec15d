"""Code in the chat: when it runs, when it is asked about, and what an edit or a second half does."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bot.domain.messages import Entity, Post
from bot.domain.rounds import Delivery, RoundKind
from bot.domain.runs import Run, RunState
from bot.features.announcements.buttons import Announce
from bot.features.membership import handlers as classes
from bot.features.own_code import handlers as own_code
from bot.features.own_code.buttons import Edit
from bot.runs.buttons import RunCode, StopRun
from bot.runs.follower import post_of
from bot.store import Store, Tables
from bot.telegram.incoming import Content, SentFile
from bot.telegram.richtext import units
from lessons.model import Course
from runner import Safety
from tests.support.desk import ADA, GRACE, IRIS, NOW, Desk, Shown
from tests.support.runs import going
from tests.support.school import LESSON

FUNCTION = "import numpy as np\n\ndef f(n):\n    return n + 1\n\nprint(f(2))"


@pytest.fixture(autouse=True)
def sandboxed(desk: Desk, small_desk: Desk) -> None:
    for one in (desk, small_desk):
        one.runner.safety = Safety(("told",), (), untrusted=True)


async def runs(desk: Desk) -> list[Run]:
    """Ada's runs, oldest first."""
    return list(reversed(await desk.store.read(lambda t: t.runs.past(ADA, 0, 99))))


async def edits(desk: Desk, message: int, text: str, **more: object) -> Shown:
    return await desk.comes(message=message, text=text, edited=True, **more)


# Recognised code


async def test_unmarked_code_runs_after_one_tap(desk: Desk) -> None:
    offered = await desk.says(FUNCTION)
    assert "Run this?" in offered.text
    assert offered.labels == ["▶ Run", "No"]
    assert await runs(desk) == []
    started = await desk.presses(offered.key("Run"))
    assert [run.source for run in await runs(desk)] == [FUNCTION + "\n"]
    assert len(started.effects) == 1
    assert "started already" in (await desk.presses(offered.key("Run"))).toast
    assert len(await runs(desk)) == 1


async def test_an_offer_that_is_run_goes_on_saying_what_was_changed_and_nothing_else_says_it(desk: Desk) -> None:
    offered = await desk.says("%matplotlib inline\nimport math\nprint(math.pi)")
    run, accepted = (await desk.presses(offered.key("Run"))).messages
    assert "Starting" in run.text
    assert accepted.text.startswith("Your code runs.")
    assert "%matplotlib inline" in accepted.text


async def test_code_that_came_while_another_ran_needs_no_second_sending(desk: Desk) -> None:
    await desk.says("", code="print(1)")
    (first,) = await runs(desk)
    refused = (await desk.says("", code="print(2)")).only
    assert refused.text.startswith("One run at a time")
    await desk.store.transact(lambda t: t.posts.put(Post(ADA, refused.key, message=9, pictured=False, keyed=True)))
    over = (await desk.presses(StopRun(first.id))).messages[-1]
    assert over.text == "That run is over: the next one can start."
    assert [key.text for row in over.keyboard for key in row] == ["▶ Run your code"]
    _, accepted = (await desk.presses(over.keyboard[0][0])).messages
    assert (accepted.key, accepted.text) == (refused.key, "Your code runs.")
    assert [run.source for run in await runs(desk)] == ["print(1)\n", "print(2)\n"]


async def test_no_means_no(desk: Desk) -> None:
    offered = await desk.says(FUNCTION)
    assert "did not run" in (await desk.presses(offered.key("No"))).text
    assert await runs(desk) == []


async def test_somebody_else_cannot_run_it(desk: Desk) -> None:
    offered = await desk.says(FUNCTION)
    assert "no longer" in (await desk.presses(offered.key("Run"), GRACE)).toast
    assert "no longer" in (await desk.presses(RunCode(99))).toast


async def test_marked_code_runs_at_once_and_repairs_are_said(desk: Desk) -> None:
    shown = await desk.says("", code="%matplotlib inline\nprint(“a”)")
    said, run = shown.messages
    assert "%matplotlib inline" in said.text
    assert "Curly quotes" in said.text
    assert "Starting" in run.text
    assert [run.source for run in await runs(desk)] == ['# %matplotlib inline\nprint("a")\n']


async def test_an_offer_says_what_was_changed(desk: Desk) -> None:
    assert "prompts are gone" in (await desk.says(">>> x = 1\n>>> print(x)\n1")).text


async def test_commands_of_a_notebook_alone_run_nothing(desk: Desk) -> None:
    shown = await desk.says("", code="!pip install pandas")
    assert "!pip install pandas" in shown.text
    assert await runs(desk) == []


@pytest.mark.parametrize("text", ["hello", "42", "yes (no)", "What is a loss?"])
async def test_small_talk_is_answered_with_how_to_send_code(desk: Desk, text: str) -> None:
    shown = await desk.says(text)
    assert "small talk" in shown.text
    assert "code block" in shown.text


async def test_help_and_the_welcome_say_how_to_send_code(desk: Desk) -> None:
    assert "code block" in (await desk.says("/start")).text
    assert "code block" in (await desk.says("/help")).text


# Questions and prompts


@pytest.mark.parametrize("text", [FUNCTION, f"```\n{FUNCTION}\n```", "```print(1)```", "import os; print(os)"])
@pytest.mark.parametrize("question", ["one", "some", "number", "word"])
async def test_code_is_no_answer(small_desk: Desk, question: str, text: str) -> None:
    def ask(tables: Tables) -> Delivery:
        tables.learners.meet(ADA, "Ada", None, None, NOW)
        return tables.rounds.deliver(tables.rounds.start(ADA, RoundKind.QUIZ, "first", NOW), question, NOW)

    asked = await small_desk.store.transact(ask)
    shown = await small_desk.says(text)
    assert "Run this?" in shown.text or "Starting" in shown.text
    assert await small_desk.store.read(lambda t: t.rounds.attempt(asked.id)) is None


async def test_code_is_no_class_code_and_ends_the_question_for_one(desk: Desk) -> None:
    await desk.says("/join")
    assert "Run this?" in (await desk.says(FUNCTION)).text
    assert await desk.store.read(lambda t: t.prompts.kind(ADA, 0.0)) is None
    await desk.says("/join")
    assert await desk.store.read(lambda t: t.prompts.kind(ADA, 0.0)) == classes.AskCode.kind
    await desk.says("x = 3")
    assert await runs(desk) == []
    assert await desk.store.read(lambda t: t.snippets.last(ADA)) is not None


async def test_a_short_statement_is_no_class_name_but_may_be_one_behind_the_command(desk: Desk) -> None:
    await desk.says("/newclass", IRIS)
    assert "Run this?" in (await desk.says("model.fit(x, y)", IRIS)).text
    assert "model.fit(x, y)" in (await desk.says("/newclass model.fit(x, y)", IRIS)).text
    assert await desk.store.read(lambda t: [c.name for c in t.cohorts.taught_by(IRIS)]) == ["model.fit(x, y)"]


async def test_an_announcement_may_be_a_question(desk: Desk) -> None:
    await desk.says("/newclass Autumn", IRIS)
    cohort = (await desk.store.read(lambda t: t.cohorts.taught_by(IRIS)))[0]
    await desk.says("hello")
    await desk.store.transact(lambda t: t.cohorts.enrol(cohort.id, ADA, desk.now))
    await desk.presses(Announce(cohort.id), IRIS)
    assert "Who can come on Friday?" in (await desk.says("Who can come on Friday?", IRIS)).text


async def test_an_announcement_may_hold_code(desk: Desk) -> None:
    await desk.says("/newclass Autumn", IRIS)
    cohort = (await desk.store.read(lambda t: t.cohorts.taught_by(IRIS)))[0]
    await desk.says("hello")
    await desk.store.transact(lambda t: t.cohorts.enrol(cohort.id, ADA, desk.now))
    await desk.presses(Announce(cohort.id), IRIS)
    shown = await desk.says("Run this at home:", IRIS, code="print(1)")
    assert "Run this at home" in shown.text
    assert await desk.store.read(lambda t: t.runs.open_of(IRIS)) is None


# Edits


async def test_an_edited_code_message_runs_its_new_text_instead(desk: Desk) -> None:
    first = await desk.says("", code="print(1)")
    message = await desk.store.read(lambda t: t.snippets.last(ADA).last_message)
    assert first.effects
    edited = await edits(desk, message, "print(2)", entities=(Entity("pre", 0, 8),))
    before, after = await runs(desk)
    assert (before.state, after.source, after.state) == (RunState.CANCELLED, "print(2)\n", RunState.QUEUED)
    assert len(edited.effects) == 2
    assert (await edits(desk, message, "print(2)", entities=(Entity("pre", 0, 8),))).messages == ()
    assert len(await runs(desk)) == 2


async def test_what_was_run_by_a_tap_runs_again_by_an_edit_and_what_was_offered_is_offered(desk: Desk) -> None:
    offered = await desk.says("x = 1\nprint(x)")
    message = await desk.store.read(lambda t: t.snippets.last(ADA).last_message)
    assert "Run this?" in (await edits(desk, message, "x = 2\nprint(x)")).text
    await desk.presses(offered.key("Run"))
    assert (await runs(desk))[-1].source == "x = 2\nprint(x)\n"
    await edits(desk, message, "x = 3\nprint(x)")
    assert (await runs(desk))[-1].source == "x = 3\nprint(x)\n"


@pytest.mark.parametrize("text", ["hello again", "/train", "x = 3", "4"])
async def test_an_edit_of_anything_else_is_passed_over(desk: Desk, text: str) -> None:
    await desk.says("hello")
    assert (await edits(desk, 1, text)).messages == ()
    assert await runs(desk) == []


async def test_an_edit_that_makes_code_of_a_message_runs_it(desk: Desk) -> None:
    await desk.says("helo")
    await edits(desk, 2, "print(1)", entities=(Entity("pre", 0, 8),))
    assert [run.source for run in await runs(desk)] == ["print(1)\n"]


# Messages that were cut


def long(units_: int) -> str:
    """Flat code of at least so many units."""
    return "".join(f"value_{n:04} = {n} + 1\n" for n in range(units_ // 22 + 1)) + "print(value_0000)\n"


async def half(desk: Desk, text: str, at: float, **more: object) -> Shown:
    return await desk.says(text, sent_at=at, entities=(Entity("pre", 0, units(text)),), **more)


async def test_the_rest_of_a_cut_message_is_joined(desk: Desk) -> None:
    code = long(6000)
    assert (await half(desk, code[:4096], 100.0)).messages == ()
    shown = await half(desk, code[4096:].strip(), 100.0)
    assert "parts of your messages" in shown.messages[0].text
    assert [run.source for run in await runs(desk)] == [code]
    assert await desk.ticks(60) == {}


async def test_the_rest_may_come_without_marks_and_in_three_parts(desk: Desk) -> None:
    code = long(10_000)
    await half(desk, code[:4096], 100.0)
    assert (await desk.says(code[4096:8192], sent_at=100.0)).messages == ()
    await desk.says(code[8192:].strip(), sent_at=101.0)
    assert [run.source for run in await runs(desk)] == [code]


async def test_a_fence_that_was_cut_is_closed_by_the_rest(desk: Desk) -> None:
    code = f"```python\n{long(6000)}```\nWhat does it do?"
    await desk.says(code[:4096], sent_at=100.0)
    await desk.says(code[4096:], sent_at=100.0)
    assert [run.source for run in await runs(desk)] == [long(6000)]


async def test_who_sends_no_rest_is_asked_for_it(desk: Desk) -> None:
    code = long(6000)
    await half(desk, code[:4090], 100.0)
    assert await desk.ticks(1) == {}
    (asked,) = (await desk.ticks(5))[ADA]
    assert "Send me the rest" in asked.text
    assert "small talk" in (await desk.says("what do you mean?", sent_at=130.0)).text
    await desk.says(code[4090:].strip(), sent_at=160.0)
    assert [run.source for run in await runs(desk)] == [code]


async def test_a_first_half_outlives_the_process(tmp_path: Path, course: Course) -> None:
    code = long(6000)
    for act in (1, 2, 3):
        store = Store(tmp_path / "tutor.db")
        desk = Desk(store, course, now=NOW + 100 * act)
        desk._update = 10 * act
        desk.runner.safety = Safety(("told",), (), untrusted=True)
        if act == 1:
            await half(desk, code[:4090], desk.now)
        elif act == 2:
            (asked,) = (await desk.ticks(5))[ADA]
            assert "Send me the rest" in asked.text
        else:
            await half(desk, code[4090:].strip(), desk.now)
            assert [run.source for run in await runs(desk)] == [code]
        store.close()


async def test_a_full_message_may_be_all_there_is(desk: Desk) -> None:
    await half(desk, long(5000)[:3990], 100.0)
    (asked,) = (await desk.ticks(5))[ADA]
    assert await runs(desk) == []
    data = asked.keyboard[0][0]
    await desk.presses(data)
    assert len(await runs(desk)) == 1


async def test_an_app_may_cut_far_before_the_limit(desk: Desk) -> None:
    """What runs already is stopped and starts over with the rest; what comes later is code of its own."""
    code = long(6000)
    cut = code.rfind("\n", 0, 3000)
    await half(desk, code[:cut], 100.0)
    assert len(await runs(desk)) == 1
    await half(desk, code[cut + 1 :].strip(), 101.0)
    first, second = await runs(desk)
    assert (first.state, second.source) == (RunState.CANCELLED, code)
    await desk.says("/stop")
    await half(desk, code[:cut], 200.0)
    await desk.says("/stop")
    await half(desk, "print(1)", 260.0)
    assert (await runs(desk))[-1].source == "print(1)\n"


# Files of code


async def test_the_code_in_a_caption_runs_and_its_file_lies_beside_it(desk: Desk) -> None:
    data = SentFile("id", "a.csv", 4, b"1,2\n")
    shown = await desk.says("How?", code="print(open('a.csv').read())", file=data, content=Content.FILE)
    assert "Kept" in shown.messages[0].text
    assert [run.source for run in await runs(desk)] == ["print(open('a.csv').read())\n"]
    edited = await edits(desk, 1, "other words", file=data, content=Content.FILE)
    assert edited.messages == ()


async def test_python_in_a_text_file_is_kept_and_offered(desk: Desk) -> None:
    code = FUNCTION.encode()
    shown = await desk.says("", file=SentFile("id", "code.txt", len(code), code), content=Content.FILE)
    assert "Kept" in shown.messages[0].text
    assert "Run this?" in shown.messages[1].text
    words = b"The loss falls, and the model learns."
    shown = await desk.says("", file=SentFile("id", "notes.txt", len(words), words), content=Content.FILE)
    assert "Kept" in shown.only.text


@pytest.mark.parametrize(
    ("text", "said"),
    [("/run print(1)", "Run this?"), ("/py\nprint(1)", "Run this?"), ("/eval ```print(1)```", "Starting")],
)
async def test_code_behind_a_command_of_other_bots_is_code(desk: Desk, text: str, said: str) -> None:
    assert said in (await desk.says(text)).text


async def test_words_behind_an_unknown_command_are_no_code(desk: Desk) -> None:
    assert "do not know /run" in (await desk.says("/run the model please")).text


async def test_an_edited_file_runs_in_place_of_the_one_before(desk: Desk) -> None:
    await desk.says("", file=SentFile("id", "a.py", 9, b"print(1)\n"), content=Content.FILE)
    message = await desk.store.read(lambda t: t.snippets.last(ADA).last_message)
    same = SentFile("id", "a.py", 9, b"print(1)\n")
    assert (await edits(desk, message, "a caption", file=same, content=Content.FILE)).messages == ()
    await edits(desk, message, "", file=SentFile("id", "a.py", 9, b"print(2)\n"), content=Content.FILE)
    assert [(run.source, run.state) for run in await runs(desk)] == [
        ("print(1)\n", RunState.CANCELLED),
        ("print(2)\n", RunState.QUEUED),
    ]


async def test_a_notebook_runs(desk: Desk) -> None:
    cells = [{"cell_type": "code", "source": ["print(1)\n", "!ls"]}, {"cell_type": "markdown", "source": "x"}]
    content = json.dumps({"cells": cells, "metadata": {}, "nbformat": 4}).encode()
    for name in ("week2.ipynb", "week2.py"):
        shown = await desk.says("", file=SentFile("id", name, len(content), content), content=Content.FILE)
        assert "!ls" in shown.messages[0].text
        assert (await runs(desk))[-1].source == "print(1)\n# !ls\n"
        await desk.says("/stop")
    shown = await desk.says("", file=SentFile("id", "x.ipynb", 3, b"{}x"), content=Content.FILE)
    assert "damaged" in shown.text


@pytest.mark.parametrize(
    "content",
    [
        "# -*- coding: latin-1 -*-\nprint('Zoë')\n".encode("latin-1"),
        "# -*- coding: latin-1 -*-\r\nprint('Zoë')\r\n".encode("latin-1"),
        "\ufeff# -*- coding: utf-8 -*-\nprint('Zoë')\n".encode(),
        "# -*- coding: klingon -*-\nprint('Zoë')\n".encode(),
        "#\nprint('Zoë')\n".encode("utf-16"),
        b"if 1:\n\tprint('Zo\xc3\xab')\n",
    ],
)
async def test_a_file_is_read_as_python_reads_it(desk: Desk, content: bytes) -> None:
    await desk.says("", file=SentFile("id", "a.py", len(content), content), content=Content.FILE)
    source = (await runs(desk))[-1].source
    assert "print('Zoë')\n" in source
    assert "\r" not in source
    compile(source, "a.py", "exec")


async def test_what_was_sent_is_forgotten_when_it_can_no_longer_be_edited(desk: Desk) -> None:
    await desk.says(FUNCTION)
    await desk.store.transact(lambda t: t.timers.ensure("forget_snippets", desk.now))
    await desk.ticks(own_code.KEPT + 60)
    assert await desk.store.read(lambda t: t.snippets.last(ADA)) is None


# Whose code is it


async def test_a_learner_s_own_code_runs_as_code_nobody_trusts(desk: Desk) -> None:
    desk.runner.safety = Safety(("told",), (), untrusted=True)
    shown = await desk.presses(Edit(LESSON, "digits"))
    assert "send it back as a code block" in shown.text
    sent = await desk.says("Here it is", code="print('😀')\n")
    run = await going(desk)
    assert (run.verified, run.source, run.lesson) == (False, "print('😀')\n", LESSON)
    assert (sent.only.key, len(sent.effects)) == (post_of(run.id), 1)
    assert "One run at a time" in (await desk.says("again", code="print(2)")).text


@pytest.mark.parametrize("content", [b"print(1)\n", "\ufeffprint(1)\n".encode()])
async def test_a_python_file_is_run(desk: Desk, content: bytes) -> None:
    desk.runner.safety = Safety(("told",), (), untrusted=True)
    await desk.says("", file=SentFile("id", "mine.PY", len(content), content))
    assert (await going(desk)).source == "print(1)\n"


@pytest.mark.parametrize(
    ("file", "said"),
    [
        (SentFile("id", "notes.docx", 10, b"x"), ".py or .ipynb"),
        (SentFile("id", "<b>.exe", 10, b"x"), "<b>.exe"),
        (SentFile("id", "big.py", own_code.LIMIT + 1), "at most"),
        (SentFile("id", "lost.py", 10, None), "could not fetch"),
        (SentFile("id", "latin.py", 10, b"# caf\xe9"), "byte 6 is wrong"),
    ],
)
async def test_a_file_that_cannot_run_is_told_why(desk: Desk, file: SentFile, said: str) -> None:
    desk.runner.safety = Safety(("told",), (), untrusted=True)
    shown = await desk.says("", file=file)
    assert said in shown.text
    assert await desk.store.read(lambda t: t.runs.open_of(ADA)) is None


async def test_own_code_is_refused_where_the_sandbox_is_not_complete(desk: Desk) -> None:
    desk.runner.safety = Safety(("told",), (), untrusted=False)
    assert (await desk.presses(Edit(LESSON, "digits"))).alert
    shown = await desk.says("", code="print(1)")
    assert "only the course's own examples" in shown.text
    assert shown.effects == ()
    assert "at most" in (await desk.says("", code="#" * (own_code.LIMIT + 1))).text
