"""Learners who answer the question shown, well or badly."""

from __future__ import annotations

from bot.features.quiz.buttons import Submit, Tick
from lessons.model import Kind, Question
from tests.support.desk import Desk, Shown


def right(shown: Shown, desk: Desk, lesson: int = 0) -> int:
    """The mask of the right choices of the question shown."""
    question = asked(shown, desk, lesson)
    return sum(1 << i for i, choice in enumerate(question.choices) if choice.correct)


def asked(shown: Shown, desk: Desk, lesson: int = 0) -> Question:
    questions = [q for q in desk.course.lessons[lesson].questions if q.prompt in shown.messages[-1].text]
    assert len(questions) == 1, shown.messages[-1].text
    return questions[0]


async def answered(shown: Shown, desk: Desk, well: bool, lesson: int = 0) -> Shown:
    """Answers the question shown, whatever its kind."""
    question, mask = asked(shown, desk, lesson), right(shown, desk, lesson)
    if question.kind is Kind.SINGLE:
        places = [i for i in range(len(question.choices)) if bool(mask >> i & 1) is well]
        return await desk.presses(shown.key("ABCDEFGHIJ"[places[0]]))
    if question.kind is Kind.MULTIPLE:
        delivery = int(str(shown.key("A").data).split(":")[1])
        wanted = mask if well else mask & -mask
        for place in (i for i in range(len(question.choices)) if wanted >> i & 1):
            await desk.presses(Tick(delivery, place, 1))
        return await desk.presses(Submit(delivery))
    number = question.number or 0
    return await desk.says(
        (f"{number:g}" if question.number is not None else question.answers[0]) if well else "987654"
    )


async def onward(verdict: Shown, desk: Desk) -> Shown:
    """The next question; the verdict above it loses its buttons."""
    shown = await desk.presses(verdict.key("Next question"))
    above, below = shown.messages
    assert above.key == verdict.only.key
    assert not any("Next" in key.text for row in above.keyboard for key in row)
    return Shown((below,), shown.toast, shown.alert, ())
