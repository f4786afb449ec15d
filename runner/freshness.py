"""Which jobs need a process in which TensorFlow has not begun. Pure.

A pre-warmed cell has executed operations: threads are running, devices are chosen, and TensorFlow then refuses settings
that a fresh Python process takes. Nothing else tells the two apart. A cell that was only forked takes them all.
"""

from __future__ import annotations

import re

from .job import Job

TOUCHES_THE_START = re.compile(
    rb"\b(?:config|context|compat|debugging|dtensor|environ|putenv|setenv)\b"
    rb"|device|eager|distribut|ConfigProto|/proc|_parallelism_threads|getrusage|process_time"
)
"""Words of code that sets or asks for what TensorFlow fixes when it begins. A word too many costs a warm cell only."""


def needs_fresh_process(job: Job) -> bool:
    """Whether the code, or a module that lies beside it, may tell a warm process from a fresh one."""
    modules = (data for name, data in job.files.items() if name.endswith(".py"))
    return any(TOUCHES_THE_START.search(code) for code in (job.source.encode(), *modules))
