"""The quiz, question by question."""

from __future__ import annotations

import pytest

from bot.domain.messages import Mode
from bot.domain.rounds import FirstAnswer, RoundKind
from bot.features.quiz.buttons import Answer, NextQuestion, StartQuiz, Submit, Tick
from bot.turns.buttons import Read
from lessons.model import Kind, Question
from tests.support.answering import answered, asked, onward, right
from tests.support.desk import ADA, GRACE, Desk, Shown, keys
from tests.support.school import LESSON


async def test_a_wrong_answer_explains_itself_and_offers_another_try(desk: Desk) -> None:
    shown = await desk.says("/quiz")
    question = asked(shown, desk)
    verdict = await answered(shown, desk, well=False)
    wrong = next(choice for choice in question.choices if not choice.correct)
    assert verdict.toast == "Not quite."
    assert "❌ Not quite." in verdict.text
    assert wrong.feedback in verdict.text
    assert question.explanation.strip()[:20] not in verdict.text
    assert verdict.only.key == shown.only.key
    again = await desk.presses(verdict.key("Try again"))
    assert "another try" in again.text
    verdict = await answered(again, desk, well=True)
    assert (verdict.toast, "✅ Right!" in verdict.text) == ("Right!", True)
    assert question.explanation.split()[0] in verdict.text


async def test_the_right_answer_is_not_given_away_before_it_is_found(desk: Desk) -> None:
    verdict = await answered(await desk.says("/quiz"), desk, well=False)
    assert [key.style for row in verdict.only.keyboard for key in row].count("success") == 0
    assert not any("✅" in label for label in verdict.labels)


def wrong_answer_to(question: Question) -> FirstAnswer:
    return FirstAnswer(LESSON, question.id, correct=False, counts=True)


async def test_a_double_tap_scores_once(desk: Desk) -> None:
    shown = await desk.says("/quiz")
    wrong = next(i for i in range(4) if not right(shown, desk) >> i & 1)
    well = right(shown, desk).bit_length() - 1
    await desk.presses(shown.key("ABCD"[wrong]))
    second = await desk.presses(shown.key("ABCD"[well]))
    assert (second.messages, second.toast) == ((), "You have answered this one already.")
    quiz = await desk.store.read(lambda t: t.rounds.open(ADA, RoundKind.QUIZ, LESSON))
    assert quiz
    assert await desk.store.read(lambda t: t.rounds.first_answers(quiz.id)) == (wrong_answer_to(asked(shown, desk)),)


async def test_a_question_shown_twice_scores_its_first_answer(desk: Desk) -> None:
    first, second = await desk.says("/quiz"), await desk.says("/quiz")
    assert asked(first, desk) == asked(second, desk)
    await answered(first, desk, well=False)
    await answered(second, desk, well=True)
    quiz = await desk.store.read(lambda t: t.rounds.open(ADA, RoundKind.QUIZ, LESSON))
    assert quiz
    assert await desk.store.read(lambda t: t.rounds.first_answers(quiz.id)) == (wrong_answer_to(asked(first, desk)),)


async def test_another_learner_s_question_is_refused(desk: Desk) -> None:
    shown = await desk.says("/quiz")
    for label in ("A", "Hint"):
        foreign = await desk.presses(shown.key(label), GRACE)
        assert (foreign.messages, foreign.toast) == ((), "This question is not yours.")
    delivery = int(str(shown.key("A").data).split(":")[1])
    stored = await desk.store.read(lambda t: t.rounds.delivery(delivery))
    assert stored
    assert (stored.answered, stored.hinted) == (False, False)


async def test_a_choice_that_is_not_there_is_no_answer(desk: Desk) -> None:
    shown = await desk.says("/quiz")
    delivery = int(str(shown.key("A").data).split(":")[1])
    for made_up in (Answer(delivery, 9), Answer(delivery, 62), Tick(delivery, 62, 1)):
        assert (await desk.presses(made_up)).toast == "This choice is no longer there."
    assert (await answered(shown, desk, well=True)).toast == "Right!"


async def test_a_letter_written_is_the_choice_of_that_letter(desk: Desk) -> None:
    shown = await desk.says("/quiz")
    letter = "ABCD"[right(shown, desk).bit_length() - 1]
    verdict = await desk.says(f" {letter.lower()} ")
    assert "Right!" in verdict.text
    assert verdict.only.mode is Mode.FOLLOW


async def test_other_words_at_a_question_with_choices_are_no_answer(desk: Desk) -> None:
    shown = await desk.says("/quiz")
    for words in ("Z", "AB", "hello", "?"):
        assert "small talk" in (await desk.says(words)).text
    assert (await answered(shown, desk, well=True)).toast == "Right!"


