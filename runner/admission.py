"""Which jobs are taken at all. Pure."""

from __future__ import annotations

import re

from .interfaces import Safety
from .job import Job, JobRefused

SOURCE_BYTES = 1_000_000
MOST_MADE = 16
MOST_FILES = 64
PLAIN_NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,99}")


def check(job: Job) -> None:
    """Raise JobRefused, naming the rule, if `job` cannot be taken."""
    for name in (job.name, *job.files, *job.makes):
        if not PLAIN_NAME.fullmatch(name):
            raise JobRefused(f"{name!r} is no plain file name: letters, digits, '_', '-' and '.', at most 100 of them")
    try:
        source = job.source.encode()
    except UnicodeEncodeError:
        raise JobRefused("the source is no valid text") from None
    if len(source) > SOURCE_BYTES:
        raise JobRefused(f"the source is longer than {SOURCE_BYTES:,} bytes")
    if len(job.files) > MOST_FILES or len(job.makes) > MOST_MADE:
        raise JobRefused(f"at most {MOST_FILES} files go in, and {MOST_MADE} come out")
    if any(len(data) > job.limits.file_bytes for data in job.files.values()):
        raise JobRefused(f"an input file is larger than the {job.limits.file_bytes:,} bytes of one file")
    if sum(map(len, job.files.values())) > 2 * job.limits.file_bytes:
        raise JobRefused(f"the input files are larger than {2 * job.limits.file_bytes:,} bytes together")
    limits = job.limits
    amounts = (limits.memory_bytes, limits.output_bytes, limits.file_bytes, limits.threads, limits.cpu_seconds)
    if not 0 < limits.wall_seconds < float("inf") or any(amount < 1 for amount in amounts):
        raise JobRefused("every limit must be more than zero, and finite")


def permit(job: Job, safety: Safety) -> None:
    """Raise JobRefused if `job` is code nobody trusts and the sandbox may not run such code."""
    if not job.trusted and not safety.untrusted:
        raise JobRefused("code of a learner may not run here: " + " ".join(safety.missing))
