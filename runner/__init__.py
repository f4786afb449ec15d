"""Runs Keras scripts in a sandbox and tells what happens, as it happens.

    async with open_runner(slots=2) as runner:
        async for event in runner.run(Job(source)):
            ...

A job goes in, events come out: `Queued`, `Started`, `EpochEnded`, `Evaluated`, `Output`, and last `Finished` or
`Failed`. A crash of the script is an event. The runner's own errors are `RunnerError`s. Needs no TensorFlow in this
process.
"""

from .data_sets import DATA_SETS, data_sets_in
from .entry import open_runner
from .events import (
    Artifact,
    Classification,
    EpochEnded,
    Evaluated,
    Event,
    Failed,
    Finished,
    Hint,
    HintCode,
    Omitted,
    Origin,
    Output,
    Picture,
    Queued,
    Reason,
    Started,
    Unshown,
)
from .interfaces import Pool, Runner, Safety
from .job import Job, JobRefused, Limits, RunnerClosed, RunnerError
from .job_queue import Queue
from .keeper import Options
from .local import LocalPool

__all__ = [
    "DATA_SETS",
    "Artifact",
    "Classification",
    "EpochEnded",
    "Evaluated",
    "Event",
    "Failed",
    "Finished",
    "Hint",
    "HintCode",
    "Job",
    "JobRefused",
    "Limits",
    "LocalPool",
    "Omitted",
    "Options",
    "Origin",
    "Output",
    "Picture",
    "Pool",
    "Queue",
    "Queued",
    "Reason",
    "Runner",
    "RunnerClosed",
    "RunnerError",
    "Safety",
    "Started",
    "Unshown",
    "data_sets_in",
    "open_runner",
]
