"""What a run's figures mean, in one sentence."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as some

from bot.domain.findings import _by_luck, finding
from bot.domain.runs import Epoch, Judgement, Run
from lessons.model import Example, Role

EXAMPLE = Example("digits", "Digits", Role.TRAIN, "", "digits.py", note="A note.", chance=0.1)


def trained(*epochs: dict[str, float], verified: bool = True) -> Run:
    history = tuple(Epoch(n, len(epochs), metrics, n / 10) for n, metrics in enumerate(epochs, 1))
    return Run(1, 1, 1, "l", "digits", {}, "", 0.0, verified, history=history)


def judged(*judgements: Judgement) -> Run:
    return Run(1, 1, 1, "l", "digits", {}, "", 0.0, judgements=judgements)


def judgement(accuracy: float | None, is_trained: bool = True, examples: int = 1000) -> Judgement:
    return Judgement(is_trained, examples, {"loss": 1.0}, accuracy, accuracy, accuracy, accuracy)


def course_of(losses: Sequence[float], accuracy: float = 0.95, validated: float = 0.93) -> Run:
    return trained(*({"loss": v, "accuracy": accuracy, "val_loss": v, "val_accuracy": validated} for v in losses))


def test_a_good_training_says_how_many_of_100() -> None:
    said = finding(course_of([0.5, 0.3, 0.299]), EXAMPLE)
    assert said == "It gets 93 of 100 right among examples it did not learn from."


def test_memorising_is_named() -> None:
    said = finding(course_of([0.5, 0.3, 0.299], accuracy=1.0, validated=0.8), EXAMPLE)
    assert "80 of 100" in said
    assert "100 among those it did" in said
    assert "overfitting" in said


def test_hardly_better_than_guessing_is_named() -> None:
    said = finding(course_of([2.3, 2.3], accuracy=0.12, validated=0.15), EXAMPLE)
    assert "hardly better than guessing" in said


def test_a_loss_that_still_falls_asks_for_more_epochs() -> None:
    assert "more epochs would help" in finding(course_of([1.0, 0.9, 0.8]), EXAMPLE)
    assert "more epochs" not in finding(course_of([1.0, 0.9, 0.91]), EXAMPLE)


def test_a_loss_that_is_no_number_is_named_before_all_else() -> None:
    assert "no longer a number" in finding(trained({"loss": 1.0, "accuracy": 0.1}, {"accuracy": 0.1}), EXAMPLE)


def test_without_validation_the_example_speaks_for_itself() -> None:
    assert finding(trained({"loss": 2.3, "accuracy": 0.3}), EXAMPLE) == "A note."
    assert finding(trained({"loss": 2.3, "accuracy": 0.3}, verified=False), EXAMPLE) == ""
    assert finding(trained({"loss": 2.3}), None) == ""


def test_an_evaluation_is_set_against_the_untrained_model() -> None:
    said = finding(judged(judgement(0.08, is_trained=False), judgement(0.91)), EXAMPLE)
    assert said == "Your model gets 91 of 100 right on data it has never seen, against 8 before training."
    assert finding(judged(judgement(0.91)), EXAMPLE).endswith("never seen.")


def test_the_last_judgement_of_each_kind_counts() -> None:
    said = finding(judged(judgement(0.5), judgement(0.1, is_trained=False), judgement(0.91)), EXAMPLE)
    assert "91 of 100" in said


def test_luck_on_few_examples_is_no_success() -> None:
    assert finding(judged(judgement(0.2, examples=20)), EXAMPLE) == "A note."
    assert finding(judged(judgement(0.3, examples=20)), EXAMPLE) == "A note.", "6 of 20: a guesser gets them once in 89"
    assert "35 of 100" in finding(judged(judgement(0.35, examples=20)), EXAMPLE)
    assert "20 of 100" in finding(judged(judgement(0.2, examples=1000)), EXAMPLE)


def test_luck_is_that_of_the_binomial_distribution() -> None:
    assert _by_luck(0.3, 20, 0.1) == pytest.approx(0.01125, rel=1e-3)
    assert _by_luck(0.1, 60_000, 0.1) == 1.0
    assert _by_luck(0.11, 60_000, 0.1) < 1e-12
    assert (_by_luck(0.5, 10, 0.0), _by_luck(1.0, 10, 1.0)) == (0.0, 1.0)


def test_a_model_that_is_no_classifier_has_the_example_s_note() -> None:
    assert finding(judged(judgement(None)), EXAMPLE) == "A note."
    assert finding(judged(judgement(None)), None) == ""


def test_a_run_without_figures_has_the_note_and_own_code_has_none() -> None:
    assert finding(trained(), EXAMPLE) == "A note."
    assert finding(trained(verified=False), EXAMPLE) == ""


def test_nothing_is_memorised_while_the_validation_loss_falls_or_at_the_level_of_chance() -> None:
    falling = finding(course_of([2.0, 1.9, 1.8], accuracy=0.49, validated=0.41), EXAMPLE)
    assert "overfitting" not in falling
    assert "still falling" in falling
    assert "overfitting" not in finding(course_of([2.3, 2.3, 2.4], accuracy=0.4, validated=0.15), EXAMPLE)


def test_a_loss_that_falls_by_a_tenth_over_the_last_tenth_of_many_epochs_still_falls() -> None:
    losses = [1.0] * 45 + [0.98, 0.96, 0.94, 0.92, 0.9]
    assert "still falling" in finding(course_of(losses), EXAMPLE)


def test_logs_that_never_had_a_loss_have_not_lost_it() -> None:
    said = finding(trained({"g_loss": 1.0, "d_loss": 2.0}, {"g_loss": 1.0, "d_loss": 2.0}, verified=False), None)
    assert said == ""


def test_a_loss_that_was_never_a_number_is_named() -> None:
    run = Run(1, 1, 1, "l", "e", {}, "", 0.0, False, history=(Epoch(1, 3, {}, 0.1, ("loss",)),))
    assert "no longer a number" in finding(run, None)


def test_an_accuracy_of_own_code_is_not_counted_in_examples() -> None:
    """It may be a regression's: of 100 numbers none is right."""
    own = trained({"loss": 1.0, "accuracy": 0.0, "val_loss": 1.0, "val_accuracy": 0.0}, verified=False)
    assert finding(own, EXAMPLE) == ""


