"""How long a learner waits: for a reply, and from `/train` to the first live epoch on a warm bot.

Run by hand: `.venv/bin/python -m tests.bench.bench_first_epoch [rounds]`. Through the emulator, as a messenger sees it.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from tests.e2e.people import Learner, Tutor

TARGET = 2.0
"""Seconds from the request to the first live epoch."""


def shown_after(learner: Learner, text: str, sign: str) -> float:
    """Seconds from a message to the Bot API call that shows `sign` in answer."""
    before = max((call["number"] for call in learner.tutor.calls()), default=0)
    asked = time.time()
    learner.says(text)
    while True:
        for call in learner.tutor.calls(before):
            if sign in str(call["parameters"].get("text")):
                return float(call["time"]) - asked
        time.sleep(0.01)


def figures(name: str, seconds: list[float]) -> str:
    low, high = min(seconds), max(seconds)
    return f"{name:<48} median {statistics.median(seconds):6.3f} s   least {low:6.3f}   most {high:6.3f}"


def main(rounds: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        tutor = Tutor(Path(folder), "--fresh")
        try:
            learner = Learner(tutor)
            started = time.monotonic()
            shown_after(learner, "/train epochs=1", "epoch 1 of 1")
            print(f"first run after the start, TensorFlow still loading: {time.monotonic() - started:.2f} s")
            print(
                figures("/help to its answer", [shown_after(learner, "/help", "What I can do") for _ in range(rounds)])
            )
            for values, epochs in (("", 10), ("digits epochs=50 ", 50)):
                waits = []
                for _ in range(rounds):
                    time.sleep(1.5)  # the next sandbox gets warm meanwhile
                    waits.append(shown_after(learner, f"/train {values}".strip(), f"epoch 1 of {epochs}"))
                    learner.says("/stop")
                    time.sleep(0.5)
                print(figures(f"/train {values}to the first live epoch", waits))
            print(f"target: {TARGET} s")
        finally:
            tutor.close()


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 7)