async def test_a_huge_choice_number_is_answered_like_any_other(desk: Desk) -> None:
    shown = await desk.says("/quiz")
    delivery = int(str(shown.key("A").data).split(":")[1])
    assert (await desk.presses(Answer(delivery, 2**63 - 1))).toast == "This choice is no longer there."


async def test_a_hint_is_shown_in_the_question_and_stays(desk: Desk) -> None:
    shown = await desk.says("/quiz")
    question = asked(shown, desk)
    hinted = await desk.presses(shown.key("Hint"))
    assert question.hint[:20] in hinted.text
    assert not any("Hint" in label for label in hinted.labels)
    assert hinted.only.mode is Mode.KEEP


async def test_several_choices_are_ticked_and_handed_in(small_desk: Desk) -> None:
    desk = small_desk
    shown = await desk.says("/quiz")
    await answered(shown, desk, well=True)
    delivery = int(str(shown.key("A").data).split(":")[1])
    shown = await desk.presses(NextQuestion(delivery))
    assert asked(shown, desk).kind is Kind.MULTIPLE
    shown = Shown(shown.messages[-1:], "", False, ())
    assert [label[0] for label in shown.labels] == ["☐", "☐"]
    ticked = await desk.presses(shown.key("☐ A"))
    assert [label[0] for label in ticked.labels[:2]] == ["☑", "☐"]
    unticked = await desk.presses(ticked.key("☑ A"))
    assert not any("Hand in" in label for label in unticked.labels)
    ticked = await desk.presses(unticked.key("☐ A"))
    both = await desk.presses(ticked.key("☐ B"))
    verdict = await desk.presses(both.key("Hand in"))
    assert verdict.toast == "Right!"


async def test_two_quick_ticks_both_count_and_one_that_comes_twice_counts_once(small_desk: Desk) -> None:
    desk = small_desk
    shown = await onward(await answered(await desk.says("/quiz"), desk, well=True), desk)
    first, second = shown.key("☐ A"), shown.key("☐ B")
    for key in (first, second, first):
        ticked = await desk.presses(key)
    assert [label[0] for label in ticked.labels[:2]] == ["☑", "☑"]


async def test_nothing_ticked_is_no_answer(small_desk: Desk) -> None:
    desk = small_desk
    shown = await onward(await answered(await desk.says("/quiz"), desk, well=True), desk)
    delivery = int(str(shown.key("A").data).split(":")[1])
    assert (await desk.presses(Submit(delivery))).toast == "Tick what is right first."
    assert (await answered(shown, desk, well=True)).toast == "Right!"


async def test_too_few_ticks_are_wrong_but_say_that_there_is_more(small_desk: Desk) -> None:
    desk = small_desk
    shown = await onward(await answered(await desk.says("/quiz"), desk, well=True), desk)
    verdict = await answered(shown, desk, well=False)
    assert "there is more" in verdict.text


async def test_a_number_and_a_word_are_written(small_desk: Desk) -> None:
    desk = small_desk
    shown = await desk.says("/quiz")
    for _ in range(2):
        shown = await onward(await answered(shown, desk, well=True), desk)
    assert asked(shown, desk).kind is Kind.NUMERIC
    assert "did not count" in (await desk.says("four")).text
    verdict = await desk.says("4,5")
    assert "✅ Right!" in verdict.text
    assert "4,5" in verdict.text
    shown = await onward(verdict, desk)
    assert asked(shown, desk).kind is Kind.TEXT
    verdict = await desk.says("<i>no</i>")
    assert "❌" in verdict.text
    assert "<i>no</i>" in verdict.text
    assert "/help" in (await desk.says("epoch")).text  # the question is answered: this is small talk


async def test_a_question_of_another_lesson_takes_its_written_answer_too(small_desk: Desk) -> None:
    desk = small_desk
    shown = await desk.presses(StartQuiz("first"))
    for _ in range(2):
        shown = await onward(await answered(shown, desk, well=True), desk)
    await desk.presses(Read("second"))
    assert "✅ Right!" in (await desk.says("4")).text


