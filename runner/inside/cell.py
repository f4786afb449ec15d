"""A cell: one locked process for one job. Forked from the zygote, it never returns to it."""

from __future__ import annotations

import fcntl
import os
import resource
import socket
import sys
import tempfile
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TextIO

from . import datasets, fresh, lockdown, namespace, pictures, probes, processes, script, speed, wire
from .artifacts import PICTURES
from .crash import Crash, crash, without_paths
from .gallery import Gallery
from .last_value import LastValue
from .lockdown import Bounds, Lockdown
from .watch import OWN_MODEL, Watch
from .wire import Channel, Drawing, Kind

EVENTS, SPEC = 3, 4
"""Descriptors of a cell, besides standard input (nothing), output and error (both the output pipe)."""
WARM_CPU = 10
"""Seconds of processor time a pre-warmed cell may use before its job; the job's own limit is set when it comes."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a cell works."""

    folder: str
    proc: Path | None
    """The false /proc; None where the cell gets no namespaces of its own."""
    datasets: Path | None
    """Where the operator has data sets of Keras; None where there are none."""


@dataclass(frozen=True, slots=True)
class Pipes:
    """The three descriptors that the host passed for this cell."""

    events: int
    output: int
    spec: int


def live(place: Place, locks: Lockdown, bounds: Bounds, warm: bool, pipes: Pipes, hand: socket.socket | None) -> None:
    """The whole life of a cell: lock, wait for the spec, run it.

    The caller ends the process afterwards, whatever happens.
    """
    lockdown.die_with_parent()
    os.nice(lockdown.NICE)  # the zygote, which forks and ends cells, goes first
    with suppress(OSError):
        namespace.die_first()
    if place.proc is not None:
        namespace.enter(place.folder, place.proc, bounds.file)
    if hand is not None:
        _hand_over(hand, place.folder)
    _arrange(pipes)
    _move_in(place.folder)
    locks.apply(Bounds(bounds.memory, bounds.cpu + WARM_CPU, bounds.file, bounds.threads), place.folder)
    if warm:
        speed.tune()
        speed.warm_up()
    data = _read_to_end(SPEC)
    if not data:
        return  # the host needs this cell no more
    spec = wire.unpack_spec(data)
    _limit_cpu(spec.cpu_seconds)
    if spec.probe:
        probes.run(spec.probe)
    elif spec.drawing is not None:
        _draw(spec.drawing, Path(place.folder))
    else:
        _work(spec, place, warm)


