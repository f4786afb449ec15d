"""Following runs: what is stored, what the chat shows, and what is left when something stops in the middle.

The runner here does what it is told, so that moments can be chosen; the real one is at work in `tests/e2e`.
"""

from __future__ import annotations

import time
from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace
from typing import Any

import pytest
from telegram import Bot

from bot.domain.messages import Mode
from bot.domain.runs import ErrorHint, Order, Run, RunState
from bot.runs import screens
from bot.runs.follower import Follower, busy_of, post_of
from bot.store import Store
from bot.telegram import outbox as outbox_module
from bot.telegram.outbox import Outbox
from lessons.model import Course
from runner import (
    Artifact,
    Classification,
    EpochEnded,
    Evaluated,
    Failed,
    Finished,
    HintCode,
    JobRefused,
    Omitted,
    Picture,
    Queued,
    Reason,
    RunnerClosed,
    Started,
    Unshown,
)
from runner import Hint as RunnerHint
from tests.support.desk import ADA, GRACE, NOW
from tests.support.pictures import png
from tests.support.served import Served
from tests.support.told_runner import ToldRunner
from tests.support.waiting import eventually

EPOCH = EpochEnded(1, 2, {"loss": 0.5, "accuracy": 0.8}, 0.3)
LAST_EPOCH = EpochEnded(2, 2, {"loss": 0.25, "accuracy": 0.9}, 0.6)
CURVES, CONFUSION = Picture("curves", png(50), 50, 30), Picture("confusion", png(60), 60, 30)
DONE = Finished(0.7, (CURVES,), (Artifact("model.keras", b"weights"),), "printed")


@dataclass
class Bench:
    """Runs over a real store and the emulator; `learner` starts them as the handlers do."""

    store: Store
    course: Course
    served: Served
    bot: Bot
    runner: ToldRunner = field(default_factory=ToldRunner)

    async def open(self) -> None:
        """As a new process does."""
        self.outbox = Outbox(self.bot, self.store, time.monotonic)
        await self.outbox.start()
        self.runs = Follower(self.store, self.runner, self.course, self.outbox, lambda: NOW + 5)

    async def close(self) -> None:
        await self.runs.aclose()
        await self.outbox.aclose()

    async def stored(self, learner: int = ADA, example: str = "digits", verified: bool = True) -> Run:
        """A run as a turn leaves it: a row, and its message on the way."""
        lesson = self.course.lessons[0]
        shown = lesson.example(example)
        assert shown

        def work(t: Any) -> Run:
            t.learners.meet(learner, "Somebody", None, None, NOW)
            named = example if verified else None
            run: Run = t.runs.add(Order(learner, learner, lesson.id, shown.source, named, shown.role), NOW)
            t.outbox.add(screens.queued(shown, run).outgoing(learner, post_of(run.id), Mode.NEW), NOW)
            return run

        return await self.store.transact(work)

    async def start(self, **more: Any) -> Run:
        run = await self.stored(**more)
        self.runs.start(run)
        return run

    async def stop(self, run: Run) -> None:
        """What `/stop` does: the end is stored and shown first, then the job is told."""
        lesson = self.course.lessons[0]

        def work(t: Any) -> None:
            ended = t.runs.end(run.id, RunState.CANCELLED, NOW + 3, history=self.runs.so_far(run.id))
            screen = screens.cancelled(lesson.example(run.example), ended)
            t.outbox.add(screen.outgoing(run.chat, post_of(run.id), Mode.KEEP), NOW)

        await self.store.transact(work)
        self.runs.stop(run.id)

    async def get(self, run: Run) -> Run:
        stored = await self.store.read(lambda t: t.runs.get(run.id))
        assert stored
        return stored

    async def over(self, run: Run) -> Run:
        """The run once it has its end and nothing waits to be shown."""

        async def ended() -> bool:
            return (await self.get(run)).state.over and not self.runs._live

        await eventually(ended)
        await self.outbox.drained()
        return await self.get(run)

    async def own(self, chat: int = ADA) -> list[dict[str, Any]]:
        return [message for message in await self.served.chat(chat) if message["from"]["is_bot"]]

    async def text(self, chat: int = ADA) -> str:
        """Of the run's message."""
        messages = await self.own(chat)
        return str(messages[0].get("text", messages[0].get("caption"))) if messages else ""

    async def shows(self, words: str, chat: int = ADA) -> None:
        async def shown() -> bool:
            return words in await self.text(chat)

        await eventually(shown)


