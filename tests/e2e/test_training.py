"""Models trained and judged in the chat: real TensorFlow in the real sandbox."""

from __future__ import annotations

import ast
import re
import struct
from collections.abc import Callable
from itertools import pairwise

from .people import Json, Learner, Message, Tutor, source_of

RANDOM, DIGITS = "Train on random data", "Train on handwritten digits"


def done(message: Message) -> bool:
    return message.text.startswith("✅")


def figures(message: Message) -> dict[str, list[float]]:
    """The table of a run: a metric's name, and its values."""
    rows = (re.split(r"\s{2,}", line) for _, block in message.code() for line in block.splitlines())
    return {row[0]: [float(cell) for cell in row[1:] if re.fullmatch(r"[\d.e+-]+", cell)] for row in rows}


def is_a_png(picture: bytes) -> bool:
    """Of a size that is worth opening on a phone."""
    width, height = struct.unpack(">II", picture[16:24])
    return picture.startswith(b"\x89PNG") and width >= 600 and height >= 400


def calls_about(tutor: Tutor, message: Message) -> list[Json]:
    """The Bot API calls that made and changed a message, in order."""
    return [call for call in tutor.calls() if about(call, message)]


def about(call: Json, message: Message) -> bool:
    answer = call["answer"].get("result")
    return call["method"].startswith(("send", "editMessage")) and (
        isinstance(answer, dict) and answer.get("message_id") == message.id
    )


def shown(call: Json) -> str:
    result = call["answer"]["result"]
    return str(result.get("text") or result.get("caption"))


def trains_digits(learner: Learner, values: str = "epochs=2") -> Message:
    learner.says(f"/train digits {values}")
    return learner.sees(DIGITS, where=done)


def test_train_alone_runs_the_main_example_in_one_message(learner: Learner) -> None:
    learner.says("/train")
    result = learner.sees(RANDOM, "10 epochs in", "The labels are random", where=done)
    history = calls_about(learner.tutor, result)
    assert history[0]["method"] == "sendMessage"
    assert "Starting" in shown(history[0]), "something at once"
    assert history[-1]["method"] == "editMessageMedia", "the picture comes into the same message"
    live = [text for text in map(shown, history[1:-1]) if "epoch" in text]
    assert live, "live progress before the end"
    assert all(re.search(r"epoch \d+ of 10", text) and "loss" in text for text in live)
    assert len([m for m in learner.messages() if m.from_bot]) == 1
    assert set(figures(result)) == {"accuracy", "loss"}
    assert is_a_png(learner.tutor.picture(result))


def test_a_run_offers_what_comes_next(learner: Learner) -> None:
    learner.says("/train epochs=1")
    result = learner.sees(RANDOM, where=done)
    assert [r[0] for r in result.rows[1:]][-2:] == ["▶ Train on handwritten digits", "📖 Back to the lesson"]
    learner.presses("Again")
    again = learner.sees(RANDOM, "epochs=1", where=done)
    assert again.id > result.id
    assert learner.presses("Train on handwritten digits") == "Here we go!"
    learner.sees(DIGITS)
    learner.presses("Stop")
    learner.sees(DIGITS, "Stopped")
    learner.presses("Back to the lesson")
    learner.sees("1 of 8", "Introduction")


def test_digits_are_learned_and_the_model_is_judged(learner: Learner) -> None:
    trained = trains_digits(learner, "epochs=20")
    assert "epochs=20" in trained.text
    assert trained.has_picture
    assert figures(trained)["val accuracy"][0] > 0.9
    live = [shown(call) for call in calls_about(learner.tutor, trained)]
    seen = [int(found.group(1)) for text in live if (found := re.search(r"epoch (\d+) of 20", text))]
    assert seen, "epochs were shown while it trained"
    assert all(before < after for before, after in pairwise(seen)), "no step back"
    learner.presses("Evaluate this model")
    judged = learner.sees("Evaluate on handwritten digits", where=done)
    table = figures(judged)
    assert list(table)[1:5] == ["accuracy", "precision", "recall", "F1"]
    assert all(values[0] > 0.9 > 0.5 > values[1] for name, values in table.items() if name in list(table)[1:5])
    assert re.search(r"trained +untrained", judged.text)
    assert is_a_png(learner.tutor.picture(judged))
    learner.says("/progress")
    learner.sees("2 runs, 2 finished", "Evaluate on handwritten digits", "accuracy 9")


def test_the_unchanged_source_scripts_show_trained_and_untrained(learner: Learner) -> None:
    learner.says("/train epochs=2")
    learner.sees(RANDOM, where=done)
    learner.says("/evaluate")
    judged = learner.sees("Evaluate on random data", "no better than guessing", where=done)
    table = figures(judged)
    assert {"accuracy", "precision", "recall", "F1", "loss"} <= set(table)
    assert all(len(table[name]) == 2 for name in ("accuracy", "precision", "recall", "F1"))
    assert table["examples"] == [20, 20], "both on the same 20 examples"
    assert judged.has_picture
    learner.presses("Code")
    assert learner.sees("Evaluate on random data").code() == [("python", source_of("evaluate"))]


