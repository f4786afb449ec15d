"""Beginning a quiz, grading answers, and going on to the next question."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from bot.domain import versions, wording
from bot.domain.grading import Grade, NotAnAnswer, grade_choices, grade_text
from bot.domain.ids import DeliveryId
from bot.domain.messages import Mode
from bot.domain.rounds import Attempt, Pick, RoundKind
from bot.features.quiz import asking, screens
from bot.features.quiz.asking import Sent
from bot.features.quiz.buttons import Again, Answer, NextQuestion, ShowHint, StartQuiz, Submit, Tick
from bot.turns.turn import Turn
from lessons.model import Kind, Lesson, Question
from lessons.numbers import readings

NO_LONGER_ASKED = "This question is no longer in the course."


def quiz(turn: Turn) -> None:
    """`/quiz`: the current lesson's questions."""
    _begin(turn, turn.current_lesson())


def start_quiz(turn: Turn, pressed: StartQuiz) -> None:
    lesson = turn.course.lesson(pressed.lesson)
    if lesson is None or not lesson.questions:
        turn.toast(asking.QUIZ_GONE, alert=True)
    else:
        _begin(turn, lesson)


def _begin(turn: Turn, lesson: Lesson) -> None:
    """Go on with the quiz that is not finished, else begin one."""
    rounds = turn.tables.rounds
    round = rounds.open(turn.learner.id, RoundKind.QUIZ, lesson.id)
    if round:
        asking.close_last(turn, round)
    else:
        round = rounds.start(turn.learner.id, RoundKind.QUIZ, lesson.id, turn.now)
    asking.ask_next(turn, round, again=True)


def answer(turn: Turn, pressed: Answer) -> None:
    place = min(pressed.choice, len(wording.LETTERS))  # a made-up one may be huge: no mask of so many bits
    _grade(turn, DeliveryId(pressed.delivery), lambda question: grade_choices(question, 1 << place))


def submit(turn: Turn, pressed: Submit) -> None:
    """Hand in what is ticked."""
    sent = _open_question(turn, DeliveryId(pressed.delivery))
    if sent and not sent.delivery.ticked:
        turn.toast("Tick what is right first.")
    elif sent:
        _record(turn, sent, grade_choices(sent.question, sent.delivery.ticked))


def tick(turn: Turn, pressed: Tick) -> None:
    """Ticks are stored with the delivery: two quick presses both count, and a press that comes twice counts once."""
    sent = _open_question(turn, DeliveryId(pressed.delivery))
    if sent is None:
        return
    _, question, delivery = sent
    if pressed.choice >= len(question.choices):
        turn.toast("This choice is no longer there.")
        return
    bit = 1 << pressed.choice
    ticked = delivery.ticked | bit if pressed.on else delivery.ticked & ~bit
    turn.tables.rounds.tick(delivery.id, ticked)
    asking.show_open(turn, sent, replace(delivery, ticked=ticked))


def hint(turn: Turn, pressed: ShowHint) -> None:
    sent = _open_question(turn, DeliveryId(pressed.delivery))
    if sent:
        turn.tables.rounds.hint(sent.delivery.id)
        asking.show_open(turn, sent, replace(sent.delivery, hinted=True))


def again(turn: Turn, pressed: Again) -> None:
    """The same question once more, in its own message, as the course has it by now. It may have been sent twice before
    it was answered, by a second /quiz: a try of the one is a try of the other."""
    sent = _find(turn, DeliveryId(pressed.delivery))
    if not sent:
        return
    lesson, _, delivery = sent
    round = turn.tables.rounds.get(delivery.round)
    last = turn.tables.rounds.last_delivery(delivery.round)
    question = lesson.question(delivery.question)
    if round is None or round.finished_at is not None or last is None or last.question != delivery.question:
        turn.toast("That question is closed. /quiz starts a new round.")
    elif not delivery.answered:
        turn.toast("Answer this question first.")
    elif question is None:
        turn.toast(NO_LONGER_ASKED)
    elif not last.answered and (open_one := asking.as_sent(turn, last)):
        asking.show_open(turn, open_one, last)
    else:
        asking.ask(turn, round, Pick(lesson, question, delivery.counts))


