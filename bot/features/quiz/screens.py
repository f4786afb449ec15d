"""A question, its verdict, and the result of a quiz."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import Enum

from bot.domain import wording
from bot.domain.grading import Miss, read_number
from bot.domain.rounds import Attempt, Delivery
from bot.features.progress.buttons import Progress
from bot.features.quiz.buttons import Again, Answer, NextQuestion, ShowHint, StartQuiz, Submit, Tick
from bot.runs.buttons import RunExample
from bot.telegram.actions import Action
from bot.telegram.markdown import inline
from bot.telegram.richtext import Text, bold, code, italic, join, lines, paragraphs, quote, text
from bot.telegram.screen import Button, Row, Screen
from bot.turns.buttons import Read, Still
from lessons.model import Choice, Kind, Lesson, Question


class Onward(Enum):
    """What the button below an answered question leads to."""

    NOWHERE = ""
    NEXT = "Next question ›"
    RESULT = "See the result ›"


RESULT_UNITS = 3200
"""Room for all prompts of a quiz in its result ..."""
SHORTEST_PROMPT = 40
"""... and for one of very many."""


def question(lesson: Lesson, asked: Question, delivery: Delivery) -> Screen:
    """The question, open for an answer, with the ticks and the hint that its delivery holds."""
    body = paragraphs(
        _header(lesson, asked, delivery),
        bold(inline(asked.prompt)),
        _choices(asked),
        italic(_how_to_answer(asked)),
        quote(text("Hint: ", inline(asked.hint))) if delivery.hinted else "",
    )
    keys = _answer_rows(asked, delivery)
    if asked.hint and not delivery.hinted:
        keys.append((Button("💡 ShowHint", ShowHint(delivery.id)),))
    return Screen(body, tuple(keys))


def _header(lesson: Lesson, asked: Question, delivery: Delivery) -> Text:
    """The question's place in the quiz as the course has it today; the question may have been withdrawn since it was
    shown. A question that does not count is not numbered: its lesson stands there instead."""
    if not delivery.counts:
        return italic(f"From “{lesson.title}” · does not count here")
    number = next((n for n, question in enumerate(lesson.questions, 1) if question.id == asked.id), None)
    if number is None:
        return italic("This question is no longer part of the quiz")
    again = " · another try" if delivery.tries else ""
    return italic(f"Question {number} of {len(lesson.questions)}{again}")


def _choices(asked: Question) -> Text:
    """Choices stand in the text, where they wrap; the buttons carry their letters."""
    return lines(*(text(bold(f"{wording.letter(i)}  "), inline(c.text)) for i, c in enumerate(asked.choices)))


def _how_to_answer(asked: Question) -> str:
    return {
        Kind.SINGLE: "",
        Kind.MULTIPLE: "Tick all that are right, then hand in.",
        Kind.NUMERIC: "Write a number.",
        Kind.TEXT: "Write a word or two.",
    }[asked.kind]


def _answer_rows(asked: Question, delivery: Delivery) -> list[Row]:
    n = len(asked.choices)
    if asked.kind is Kind.SINGLE:
        return [tuple(Button(wording.letter(i), Answer(delivery.id, i)) for i in range(n))]
    if asked.kind is Kind.MULTIPLE:
        on = [delivery.ticked >> i & 1 for i in range(n)]
        ticks = tuple(
            Button(f"{'☑' if on[i] else '☐'} {wording.letter(i)}", Tick(delivery.id, i, 1 - on[i])) for i in range(n)
        )
        return [ticks, (Button("Hand in", Submit(delivery.id), style="primary"),) if any(on) else ()]
    return []


def verdict(
    lesson: Lesson, asked: Question, delivery: Delivery, attempt: Attempt, onward: Onward = Onward.NEXT
) -> Screen:
    """The answered question: what was chosen, whether it is right, and why. With no way onward the question is over,
    and its explanation is shown in any case. So is that of a question that has left the course: it cannot be tried
    again."""
    taken = [c for c in asked.choices if c.id in attempt.answer]
    given = "" if asked.choices else text("Your answer: ", bold(" ".join(attempt.answer)))
    over = attempt.correct or onward is Onward.NOWHERE or lesson.question(asked.id) is None
    body = paragraphs(
        _header(lesson, asked, delivery),
        bold(inline(asked.prompt)),
        _choices(asked),
        given,
        bold("✅ Right!" if attempt.correct else "❌ Not quite."),
        _feedback(taken, attempt.correct, several=asked.kind is Kind.MULTIPLE),
        _how_read(asked, attempt) if asked.kind is Kind.NUMERIC else "",
        quote(inline(asked.explanation)) if over else "",
    )
    return Screen(body, (*_answered_row(asked, attempt), *_onward_rows(lesson, asked, delivery, attempt, onward)))


MISSES = {
    Miss.SIGN: "The size is right; look at the sign.",
    Miss.POINT: "The digits are right; look at the decimal point, or at percent.",
    Miss.LOW: "That is too low.",
    Miss.HIGH: "That is too high.",
}


def _how_read(asked: Question, attempt: Attempt) -> Text:
    """How a number was understood, where it was wrong or could be read in several ways, and what is wrong with it."""
    read = read_number(asked, " ".join(attempt.answer))
    if not read.shown or (attempt.correct and len(read.shown) == 1):
        return Text("")
    if attempt.correct:
        return text("I read it as ", " or ".join(read.shown), ", and one of them is right.")
    return text("I read it as ", " or ".join(read.shown), ". ", MISSES[read.miss] if read.miss else "")


def _feedback(taken: Sequence[Choice], correct: bool, several: bool) -> Text:
    if several and not correct:
        taken = [c for c in taken if not c.correct]
        return (
            join("\n", [inline(c.feedback) for c in taken])
            if taken
            else text("What you ticked is right, but there is more.")
        )
    return join("\n", [inline(c.feedback) for c in taken])


def _answered_row(asked: Question, attempt: Attempt) -> list[Row]:
    """The keyboard as it was answered. After a wrong answer the right one stays hidden: there is another try."""

    def mark(choice: Choice) -> str:
        if choice.id in attempt.answer:
            return " ✅" if choice.correct else " ❌"
        return ""

    def style(choice: Choice) -> str | None:
        return None if choice.id not in attempt.answer else "success" if choice.correct else "danger"

    if not asked.choices:
        return []
    return [tuple(Button(wording.letter(i) + mark(c), Still(), style=style(c)) for i, c in enumerate(asked.choices))]


def _onward_rows(lesson: Lesson, asked: Question, delivery: Delivery, attempt: Attempt, onward: Onward) -> list[Row]:
    if onward is Onward.NOWHERE:
        return []
    go = Button(onward.value, NextQuestion(delivery.id), style="primary")
    if attempt.correct or lesson.question(asked.id) is None:
        return [(go,)]
    reread = Button("📖 Read it again", Read(lesson.id, asked.section))
    return [(Button("↻ Try again", Again(delivery.id), style="primary"), reread), (go,)]


def _reread_rows(lesson: Lesson, first_answers: Mapping[str, bool]) -> list[Row]:
    """A way to each section of which a question was not right."""
    wanting = {q.section for q in lesson.questions if not first_answers.get(q.id)}
    sections = [s for s in lesson.sections if s.id in wanting]
    return [(Button(f"📖 {s.title}", Read(lesson.id, s.id)),) for s in sections]


def result(lesson: Lesson, first_answers: Mapping[str, bool], passed: bool, following: Lesson | None = None) -> Screen:
    """The end of a quiz; what counts is the first answer to each question. `following` is the lesson after this one."""
    right = sum(first_answers.values())
    total = len(lesson.questions)
    room = max(SHORTEST_PROMPT, RESULT_UNITS // total) if total else 0
    rows = [text("✅ " if first_answers.get(q.id) else "❌ ", inline(q.prompt).clipped(room)) for q in lesson.questions]
    comment = (
        "All of them at the first try. Very well done!"
        if right == total
        else "You have passed this quiz."
        if passed
        else "Read the sections of the questions marked ❌ once more, then try again: it sticks better the second time."
    )
    body = paragraphs(
        italic(lesson.title),
        bold(f"{wording.bar(right, total)} {right} of {total} right at the first try"),
        lines(*rows),
        comment,
    )
    return Screen(
        body,
        (
            *_reread_rows(lesson, first_answers),
            (Button(f"Next lesson: {following.title} ›", Read(following.id), style="primary"),)
            if following and passed
            else (),
            (Button("▶ Train a model", _train(lesson), style=None if following and passed else "primary"),)
            if lesson.examples
            else (),
            (Button("↻ Quiz again", StartQuiz(lesson.id)), Button("My progress", Progress())),
        ),
    )


def _train(lesson: Lesson) -> Action:
    return RunExample(lesson.id, lesson.examples[0].id)


def not_a_number() -> Screen:
    return Screen(
        text(
            "This question wants a number, for example ",
            code("12"),
            " or ",
            code("0.75"),
            ". It did not count as an answer.",
        )
    )