def test_own_code_is_not_said_to_be_judged_on_data_it_has_never_seen() -> None:
    own = replace(judged(judgement(0.1, is_trained=False), judgement(1.0)), verified=False)
    assert finding(own, EXAMPLE) == "Your model gets 100 of 100 right on the data given to evaluate."


def test_training_data_is_named_as_such_whoever_wrote_the_code() -> None:
    for verified in (True, False):
        run = replace(judged(replace(judgement(1.0), data="training")), verified=verified)
        said = finding(run, EXAMPLE)
        assert said.startswith("Your model gets 100 of 100 right on the data it learned from.")
        assert "never" not in said
        assert "on new data" in said


def test_the_data_is_called_what_it_is() -> None:
    own = replace(judged(judgement(0.9)), verified=False)
    wanted = {
        "validation": "on its validation data.",
        "unseen": "on data it never learned from.",
        "unknown": "on the data given to evaluate.",
    }
    for data, words in wanted.items():
        assert finding(replace(own, judgements=(replace(judgement(0.9), data=data),)), None).endswith(words)


def test_figures_of_a_regression_on_its_training_data_are_said_to_be_that() -> None:
    said = finding(replace(judged(replace(judgement(None), data="training")), verified=False), None)
    assert said == "These figures are of the training data: how well it does on new data they do not tell."


def test_an_accuracy_that_counts_no_examples_gives_no_sentence() -> None:
    epochs = ({"loss": 1.0, "accuracy": 0.0, "val_loss": 1.0, "val_accuracy": 0.0},) * 2
    run = trained(*epochs)
    assert "of 100 right" in finding(run, EXAMPLE)
    regression = replace(run, history=tuple(replace(epoch, classifier=False) for epoch in run.history))
    assert finding(regression, EXAMPLE) == "A note."


