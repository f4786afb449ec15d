"""A checked result: a second sandbox scores what the first one made, on data that the first never had.

Code inside a sandbox can fake its own frames, so an evaluation by a learner's own code is only what it says of itself.
An exam takes nothing from that code but numbers: the course's script rebuilds its own architecture, loads the weights
with `np.load(..., allow_pickle=False)`, and evaluates.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import aclosing
from dataclasses import dataclass, field, replace
from typing import Any, cast

from .job import Evaluated, Event, Failed, Finished, Job, Queued, Reason, Runner, Started, Trust


@dataclass(frozen=True, slots=True)
class Exam:
    """How weights are judged. `source` is the course's own code and runs as trusted."""

    source: str
    files: Mapping[str, bytes] = field(default_factory=dict)
    """Data for the exam alone; the examined job never has it."""
    weights: str = "weights.npz"
    """The file that the examined job saves and the exam loads."""


async def examined(runner: Runner, job: Job, exam: Exam) -> AsyncIterator[Event]:
    """Run `job`, then examine the weights that it saved; the events of both as those of one job.

    Evaluations by the job itself are left out: those that come are the exam's, and `Finished.trust` is CHECKED. A job
    without weights, or with weights that the exam cannot use, ends as `Failed`. Raises as `Runner.run` does. Closing
    the iterator cancels whichever part is running.
    """
    made: Finished | None = None
    async with aclosing(cast(Any, runner.run(replace(job, makes=(*job.makes, exam.weights))))) as events:
        async for event in events:
            if isinstance(event, Finished):
                made = event
            elif not isinstance(event, Evaluated):
                yield event
    if made is None:
        return
    weights = {artifact.name: artifact.data for artifact in made.artifacts}.get(exam.weights)
    if weights is None:
        why = f"The code saved no {exam.weights}: there is nothing to check."
        yield Failed(Reason.ERROR, why, made.seconds, made.output)
        return
    second = Job(exam.source, "exam.py", {**exam.files, exam.weights: weights}, owner=job.owner, limits=job.limits)
    async with aclosing(cast(Any, runner.run(second))) as events:
        async for event in events:
            if isinstance(event, Finished):
                kept = tuple(artifact for artifact in made.artifacts if artifact.name in (*job.makes, exam.weights))
                pictures = made.pictures + event.pictures
                yield replace(made, trust=Trust.CHECKED, pictures=pictures, artifacts=kept)
            elif isinstance(event, Failed):
                why = event.detail if event.reason is not Reason.ERROR else "They do not fit the course's model."
                yield Failed(event.reason, f"{exam.weights} could not be checked. {why}", made.seconds, made.output)
            elif isinstance(event, Evaluated):
                yield replace(event, trained=True)  # the weights come from a file, which the watching cannot see
            elif not isinstance(event, Queued | Started):
                yield event
