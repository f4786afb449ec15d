"""Asking, grading, and going on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import NamedTuple

from bot.domain import versions, wording
from bot.domain.grading import Grade, NotAnAnswer, grade_choices, grade_text
from bot.domain.learning import Attempt, Delivery, Quiz
from bot.domain.mastery import enough
from bot.domain.messages import Mode
from bot.features.quiz import screens
from bot.features.quiz import screens as general
from bot.features.quiz.buttons import Again, Answer, Hint, NextQuestion, StartQuiz, Submit, Tick
from bot.turns.turn import Turn
from lessons.model import Kind, Lesson, Question
from lessons.numbers import readings


class Sent(NamedTuple):
    """A question that stands in a chat."""

    lesson: Lesson
    question: Question
    """As it was shown, whatever the course says by now."""
    delivery: Delivery


NO_LONGER_ASKED = "This question is no longer in the course."


def quiz(turn: Turn) -> None:
    """`/quiz`: the current lesson's questions."""
    _begin(turn, turn.current_lesson())


def start_quiz(turn: Turn, pressed: StartQuiz) -> None:
    lesson = turn.course.lesson(pressed.lesson)
    if lesson is None or not lesson.questions:
        turn.toast("This quiz is no longer in the course.", alert=True)
    else:
        _begin(turn, lesson)


def _begin(turn: Turn, lesson: Lesson) -> None:
    """Go on with a pass that is not finished, else begin one."""
    quizzes = turn.tables.quizzes
    going = quizzes.open(turn.learner.id, lesson.id)
    if going:
        _close_last(turn, going)
        _ask_next(turn, lesson, going, again=True)
    else:
        _ask(turn, lesson, quizzes.start(turn.learner.id, lesson.id, turn.now), lesson.questions[0])


def _ask(turn: Turn, lesson: Lesson, quiz: Quiz, question: Question) -> None:
    delivery = turn.tables.quizzes.deliver(quiz, question.id, turn.now, versions.written(question))
    turn.show(screens.question(lesson, question, delivery), _post(delivery))


def _post(delivery: Delivery) -> str:
    """A question and its further tries share one message."""
    return f"quiz:{delivery.quiz}:{delivery.question}"


def _close_last(turn: Turn, quiz: Quiz) -> None:
    """A learner who goes on by a command leaves the last question as with its button: if it was answered, even while
    it is open for another try, it is over and explained."""
    last, answered = turn.tables.quizzes.last_delivery(quiz.id), turn.tables.quizzes.last_answered(quiz.id)
    sent = _as_sent(turn, answered) if last and answered and answered.question == last.question else None
    if sent:
        _show_closed(turn, sent)


def _show_closed(turn: Turn, sent: Sent) -> None:
    """The verdict of an answered question without a way onward, where it stands."""
    lesson, question, delivery = sent
    attempt = turn.tables.quizzes.attempt(delivery.id)
    if attempt:
        turn.show(screens.verdict(lesson, question, delivery, attempt, onward=False), _post(delivery), Mode.KEEP)


def _ask_next(turn: Turn, lesson: Lesson, quiz: Quiz, again: bool = False) -> None:
    """The first question without an answer; when there is none, the result. `again`: a question that is already open
    is shown once more. Answers to questions that have left the course count for nothing."""
    first = turn.tables.quizzes.first_answers(quiz.id)
    answers = {q.id: first[q.id] for q in lesson.questions if q.id in first}
    waiting = next((q for q in lesson.questions if q.id not in answers), None)
    last = turn.tables.quizzes.last_delivery(quiz.id)
    if waiting is None:
        right, total = sum(answers.values()), len(lesson.questions)
        turn.tables.quizzes.finish(quiz.id, right, total, turn.now)
        turn.show(screens.result(lesson, answers, enough(right, total)), f"result:{quiz.id}")
    elif again or last is None or last.question != waiting.id:
        _ask(turn, lesson, quiz, waiting)


def answer(turn: Turn, pressed: Answer) -> None:
    place = min(pressed.choice, len(wording.LETTERS))  # a made-up one may be huge: no mask of so many bits
    _grade(turn, pressed.delivery, lambda question: grade_choices(question, 1 << place))


def submit(turn: Turn, pressed: Submit) -> None:
    """Hand in what is ticked."""
    sent = _open_question(turn, pressed.delivery)
    if sent and not sent.delivery.ticked:
        turn.toast("Tick what is right first.")
    elif sent:
        _record(turn, sent, grade_choices(sent.question, sent.delivery.ticked))