def _hand_over(hand: socket.socket, folder: str) -> None:
    """Give the zygote a descriptor of the working folder: it cannot see into this mount namespace."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    socket.send_fds(hand, [b"."], [descriptor])


def _arrange(pipes: Pipes) -> None:
    """Put the pipes where they belong and close everything else."""
    nothing = os.open("/dev/null", os.O_RDONLY)
    high = [fcntl.fcntl(fd, fcntl.F_DUPFD_CLOEXEC, 512) for fd in (nothing, pipes.output, pipes.events, pipes.spec)]
    for target, source in ((0, high[0]), (1, high[1]), (2, high[1]), (EVENTS, high[2]), (SPEC, high[3])):
        os.dup2(source, target, inheritable=target < EVENTS)
    os.closerange(SPEC + 1, max(high) + 1)


def _move_in(folder: str) -> None:
    os.chdir(folder)
    os.umask(0o077)
    os.environ.update(HOME=folder, TMPDIR=folder)
    tempfile.tempdir = folder
    sys.stdout, sys.stderr = _text(1), _text(2)


def _text(descriptor: int) -> TextIO:
    return open(descriptor, "w", encoding="utf-8", errors="replace", buffering=1, closefd=False)


def _read_to_end(descriptor: int) -> bytes:
    parts = []
    while part := os.read(descriptor, 1 << 18):
        parts.append(part)
    os.close(descriptor)
    return b"".join(parts)


def _limit_cpu(seconds: int) -> None:
    used = os.times()
    most = int(used.user + used.system) + max(seconds, 1)
    lockdown.lower(resource.RLIMIT_CPU, most, most + 1)


def _work(spec: wire.Spec, place: Place, warm: bool) -> None:
    folder = Path(place.folder)
    for name, data in spec.files.items():
        (folder / name).write_bytes(data)
    (folder / spec.name).write_text(spec.source)
    if not warm:
        speed.tune()
    fresh.restore()
    datasets.install(place.datasets)
    processes.install()
    speed.reseed(spec.seed)
    channel = Channel.to_descriptor(EVENTS)
    channel.send(Kind.STARTED, {"warm": warm})
    watch = Watch(channel)
    watch.install()
    gallery = Gallery(folder)
    gallery.install()
    show = LastValue(gallery).show if spec.shows_last_value else None
    ended = script.run(spec.source, spec.name, folder, show)
    seconds = watch.seconds()
    if fresh.asks_for_other_backend():
        _say(fresh.ONE_BACKEND)
    ended = ended or _conclude(spec, watch, folder)
    shown = _show(spec, gallery)
    ended = ended or shown
    for stream in (sys.stdout, sys.stderr):
        with suppress(BaseException):
            stream.flush()
    if ended is None:
        channel.send(Kind.DONE, {"seconds": seconds})
    else:
        channel.send(Kind.FAILED, {**asdict(ended), "seconds": seconds})


def _say(sentence: str) -> None:
    """Print a line of the runner's own, whatever the script did to `sys.stdout`."""
    with suppress(BaseException):
        sys.stdout.flush()
    with suppress(OSError):
        os.write(1, f"{sentence}\n".encode())


def _conclude(spec: wire.Spec, watch: Watch, folder: Path) -> Crash | None:
    """What the runner adds after the script: the learner's own model judged, the model saved, the pictures.

    Only memory ends a job.
    """
    own = {"Your model could not be judged on this data": lambda: watch.judge_own_model(folder)}
    steps: dict[str, Callable[[], None]] = {
        **(own if spec.judges_own_model else {}),
        "The model could not be saved": lambda: _save_model(spec, watch, folder),
        "The pictures could not be drawn": lambda: _draw(watch.drawing(), folder),
    }
    for trouble, step in steps.items():
        try:
            step()
        except Exception as error:
            ended = crash(error, spec.name)
            if ended.reason == "memory":
                return ended
            _say(f"{trouble}: {without_paths(str(error))[:500]}")
    return None


def _show(spec: wire.Spec, gallery: Gallery) -> Crash | None:
    """Bring out the script's figures and pictures, however it ended. Only memory ends a job."""
    try:
        gallery.close(spec.name, frozenset(spec.files), frozenset(spec.makes))
    except Exception as error:
        ended = crash(error, spec.name)
        if ended.reason == "memory":
            return ended
        _say(f"The pictures could not be shown: {without_paths(str(error))[:500]}")
    return None


def _save_model(spec: wire.Spec, watch: Watch, folder: Path) -> None:
    wanted = folder / OWN_MODEL
    unchanged = OWN_MODEL in spec.files and wanted.exists() and wanted.read_bytes() == spec.files[OWN_MODEL]
    if OWN_MODEL in spec.makes and watch.fitted is not None and (unchanged or not wanted.exists()):
        watch.fitted.save(wanted)


def _draw(drawing: Drawing, folder: Path) -> None:
    target = folder / PICTURES
    target.mkdir(exist_ok=True)
    if drawing.series:
        (target / "curves.png").write_bytes(pictures.curves(drawing.series, drawing.epochs))
    trained, untrained = drawing.trained, drawing.untrained
    if shown := trained or untrained:
        baseline = untrained["accuracy"] if trained and untrained else None
        (target / "confusion.png").write_bytes(pictures.confusion(shown, baseline))
