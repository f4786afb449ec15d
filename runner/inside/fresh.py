"""Makes a forked process look like a fresh one to a script: what the zygote and the tuning changed is put back.

What cannot be put back is what TensorFlow fixes with its first operation; jobs that touch it get no warm cell.
"""

from __future__ import annotations

import functools
import gc
import logging
import os
import site
from collections.abc import Callable
from typing import Any

from tensorflow.python.eager import context

PYTHONS_THRESHOLDS = (700, 10, 10)
BACKEND = "tensorflow"
ONE_BACKEND = "Keras runs on TensorFlow here: what KERAS_BACKEND was set to changes nothing."
META_OPTIMIZER = "disable_meta_optimizer"


def restore() -> None:
    """Put back what a script could notice. Once, before the script."""
    gc.set_threshold(*PYTHONS_THRESHOLDS)
    logging.getLogger("matplotlib").setLevel(logging.NOTSET)
    site.setquit()
    site.sethelper()
    site.setcopyright()
    os.utime = _of_what_exists(os.utime)
    _hide_tuning(context.Context)


def asks_for_other_backend() -> bool:
    """Whether the script named a backend of Keras. Keras was there before the script and cannot take another."""
    return os.environ.get("KERAS_BACKEND", BACKEND) != BACKEND


def _of_what_exists(utime: Callable[..., None]) -> Callable[..., None]:
    """The sandbox answers such calls without doing anything; that a file is missing still has to be said.

    `Path.touch` relies on it.
    """

    @functools.wraps(utime)
    def wrapper(path: Any, *args: Any, **kwargs: Any) -> None:
        dir_fd, follow = kwargs.get("dir_fd"), kwargs.get("follow_symlinks", True)
        if not isinstance(path, int):
            os.stat(path, dir_fd=dir_fd, follow_symlinks=follow)
        return utime(path, *args, **kwargs)

    return wrapper


def _hide_tuning(kind: Any) -> None:
    """TensorFlow's options are told as if the graph optimizer were on, until the script itself sets it."""
    get, put = kind.get_optimizer_experimental_options, kind.set_optimizer_experimental_options
    chosen = False

    @functools.wraps(get)
    def told(self: Any) -> Any:
        options = get(self)
        return options if chosen else {**options, META_OPTIMIZER: False}

    @functools.wraps(put)
    def noted(self: Any, options: Any) -> None:
        nonlocal chosen
        put(self, options)
        chosen = chosen or META_OPTIMIZER in options

    kind.get_optimizer_experimental_options, kind.set_optimizer_experimental_options = told, noted