@pytest.fixture
async def bench(
    store: Store, course: Course, served: Served, bot: Bot, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Bench]:
    monkeypatch.setattr(outbox_module, "FRAME_SECONDS", 0.1)
    made = Bench(store, course, served, bot)
    await made.open()
    yield made
    made.runner.tidied.set()
    await made.close()


async def test_a_run_is_one_message_from_queued_to_picture(bench: Bench) -> None:
    run = await bench.start()
    bench.runner.tell(Queued(3, 40.0))
    await bench.shows("Number 3 in the queue, about 40 s to wait")
    bench.runner.tell(Started(warm=True), EPOCH)
    await bench.shows("epoch 1 of 2")
    assert (await bench.get(run)).state is RunState.RUNNING
    bench.runner.tell(LAST_EPOCH, DONE, None)
    ended = await bench.over(run)
    (shown,) = await bench.own()
    assert "photo" in shown
    assert "2 epochs in 0.7 s" in shown["caption"]
    assert (ended.state, ended.seconds, ended.output) == (RunState.FINISHED, 0.7, "printed")
    assert [epoch.metrics["loss"] for epoch in ended.history] == [0.5, 0.25]


async def test_once_a_run_has_ended_nothing_says_that_it_is_still_going(bench: Bench) -> None:
    run = await bench.start()
    refusal = screens.busy(run, "Train").outgoing(run.chat, busy_of(run.id))
    await bench.store.transact(lambda t: t.outbox.add(refusal, NOW))
    await bench.shows("Train")
    await bench.outbox.drained()
    bench.runner.tell(Started(True), DONE, None)
    await bench.over(run)
    _, said = await bench.own()
    assert said["text"] == "That run is over: the next one can start."
    assert "reply_markup" not in said


async def test_being_next_is_no_queue(bench: Bench) -> None:
    await bench.start()
    bench.runner.tell(Queued(1, None))
    await bench.shows("You are next")


async def test_the_job_gets_the_example_s_data_and_the_model_trained_before(bench: Bench) -> None:
    trained = await bench.start()
    bench.runner.tell(Started(True), DONE, None)
    await bench.over(trained)
    judged = await bench.start(example="digits-evaluate")
    bench.runner.tell(Started(True), Finished(0.1), None)
    await bench.over(judged)
    first, second = bench.runner.jobs
    assert set(first.files) == {"digits.npz"}
    assert (first.makes, first.trusted, first.owner) == (("model.keras",), True, str(ADA))
    assert second.files["model.keras"] == b"weights"
    assert second.source == judged.source


async def test_an_evaluation_is_stored_and_its_confusion_comes_first(bench: Bench) -> None:
    run = await bench.start(example="digits-evaluate")
    found = Classification(0.91, 0.9, 0.89, 0.88, ((9, 1), (0, 10)))
    bench.runner.tell(
        Evaluated({"loss": 2.3}, 20, trained=False, classification=None),
        Evaluated({"loss": 0.3}, 20, trained=True, classification=found),
        Finished(0.1, (CURVES, CONFUSION)),
        None,
    )
    ended = await bench.over(run)
    assert [(j.trained, j.accuracy, j.f1) for j in ended.judgements] == [(False, None, None), (True, 0.91, 0.88)]
    first, second = await bench.own()
    assert (first["photo"][-1]["width"], second["photo"][-1]["width"]) == (60, 50)


async def test_eight_pictures_come_and_what_was_not_sent_is_named(bench: Bench) -> None:
    run = await bench.start(verified=False)
    pictures = tuple(Picture(f"figure {n}", png(50 + n), 50 + n, 30) for n in range(1, 9))
    omitted = (Omitted("d.svg", Unshown.FORMAT), *(Omitted(f"{n}.png", Unshown.COUNT) for n in range(12)))
    bench.runner.tell(Finished(0.1, pictures, omitted=omitted), None)
    await bench.over(run)
    *shown, last = await bench.own()
    assert [message["photo"][-1]["width"] for message in shown] == list(range(51, 59))
    assert [message["caption"] for message in shown[1:3]] == ["Figure 2", "Figure 3"]
    assert "d.svg" in last["text"]
    assert "9.png and 2 more" in last["text"]


