"""What can be drawn of a job that ended before its time."""

from __future__ import annotations

from runner.events import EpochEnded
from runner.reached import Reached


def test_of_several_models_the_curves_of_the_last_are_drawn_over_all_of_its_fits() -> None:
    reached = Reached()
    for fit, model, loss in ((1, 1, 9.0), (2, 2, 3.0), (3, 1, 8.0), (4, 2, 2.0)):
        reached.take(EpochEnded(1, 1, {"loss": loss}, 0.1, fit=fit, model=model))
    drawing = reached.drawing()
    assert drawing is not None
    assert (list(drawing.epochs), dict(drawing.series)) == ([1, 2], {"loss": [3.0, 2.0]})
