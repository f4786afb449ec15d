"""Asking, grading, and going on."""

from __future__ import annotations

from collections.abc import Callable

from bot import buttons
from bot.grading import Grade, NotAnAnswer, grade_choices, grade_text, passed
from bot.records import Attempt, Delivery, Mode, Quiz
from bot.screens import general
from bot.screens import quiz as screens
from bot.turn import Turn
from lessons.model import Lesson, Question

Asked = tuple[Lesson, Question, Delivery]


def quiz(turn: Turn) -> None:
    """`/quiz`: the current lesson's questions."""
    _begin(turn, turn.current_lesson())


def start_quiz(turn: Turn, pressed: buttons.StartQuiz) -> None:
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
        _ask_next(turn, lesson, going, again=True)
    else:
        _ask(turn, lesson, quizzes.start(turn.learner.id, lesson.id, turn.now), lesson.questions[0])


def _ask(turn: Turn, lesson: Lesson, quiz: Quiz, question: Question) -> None:
    delivery = turn.tables.quizzes.deliver(quiz, question.id, turn.now)
    turn.show(screens.question(lesson, question, delivery), _post(delivery))


def _post(delivery: Delivery) -> str:
    """A question and its further tries share one message."""
    return f"quiz:{delivery.quiz}:{delivery.question}"


def _ask_next(turn: Turn, lesson: Lesson, quiz: Quiz, again: bool = False) -> None:
    """The first question without an answer; when there is none, the result. `again`: shown anew if it is already
    open."""
    answers = turn.tables.quizzes.first_answers(quiz.id)
    waiting = next((q for q in lesson.questions if q.id not in answers), None)
    last = turn.tables.quizzes.last_delivery(quiz.id)
    if waiting is None:
        right = sum(answers.get(q.id, False) for q in lesson.questions)
        turn.tables.quizzes.finish(quiz.id, right, len(lesson.questions), turn.now)
        turn.show(screens.result(lesson, answers, passed(answers, len(lesson.questions))), f"result:{quiz.id}")
    elif again or last is None or last.question != waiting.id:
        _ask(turn, lesson, quiz, waiting)


def answer(turn: Turn, pressed: buttons.Answer) -> None:
    place = min(pressed.choice, len(screens.LETTERS))  # a made-up one may be huge: no mask of so many bits
    _grade(turn, pressed.delivery, lambda question: grade_choices(question, 1 << place))


def submit(turn: Turn, pressed: buttons.Submit) -> None:
    _grade(turn, pressed.delivery, lambda question: grade_choices(question, pressed.chosen))


def toggle(turn: Turn, pressed: buttons.Toggle) -> None:
    asked = _open_question(turn, pressed.delivery)
    if asked:
        lesson, question, delivery = asked
        chosen = pressed.chosen & (1 << len(question.choices)) - 1
        screen = screens.question(lesson, question, delivery, chosen, hint=delivery.hinted)
        turn.show(screen, _post(delivery), Mode.KEEP)


def hint(turn: Turn, pressed: buttons.Hint) -> None:
    asked = _open_question(turn, pressed.delivery)
    if asked:
        lesson, question, delivery = asked
        turn.tables.quizzes.hint(delivery.id)
        turn.show(screens.question(lesson, question, delivery, hint=True), _post(delivery), Mode.KEEP)


def again(turn: Turn, pressed: buttons.Again) -> None:
    """The same question once more, in its own message."""
    asked = _find(turn, pressed.delivery)
    if not asked:
        return
    lesson, question, delivery = asked
    quiz = turn.tables.quizzes.get(delivery.quiz)
    last = turn.tables.quizzes.last_delivery(delivery.quiz)
    if quiz is None or quiz.finished_at is not None or last is None or last.id != delivery.id or not delivery.answered:
        turn.toast("That question is closed. /quiz starts a new round.")
    else:
        _ask(turn, lesson, quiz, question)


def next_question(turn: Turn, pressed: buttons.NextQuestion) -> None:
    asked = _find(turn, pressed.delivery)
    if not asked:
        return
    lesson, question, delivery = asked
    quiz = turn.tables.quizzes.get(delivery.quiz)
    attempt = turn.tables.quizzes.attempt(delivery.id)
    if quiz is None or attempt is None:
        turn.toast("Answer this question first.")
    elif quiz.finished_at is not None:
        turn.toast("This round is finished. /quiz starts a new one.")
    else:
        turn.show(screens.verdict(lesson, question, delivery, attempt, onward=False), _post(delivery), Mode.KEEP)
        _ask_next(turn, lesson, quiz)


def written(turn: Turn) -> bool:
    """Take a text as the answer to the question that is open, if one is that wants a written answer."""
    asked = _waiting_for_text(turn)
    if asked is None:
        return False
    question = asked[1]
    try:
        grade = grade_text(question, turn.incoming.text)
    except NotAnAnswer:
        turn.say(general.not_a_number())
        return True
    _record(turn, asked, grade)
    return True


def _waiting_for_text(turn: Turn) -> Asked | None:
    """The question that the learner was asked last, in whichever lesson, if it is open and wants words."""
    delivery = turn.tables.quizzes.last_delivery_to(turn.learner.id)
    lesson = turn.course.lesson(delivery.lesson) if delivery and not delivery.answered else None
    question = lesson.question(delivery.question) if lesson and delivery else None
    return (lesson, question, delivery) if lesson and question and delivery and not question.choices else None


def _grade(turn: Turn, delivery: int, grade: Callable[[Question], Grade]) -> None:
    asked = _open_question(turn, delivery)
    if asked:
        graded = grade(asked[1])
        if graded.answer:
            _record(turn, asked, graded)
        else:
            turn.toast("This choice is no longer there.")


def _record(turn: Turn, asked: Asked, grade: Grade) -> None:
    """Store the answer and show the verdict where the question stood. The first answer to a delivery is the only
    one."""
    lesson, question, delivery = asked
    if not turn.tables.quizzes.answer(delivery, grade.answer, grade.correct, turn.now):
        turn.toast("You have answered this one already.")
        return
    attempt = Attempt(delivery.id, grade.answer, grade.correct, turn.now)
    turn.toast("Right!" if grade.correct else "Not quite.")
    mode = Mode.KEEP if question.choices else Mode.FOLLOW
    turn.show(screens.verdict(lesson, question, delivery, attempt), _post(delivery), mode)


def _find(turn: Turn, delivery_id: int) -> Asked | None:
    """The question behind a button, if it was sent to this learner and is still in the course; else the press is told
    so."""
    delivery = turn.tables.quizzes.delivery(delivery_id)
    if delivery is None or delivery.learner != turn.learner.id:
        turn.toast("This question is not yours.")
        return None
    lesson = turn.course.lesson(delivery.lesson)
    question = lesson.question(delivery.question) if lesson else None
    if lesson is None or question is None:
        turn.toast("This question is no longer in the course.")
        return None
    return lesson, question, delivery


def _open_question(turn: Turn, delivery_id: int) -> Asked | None:
    """The same, and it has not been answered; an answered one is told so."""
    asked = _find(turn, delivery_id)
    if asked and asked[2].answered:
        turn.toast("You have answered this one already.")
        return None
    return asked