@pytest.mark.parametrize(("data", "name"), [(png(), "run-1.png"), (b"\xff\xd8\xff\xe0" + bytes(20), "run-1.jpg")])
async def test_the_name_of_the_first_picture_goes_with_its_format(bench: Bench, data: bytes, name: str) -> None:
    run = await bench.stored(verified=False)
    shown = screens.finished(bench.course.lessons[0], None, run, data)
    assert shown.attachment
    assert shown.attachment.name == name


async def test_an_animation_goes_as_a_document_behind_the_result(bench: Bench) -> None:
    run = await bench.start(verified=False)
    gif = Picture("moves.gif", b"GIF89a" + bytes(20) + b";", 50, 30, "gif")
    bench.runner.tell(Finished(0.1, (gif,)), None)
    await bench.over(run)
    first, second = await bench.own()
    assert "Done" in first["text"]
    assert second["document"]["file_name"] == "moves.gif"


@pytest.mark.parametrize("reason", list(Reason))
async def test_every_failure_says_why_and_keeps_what_was_reached(bench: Bench, reason: Reason) -> None:
    run = await bench.start()
    bench.runner.tell(Started(True), EPOCH, Failed(reason, "Because of <this>.", 1.5, "printed"), None)
    ended = await bench.over(run)
    assert (ended.state, ended.reason, ended.detail) == (RunState.FAILED, str(reason), "Because of <this>.")
    assert (len(ended.history), ended.output, ended.seconds) == (1, "printed", 1.5)
    shown = await bench.text()
    assert screens.SORRY[reason] in shown
    assert "Because of <this>." in shown


async def test_a_failure_shows_the_figures_and_pictures_that_were_there(bench: Bench) -> None:
    run = await bench.start()
    judged = Evaluated({"loss": 0.3}, 20, True, Classification(0.91, 0.9, 0.89, 0.88, ((9, 1), (0, 10))))
    failure = Failed(Reason.TIMEOUT, "Too slow.", 60.0, "printed", pictures=(CURVES, CONFUSION))
    bench.runner.tell(Started(True), EPOCH, judged, failure, None)
    ended = await bench.over(run)
    assert [j.accuracy for j in ended.judgements] == [0.91]
    said, *pictures = await bench.own()
    for words in ("Too slow.", "It had reached 1 of 2 epochs:", "0.910", "printed"):
        assert words in said["text"]
    assert [message["photo"][-1]["width"] for message in pictures] == [60, 50]


async def test_a_failure_says_what_can_be_done_about_it(bench: Bench) -> None:
    run = await bench.start(verified=False)
    hint = RunnerHint(HintCode.MISSING_FILE, "a.csv", nearest="A.csv", there=("A.csv", "b.txt"), more=3)
    bench.runner.tell(Failed(Reason.ERROR, "FileNotFoundError: a.csv", 0.1, hint=hint), None)
    ended = await bench.over(run)
    assert ended.hint == ErrorHint("missing-file", "a.csv", nearest="A.csv", there=("A.csv", "b.txt"), more=3)
    said = await bench.text()
    assert "a.csv is not beside the code. Did you mean A.csv? These files are: A.csv, b.txt and 3 more." in said
    assert said.count("send") == 1


async def test_a_job_that_is_refused_says_so(bench: Bench) -> None:
    run = await bench.start(verified=False)
    bench.runner.tell(JobRefused("No sandbox for this."))
    ended = await bench.over(run)
    assert (ended.state, ended.reason) == (RunState.FAILED, "error")
    assert "No sandbox for this." in await bench.text()


async def test_a_runner_that_breaks_loses_the_run_not_the_bot(bench: Bench, caplog: pytest.LogCaptureFixture) -> None:
    run = await bench.start()
    bench.runner.tell(Started(True), OSError("the machine is gone"))
    ended = await bench.over(run)
    assert (ended.state, ended.reason) == (RunState.FAILED, "lost")
    assert "the machine is gone" in caplog.text
    assert "lost" in await bench.text()


async def test_own_code_leaves_no_files_behind(bench: Bench) -> None:
    run = await bench.start(verified=False)
    bench.runner.tell(DONE, None)
    await bench.over(run)
    assert not bench.runner.jobs[0].trusted
    assert await bench.store.read(lambda t: t.runs.kept(ADA, run.lesson, run.example)) == {}
    assert "Self-reported" in await bench.text()