def test_a_loss_under_another_name_in_a_second_model_is_not_lost() -> None:
    history = (Epoch(1, 1, {"loss": 1.0}, 0.1, (), 1, 1), Epoch(1, 1, {"g_loss": 1.0, "d_loss": 1.0}, 0.2, (), 2, 2))
    assert finding(Run(1, 1, 1, "l", "e", {}, "", 0.0, False, history=history), None) == ""


def test_a_loss_that_was_lost_is_named_also_after_an_evaluation_and_with_its_model() -> None:
    lost = Epoch(1, 1, {}, 0.1, ("loss",), 1, 1)
    run = replace(judged(judgement(None)), history=(lost,))
    assert finding(run, EXAMPLE).startswith("The loss is no longer a number")
    folds = replace(run, history=(replace(lost, metrics={"loss": 1.0}, diverged=()), replace(lost, fit=2, model=2)))
    assert finding(folds, EXAMPLE).startswith("Model 2: The loss is no longer a number")


SHARES = some.floats(0, 1)
LOSSES = some.floats(0.001, 10)
EPOCHS = some.lists(
    some.fixed_dictionaries(
        {}, optional={"loss": LOSSES, "accuracy": SHARES, "val_loss": LOSSES, "val_accuracy": SHARES}
    ),
    min_size=1,
    max_size=30,
)


@given(EPOCHS, some.booleans())
def test_whatever_a_sentence_claims_is_so(epochs: list[dict[str, float]], verified: bool) -> None:
    said = finding(trained(*epochs, verified=verified), EXAMPLE)
    last, losses = epochs[-1], [epoch["val_loss"] for epoch in epochs if "val_loss" in epoch]
    if "no longer a number" in said:
        assert "loss" not in last
        assert [epoch for epoch in epochs if "loss" in epoch]
    if "of 100 right" in said:
        assert verified
        assert f"{round(100 * last['val_accuracy'])} of 100" in said
    if "overfitting" in said:
        assert last["accuracy"] > last["val_accuracy"] >= 0.2
        tenth = max(1, len(losses) // 10)
        assert losses[-1] >= 0.99 * losses[-1 - tenth]
    if "guessing" in said:
        assert last["val_accuracy"] < 0.2
    if "still falling" in said:
        assert losses[-1] < losses[-1 - max(1, len(losses) // 10)]


JUDGEMENTS = some.lists(
    some.builds(
        Judgement,
        some.booleans(),
        some.none() | some.integers(1, 100),
        some.just({"loss": 1.0}),
        some.none() | SHARES,
        model=some.integers(1, 3),
        fit=some.none() | some.integers(1, 4),
        data=some.sampled_from(["training", "validation", "unseen", "unknown"]),
    ),
    min_size=1,
    max_size=8,
)


@given(JUDGEMENTS, some.booleans())
def test_whatever_a_sentence_claims_of_evaluations_is_so(judgements: list[Judgement], verified: bool) -> None:
    said = finding(replace(judged(*judgements), verified=verified), None)
    trained = [one for one in judgements if one.trained]
    shares = {round(100 * one.accuracy) for one in trained if one.accuracy is not None}
    data = {one.data for one in trained}
    if "Your model gets" in said:
        assert len({one.model for one in trained}) == 1
        assert int(said.split()[3]) in shares
    if " models get " in said:
        assert len({one.model for one in trained}) == int(said.split()[1]) > 1
        assert int(said.split()[4]) in shares
    for words, code in (("learned from. ", "training"), ("validation", "validation"), ("never learned from", "unseen")):
        assert code in data or words not in said
    if "never seen" in said:
        assert verified
    if "before training" in said:
        assert verified
        assert any(not one.trained and one.accuracy is not None for one in judgements)