@pytest.mark.parametrize("well", [True, False])
async def test_a_quiz_ends_with_its_score(desk: Desk, well: bool) -> None:
    lesson = desk.course.lessons[0]
    shown = await desk.says("/quiz")
    for _ in lesson.questions[:-1]:
        shown = await onward(await answered(shown, desk, well), desk)
    result = await desk.presses((await answered(shown, desk, well)).key("See the result"))
    text = result.messages[-1].text
    n = len(lesson.questions)
    assert f"{n if well else 0} of {n} right at the first try" in text
    assert text.count("✅ ") == (n if well else 0)
    standing = (await desk.store.read(lambda t: t.reading.standings(ADA)))[lesson.id]
    assert [(quiz.right, quiz.total) for quiz in standing.finished] == [(n if well else 0, n)]
    again = await desk.presses(result.key("Quiz again"))
    assert asked(again, desk) == lesson.questions[0]


@pytest.mark.parametrize("well", [True, False])
async def test_a_passed_quiz_leads_to_the_next_lesson(small_desk: Desk, well: bool) -> None:
    desk, (first, second) = small_desk, small_desk.course.lessons
    shown = await desk.says("/quiz")
    for _ in first.questions[:-1]:
        shown = await onward(await answered(shown, desk, well), desk)
    result = (await desk.presses((await answered(shown, desk, well)).key("See the result"))).messages[-1]
    ways = [key.text for key in keys(result) if key.text.startswith("Next lesson")]
    assert ways == ([f"Next lesson: {second.title} ›"] if well else [])


async def test_what_is_right_only_at_the_second_try_does_not_score(small_desk: Desk) -> None:
    desk = small_desk
    lesson = desk.course.lessons[0]
    shown = await desk.says("/quiz")
    for n, _ in enumerate(lesson.questions):
        verdict = await answered(shown, desk, well=n > 0)
        if n == 0:
            verdict = await answered(await desk.presses(verdict.key("Try again")), desk, well=True)
        if n < len(lesson.questions) - 1:
            shown = await onward(verdict, desk)
    result = await desk.presses(verdict.key("See the result"))
    assert f"{len(lesson.questions) - 1} of {len(lesson.questions)} right" in result.messages[-1].text


async def test_a_quiz_goes_on_where_it_was_left(desk: Desk) -> None:
    shown = await onward(await answered(await desk.says("/quiz"), desk, well=True), desk)
    later = await desk.says("/quiz")
    assert asked(later, desk) == asked(shown, desk)


async def test_a_question_that_was_sent_twice_can_be_tried_again_from_either(desk: Desk) -> None:
    """A second /quiz may be on its way while the first message is answered."""
    first = await desk.says("/quiz")
    second = await desk.says("/quiz")
    verdict = await answered(first, desk, well=False)
    again = await desk.presses(verdict.key("Try again"))
    assert again.key("A").data == second.key("A").data
    verdict = await answered(again, desk, well=False)
    for _ in range(2):  # a tap that comes twice
        again = await desk.presses(verdict.key("Try again"))
        assert "another try" in again.messages[-1].text
    assert "Right!" in (await answered(again, desk, well=True)).messages[-1].text


async def test_buttons_of_a_finished_round_are_answered(desk: Desk) -> None:
    shown = await desk.says("/quiz")
    first_verdict = await answered(shown, desk, well=False)
    verdict = first_verdict
    for _ in desk.course.lessons[0].questions[1:]:
        shown = await onward(verdict, desk)
        verdict = await answered(shown, desk, well=True)
    await desk.presses(verdict.key("See the result"))
    for label, said in (("Try again", "closed"), ("Next question", "finished")):
        pressed = await desk.presses(first_verdict.key(label))
        assert pressed.messages == ()
        assert said in pressed.toast


async def test_next_before_an_answer_is_refused(desk: Desk) -> None:
    shown = await desk.says("/quiz")
    delivery = int(str(shown.key("A").data).split(":")[1])
    assert (await desk.presses(NextQuestion(delivery))).toast == "Answer this question first."


async def test_a_question_or_a_quiz_that_left_the_course_is_answered(desk: Desk, small_desk: Desk) -> None:
    shown = await desk.says("/quiz")
    pressed = await small_desk.presses(shown.key("A"))
    assert "no longer in the course" in pressed.toast
    assert "no longer in the course" in (await desk.presses(StartQuiz("gone"))).toast


async def test_a_wrong_number_is_explained_once_its_question_is_over(small_desk: Desk) -> None:
    await small_desk.presses((await small_desk.says("/quiz")).key("A"))
    await small_desk.presses(NextQuestion(1))
    await small_desk.presses(Tick(2, 0, 1))
    await small_desk.presses(Submit(2))
    await small_desk.presses(NextQuestion(2))
    wrong = await small_desk.says("1.000")
    assert "I read it as 1 or 1000" in wrong.text
    assert "Count." not in wrong.text
    over = await small_desk.presses(wrong.key("›"))
    assert "Count." in over.messages[0].text