def tick(turn: Turn, pressed: Tick) -> None:
    """The ticks are kept with the delivery: two quick presses both count, and one that comes twice counts once."""
    sent = _open_question(turn, pressed.delivery)
    if sent is None:
        return
    _, question, delivery = sent
    if pressed.choice >= len(question.choices):
        turn.toast("This choice is no longer there.")
        return
    bit = 1 << pressed.choice
    ticked = delivery.ticked | bit if pressed.on else delivery.ticked & ~bit
    turn.tables.quizzes.tick(delivery.id, ticked)
    _show_again(turn, sent, replace(delivery, ticked=ticked))


def hint(turn: Turn, pressed: Hint) -> None:
    sent = _open_question(turn, pressed.delivery)
    if sent:
        turn.tables.quizzes.hint(pressed.delivery)
        _show_again(turn, sent, replace(sent.delivery, hinted=True))


def _show_again(turn: Turn, sent: Sent, delivery: Delivery) -> None:
    """The open question where it stands, as it is now."""
    turn.show(screens.question(sent.lesson, sent.question, delivery), _post(delivery), Mode.KEEP)


def again(turn: Turn, pressed: Again) -> None:
    """The same question once more, in its own message, as the course has it by now. It may have been sent twice before
    it was answered, by a second /quiz: a try of the one is a try of the other."""
    sent = _find(turn, pressed.delivery)
    if not sent:
        return
    lesson, _, delivery = sent
    quiz = turn.tables.quizzes.get(delivery.quiz)
    last = turn.tables.quizzes.last_delivery(delivery.quiz)
    question = lesson.question(delivery.question)
    if quiz is None or quiz.finished_at is not None or last is None or last.question != delivery.question:
        turn.toast("That question is closed. /quiz starts a new round.")
    elif not delivery.answered:
        turn.toast("Answer this question first.")
    elif question is None:
        turn.toast(NO_LONGER_ASKED)
    elif not last.answered and (open_one := _as_sent(turn, last)):
        _show_again(turn, open_one, last)
    else:
        _ask(turn, lesson, quiz, question)


def next_question(turn: Turn, pressed: NextQuestion) -> None:
    sent = _find(turn, pressed.delivery)
    if not sent:
        return
    lesson, _, delivery = sent
    quiz = turn.tables.quizzes.get(delivery.quiz)
    if quiz is None or not delivery.answered:
        turn.toast("Answer this question first.")
    elif quiz.finished_at is not None:
        turn.toast("This round is finished. /quiz starts a new one.")
    else:
        _show_closed(turn, sent)
        _ask_next(turn, lesson, quiz)


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
        turn.say(general.not_a_number())
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
    delivery = turn.tables.quizzes.last_delivery_to(turn.learner.id)
    return _as_sent(turn, delivery) if delivery and not delivery.answered else None


def _grade(turn: Turn, delivery: int, grade: Callable[[Question], Grade]) -> None:
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
    if not turn.tables.quizzes.answer(delivery, grade.answer, grade.correct, turn.now, graded):
        turn.toast("You have answered this one already.")
        return
    attempt = Attempt(delivery.id, grade.answer, grade.correct, turn.now)
    turn.toast("Right!" if grade.correct else "Not quite.")
    mode = Mode.KEEP if turn.incoming.query else Mode.FOLLOW  # what was written stands below the question
    turn.show(screens.verdict(lesson, question, delivery, attempt), _post(delivery), mode)


def _find(turn: Turn, delivery_id: int) -> Sent | None:
    """The question behind a button, if it was sent to this learner and its lesson is still in the course; else the
    press is told so."""
    delivery = turn.tables.quizzes.delivery(delivery_id)
    if delivery is None or delivery.learner != turn.learner.id:
        turn.toast("This question is not yours.")
        return None
    sent = _as_sent(turn, delivery)
    if sent is None:
        turn.toast(NO_LONGER_ASKED)
    return sent


def _as_sent(turn: Turn, delivery: Delivery) -> Sent | None:
    """The question as it was shown; an open one with the present key while it still reads the same. One that was sent
    before wordings were kept is as the course has it. None when the course has no such lesson or question any more."""
    lesson = turn.course.lesson(delivery.lesson)
    if lesson is None:
        return None
    now = lesson.question(delivery.question)
    shown = versions.read(delivery.shown) if delivery.shown else now
    if shown is None:
        return None
    return Sent(lesson, shown if delivery.answered else versions.graded_by(shown, now), delivery)


def _open_question(turn: Turn, delivery_id: int) -> Sent | None:
    """The same, and it has not been answered; an answered one is told so."""
    sent = _find(turn, delivery_id)
    if sent and sent.delivery.answered:
        turn.toast("You have answered this one already.")
        return None
    return sent