def test_values_written_behind_the_command_are_what_runs(learner: Learner) -> None:
    learner.says("/train epochs=20 learning_rate=0.01")
    learner.sees(RANDOM, "epochs=20 learning_rate=0.01", "20 epochs in", where=done)
    learner.presses("Code")
    (language, code), *more = learner.sees("Run", RANDOM, "epochs=20 learning_rate=0.01").code()
    assert (language, more) == ("python", [])
    given = {k.arg: ast.unparse(k.value) for node in ast.walk(ast.parse(code)) for k in getattr(node, "keywords", [])}
    assert (given["epochs"], given["learning_rate"], given["batch_size"]) == ("20", "0.01", "32")
    source = source_of("train")
    changed = [(was, now) for was, now in zip(source.splitlines(), code.splitlines(), strict=True) if was != now]
    assert [was for was, _ in changed] == [
        "model.compile(optimizer='adam',",
        "model.fit(x_train, y_train, epochs=10, batch_size=32)",
    ], "nothing else differs from the source"


def test_nothing_to_evaluate_offers_to_train(learner: Learner) -> None:
    learner.says("/evaluate digits")
    offer = learner.sees("no model of yours")
    assert offer.labels == [f"▶ {DIGITS}"]
    learner.says("/evaluate")
    offer = learner.sees("no model of yours")
    assert offer.labels == [f"▶ {RANDOM}", f"▶ {DIGITS}"]
    learner.presses(RANDOM, on=offer)
    learner.sees(RANDOM, where=done)
    learner.says("/evaluate")
    learner.sees("Evaluate on random data", where=done)


def test_every_bad_value_is_named_at_once(learner: Learner) -> None:
    learner.says("/train epochs=999 lr=3 batch_size=7.5")
    learner.sees("did not start", "epochs", "999", "lr", "batch_size", "7.5")
    learner.says("/runs")
    learner.sees("No runs yet")


def test_knobs_are_turned_by_buttons(learner: Learner) -> None:
    trains_digits(learner, "epochs=1")
    learner.presses("Values")
    knobs = learner.sees("epochs = 15", "batch_size = 32", "learning_rate = 0.001", "hidden_units = 64")
    learner.presses("5", on=knobs)
    turned = learner.sees("epochs = 5", "batch_size = 32")
    learner.presses("256", on=knobs)
    turned = learner.sees("epochs = 5", "hidden_units = 256")
    assert turned.id == knobs.id
    assert learner.presses("Run with these values") == "Here we go!"
    learner.sees(DIGITS, "epochs=5 hidden_units=256", "5 epochs in", where=done)
    learner.presses("Code")
    code = learner.sees("Run", "epochs=5 hidden_units=256").code()[0][1]
    assert "epochs = 5\n" in code
    assert "hidden_units = 256\n" in code
    learner.says("/help")
    learner.sees("What I can do")
    learner.presses("Values", on=next(m for m in learner.messages() if "⚙ Values" in m.labels))
    learner.sees("epochs = 5", "hidden_units = 256")  # as they were left


def test_stop_ends_a_run_and_the_next_starts_at_once(learner: Learner) -> None:
    learner.says("/train digits epochs=50")
    running = learner.sees("epoch 1 of 50")
    learner.says("/stop")
    stopped = learner.sees(DIGITS, "Stopped after")
    assert stopped.id == running.id
    learner.sees(f"Stopped: {DIGITS}.")
    assert re.search(r"after epoch \d+ of 50", stopped.text)
    learner.says("/train epochs=1")
    learner.sees(RANDOM, where=done)
    assert learner.again(stopped).json == stopped.json, "nothing comes after the end"
    assert learner.presses("Again", on=stopped) == "Here we go!"
    learner.sees("epochs=50")
    learner.presses("⏹ Stop")
    learner.sees("epochs=50", "Stopped")
    learner.says("/stop")
    learner.sees("Nothing is running")


def test_others_are_answered_while_a_run_goes_on(learner: Learner, meet: Callable[[], Learner]) -> None:
    other = meet()
    learner.says("/train digits epochs=50")
    running = learner.sees("epoch 1 of 50")
    other.says("/help")
    answer = other.sees("What I can do")
    other.says("/quiz")
    other.sees("Question 1 of 6")
    other.presses("B")
    other.sees("✅ Right!")
    learner.says("/stop")
    stopped = learner.sees("Stopped", where=lambda m: m.id == running.id)
    order = [c for c in learner.tutor.calls() if about(c, running) or about(c, answer)]
    turns = [(int(call["parameters"]["chat_id"]), "Stopped" in shown(call)) for call in order]
    assert turns.index((other.id, False)) < turns.index((learner.id, True)), "answered before the run was over"
    assert re.search(r"after epoch \d+ of 50", stopped.text)


def test_those_who_wait_see_their_place_and_move_up(meet: Callable[[], Learner], start: Callable[..., Tutor]) -> None:
    tutor = start(TUTOR_SLOTS="1")
    first, second, third = (Learner(tutor) for _ in range(3))
    first.says("/train digits epochs=50")
    first.sees("epoch 1 of 50")
    second.says("/train digits epochs=50")
    second.sees("You are next")
    third.says("/train epochs=1")
    third.sees("Number 2 in the queue")
    second.says("/stop")
    second.sees("Stopped.")
    third.sees("You are next")
    first.says("/stop")
    third.sees(RANDOM, where=done)
