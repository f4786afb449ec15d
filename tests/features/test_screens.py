"""What learners see: within Telegram's limits also in the worst case, and people's words always plain."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from telegram import Bot

from bot.domain.classes import Due
from bot.domain.learning import Passed, Standing
from bot.domain.messages import Mode
from bot.domain.rounds import Attempt, Delivery
from bot.domain.runs import Epoch, Judgement, LearnersFile, Run, RunState
from bot.domain.snippets import Repair, Snippet, Unusable
from bot.features.help import screens as general
from bot.features.own_code import file_screens as files
from bot.features.own_code import screens as own_code
from bot.features.progress import screens as progress
from bot.features.quiz import screens as quiz
from bot.features.reading import screens as lessons
from bot.features.training import screens as training_screens
from bot.runs import screens as runs
from bot.runs.buttons import RunExample
from bot.telegram import notices as telegram_notices
from bot.telegram.actions import decode, encode
from bot.telegram.richtext import MESSAGE_ENTITIES, Text, bold, text
from bot.telegram.screen import Button, Screen
from bot.telegram.sender import Sender
from bot.turns.buttons import Lessons
from bot.turns.screens import in_private
from lessons.model import Course, Example, Lesson, Role
from tests.support.desk import ADA, NOW, ROUTES, keys
from tests.support.limits import BIG, NAMES, markup_bytes, within_limits
from tests.support.pictures import png
from tests.support.served import Served

METRICS = ("loss", "accuracy", "val_loss", "val_accuracy", "val_sparse_top_k_categorical_accuracy")
HISTORY = tuple(Epoch(n, 40, {name: 12345.678 / n for name in METRICS}, 59.99 * n) for n in range(1, 41))
JUDGEMENTS = tuple(Judgement(trained, 10**9, {"loss": 1e-9}, 0.1, 0.1, 0.1, 0.1) for trained in (False, True))
TRACEBACK = 'Traceback (most recent call last):\n  File "train.py", line 3\n' + "ValueError: 😀 <b>&\n" * 400
OUTPUT = "".join(f"line {n} 😀 <i>\n" for n in range(5000))


def a_run(lesson: Lesson, example: Example, **more: object) -> Run:
    values = {p.name: (p.presets or (p.default,))[-1] for p in example.parameters}
    base = Run(BIG, BIG, BIG, lesson.id, example.id, values, example.source, NOW, state=RunState.FINISHED, seconds=3599)
    return replace(base, **more)  # type: ignore[arg-type]


def reading_screens(course: Course) -> Iterator[Screen]:
    read = {
        lesson.id: Standing(
            lesson.id,
            frozenset(s.id for s in lesson.sections),
            10**6,
            10**5,
            (Passed(BIG, lesson.id, NOW, NOW, 5, 6),) * 99,
        )
        for lesson in course.lessons
    }
    for standings in ({}, read):
        yield lessons.lesson_list(course, standings)
    for lesson in course.lessons:
        for page in lessons.all_pages(lesson):
            yield lessons.page(lesson, page)
        for name in NAMES:
            yield lessons.welcome(course, name, lesson)
            yield lessons.welcome(course, name, None)
            for last in (None, *(a_run(lesson, e, history=HISTORY, judgements=JUDGEMENTS) for e in lesson.examples)):
                yield progress.progress(course, name, read, last, name)
                due = {one.id: [Due(name, NOW, True, late) for late in (True, False) * 5] for one in course.lessons}
                yield progress.progress(course, name, read, last, name, due)


def quiz_screens(course: Course) -> Iterator[Screen]:
    for lesson in course.lessons:
        for question in lesson.questions:
            delivery = Delivery(BIG, BIG, BIG, lesson.id, question.id, 3, NOW)
            full = (1 << len(question.choices)) - 1
            for chosen in (0, full):
                yield quiz.question(lesson, question, replace(delivery, ticked=chosen, hinted=True))
                yield quiz.question(lesson, question, replace(delivery, ticked=chosen))
            answers = [(choice.id,) for choice in question.choices] + [tuple(c.id for c in question.choices)]
            answers += [("4",), ("<b>😀</b>" * 200,)] if not question.choices else []
            for answer in answers:
                for correct in (True, False):
                    yield quiz.verdict(lesson, question, delivery, Attempt(BIG, answer, correct, NOW))
        for right in (True, False):
            yield quiz.result(lesson, {q.id: right for q in lesson.questions}, right)


def run_screens(course: Course) -> Iterator[Screen]:
    for lesson in course.lessons:
        for example in lesson.examples:
            yield from screens_of_run(lesson, example)
            if example.parameters:
                yield training_screens.tune(lesson, example, {})
            yield training_screens.refused(
                example, [f"{p.name} must be a number, not {'9' * 40}" for p in example.parameters] * 9
            )
            yield training_screens.train_first(lesson, example)
            yield own_code.to_edit(example)
        for named in NAMES:
            yield training_screens.no_such_example(lesson, named, Role.TRAIN)
        past = [
            replace(a_run(lesson, e, state=state, history=HISTORY, reason="error"), id=10**9)
            for e in lesson.examples
            for state in RunState
        ]
        titles = {(lesson.id, e.id): e.title for e in lesson.examples}
        yield training_screens.past(past[: training_screens.PAGE], titles, 5, 10**6)
    yield training_screens.past([], {}, 0, 0)
    yield from (training_screens.nothing_to_stop(), runs.no_longer_busy(), runs.no_longer_busy(BIG))


def screens_of_run(lesson: Lesson, example: Example) -> Iterator[Screen]:
    picture = png()
    for verified in (True, False):
        run = a_run(lesson, example, verified=verified, restarts=1)
        yield runs.queued(example, run, 10**6, 10**6)
        yield runs.starting(example, run)
        yield runs.training(example, run, HISTORY)
        yield runs.training(example, run, HISTORY[:1])
        yield from (runs.busy(run, example.title), runs.busy(run, example.title, BIG))
        yield training_screens.source(example, replace(run, source=OUTPUT))
        yield training_screens.source(example, run)
        for shown in (None, picture):
            yield runs.outcome(lesson, example, replace(run, history=HISTORY, output=OUTPUT), shown)
            yield runs.outcome(lesson, example, replace(run, judgements=JUDGEMENTS, output=OUTPUT), shown)
            yield runs.outcome(lesson, example, replace(run, output=OUTPUT), shown)
            yield runs.outcome(lesson, None, replace(run, history=HISTORY), shown)
        for reason in (*runs.SORRY, "unheard of", None):
            ended = replace(run, state=RunState.FAILED, reason=reason, detail=TRACEBACK, output=OUTPUT, history=HISTORY)
            yield runs.outcome(lesson, example, ended, None)
        yield runs.outcome(lesson, example, replace(run, state=RunState.CANCELLED, history=HISTORY), None)


def other_screens() -> Iterator[Screen]:
    yield general.help([(c.name, c.about) for c in ROUTES.commands])
    yield from (general.unknown_command(name * 100) for name in NAMES)
    yield telegram_notices.apology("abcdef")
    for made in (general.not_understood, quiz.not_a_number, telegram_notices.try_later, in_private,
                 training_screens.no_example, own_code.not_here):  # fmt: skip
        yield made()
    for name in NAMES:
        yield from (files.not_taken(name), own_code.not_fetched(name), own_code.not_utf8(name, 10**9))
    yield own_code.too_long(10**12, 10**5)
    odd = Snippet("x", "x", False, repairs=tuple(Repair), left_out=tuple(f"!pip {name * 9}" for name in NAMES * 9))
    yield from (own_code.offer(BIG, odd), own_code.ask_for_rest(BIG), own_code.repaired(odd), own_code.accepted(odd))
    yield from (own_code.nothing_left(odd.left_out), own_code.declined())
    yield from (own_code.no_notebook("<b>😀" * 99, trouble) for trouble in Unusable)
    kept = [LearnersFile(BIG, "x" * 60 + f"{n}.jpeg", 5_000_000) for n in range(5)]
    yield from (files.listing(kept, 5), files.listing([], 5), files.full(kept[0].name, kept, 5))
    yield from (files.too_large(name[:60], 10**9, 5_000_000) for name in NAMES)
    yield files.kept(kept[0].name, "", 5_000_000, replaced=True, of_lesson=True)


def every_screen(course: Course) -> list[Screen]:
    return [*reading_screens(course), *quiz_screens(course), *run_screens(course), *other_screens()]


def test_every_screen_is_within_telegram_s_limits(course: Course, small_course: Course) -> None:
    for made in (course, small_course):
        screens = every_screen(made)
        assert len(screens) > 100
        for screen in screens:
            within_limits(screen.outgoing(ADA))


async def test_the_emulator_takes_every_screen_as_it_is(course: Course, served: Served, bot: Bot) -> None:
    for screen in {repr(screen): screen for screen in every_screen(course)}.values():
        await Sender(bot).send(screen.outgoing(ADA))  # a sender each: one alone would keep Telegram's pace
    refused = [call for call in await served.calls() if not call["answer"]["ok"]]
    assert refused == []
    assert len(await served.chat()) > 200


# Names and words of people


@pytest.mark.parametrize("name", NAMES)
def test_a_name_is_shown_as_it_is(course: Course, name: str) -> None:
    for screen in (lessons.welcome(course, name, None), progress.progress(course, name, {}, None, "")):
        message = screen.outgoing(ADA)
        assert name in message.text
        assert {str(e["type"]) for e in message.entities} <= {"bold", "italic", "code"}


def test_an_answer_that_looks_like_markup_stays_plain(small_course: Course) -> None:
    lesson = small_course.lessons[0]
    question = next(q for q in lesson.questions if q.id == "word")
    delivery = Delivery(1, 1, 1, lesson.id, question.id, 0, NOW)
    shown = quiz.verdict(lesson, question, delivery, Attempt(1, ("**<b>x</b>** `y`",), False, NOW)).outgoing(ADA)
    assert "Your answer: **<b>x</b>** `y`" in shown.text


# What must be in the worst case


MARKED = """Traceback (most recent call last):
  File "your_code.py", line 2, in <module>
    {line}
    {marks}
