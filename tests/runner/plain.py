"""Runs scripts as Python runs them, without any sandbox, and prints the history of their last fit. For test_agreement.

Arguments: one folder a script; `script.py` in it is run there.
"""

from __future__ import annotations

import json
import os
import runpy
import sys

import keras

histories: list[dict[str, list[float]]] = []
fit = keras.Model.fit


def noting_fit(self: keras.Model, *args: object, **kwargs: object) -> object:
    history = fit(self, *args, **kwargs)
    histories.append({name: [float(value) for value in values] for name, values in history.history.items()})
    return history


keras.Model.fit = noting_fit
for folder in sys.argv[1:]:
    os.chdir(folder)
    histories.clear()
    keras.utils.clear_session()
    runpy.run_path("script.py", run_name="__main__")
    with open("history.json", "w") as target:
        json.dump(histories, target)