async def test_two_learners_train_side_by_side(bench: Bench) -> None:
    await bench.start()
    await bench.start(learner=GRACE)
    await eventually(lambda: len(bench.runner.jobs) == 2)
    assert {job.owner for job in bench.runner.jobs} == {str(ADA), str(GRACE)}


# Stopping


async def test_stopping_keeps_the_epochs_so_far_and_ends_the_job(bench: Bench) -> None:
    run = await bench.start()
    bench.runner.tell(Started(True), EPOCH)
    await bench.shows("epoch 1 of 2")
    await bench.stop(run)
    ended = await bench.over(run)
    assert (ended.state, len(ended.history)) == (RunState.CANCELLED, 1)
    assert len(bench.runner.closed) == 1
    assert "Stopped after epoch 1 of 2" in await bench.text()


async def test_the_end_of_a_stopped_run_stands_even_if_its_job_finishes(bench: Bench) -> None:
    run = await bench.start()
    bench.runner.tell(Started(True), EPOCH)
    await bench.shows("epoch 1 of 2")
    await bench.store.transact(lambda t: t.runs.end(run.id, RunState.CANCELLED, NOW + 3))
    bench.runner.tell(DONE, None)
    await eventually(lambda: bench.runner.closed)
    ended = await bench.over(run)
    assert (ended.state, ended.ended_at, ended.seconds) == (RunState.CANCELLED, NOW + 3, None)
    assert "epoch 1 of 2" in await bench.text()


async def test_what_a_stopped_run_had_reached_is_added_to_its_end(bench: Bench) -> None:
    run = await bench.start(verified=False)
    judged = Evaluated({"loss": 0.3}, 20, True, Classification(0.91, 0.9, 0.89, 0.88, ((9, 1), (0, 10))))
    bench.runner.tell(Started(True), EPOCH, judged)
    await bench.shows("epoch 1 of 2")
    bench.runner.at_stop = Failed(
        Reason.CANCELLED,
        "The run was cancelled.",
        1.5,
        "printed",
        pictures=(CURVES, CONFUSION),
        omitted=(Omitted("d.svg", Unshown.FORMAT),),
    )
    await bench.stop(run)
    ended = await bench.over(run)
    assert (ended.state, ended.output, [j.accuracy for j in ended.judgements]) == (
        RunState.CANCELLED,
        "printed",
        [0.91],
    )
    said, first, second, unsent = await bench.own()
    for words in ("Stopped after epoch 1 of 2", "0.910", "printed"):
        assert words in said["text"]
    assert [message["photo"][-1]["width"] for message in (first, second)] == [60, 50]
    assert "d.svg" in unsent["text"]


async def test_a_run_that_fails_in_the_moment_it_is_stopped_stays_stopped(bench: Bench) -> None:
    run = await bench.start(verified=False)
    bench.runner.tell(Started(True), EPOCH)
    await bench.shows("epoch 1 of 2")
    bench.runner.at_stop = Failed(Reason.TIMEOUT, "Too slow.", 60.0, "printed", pictures=(CURVES,))
    await bench.stop(run)
    ended = await bench.over(run)
    assert (ended.state, ended.reason, ended.output) == (RunState.CANCELLED, None, "printed")
    said, picture = await bench.own()
    assert "Stopped after epoch 1 of 2" in said["text"]
    assert "printed" in said["text"]
    assert picture["photo"][-1]["width"] == 50


async def test_a_run_that_another_takes_the_place_of_shows_nothing_more(bench: Bench) -> None:
    run = await bench.start(verified=False)
    bench.runner.tell(Started(True), EPOCH)
    await bench.shows("epoch 1 of 2")
    await bench.store.transact(lambda t: t.runs.end(run.id, RunState.CANCELLED, NOW + 3))
    bench.runs.cancel(run.id)
    await bench.over(run)
    assert len(await bench.own()) == 1


