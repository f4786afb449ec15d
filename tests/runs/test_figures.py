"""The figures of a run as the chat shows them: models told apart, every metric shown."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from bot.domain.headline import Headline, headline
from bot.domain.runs import Epoch, Judgement, Run, RunState
from bot.features.training import screens as training_screens
from bot.runs import figures
from bot.runs import screens as runs
from lessons.model import Course

FOLDS = range(1, 6)


def fold(model: int, epochs: int = 3, fit: int | None = None) -> tuple[Epoch, ...]:
    """A fit whose accuracy ends at 0.8, and 0.01 more for each model before."""
    return tuple(
        Epoch(n, epochs, {"loss": 1 / n, "accuracy": 0.79 + model / 100}, n / 10, (), fit or model, model, True)
        for n in range(1, epochs + 1)
    )


def judgement(
    model: int, share: float | None, data: str = "unseen", fit: int | None = None, **metrics: float
) -> Judgement:
    """Of a trained model; `share` is what the runner found as accuracy, precision, recall and F1."""
    found = {"loss": 0.5, **metrics}
    return Judgement(True, 20, found, share, share, share, share, (), fit or model, model, data)


HISTORY = tuple(epoch for model in FOLDS for epoch in fold(model))
JUDGED = tuple(judgement(model, 0.8 + model / 50) for model in FOLDS)


def a_run(history: Sequence[Epoch], judgements: Sequence[Judgement] = (), verified: bool = False) -> Run:
    return Run(
        1, 1, 1, "l", "own", {}, "", 0.0, verified, RunState.FINISHED,
        seconds=1.0, history=tuple(history), judgements=tuple(judgements),
    )  # fmt: skip


def said(course: Course, run: Run) -> str:
    return runs.finished(course.lessons[0], None, run, b"a picture").text.plain


def test_each_fold_has_its_line_and_mean_and_range_stand_below(course: Course) -> None:
    shown = said(course, a_run(HISTORY, JUDGED))
    for model in FOLDS:
        assert f"model {model}     {0.8 + model / 50:.3f}" in shown
    for words in ("mean        0.860", "low         0.820", "high        0.900", "5 models, 15 epochs"):
        assert words in shown
    assert "The 5 models get 82 to 90 of 100 right, 86 on average" in shown
    assert "Curves and matrix are those of model 5, the last." in shown
    assert "Your model" not in shown


def test_of_twenty_folds_five_have_a_line() -> None:
    table = figures.table((), [judgement(model, 0.5 + model / 50) for model in range(1, 21)])
    assert "… 15 more" in table
    assert len(table.split("\n\n")[0].splitlines()) == 10
    assert "mean          0.710" in table


def test_metrics_that_do_not_fit_a_line_have_mean_and_range() -> None:
    table = figures.table((), [judgement(model, 0.9, mae=model, a_rather_long_name=2.0) for model in FOLDS])
    assert max(map(len, table.splitlines())) <= figures.COLUMNS
    for name in ("mae", "a rather long name", "precision", "recall", "F1"):
        assert name in table


def test_models_that_were_never_evaluated_are_told_apart_as_well(course: Course) -> None:
    shown = said(course, a_run(HISTORY))
    assert "model 3     0.820" in shown
    assert "mean        0.820" in shown
    assert "The curves are those of model 5, the last." in shown


def test_the_live_message_says_which_model_learns_and_shows_its_own_course(course: Course) -> None:
    shown = runs.training(None, a_run(()), HISTORY[:5]).text.plain
    assert "model 2 · epoch 2 of 3" in shown
    assert "accuracy  0.810  ▁▁" in shown, "two epochs of the second model, none of the first"


def test_a_model_that_goes_on_learning_is_one_model(course: Course) -> None:
    history = [epoch for fit in range(1, 21) for epoch in fold(1, epochs=1, fit=fit)]
    judged = [judgement(1, fit / 25, fit=fit) for fit in range(1, 21)]
    shown = said(course, a_run(history, judged))
    assert "20 epochs" in shown
    assert "model" not in shown.replace("Your model", "")
    assert headline(history, judged) == Headline("accuracy", 0.8, 20, evaluated=True)
    live = runs.training(None, a_run(()), history).text.plain
    assert "model" not in live


def test_one_model_on_two_sets_of_data_has_both(course: Course) -> None:
    shown = said(course, a_run(fold(1), [judgement(1, 0.85), judgement(1, 0.99, "training")]))
    assert "unseen  training" in shown
    assert "accuracy    0.850     0.990" in shown
    assert "The matrix is that of the last evaluation." in shown
    assert "85 of 100 right on data it never learned from" in shown


@pytest.mark.parametrize(
    ("judged", "wanted"),
    [
        (JUDGED, Headline("accuracy", pytest.approx(0.86), None, 5, evaluated=True)),  # type: ignore[arg-type]
        (JUDGED[:1], Headline("accuracy", pytest.approx(0.82), 20, evaluated=True)),
        ((judgement(1, 0.9), judgement(1, 1.0, "training")), Headline("accuracy", 0.9, 20, evaluated=True)),
        ((judgement(1, 1.0, "training"),), Headline("accuracy", 1.0, 20, of_training_data=True, evaluated=True)),
        ((), Headline("accuracy", pytest.approx(0.82), None, 5)),  # type: ignore[arg-type]
    ],
)
def test_the_headline_says_when_it_is_a_mean_or_of_training_data(
    judged: tuple[Judgement, ...], wanted: Headline
) -> None:
    assert headline(HISTORY, judged) == wanted


def test_past_runs_say_so_too() -> None:
    titles = {("l", "own"): "Own"}

    def line(run: Run) -> str:
        return training_screens.past([run], titles, 0, 1).text.plain

    assert "accuracy 0.860, the mean of 5 models" in line(a_run(HISTORY, JUDGED))
    assert "on 20 examples that it learned from" in line(a_run(fold(1), [judgement(1, 1.0, "training")]))
    assert "accuracy 0.900 on 20 examples" in line(a_run(fold(1), [judgement(1, 0.9)]))


def test_an_accuracy_of_what_names_no_classes_is_no_headline() -> None:
    regression = [Epoch(1, 1, {"loss": 9.0, "accuracy": 0.0, "val_accuracy": 0.0}, 0.1, (), 1, 1, False)]
    assert headline(regression, [judgement(1, None)]) == Headline("loss", 9.0, None)
    assert "accuracy" not in training_screens.past([a_run(regression)], {}, 0, 1).text.plain


def test_every_metric_of_keras_is_shown_beside_our_own() -> None:
    table = figures.table((), [judgement(1, None, mae=1.25, auc=0.75)])
    assert [row.split() for row in table.splitlines()] == [
        ["trained"],
        ["loss", "0.500"],
        ["mae", "1.250"],
        ["auc", "0.750"],
        ["examples", "20"],
    ]


def test_a_metric_of_keras_that_differs_from_ours_has_a_line_of_its_own() -> None:
    assert "(Keras)" not in figures.table((), [judgement(1, 0.9, accuracy=0.9000001)])
    assert "accuracy (Keras)    0.700" in figures.table((), [judgement(1, 0.9, accuracy=0.7)])


def test_what_was_no_number_is_shown_as_such() -> None:
    lost = Judgement(True, None, {"accuracy": 0.1}, diverged=("loss",), fit=1, model=1)
    assert [row.split() for row in figures.table((), [lost]).splitlines()][1] == ["loss", "NaN"]
    assert "loss        NaN" in figures.course([Epoch(1, 2, {"accuracy": 0.1}, 0.1, ("loss",), 1, 1, True)])


def test_runs_stored_before_models_were_told_apart_look_as_they_did() -> None:
    old = [Judgement(False, 20, {"loss": 2.3}, 0.1), Judgement(True, 20, {"loss": 0.9}, 0.5),
           Judgement(True, 20, {"loss": 0.3}, 0.91)]  # fmt: skip
    assert figures.table((), old).splitlines()[:2] == ["          trained  untrained", "accuracy    0.910      0.100"]


def test_pictures_behind_the_message_say_of_which_model_they_are() -> None:
    run = a_run(HISTORY, JUDGED)
    assert "epoch by epoch: model 5" in runs.further_picture("curves", "c.png", b"", True, run).text.plain
    assert "predicted ones: model 5" in runs.further_picture("confusion", "c.png", b"", True, run).text.plain
    assert "model" not in runs.further_picture("curves", "c.png", b"", True, a_run(fold(1))).text.plain
