"""One process is all that a job has: what asks for more gets threads, and one line says so."""

from __future__ import annotations

import concurrent.futures
import concurrent.futures.process
import functools
import multiprocessing
import multiprocessing.context
import multiprocessing.dummy
import multiprocessing.pool
import sys
from collections.abc import Callable
from typing import Any

NOTE = "A job here is one process: this runs in threads of it instead of processes of its own."
SEQUENTIAL = "A job here is one process: n_jobs counts as 1."
SHARED = ("Lock", "RLock", "Semaphore", "BoundedSemaphore", "Condition", "Event", "Barrier", "Queue", "JoinableQueue")
"""What multiprocessing and threads both have, and needs no word."""


def install() -> None:
    """Put threads where processes would be started."""
    say = _once(NOTE)
    threads = multiprocessing.dummy

    def pool(processes: int | None = None, initializer: Any = None, initargs: Any = (), *_: Any, **__: Any) -> Any:
        say()
        return multiprocessing.pool.ThreadPool(processes, initializer, initargs)

    class Process(threads.Process):
        """A thread with what scripts ask of a process."""

        def __init__(
            self, group: Any = None, target: Any = None, name: Any = None, args: Any = (), kwargs: Any = None,
            *, daemon: bool | None = None,
        ) -> None:  # fmt: skip
            say()
            super().__init__(group, target, name, args, kwargs or {})
            if daemon is not None:
                self.daemon = daemon

    class ProcessPoolExecutor(concurrent.futures.ThreadPoolExecutor):
        """Threads under the name of processes."""

        def __init__(
            self, max_workers: int | None = None, mp_context: Any = None, initializer: Any = None, initargs: Any = (),
            **_: Any,
        ) -> None:  # fmt: skip
            say()
            super().__init__(max_workers, "", initializer, initargs)

    def value(kind: Any, first: Any = 0, lock: Any = True) -> Any:
        return _Value(kind, first)

    def array(kind: Any, content: Any, lock: Any = True) -> Any:
        return multiprocessing.dummy.Array(kind, [0] * content if isinstance(content, int) else content)

    instead: dict[str, Any] = {name: getattr(threads, name) for name in SHARED if hasattr(threads, name)}
    instead |= {"Pool": pool, "Process": Process, "Value": value, "Array": array, "Manager": threads.Manager}
    context: Any = multiprocessing.context.BaseContext
    for name, one in instead.items():
        setattr(multiprocessing, name, one)
        setattr(context, name, staticmethod(one))
    contexts: Any = multiprocessing.context
    for kind in (contexts.DefaultContext, contexts.SpawnContext, contexts.ForkContext):
        kind.Process = Process
    for module in (concurrent.futures, concurrent.futures.process):
        module.ProcessPoolExecutor = ProcessPoolExecutor  # type: ignore[attr-defined]
    _tell_of_jobs(_once(SEQUENTIAL))


def _tell_of_jobs(say: Callable[[], None]) -> None:
    """Let joblib say that it works one after the other; a variable of the environment makes it do so."""
    parallel = getattr(sys.modules.get("joblib.parallel"), "Parallel", None)  # Keras imports it through scikit-learn
    if parallel is None:
        return
    start = parallel.__init__

    @functools.wraps(start)
    def wrapper(self: Any, *args: Any, **kwargs: Any) -> None:
        start(self, *args, **kwargs)
        if self.n_jobs not in (None, 1):
            say()

    parallel.__init__ = wrapper


class _Value:
    """A value that threads share, with its lock."""

    def __init__(self, kind: Any, value: Any) -> None:
        self.value = value
        self._lock = multiprocessing.dummy.RLock()

    def get_lock(self) -> Any:
        return self._lock

    def get_obj(self) -> Any:
        return self


def _once(sentence: str) -> Callable[[], None]:
    said = False

    def say() -> None:
        nonlocal said
        if not said:
            said = True
            print(sentence, flush=True)

    return say