def next_question(turn: Turn, pressed: NextQuestion) -> None:
    sent = _find(turn, DeliveryId(pressed.delivery))
    if not sent:
        return
    round = turn.tables.rounds.get(sent.delivery.round)
    if round is None or not sent.delivery.answered:
        turn.toast("Answer this question first.")
    elif round.finished_at is not None:
        turn.toast("This round is finished. /quiz starts a new one.")
    else:
        asking.show_closed(turn, sent)
        asking.ask_next(turn, round)


def wants(turn: Turn) -> bool:
    """Whether the text is clearly an answer to the open question: a number, or the letter of a choice."""
    sent = _waiting(turn)
    if sent is None:
        return False
    question, words = sent.question, turn.incoming.text.strip()
    if question.kind is Kind.NUMERIC:
        return bool(readings(words))
    return (
        question.kind is Kind.SINGLE and words.upper() in wording.LETTERS[: len(question.choices)] and len(words) == 1
    )


def written(turn: Turn) -> bool:
    """Take a text as the answer to the question that is open: words where it wants them, or a choice's letter."""
    sent = _waiting(turn)
    if sent is None:
        return False
    question = sent.question
    if question.choices:
        return _lettered(turn, sent)
    try:
        grade = grade_text(question, turn.incoming.text)
    except NotAnAnswer:
        turn.say(screens.not_a_number())
        return True
    _record(turn, sent, grade)
    return True


def _lettered(turn: Turn, sent: Sent) -> bool:
    """Take a lone letter as that choice of a single-choice question."""
    letter = turn.incoming.text.strip().upper()
    place = wording.LETTERS.find(letter) if len(letter) == 1 else -1
    question = sent.question
    if question.kind is not Kind.SINGLE or not 0 <= place < len(question.choices):
        return False
    _record(turn, sent, grade_choices(question, 1 << place))
    return True


def _waiting(turn: Turn) -> Sent | None:
    """The question that the learner was asked last, in whichever lesson, if it is open."""
    delivery = turn.tables.rounds.last_delivery_to(turn.learner.id)
    return asking.as_sent(turn, delivery) if delivery and not delivery.answered else None


def _grade(turn: Turn, delivery: DeliveryId, grade: Callable[[Question], Grade]) -> None:
    sent = _open_question(turn, delivery)
    if sent:
        graded = grade(sent.question)
        if graded.answer:
            _record(turn, sent, graded)
        else:
            turn.toast("This choice is no longer there.")


def _record(turn: Turn, sent: Sent, grade: Grade) -> None:
    """Store the answer and show the verdict where the question stood. The first answer to a delivery is the only
    one."""
    lesson, question, delivery = sent
    graded = versions.written(question)
    if not turn.tables.rounds.answer(delivery, grade.answer, grade.correct, turn.now, graded):
        turn.toast("You have answered this one already.")
        return
    attempt = Attempt(delivery.id, grade.answer, grade.correct, turn.now)
    turn.toast("Right!" if grade.correct else "Not quite.")
    mode = Mode.KEEP if turn.incoming.query else Mode.FOLLOW  # what was written stands below the question
    verdict = screens.verdict(lesson, question, delivery, attempt, asking.onward(turn, delivery.round))
    turn.show(verdict, asking.post(delivery), mode)


def _find(turn: Turn, delivery_id: DeliveryId) -> Sent | None:
    """The question behind a button, if it was sent to this learner and its lesson is still in the course. Otherwise
    shows a toast and returns None."""
    delivery = turn.tables.rounds.delivery(delivery_id)
    if delivery is None or delivery.learner != turn.learner.id:
        turn.toast("This question is not yours.")
        return None
    sent = asking.as_sent(turn, delivery)
    if sent is None:
        turn.toast(NO_LONGER_ASKED)
    return sent


def _open_question(turn: Turn, delivery_id: DeliveryId) -> Sent | None:
    """As `_find`, but only a question that is not answered yet. A press on an answered one is told so."""
    sent = _find(turn, delivery_id)
    if sent and sent.delivery.answered:
        turn.toast("You have answered this one already.")
        return None
    return sent