async def test_a_frame_that_was_held_back_does_not_cover_the_end(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    """The job takes long to be gone, and meanwhile an older frame falls due."""
    monkeypatch.setattr(outbox_module, "FRAME_SECONDS", 0.3)
    run = await bench.start()
    bench.runner.tell(Started(True), EPOCH)
    await bench.shows("epoch 1 of 2")
    bench.runner.tidied.clear()
    bench.runner.tell(LAST_EPOCH)
    await eventually(lambda: len(bench.runs.so_far(run.id)) == 2)
    await bench.stop(run)
    await bench.shows("Stopped after")
    await bench.outbox.drained()
    assert "Stopped after" in await bench.text()


async def test_a_frame_that_was_held_back_does_not_cover_a_failure(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outbox_module, "FRAME_SECONDS", 0.3)
    run = await bench.start()
    bench.runner.tell(Started(True), EPOCH)
    await bench.shows("epoch 1 of 2")
    bench.runner.tidied.clear()
    bench.runner.tell(LAST_EPOCH, Failed(Reason.TIMEOUT, "Too slow."), None)

    async def ended() -> bool:
        return (await bench.get(run)).state.over

    await eventually(ended)
    await bench.outbox.drained()
    bench.runner.tidied.set()
    await bench.over(run)
    assert "Time is up" in await bench.text()
    edits = [c["parameters"]["text"] for c in await bench.served.calls() if c["method"] == "editMessageText"]
    assert "Time is up" in edits[-1]


# Starting again


async def test_after_a_restart_runs_start_over_once_in_the_same_message(bench: Bench) -> None:
    run = await bench.start()
    bench.runner.tell(Started(True), EPOCH)
    await bench.shows("epoch 1 of 2")
    await bench.close()
    assert (await bench.get(run)).state is RunState.RUNNING
    await bench.open()
    await bench.runs.recover()
    bench.runner.tell(Queued(2, None))
    await bench.shows("The bot was restarted; this run starts over.")
    bench.runner.tell(Started(True), EPOCH, LAST_EPOCH, DONE, None)
    ended = await bench.over(run)
    assert (ended.state, ended.restarts, len(ended.history)) == (RunState.FINISHED, 1, 2)
    assert len(await bench.own()) == 1


async def test_a_run_whose_lesson_left_the_course_borrows_nothing_from_another(bench: Bench) -> None:
    """The first lesson has an example of the same name; it is not the one that ran."""
    run = await bench.stored()
    title = bench.course.lessons[0].examples[0].title
    await bench.close()
    bench.course = replace(bench.course, lessons=(replace(bench.course.lessons[0], id="another"),))
    await bench.open()
    await bench.runs.recover()
    message = await bench.store.read(lambda t: t.outbox.next(ADA))
    ended = screens.finished(*bench.runs._example(run), run, None)
    assert message is None or title not in message.text
    assert [button.label for row in ended.buttons for button in row] == ["🗂 My runs"]


async def test_a_run_that_was_interrupted_twice_is_lost_and_its_learner_told(bench: Bench) -> None:
    run = await bench.start()
    bench.runner.tell(Started(True), EPOCH)
    await bench.shows("epoch 1 of 2")
    for _ in range(2):
        await bench.close()
        await bench.open()
        await bench.runs.recover()
    ended = await bench.over(run)
    assert (ended.state, ended.reason, ended.restarts) == (RunState.FAILED, "lost", 1)
    await bench.shows("The run was lost")


async def test_a_run_queued_by_a_turn_that_died_before_it_started_is_taken_up(bench: Bench) -> None:
    run = await bench.stored()
    await bench.runs.recover()
    bench.runner.tell(Started(True), DONE, None)
    assert (await bench.over(run)).state is RunState.FINISHED


async def test_the_runner_s_own_end_leaves_runs_for_the_next_start(bench: Bench) -> None:
    run = await bench.start()
    bench.runner.tell(Started(True), RunnerClosed("closing"))
    await eventually(lambda: bench.runner.closed)
    await eventually(lambda: not bench.runs._live)
    assert (await bench.get(run)).state is RunState.RUNNING


async def test_an_example_that_left_the_course_still_gets_its_end(bench: Bench, small_course: Course) -> None:
    run = await bench.start()
    bench.runner.tell(Started(True))
    await eventually(lambda: bench.runner.jobs)
    await bench.close()
    bench.course = small_course
    await bench.open()
    await bench.runs.recover()
    bench.runner.tell(Started(True), EPOCH, DONE, None)
    ended = await bench.over(run)
    assert ended.state is RunState.FINISHED
    assert "digits" in await bench.text()
