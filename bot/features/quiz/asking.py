"""Sends the next question of a round, or its result; shows questions where they stand. For rounds of every kind."""

from __future__ import annotations

from typing import NamedTuple

from bot.domain import versions
from bot.domain.ids import RoundId
from bot.domain.messages import Mode
from bot.domain.rounds import Delivery, Pick, Policy, Round
from bot.features.quiz import screens
from bot.features.quiz.screens import Onward
from bot.turns.turn import Turn
from lessons.model import Lesson, Question

QUIZ_GONE = "This quiz is no longer in the course."


class Sent(NamedTuple):
    """A question that stands in a chat."""

    lesson: Lesson
    question: Question
    """As it was shown, even if the course has changed since."""
    delivery: Delivery


def ask(turn: Turn, round: Round, pick: Pick) -> None:
    lesson, question, counts = pick
    shown = versions.written(question)
    delivery = turn.tables.rounds.deliver(round, question.id, turn.now, shown, lesson=lesson.id, counts=counts)
    turn.show(screens.question(lesson, question, delivery), post(delivery))


def post(delivery: Delivery) -> str:
    """Key of a question's message. Further tries are shown in the same one."""
    return f"quiz:{delivery.round}:{delivery.question}"


def close_last(turn: Turn, round: Round) -> None:
    """Closes the last question when the learner goes on by a command, as the button does: if it was answered, it is
    over and explained, even while another try is open."""
    last, answered = turn.tables.rounds.last_delivery(round.id), turn.tables.rounds.last_answered(round.id)
    sent = as_sent(turn, answered) if last and answered and answered.question == last.question else None
    if sent:
        show_closed(turn, sent)


def show_closed(turn: Turn, sent: Sent) -> None:
    """The verdict of an answered question without a way onward, where it stands."""
    lesson, question, delivery = sent
    attempt = turn.tables.rounds.attempt(delivery.id)
    if attempt:
        closed = screens.verdict(lesson, question, delivery, attempt, Onward.NOWHERE)
        turn.show(closed, post(delivery), Mode.KEEP)


def ask_next(turn: Turn, round: Round, again: bool = False) -> None:
    """Ask the question that the round's policy picks; without one, show the result. `again`: a question that is
    already open is shown once more."""
    policy = _policy(turn, round)
    if policy is None:
        turn.toast(QUIZ_GONE, alert=True)
        return
    history = turn.tables.rounds.first_answers(round.id)
    pick = policy.next(round, history)
    last = turn.tables.rounds.last_delivery(round.id)
    if pick is None:
        result = turn.routes.rounds[round.kind].result(turn, round, history)
        turn.tables.rounds.finish(round.id, result.right, result.total, turn.now)
        turn.show(result.screen, f"result:{round.id}")
    elif again or last is None or last.question != pick.question.id:
        ask(turn, round, pick)


def _policy(turn: Turn, round: Round) -> Policy | None:
    rules = turn.routes.rounds.get(round.kind)
    return rules.policy(turn, round) if rules else None


def onward(turn: Turn, round_id: RoundId) -> Onward:
    """What the button below an answered question leads to."""
    round = turn.tables.rounds.get(round_id)
    policy = _policy(turn, round) if round else None
    more = round and policy and policy.next(round, turn.tables.rounds.first_answers(round_id))
    return Onward.NEXT if more else Onward.RESULT


def show_open(turn: Turn, sent: Sent, delivery: Delivery) -> None:
    """Show the open question where it stands, as it is now."""
    turn.show(screens.question(sent.lesson, sent.question, delivery), post(delivery), Mode.KEEP)


def as_sent(turn: Turn, delivery: Delivery) -> Sent | None:
    """The question as it was shown. An open one has today's key, as long as its text is unchanged. A question sent
    before wordings were stored is taken from the course. None when the lesson or question has left the course."""
    lesson = turn.course.lesson(delivery.lesson)
    if lesson is None:
        return None
    now = lesson.question(delivery.question)
    shown = versions.read(delivery.shown) if delivery.shown else now
    if shown is None:
        return None
    return Sent(lesson, shown if delivery.answered else versions.graded_by(shown, now), delivery)
