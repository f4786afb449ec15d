"""Learners change the lesson's code and run their own."""

from __future__ import annotations

import base64
import json
from pathlib import Path

from .people import Learner, Tutor

PLOT = """import keras, numpy as np, matplotlib.pyplot as plt
model = keras.Sequential([keras.Input((4,)), keras.layers.Dense(1)])
model.compile("adam", "mse")
model.fit(np.ones((8, 4)), np.ones(8), epochs=2, verbose=0)
for i in range(400):
    print("line", i)
plt.plot([1, 2, 3])
plt.savefig("mine.png")
"""


def sends_file(learner: Learner, name: str, content: bytes) -> None:
    learner.tutor.act("document", user=learner.id, name=name, content=base64.b64encode(content).decode())


def test_edit_sends_the_examples_code_and_how_to_send_it_back(learner: Learner) -> None:
    learner.says("/start")
    learner.presses("Begin the lesson")
    learner.presses("Next")
    learner.sees("2 of 8")
    learner.presses("Next")
    learner.sees("Training in code")
    learner.presses("Edit")
    sent = learner.sees("send it back")
    language, code = sent.code()[0]
    assert language == "python"
    assert "model.fit(x_train, y_train, epochs=10, batch_size=32)" in code


def test_a_changed_example_runs_and_its_figures_are_called_self_reported(learner: Learner) -> None:
    learner.says("```python\nprint('six times seven is', 6 * 7)\n```")
    result = learner.sees("✅", "six times seven is 42", "Self-reported")
    assert "Your own code" in result.text


def test_an_error_names_the_line_of_the_learners_code_and_no_path_of_the_host(learner: Learner) -> None:
    learner.says("```python\nx = 1\nprint(x / 0)\n```")
    failed = learner.sees("The code stopped with an error", "ZeroDivisionError")
    assert "print(x / 0)" in failed.text
    assert "line 2" in failed.text
    assert str(Path(__file__).parents[2]) not in failed.text
    assert "site-packages" not in failed.text


def test_a_file_runs_with_its_pictures_and_its_whole_output_as_a_document(learner: Learner) -> None:
    sends_file(learner, "mine.py", PLOT.encode())
    result = learner.sees("2 epochs", "line 0", "line 399")
    assert result.has_picture
    assert learner.sees("mine.png").has_picture
    document = learner.sees("All that it printed").json["document"]
    whole = learner.tutor.http.get(f"/sim/files/{document['file_id']}").text
    assert [line for line in whole.splitlines() if line] == [f"line {i}" for i in range(400)]


def test_own_code_finds_the_lessons_data_and_the_learners_last_model(learner: Learner) -> None:
    learner.says("/train digits epochs=1")
    learner.sees("✅", "handwritten digits")
    learner.says("```python\nimport os\nprint(sorted(n for n in os.listdir() if '.' in n))\n```")
    learner.sees("digits.npz", "model.keras")


def test_own_runs_count_for_nothing_that_is_judged(learner: Learner) -> None:
    sends_file(learner, "mine.py", PLOT.encode())
    learner.sees("2 epochs")
    learner.says("/evaluate")
    learner.sees("no model of yours")


def test_files_that_are_no_code_get_a_clear_answer(learner: Learner) -> None:
    sends_file(learner, "essay.docx", b"hello")
    learner.sees("essay.docx", ".py or .ipynb")
    sends_file(learner, "latin.py", "name = 'Zoë'".encode("latin-1"))
    learner.sees("latin.py", "not UTF-8", "byte 11")
    sends_file(learner, "long.py", b"#" * 65_537)
    learner.sees("65,537 bytes", "at most 65,536")


def test_a_cell_pasted_without_marks_runs_after_a_tap_and_shows_its_plot(learner: Learner) -> None:
    plot = "import matplotlib.pyplot as plt\nplt.plot([1, 4, 9])\nplt.savefig('curve.png')\nprint('drawn')"
    learner.says(f"%matplotlib inline\n{plot}")
    offered = learner.sees("Run this?", "%matplotlib inline")
    assert offered.labels == ["▶ Run", "No"]
    learner.presses("Run")
    assert learner.sees("✅", "drawn").has_picture


def test_a_file_of_data_is_read_by_the_code_that_follows(learner: Learner) -> None:
    sends_file(learner, "My patients.csv", b"age,weight\n36,70\n40,81\n")
    learner.sees("My_patients.csv", "23 bytes")
    learner.says("```python\nprint(open('My_patients.csv').readlines()[2])\n```")
    learner.sees("✅", "40,81")
    sends_file(learner, "large.npy", bytes(5_000_000))
    learner.sees("large.npy", "5.0 MB")
    learner.says("```\nimport os\nprint(os.path.getsize('large.npy'))\n```")
    learner.sees("✅", "5000000")
    learner.says("/files")
    learner.presses("Delete large.npy")
    assert "large.npy" not in learner.sees("My_patients.csv", "Your files (1 of 5)").text


def test_a_mistake_is_mended_by_editing_the_message(learner: Learner) -> None:
    sent = learner.says("```python\nfor n in range(3)\n    print('n is', n)\n```")
    learner.sees("SyntaxError", "line 1")
    learner.edits(sent, "```python\nfor n in range(3):\n    print('n is', n)\n```")
    learner.sees("✅", "n is 2")


def test_an_edit_ends_the_run_of_the_text_before(learner: Learner) -> None:
    sent = learner.says("```\nimport time\nprint('slow')\ntime.sleep(50)\n```")
    learner.sees("Your own code")
    learner.edits(sent, "```\nprint('quick')\n```")
    learner.sees("✅", "quick")
    assert any("Stopped" in message.text for message in learner.messages())


def test_a_run_that_is_stopped_shows_what_it_had_reached(learner: Learner) -> None:
    fit = PLOT + "print('so far', flush=True)\nmodel.fit(np.ones((8, 4)), np.ones(8), epochs=10_000, verbose=0)\n"
    sends_file(learner, "mine.py", fit.encode())
    learner.sees("of 10000")
    learner.says("/stop")
    learner.sees("Stopped after epoch", "so far")
    assert learner.sees("How the training went").has_picture
    assert learner.sees("mine.png").has_picture


def test_code_of_two_messages_runs_as_one(learner: Learner) -> None:
    code = "".join(f"value_{n:03} = {n} + 1\n" for n in range(320)) + "print('sum', value_000 + value_319)\n"
    learner.says(f"```python\n{code}"[:4096])
    learner.says(f"```python\n{code}```"[4096:])
    learner.sees("✅", "sum 321")


def test_the_code_cells_of_a_notebook_run(learner: Learner) -> None:
    cells = [
        {"cell_type": "markdown", "source": ["# Week 2"]},
        {"cell_type": "code", "source": ["x = 20\n", "!pip install keras"], "outputs": [], "metadata": {}},
        {"cell_type": "code", "source": "print('twice', 2 * x)", "outputs": [], "metadata": {}},
    ]
    sends_file(learner, "week2.ipynb", json.dumps({"cells": cells, "metadata": {}, "nbformat": 4}).encode())
    learner.sees("✅", "twice 40")


def test_a_learners_code_cannot_reach_the_bots_database_or_the_network(tutor: Tutor, learner: Learner) -> None:
    learner.says("```python\nimport socket\nsocket.create_connection(('127.0.0.1', 80), timeout=2)\n```")
    learner.sees("The code stopped with an error", "Error")
    learner.says("```python\nprint(open('/proc/1/environ').read(), open('/etc/passwd').read())\n```")
    learner.sees("The code stopped with an error", "Error")
