"""Runs that learners start, tune, stop and look up."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.domain.messages import Mode, Post
from bot.domain.runs import RunState
from bot.features.training.buttons import Evaluate, RunTuned, Set
from bot.runs import screens as run_screens
from bot.runs.buttons import RunAgain, RunExample, Runs, ShowCode, StopRun, Tune
from bot.runs.follower import post_of
from bot.store import Store
from bot.turns.buttons import Read
from lessons.model import Course
from tests.support.desk import ADA, GRACE, Desk, Shown
from tests.support.runs import going, trained
from tests.support.school import LESSON


async def test_values_may_be_written_with_spaces_and_commas(desk: Desk) -> None:
    shown = await desk.says("/train digits, epochs = 20, batch_size =16")
    assert "epochs=20 batch_size=16" in shown.text


async def test_a_word_too_many_is_named(desk: Desk) -> None:
    assert "there is no parameter 20" in (await desk.says("/train digits 20")).text


async def test_train_runs_the_main_example_as_it_stands(desk: Desk) -> None:
    shown = await desk.says("/train")
    run = await going(desk)
    main = desk.course.lessons[0].examples[0]
    assert (run.example, run.values, run.source, run.verified) == (main.id, {}, main.source, True)
    assert (shown.only.key, shown.only.mode) == (post_of(run.id), Mode.NEW)
    assert shown.key("Stop")
    assert len(shown.effects) == 1


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
    await desk.store.transact(lambda t: t.posts.put(Post(ADA, refused.key, message=9, pictured=False, keyed=True)))
    shown = await desk.presses(StopRun(run.id))
    assert {m.key: m.text.splitlines()[-1] for m in shown.messages} == {
        post_of(run.id): "Stopped.",
        refused.key: "That run is over: the next one can start.",
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
    assert (changed.key, changed.mode) == (post_of(run.id), Mode.KEEP)
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


async def test_an_example_without_parameters_has_no_knobs_and_says_so(small_desk: Desk) -> None:
    assert (await small_desk.presses(Tune("first", "judge"))).toast


async def test_the_choices_of_a_parameter_are_buttons_too(small_desk: Desk) -> None:
    shown = await small_desk.presses(Tune("first", "train"))
    assert [key.text for key in shown.only.keyboard[1]] == ["✓\u202fadam", "sgd"]
    shown = await small_desk.presses(shown.key("sgd"))
    assert [key.text for key in shown.only.keyboard[1]] == ["adam", "✓\u202fsgd"]
    await small_desk.presses(shown.key("Run with these values"))
    (run,) = await small_desk.store.read(lambda t: t.runs.past(ADA, 0, 1))
    assert run.values == {"optimizer": "sgd"}
    assert "optimizer='sgd'" in run.source


@pytest.fixture
def two_alike(store: Store, small_course: Course) -> Desk:
    """The second lesson has the examples of the first, and one more, `digits`."""
    first, second = small_course.lessons
    digits = replace(first.examples[0], id="digits", title="Digits")
    second = replace(second, examples=(*first.examples, digits))
    return Desk(store, replace(small_course, lessons=(first, second)))


async def test_parameters_of_examples_with_one_name_stand_in_messages_of_their_own(two_alike: Desk) -> None:
    """Ids of examples are unique in their lesson only."""
    first = await two_alike.presses(Tune("first", "train"))
    second = await two_alike.presses(Tune("second", "train"))
    assert first.only.key != second.only.key


async def test_an_example_is_found_by_its_name_in_another_lesson(two_alike: Desk) -> None:
    await two_alike.presses(Read("first"))
    await two_alike.says("/train Digits")
    run = await going(two_alike)
    assert (run.lesson, run.example) == ("second", "digits")


async def test_of_examples_with_one_name_the_current_lesson_s_is_meant(two_alike: Desk) -> None:
    await two_alike.presses(Read("second"))
    await two_alike.says("/train train")
    assert (await going(two_alike)).lesson == "second"


async def test_a_name_that_several_other_lessons_have_is_not_guessed(two_alike: Desk) -> None:
    first, second = two_alike.course.lessons
    bare = replace(first, id="third", examples=())
    two_alike.course = replace(two_alike.course, lessons=(first, second, bare))
    await two_alike.presses(Read("third"))
    assert "no example for that" in (await two_alike.says("/train train")).text
    assert "no example for that" in (await two_alike.says("/evaluate judge")).text
