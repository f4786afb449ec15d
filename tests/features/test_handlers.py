"""What learners can do, as turns on a real store: reading, the quiz, training. Nothing goes out here."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from bot.domain.messages import Mode, Post
from bot.domain.rounds import FirstAnswer, RoundKind
from bot.domain.runs import Run, RunState
from bot.features.own_code import handlers as own_code
from bot.features.own_code.buttons import Edit
from bot.features.progress.buttons import ProgressPage
from bot.features.quiz.buttons import Answer, NextQuestion, StartQuiz, Submit, Tick
from bot.features.reading.buttons import LessonsPage
from bot.features.training.buttons import Evaluate, RunTuned, Set
from bot.runs import screens as run_screens
from bot.runs.buttons import RunAgain, RunExample, Runs, ShowCode, StopRun, Tune
from bot.runs.follower import post_of
from bot.store import Tables
from bot.telegram.actions import Action
from bot.telegram.incoming import SentFile
from bot.turns.buttons import Read, Still
from lessons.model import Kind, Question
from runner import Safety
from tests.support.desk import ADA, GRACE, ROUTES, Desk, Shown

LESSON = "model-training-and-evaluation"

# Reading


async def test_start_welcomes_by_name_and_offers_the_first_lesson(desk: Desk) -> None:
    shown = await desk.says("/start")
    assert f"Hello, Learner {ADA}!" in shown.text
    page = await desk.presses(shown.key("Begin the lesson"))
    first = desk.course.lessons[0].sections[0]
    assert first.title in page.text
    assert (page.only.at, page.only.mode) == (shown.only.at, Mode.FOLLOW)


async def test_next_leads_through_every_section_to_the_quiz_and_back_leads_back(desk: Desk) -> None:
    lesson = desk.course.lessons[0]
    shown = await desk.presses(Read(lesson.id))
    texts = [shown.text]
    while any("Next" in label for label in shown.labels):
        shown = await desk.presses(shown.key("Next"))
        texts.append(shown.text)
    assert shown.key("Take the quiz")
    for section in lesson.sections:
        assert any(section.title in text for text in texts)
    for seen in reversed(texts[:-1]):
        shown = await desk.presses(shown.key("Back"))
        assert shown.text == seen
    standing = (await desk.store.read(lambda t: t.reading.standings(ADA)))[lesson.id]
    assert standing.sections_read == {section.id for section in lesson.sections}


async def test_a_learner_goes_on_where_they_left_off(desk: Desk) -> None:
    page = await desk.presses(Read(LESSON, "training", 0))
    shown = await desk.says("/start")
    assert "Welcome back" in shown.text
    assert (await desk.presses(shown.key("Go on"))).text == page.text
    assert "Welcome back" not in (await desk.says("/start", GRACE)).text


async def test_the_list_shows_how_far_one_is(desk: Desk) -> None:
    assert (await desk.says("/lessons")).key("Begin")
    await desk.presses(Read(LESSON, "training", 0))
    shown = await desk.says("/lessons")
    assert f"1 of {len(desk.course.lessons[0].sections)}" in shown.text
    assert shown.key("Go on")


async def test_a_lesson_a_section_or_a_page_that_is_gone_leads_somewhere(desk: Desk) -> None:
    gone = await desk.presses(Read("gone"))
    assert gone.alert
    assert gone.text.startswith("Lessons")
    first = await desk.presses(Read(LESSON))
    assert (await desk.presses(Read(LESSON, "gone", 3))).text == first.text
    last_of_section = await desk.presses(Read(LESSON, "training", 99))
    assert "1 of" in last_of_section.text or last_of_section.text != first.text


async def test_progress_adds_up(desk: Desk) -> None:
    empty = (await desk.says("/progress")).text
    assert "not finished yet" in empty
    assert "no model trained yet" in empty
    await desk.presses(Read(LESSON, "training", 0))
    await desk.says("/train digits")
    shown = await desk.says("/progress")
    assert "1 of" in shown.text
    assert "1 run" in shown.text
    assert "Last run" in shown.text
    assert "Last run" not in (await desk.says("/progress", GRACE)).text


# Everything else


async def test_help_names_every_command(desk: Desk) -> None:
    text = (await desk.says("/help")).text
    assert all(f"/{command.name}" in text for command in ROUTES.commands)


async def test_unknown_commands_and_small_talk_get_a_kind_answer(desk: Desk) -> None:
    assert "I do not know /dance" in (await desk.says("/dance with me")).text
    for words in ("hello", "<b>hi</b>", "😀", ""):
        assert "/help" in (await desk.says(words)).text


async def test_a_button_that_only_shows_does_nothing(desk: Desk) -> None:
    shown = await desk.presses(Still())
    assert (shown.messages, shown.toast) == ((), "")


async def test_who_blocks_the_bot_is_unreachable_and_comes_back_by_writing(desk: Desk) -> None:
    await desk.says("/start")
    await desk.comes(blocked=True)
    learner = await desk.store.read(lambda t: t.learners.get(ADA))
    assert learner
    assert not learner.reachable
    await desk.says("/start")
    learner = await desk.store.read(lambda t: t.learners.get(ADA))
    assert learner
    assert learner.reachable


async def test_who_removes_the_bot_from_a_group_stays_reachable(desk: Desk) -> None:
    await desk.says("/start")
    await desk.comes(chat=-5, private=False, blocked=True)
    learner = await desk.store.read(lambda t: t.learners.get(ADA))
    assert learner
    assert learner.reachable


async def test_in_a_forum_the_answer_stands_in_the_topic_of_the_question(desk: Desk) -> None:
    shown = await desk.comes(chat=-5, private=False, text="/help", message=3, topic=40)
    assert shown.only.topic == 40


async def test_in_a_group_grades_stay_private(desk: Desk) -> None:
    shown = await desk.comes(chat=-5, private=False, text="/progress", message=3)
    assert "private" in shown.text
    assert shown.only.chat == -5


# The quiz


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


async def test_a_wrong_answer_explains_itself_and_offers_another_try(desk: Desk) -> None:
    shown = await desk.says("/quiz")
    question = asked(shown, desk)
    verdict = await answered(shown, desk, well=False)
    wrong = next(choice for choice in question.choices if not choice.correct)
    assert verdict.toast == "Not quite."
    assert "❌ Not quite." in verdict.text
    assert wrong.feedback in verdict.text
    assert question.explanation.strip()[:20] not in verdict.text
    assert verdict.only.at == shown.only.at
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


async def test_values_may_be_written_with_spaces_and_commas(desk: Desk) -> None:
    shown = await desk.says("/train digits, epochs = 20, batch_size =16")
    assert "epochs=20 batch_size=16" in shown.text


async def test_a_word_too_many_is_named(desk: Desk) -> None:
    assert "there is no parameter 20" in (await desk.says("/train digits 20")).text


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


async def onward(verdict: Shown, desk: Desk) -> Shown:
    """The next question; the verdict above it loses its buttons."""
    shown = await desk.presses(verdict.key("Next question"))
    above, below = shown.messages
    assert above.at == verdict.only.at
    assert not any("Next" in key.text for row in above.keyboard for key in row)
    return Shown((below,), shown.toast, shown.alert, ())


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


# Training


async def test_train_runs_the_main_example_as_it_stands(desk: Desk) -> None:
    shown = await desk.says("/train")
    run = await going(desk)
    main = desk.course.lessons[0].examples[0]
    assert (run.example, run.values, run.source, run.verified) == (main.id, {}, main.source, True)
    assert (shown.only.at, shown.only.mode) == (post_of(run.id), Mode.NEW)
    assert shown.key("Stop")
    assert len(shown.effects) == 1


async def going(desk: Desk, learner: int = ADA) -> Run:
    run = await desk.store.read(lambda t: t.runs.open_of(learner))
    assert run
    return run


async def test_train_takes_a_name_and_values(desk: Desk) -> None:
    shown = await desk.says("/train digits epochs=20 learning_rate=0.01 hidden_units=64")
    run = await going(desk)
    assert (run.example, run.values) == ("digits", {"epochs": 20, "learning_rate": 0.01})
    assert "epochs=20 learning_rate=0.01" in shown.text
    assert "epochs = 20" in run.source


async def test_bad_values_are_refused_all_at_once_by_name_value_and_range(desk: Desk) -> None:
    shown = await desk.says("/train digits epochs=500 learning_rate=fast speed=3 batch_size=16")
    assert "epochs must be a whole number from 1 to 50, not 500" in shown.text
    assert "learning_rate must be a number from 0.00001 to 1, not fast" in shown.text
    assert "there is no parameter speed" in shown.text
    assert "batch_size must" not in shown.text
    assert await desk.store.read(lambda t: t.runs.open_of(ADA)) is None
    assert shown.effects == ()


async def test_an_unknown_example_is_named_with_those_there_are(desk: Desk) -> None:
    shown = await desk.says("/train <cats>")
    assert "<cats>" in shown.text
    assert "/train digits" in shown.text
    assert (await desk.presses(shown.key("handwritten"))).toast == "Here we go!"


async def test_once_a_run_is_stopped_nothing_says_that_it_is_still_going(desk: Desk) -> None:
    await desk.says("/train")
    run = await going(desk)
    refused = (await desk.says("/train digits")).only
    await desk.store.transact(lambda t: t.posts.put(Post(ADA, refused.at, message=9, pictured=False, keyed=True)))
    shown = await desk.presses(StopRun(run.id))
    assert {m.at: m.text.splitlines()[-1] for m in shown.messages} == {
        post_of(run.id): "Stopped.",
        refused.at: "That run is over: the next one can start.",
    }
    await desk.says("/train")
    assert (await desk.presses(StopRun((await going(desk)).id))).only.text.endswith("Stopped.")


async def test_one_run_at_a_time_for_each_learner(desk: Desk) -> None:
    await desk.says("/train")
    shown = await desk.says("/train digits")
    assert "One run at a time" in shown.text
    assert shown.effects == ()
    assert await desk.store.read(lambda t: t.runs.count(ADA)) == 1
    assert (await desk.says("/train", GRACE)).effects
    await desk.presses(shown.key("Stop"))
    assert (await desk.says("/train digits")).effects


async def test_stop_ends_the_run_at_once(desk: Desk) -> None:
    await desk.says("/train")
    run = await going(desk)
    shown = await desk.says("/stop")
    changed, said = shown.messages
    assert "Stopped." in changed.text
    assert (changed.at, changed.mode) == (post_of(run.id), Mode.KEEP)
    assert "Stopped: Train on random data." in said.text
    assert len(shown.effects) == 1
    stored = await desk.store.read(lambda t: t.runs.get(run.id))
    assert stored
    assert stored.state is RunState.CANCELLED
    assert "Nothing is running" in (await desk.says("/stop")).text
    assert (await desk.presses(StopRun(run.id))).toast == "It is over already."


async def test_another_learner_s_run_is_out_of_reach(desk: Desk) -> None:
    await desk.says("/train")
    run = await going(desk)
    for action in (StopRun(run.id), RunAgain(run.id), ShowCode(run.id), StopRun(999)):
        shown = await desk.presses(action, GRACE)
        assert (shown.messages, shown.toast, shown.effects) == ((), "This run is not yours.", ())
    assert (await going(desk)).state is RunState.QUEUED


async def test_evaluate_offers_to_train_where_there_is_no_model(desk: Desk) -> None:
    shown = await desk.says("/evaluate")
    assert "Train one first" in shown.text
    assert len(shown.labels) == 2
    shown = await desk.says("/evaluate digits")
    assert shown.labels == ["▶ Train on handwritten digits"]
    assert "There is no example" in (await desk.says("/evaluate cats")).text


async def trained(desk: Desk, example: str, learner: int = ADA) -> None:
    await desk.says(f"/train {example}", learner)
    run = await going(desk, learner)

    def finish(t: Tables) -> None:
        t.runs.keep(run, "model.keras", b"weights")
        t.runs.end(run.id, RunState.FINISHED, desk.now)

    await desk.store.transact(finish)


async def test_evaluate_judges_what_was_trained_last(desk: Desk) -> None:
    await trained(desk, "train")
    await trained(desk, "digits")
    await trained(desk, "train", GRACE)
    await desk.says("/evaluate")
    assert (await going(desk)).example == "digits-evaluate"
    await desk.says("/stop")
    await desk.says("/evaluate train")
    assert (await going(desk)).example == "evaluate"
    await desk.presses(Evaluate(), GRACE)
    assert (await going(desk, GRACE)).example == "evaluate"


async def test_the_button_under_a_run_judges_its_model_even_after_other_lessons_and_runs(desk: Desk) -> None:
    await trained(desk, "digits")
    run = await desk.store.read(lambda t: t.runs.last_trained(ADA, LESSON))
    assert run
    lesson = desk.course.lessons[0]
    under = run_screens.outcome(lesson, lesson.example("digits"), run, None).outgoing(ADA)
    await trained(desk, "train")
    await desk.presses(Shown((under,), "", False, ()).key("Evaluate this model"))
    assert (await going(desk)).example == "digits-evaluate"


async def test_an_example_to_evaluate_is_not_run_without_a_model(desk: Desk) -> None:
    assert "Train one first" in (await desk.presses(RunExample(LESSON, "digits-evaluate"))).text
    await trained(desk, "digits")
    assert (await desk.presses(RunExample(LESSON, "digits-evaluate"))).toast == "Here we go!"


async def test_knobs_are_turned_and_kept_and_run(desk: Desk) -> None:
    shown = await desk.presses(Tune(LESSON, "digits"))
    assert any(label == "✓\u202f15" for label in shown.labels)
    shown = await desk.presses(shown.key("30"))
    assert (shown.toast, shown.only.mode) == ("epochs = 30", Mode.KEEP)
    shown = await desk.presses(shown.key("256"))
    later = await desk.presses(Tune(LESSON, "digits"))
    assert {"✓\u202f30", "✓\u202f256"} <= set(later.labels)
    assert (await desk.presses(later.key("Run with these values"))).effects
    assert (await going(desk)).values == {"epochs": 30, "hidden_units": 256}
    assert "✓\u202f30" not in (await desk.presses(Tune(LESSON, "digits"), GRACE)).labels


async def test_a_knob_that_is_gone_shows_the_knobs_anew(desk: Desk) -> None:
    for stale in (Set(LESSON, "digits", 9, 0), Set(LESSON, "digits", 0, 9)):
        shown = await desk.presses(stale)
        assert "changed" in shown.toast
        assert "✓\u202f15" in shown.labels
    for gone in (Tune(LESSON, "gone"), RunExample("gone", "x"), RunTuned(LESSON, "gone")):
        assert "no longer in the course" in (await desk.presses(gone)).toast


async def test_again_runs_the_same_values(desk: Desk) -> None:
    await desk.says("/train digits epochs=7 learning_rate=0.1")
    first = await going(desk)
    await desk.says("/stop")
    await desk.presses(RunAgain(first.id))
    second = await going(desk)
    assert second.id != first.id
    assert (second.values, second.source) == (first.values, first.source)


async def test_the_code_shown_is_the_code_that_ran(desk: Desk) -> None:
    await desk.says("/train digits epochs=7")
    run = await going(desk)
    shown = await desk.presses(ShowCode(run.id))
    assert "epochs = 7" in run.source
    assert run.source.strip() in shown.text
    assert any(entity["type"] == "pre" and entity["language"] == "python" for entity in shown.only.entities)


async def test_past_runs_are_listed_in_pages(desk: Desk) -> None:
    assert "No runs yet" in (await desk.says("/runs")).text
    for epochs in range(1, 11):
        await desk.says(f"/train epochs={epochs}")
        await desk.says("/stop")
    newest = await desk.says("/runs")
    assert "Your runs (10)" in newest.text
    oldest = await desk.presses(newest.key("Older"))
    assert "epochs=1\n" in oldest.text + "\n"
    assert (await desk.presses(oldest.key("Newer"))).text == newest.text
    assert (await desk.presses(Runs(2**62))).only


# Lessons without questions, examples or parameters


@pytest.mark.parametrize("command", ["/quiz", "/train", "/train digits", "/evaluate", "/runs", "/progress", "/stop"])
async def test_every_command_has_an_answer_in_a_lesson_without_examples(small_desk: Desk, command: str) -> None:
    await small_desk.presses(Read("second"))
    assert (await small_desk.says(command)).text


async def test_an_example_without_parameters_has_no_knobs_and_says_so(small_desk: Desk) -> None:
    assert (await small_desk.presses(Tune("first", "judge"))).toast


# Code of one's own


async def test_a_learner_s_own_code_runs_as_code_nobody_trusts(desk: Desk) -> None:
    desk.runner.safety = Safety(("told",), (), untrusted=True)
    shown = await desk.presses(Edit(LESSON, "digits"))
    assert "send it back as a code block" in shown.text
    sent = await desk.says("Here it is", code="print('😀')\n")
    run = await going(desk)
    assert (run.verified, run.source, run.lesson) == (False, "print('😀')\n", LESSON)
    assert (sent.only.at, len(sent.effects)) == (post_of(run.id), 1)
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
    assert (await desk.presses(Edit(LESSON, "digits"))).alert
    shown = await desk.says("", code="print(1)")
    assert "only the course's own examples" in shown.text
    assert shown.effects == ()
    assert "at most" in (await desk.says("", code="#" * (own_code.LIMIT + 1))).text


async def test_the_choices_of_a_parameter_are_buttons_too(small_desk: Desk) -> None:
    shown = await small_desk.presses(Tune("first", "train"))
    assert [key.text for key in shown.only.keyboard[1]] == ["✓\u202fadam", "sgd"]
    shown = await small_desk.presses(shown.key("sgd"))
    assert [key.text for key in shown.only.keyboard[1]] == ["adam", "✓\u202fsgd"]
    await small_desk.presses(shown.key("Run with these values"))
    (run,) = await small_desk.store.read(lambda t: t.runs.past(ADA, 0, 1))
    assert run.values == {"optimizer": "sgd"}
    assert 'optimizer="sgd"' in run.source or "optimizer='sgd'" in run.source


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


@pytest.mark.parametrize(("first", "turned"), [("/lessons", LessonsPage), ("/progress", ProgressPage)])
async def test_a_page_that_a_list_no_longer_has_is_its_last(
    desk: Desk, first: str, turned: Callable[[int], Action]
) -> None:
    shown = await desk.says(first)
    again = await desk.presses(turned(9))
    assert (again.text, again.labels, again.only.at) == (shown.text, shown.labels, shown.only.at)
