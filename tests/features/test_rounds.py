"""The seam for further policies: the handlers ask whatever a round's policy picks, and know no kind of round."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import pytest

from bot.domain.rounds import History, InOrder, Pick, Policy, Round, RoundKind
from bot.features import quiz
from bot.features.quiz import asking
from bot.features.quiz.buttons import NextQuestion, StartQuiz
from bot.features.quiz.rules import QUIZ
from bot.routes import FEATURES
from bot.store import Store
from bot.telegram.richtext import text
from bot.telegram.screen import Screen
from bot.turns.feature import Command, Feature
from bot.turns.rounds import Result, Rules
from bot.turns.routes import Routes
from bot.turns.turn import Turn
from lessons.model import Course, Lesson, Question
from tests.support.desk import ADA, Desk, Shown


@dataclass(frozen=True)
class ThenOneOf:
    """A quiz, and at its end a question of another lesson that does not count."""

    quiz: InOrder
    other: Lesson

    def next(self, round: Round, history: History) -> Pick | None:
        more = Pick(self.other, self.other.questions[0], counts=False)
        asked = {past.question for past in history}
        return self.quiz.next(round, history) or (None if more.question.id in asked else more)


@dataclass(frozen=True)
class Each:
    """These questions, one after another."""

    picks: tuple[Pick, ...]

    def next(self, round: Round, history: History) -> Pick | None:
        return self.picks[len(history)] if len(history) < len(self.picks) else None


def then_a_question_of_the_second(turn: Turn, round: Round) -> Policy | None:
    first, second = turn.course.lessons
    return ThenOneOf(InOrder(first), second)


def mixed(turn: Turn, round: Round) -> Policy | None:
    first, second = turn.course.lessons
    return Each((Pick(second, second.questions[0], counts=False), Pick(first, first.questions[2], counts=False)))


def reviewed(turn: Turn, round: Round, history: History) -> Result:
    right = sum(past.correct for past in history)
    return Result(right, len(history), Screen(text(f"Reviewed: {right} of {len(history)}")))


def begin_review(turn: Turn) -> None:
    asking.ask_next(turn, turn.tables.rounds.start(turn.learner.id, RoundKind.REVIEW, None, turn.now))


def reviewing(policy: Callable[[Turn, Round], Policy | None]) -> Routes:
    """The features, and one with a command that begins a review."""
    command = Command("review", begin_review, "Questions once more")
    return Routes((*FEATURES, Feature(commands=(command,), rounds={RoundKind.REVIEW: Rules(policy, reviewed)})))


@pytest.fixture
def reviews(store: Store, small_course: Course) -> Desk:
    return Desk(store, small_course, routes=reviewing(mixed))


async def answers(desk: Desk, question: Question, *, well: bool = True) -> Shown:
    """The open question, answered in writing or by its buttons."""
    if not question.choices:
        given = f"{question.number:g}" if question.number is not None else question.answers[0]
        return await desk.says(given if well else "9")
    delivery = await desk.store.read(lambda t: t.rounds.last_delivery_to(ADA))
    assert delivery
    places = [i for i, choice in enumerate(question.choices) if choice.correct is well]
    if len([c for c in question.choices if c.correct]) == 1:
        return await desk.presses(f"1a:{delivery.id}:{places[0]}")
    for place in places:
        await desk.presses(f"1t:{delivery.id}:{place}:1")
    return await desk.presses(f"1s:{delivery.id}")


async def test_a_quiz_may_end_with_a_question_of_another_lesson_that_does_not_count(
    store: Store, small_course: Course
) -> None:
    longer = replace(quiz.FEATURE, rounds={RoundKind.QUIZ: QUIZ._replace(policy=then_a_question_of_the_second)})
    features = (longer if feature is quiz.FEATURE else feature for feature in FEATURES)
    desk, (first, second) = Desk(store, small_course, routes=Routes(tuple(features))), small_course.lessons
    shown = await desk.presses(StartQuiz("first"))
    for number, question in enumerate(first.questions, 1):
        assert f"Question {number} of 4" in shown.messages[-1].text
        verdict = await answers(desk, question)
        shown = await desk.presses(verdict.key("Next question"))
    assert shown.messages[-1].text.startswith("From “The second lesson” · does not count here")
    verdict = await answers(desk, second.questions[0], well=False)
    result = await desk.presses(verdict.key("See the result"))
    assert "4 of 4 right at the first try" in result.messages[-1].text
    standings = await desk.store.read(lambda t: t.reading.standings(ADA))
    assert {lesson: [quiz.right for quiz in of.finished] for lesson, of in standings.items()} == {"first": [4]}
    counted = await desk.store.read(lambda t: [past.counts for past in t.rounds.first_answers(1)])
    assert counted == [True] * 4 + [False]


async def test_a_review_goes_over_several_lessons_with_the_same_buttons(reviews: Desk) -> None:
    desk, (first, second) = reviews, reviews.course.lessons
    shown = await desk.says("/review")
    assert "From “The second lesson”" in shown.text
    wrong = await answers(desk, second.questions[0], well=False)
    again = await desk.presses(wrong.key("Try again"))
    assert again.only.key == shown.only.key
    verdict = await answers(desk, second.questions[0])
    shown = await desk.presses(verdict.key("Next question"))
    assert "From “The first lesson”" in shown.messages[-1].text
    verdict = await answers(desk, first.questions[2])
    result = await desk.presses(verdict.key("See the result"))
    assert result.messages[-1].text == "Reviewed: 1 of 2"
    review = await desk.store.read(lambda t: t.rounds.get(1))
    assert review
    assert (review.lesson, review.right, review.total) == (None, 1, 2)
    assert await desk.store.read(lambda t: t.reading.standings(ADA)) == {}
    begun = await desk.says("/quiz")
    assert "Question 1 of 4" in begun.text, "the quiz of a lesson is another round"


async def test_a_round_whose_lesson_has_left_the_course_says_so(reviews: Desk) -> None:
    """Its last question may be of another lesson that is still there."""
    desk, second = reviews, reviews.course.lessons[1]
    await desk.says("/review")
    await answers(desk, second.questions[0])
    desk.routes = reviewing(lambda turn, round: None)
    delivery = await desk.store.read(lambda t: t.rounds.last_delivery(1))
    assert delivery
    shown = await desk.presses(NextQuestion(delivery.id))
    assert (shown.toast, shown.alert) == ("This quiz is no longer in the course.", True)


async def test_what_an_author_adds_before_the_last_question_comes_before_the_result(small_desk: Desk) -> None:
    """The button below the last question names what comes, also when the course has changed since the start."""
    desk, first = small_desk, small_desk.course.lessons[0]
    await desk.presses(StartQuiz("first"))
    for question in first.questions[:-1]:
        verdict = await answers(desk, question)
        await desk.presses(verdict.key("Next question"))
    added = replace(first.questions[0], id="added")
    changed = replace(first, questions=(added, *first.questions))
    desk.course = replace(desk.course, lessons=(changed, *desk.course.lessons[1:]))
    verdict = await answers(desk, first.questions[-1])
    shown = await desk.presses(verdict.key("Next question"))
    assert "Question 1 of 5" in shown.messages[-1].text