NameError: name 'heigths' is not defined"""


def a_crash(course: Course, detail: str, verified: bool = False) -> Screen:
    lesson = course.lessons[0]
    run = a_run(lesson, lesson.examples[0], state=RunState.FAILED, reason="error", detail=detail, verified=verified)
    return runs.failed(lesson, None if not verified else lesson.examples[0], run)


def test_marks_under_a_line_that_a_phone_breaks_are_left_out(course: Course) -> None:
    line = 'print("on average", np.mean(heigths))'
    wide = a_crash(course, MARKED.format(line=line, marks=" " * 28 + "^^^^^^^")).text.plain
    assert "^" not in wide
    assert line in wide
    assert "NameError" in wide
    assert "~~^~~" in a_crash(course, MARKED.format(line="1 / 0", marks="~~^~~")).text.plain


def test_a_run_that_has_no_figures_yet_says_what_it_does(course: Course) -> None:
    lesson = course.lessons[0]
    train, judge = (lesson.of_role(role)[0] for role in (Role.TRAIN, Role.EVALUATE))
    assert "Building the model" in runs.starting(train, a_run(lesson, train)).text.plain
    assert "Loading the model" in runs.starting(judge, a_run(lesson, judge)).text.plain
    assert "Running your code" in runs.starting(None, a_run(lesson, train, verified=False)).text.plain


def test_a_plot_without_figures_is_not_said_to_report_any(course: Course) -> None:
    lesson = course.lessons[0]
    for output, said in (("", False), ("mean 3.5", True)):
        run = a_run(lesson, lesson.examples[0], verified=False, output=output)
        assert ("Self-reported" in runs.finished(lesson, None, run, png()).text.plain) is said


def test_an_error_in_own_code_says_how_to_mend_it(course: Course) -> None:
    assert "edit your message" in a_crash(course, "NameError: x").text.plain
    assert "edit your message" not in a_crash(course, "NameError: x", verified=True).text.plain


def test_a_long_traceback_keeps_its_end_where_the_error_stands(course: Course) -> None:
    lesson = course.lessons[0]
    detail = "Traceback (most recent call last):\n" + '  File "train.py", line 7\n' * 300 + "ValueError: the reason"
    run = a_run(lesson, lesson.examples[0], state=RunState.FAILED, reason="error", detail=detail)
    shown = runs.outcome(lesson, lesson.examples[0], run, None).outgoing(ADA)
    assert "ValueError: the reason" in shown.text
    assert runs.SORRY["error"] in shown.text


def test_own_code_s_figures_are_marked_even_below_much_output(course: Course) -> None:
    lesson = course.lessons[0]
    run = a_run(lesson, lesson.examples[0], verified=False, history=HISTORY, output="word " * 5000)
    shown = runs.finished(lesson, lesson.examples[0], run, png()).outgoing(ADA)
    assert "Self-reported" in shown.text
    assert "val accuracy" in shown.text


def test_every_reason_has_words_of_its_own(course: Course) -> None:
    from runner import Reason

    assert {str(reason) for reason in Reason} == set(runs.SORRY)
    assert len(set(runs.SORRY.values())) == len(runs.SORRY)


@pytest.mark.parametrize("source", ["x = 1\n" * 100, "s = '😀😀😀'\n" * 330, "x = 1\n" * 5000])
def test_the_code_of_a_run_is_shown_whole_or_sent_as_a_file(course: Course, source: str) -> None:
    lesson = course.lessons[0]
    shown = training_screens.source(lesson.examples[0], a_run(lesson, lesson.examples[0], source=source)).outgoing(ADA)
    if shown.attachment:
        assert (shown.attachment.content.decode(), shown.attachment.name) == (source, f"run-{BIG}.py")
    else:
        assert source.strip() in shown.text


def test_a_long_made_up_name_does_not_push_out_what_there_is(course: Course) -> None:
    lesson = course.lessons[0]
    shown = training_screens.no_such_example(lesson, "x" * 4000, Role.TRAIN).outgoing(ADA)
    assert "/train digits" in shown.text


def test_the_live_message_shows_where_it_is_and_how_it_goes(course: Course) -> None:
    lesson = course.lessons[0]
    shown = runs.training(lesson.examples[0], a_run(lesson, lesson.examples[0]), HISTORY[:20])
    assert "epoch 20 of 40" in shown.text.plain
    assert "▰▰▰▰▰▱▱▱▱▱" in shown.text.plain
    table = [line for line in shown.text.plain.split("\n") if line.startswith(("loss", "accuracy", "val "))]
    assert len(table) == len(METRICS)
    assert all(line.rstrip().endswith("▁") for line in table)


def test_pages_are_numbered_over_the_lesson_and_offer_the_example_they_show(course: Course) -> None:
    lesson = course.lessons[0]
    pages = lessons.all_pages(lesson)
    assert [page.number for page in pages] == list(range(1, len(pages) + 1))
    offered = [
        key.data
        for page in pages
        for key in keys(lessons.page(lesson, page).outgoing(ADA))
        if key.data and isinstance(decode(key.data, ROUTES.actions), RunExample)
    ]
    assert offered == [encode(RunExample(lesson.id, example.id)) for example in lesson.examples]


def test_keyboards_fit_a_phone(course: Course) -> None:
    for screen in every_screen(course):
        for row in screen.outgoing(ADA).keyboard:
            assert sum(len(key.text) for key in row) <= 64


@pytest.mark.parametrize("kind", ["single", "multiple"])
def test_b5_all_ten_choices_can_be_pressed(small_course: Course, kind: str) -> None:
    """Telegram shows at most eight buttons in a row."""
    lesson = small_course.lessons[0]
    asked = next(q for q in lesson.questions if q.kind == kind)
    ten = replace(asked, choices=tuple(replace(asked.choices[0], id=f"c{n}") for n in range(10)))
    shown = quiz.question(lesson, ten, Delivery(BIG, BIG, BIG, lesson.id, ten.id, 3, NOW)).outgoing(ADA)
    found = [key.text[-1] for key in keys(shown) if key.data and key.text[-1] in "ABCDEFGHIJ" and len(key.text) < 4]
    assert found == list("ABCDEFGHIJ")
    assert all(len(row) <= 5 for row in shown.keyboard)


# Screens themselves


def test_a_screen_too_long_is_clipped_and_empty_rows_go() -> None:
    shown = Screen(bold("😀" * 5000), ((), (Button("x" * 99, Lessons()),))).outgoing(ADA, "key", Mode.KEEP)
    within_limits(shown)
    assert shown.text.endswith("…")
    assert (shown.key, shown.mode, len(shown.keyboard)) == ("key", Mode.KEEP, 1)
    assert shown.keyboard[0][0].text.endswith("…")
    many = Screen(text(*(bold("x") for _ in range(300)))).outgoing(ADA)
    assert len(many.entities) == MESSAGE_ENTITIES
    assert Screen(Text("plain")).outgoing(ADA).mode is Mode.NEW


def test_long_lists_of_buttons_have_shorter_labels_and_short_ones_keep_theirs() -> None:
    def labels(count: int, label: str) -> list[str]:
        rows = tuple((Button(label, url="https://keras.io"),) for _ in range(count))
        message = Screen(text("Choose"), rows).outgoing(ADA)
        assert markup_bytes(message) < 10_000
        return [key.text for key in keys(message)]

    assert labels(5, "x" * 70) == ["x" * 59 + "…"] * 5
    assert labels(100, "short") == ["short"] * 100
    assert set(map(len, labels(90, "课" * 64))) < set(range(10, 60))


def test_own_code_that_lacks_a_file_is_told_how_to_send_it(course: Course) -> None:
    lesson = course.lessons[0]
    detail = "line 1\nFileNotFoundError: [Errno 2] No such file or directory: 'patients.csv'"
    lacking = a_run(lesson, lesson.examples[0], state=RunState.FAILED, reason="error", detail=detail, verified=False)
    assert "/files" in runs.failed(lesson, None, lacking).text.plain
    assert "/files" not in runs.failed(lesson, None, replace(lacking, detail="ZeroDivisionError")).text.plain
    assert "/files" not in runs.failed(lesson, lesson.examples[0], replace(lacking, verified=True)).text.plain


@pytest.mark.parametrize(("buttons_", "rows"), [(1, [1]), (5, [5]), (6, [5, 1]), (10, [5, 5]), (12, [5, 5, 2])])
def test_a_row_holds_at_most_five_buttons(buttons_: int, rows: list[int]) -> None:
    row = tuple(Button(chr(65 + n), copy=str(n)) for n in range(buttons_))
    shown = Screen(text("Choose"), (row, (), (Button("Last", copy="x"),))).outgoing(ADA)
    assert [len(keys) for keys in shown.keyboard] == [*rows, 1]
    assert [key.text for keys in shown.keyboard for key in keys] == [*(b.label for b in row), "Last"]
