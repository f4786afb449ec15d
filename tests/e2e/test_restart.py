"""What was learned, answered and trained is still there after a restart: a kind one, and `kill -9`."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

from .people import Learner, Tutor

Start = Callable[..., Tutor]
COURSE = Path(__file__).parents[1] / "lessons" / "course"


def back(learner: Learner, tutor: Tutor) -> Learner:
    """The same person, in the messenger of the next start: its chats are empty."""
    return Learner(tutor, learner.id)


def test_a_restart_forgets_nothing(start: Start) -> None:
    first = start("--fresh")
    learner = Learner(first)
    learner.says("/start")
    learner.presses("Begin the lesson")
    learner.sees("1 of 8")
    learner.presses("Next ›")
    learner.sees("2 of 8")
    learner.says("/quiz")
    learner.sees("Question 1 of 6")
    learner.presses("B")
    learner.sees("✅ Right!")
    learner.presses("Next question")
    learner.sees("Question 2 of 6")
    learner.says("/train digits epochs=3")
    learner.sees("3 epochs in", where=lambda m: m.has_picture)
    assert first.terminate() == 0

    second = start()
    learner = back(learner, second)
    learner.says("/progress")
    learner.sees("2 of 8 sections read", "1 run, 1 finished", "val accuracy")
    learner.says("/start")
    learner.sees("Welcome back")
    learner.presses("Go on where I left off")
    learner.sees("2 of 8")
    learner.says("4")
    learner.sees("Question 2 of 6", "✅ Right!")
    learner.presses("Next question")
    learner.sees("Question 3 of 6")
    learner.says("/evaluate")
    judged = learner.sees("Evaluate on handwritten digits", "Your model gets", where=lambda m: m.has_picture)
    learner.says("/runs")
    listed = learner.sees("Your runs (2)", "epochs=3")
    learner.presses("2", on=listed)
    learner.sees("Evaluate on handwritten digits", where=lambda m: m.code() and m.id != judged.id)
    assert second.terminate() == 0


def test_fresh_begins_anew(start: Start) -> None:
    first = start()
    learner = Learner(first)
    learner.says("/start")
    learner.presses("Begin the lesson")
    learner.sees("1 of 8")
    first.terminate()
    learner = back(learner, start("--fresh"))
    learner.says("/start")
    learner.sees("Hello")


def test_a_training_goes_on_after_kill_9(start: Start) -> None:
    first = start()
    learner = Learner(first)
    learner.says("/train digits epochs=10")
    learner.sees("epoch 1 of 10")
    first.kill()

    learner = back(learner, start())
    begun = learner.sees("Train on handwritten digits", "restarted; this run starts over")
    result = learner.sees("Train on handwritten digits", "10 epochs in", where=lambda m: m.has_picture)
    assert "epochs=10" in result.text
    assert result.id == begun.id
    learner.says("/runs")
    learner.sees("Your runs (1)", "✅")


def test_a_run_goes_on_after_a_kind_restart_and_can_be_stopped(start: Start) -> None:
    first = start()
    learner = Learner(first)
    learner.says("/train digits epochs=50")
    learner.sees("Train on handwritten digits")
    assert first.terminate() == 0

    learner = back(learner, start())
    run = learner.sees("this run starts over")
    learner.presses("Stop", on=run)
    learner.sees("Train on handwritten digits", "Stopped")
    learner.says("/runs")
    learner.sees("Your runs (1)", "⏹")


def test_a_run_that_meets_two_crashes_is_given_up(start: Start) -> None:
    learner = Learner(start())
    learner.says("/train digits epochs=50")
    learner.sees("Train on handwritten digits")
    learner.tutor.kill()
    learner = back(learner, start())
    learner.sees("this run starts over")
    learner.tutor.kill()
    learner = back(learner, start())
    learner.sees("The run was lost", "twice")
    learner.says("/runs")
    learner.sees("Your runs (1)", "❌")


def test_what_was_said_before_kill_9_is_answered_after_it(start: Start) -> None:
    """The messenger has lost its chats; the bot has what it was told."""
    first = start()
    learner = Learner(first)
    learner.says("/quiz")
    learner.sees("Question 1 of 6")
    first.act("fault", kind="error", method="sendMessage", chat=learner.id, status=502, count=50)
    learner.says("/progress")
    learner.waits(lambda: next((m for m in [learner.newest()] if refused(first, learner)), None), "a refused answer")
    first.kill()

    learner = back(learner, start())
    learner.sees("Where you stand")


def refused(tutor: Tutor, learner: Learner) -> bool:
    sends = [c for c in tutor.calls() if c["method"] == "sendMessage" and str(learner.id) in str(c["parameters"])]
    return any(not call["answer"]["ok"] for call in sends)


def test_a_question_that_the_author_changed_meanwhile_is_graded_as_it_was_shown(tmp_path: Path, start: Start) -> None:
    """Q7: the choice moves while the question is open. Q8: its answer is exported as it was given."""
    course = Path(shutil.copytree(COURSE, tmp_path / "course"))
    questions = course / "first" / "questions.yaml"
    first = start("--fresh", TUTOR_COURSE=str(course))
    learner = Learner(first)
    learner.says("/quiz")
    learner.sees("Which one?", "A  This one\nB  That one")
    assert first.terminate() == 0

    kept = questions.read_text()
    this, that = kept[kept.index("    - id: a") : kept.index("    - id: b")], kept[kept.index("    - id: b") :]
    that = that[: that.index("  explanation")]
    questions.write_text(kept.replace(this + that, that + this, 1))
    learner = back(learner, start(TUTOR_COURSE=str(course)))
    learner.says("A")
    learner.sees("A  This one\nB  That one", "✅ Right!")
    learner.presses("Next question")
    learner.sees("Which ones?")
