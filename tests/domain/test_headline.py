"""The one figure of a run, in the chat and in its row alike."""

from __future__ import annotations

import json
from dataclasses import asdict

import pytest
from sqlite_utils import Database

from bot.domain.headline import Headline, headline
from bot.domain.runs import Epoch, Judgement
from bot.store.migrations import schema

TRAINED = Judgement(True, 20, {"loss": 0.3}, 0.91)
BASELINE = Judgement(False, 20, {"loss": 2.3}, 0.10)
REGRESSION = Judgement(True, 20, {"loss": 1.5})
EPOCH = Epoch(1, 1, {"loss": 0.5, "accuracy": 0.8, "val_loss": 0.6, "val_accuracy": 0.7}, 0.1)


@pytest.mark.parametrize(
    ("history", "judgements", "wanted"),
    [
        ((), (TRAINED, BASELINE), Headline("accuracy", 0.91, 20, evaluated=True)),
        ((), (BASELINE, TRAINED), Headline("accuracy", 0.91, 20, evaluated=True)),
        ((), (BASELINE,), None),
        ((EPOCH,), (BASELINE,), Headline("val_accuracy", 0.7, None)),
        ((EPOCH,), (REGRESSION,), Headline("val_accuracy", 0.7, None)),
        ((Epoch(1, 1, {"loss": 0.5}, 0.1),), (), Headline("loss", 0.5, None)),
        ((), (), None),
    ],
)
def test_the_last_trained_judgement_counts_and_a_baseline_never(
    history: tuple[Epoch, ...], judgements: tuple[Judgement, ...], wanted: Headline | None
) -> None:
    assert headline(history, judgements) == wanted


def test_rows_of_earlier_versions_are_corrected() -> None:
    """Until then the last judgement gave a row its figure, also that of an untrained model."""
    db = Database(memory=True)
    schema.apply(db, stop_before="0009_run_facts")
    db.execute("insert into learners(id, name, joined_at) values(1, 'Ada', 0)")
    rows: list[tuple[tuple[Epoch, ...], tuple[Judgement, ...]]] = [
        ((), (TRAINED, BASELINE)),
        ((EPOCH,), (BASELINE,)),
        ((), (BASELINE,)),
        ((), ()),
    ]
    for history, judgements in rows:
        db.execute(
            "insert into runs(learner, chat, lesson, example, role, parameters, source, verified, state, queued_at,"
            " history, judgements, metric, figure)"
            " values(1, 1, 'l', 'e', 'train', '{}', '', 1, 'finished', 0, ?, ?, 'accuracy', 0.1)",
            [json.dumps([asdict(one) for one in kind]) for kind in (history, judgements)],
        )
    schema.apply(db)
    found = [tuple(row.values()) for row in db.query("select metric, figure from runs order by id")]
    assert found == [("accuracy", 0.91), ("val_accuracy", 0.7), (None, None), (None, None)]
