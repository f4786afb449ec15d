"""A learner's afternoon with own code, on a phone: page, bot, store and sandbox are the real ones."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page

from tests.support.chromium import PHONE

from .people import Learner
from .phone import Phone

COLAB_CELL = """%matplotlib inline
!pip install -q matplotlib
import matplotlib.pyplot as plt

hours = [1, 2, 3, 4, 5]
marks = [48, 55, 67, 71, 83]
plt.plot(hours, marks, marker="o")
plt.xlabel("hours")
plt.ylabel("marks")
plt.show()"""

PENGUINS = b"""species,mass
Adelie,3700
Adelie,3800
Gentoo,5000
Gentoo,5200
"""

READS_THE_PENGUINS = """import pandas as pd

penguins = pd.read_csv("penguins.csv")
print(penguins.groupby("species").mass.mean())"""

WITH_A_TYPO = """import numpy as np

heights = np.array([150, 160, 185])
print("on average", np.mean(heigths))"""


@pytest.fixture
def learner(learner: Learner, open_page: Callable[..., Page], tmp_path: Path) -> Phone:
    """A learner new to the bot, with the page open."""
    learner.tutor.act("person", user=learner.id, name="Amalie")
    phone = Phone(open_page(PHONE, has_touch=True, is_mobile=True), album=tmp_path)
    phone.opens_the_chat_of(learner.id)
    return phone


def test_an_afternoon_with_own_code(learner: Phone) -> None:
    learner.starts()
    learner.sees("Hello, Amalie!")

    learner.pastes(COLAB_CELL)
    learner.sees("This looks like Python. Run this?", "%matplotlib inline", "!pip install -q matplotlib")
    learner.taps("Run")
    learner.sees_a_picture("✅", "Your own code")
    learner.has_read("Your code runs.", "!pip install -q matplotlib")

    learner.attaches("penguins.csv", PENGUINS)
    learner.sees("Kept: penguins.csv", "pd.read_csv('penguins.csv')")
    learner.pastes(READS_THE_PENGUINS)
    learner.sees("This looks like Python. Run this?")
    learner.taps("Run")
    learner.sees("✅", "Adelie    3750.0", "Gentoo    5100.0")

    learner.pastes(WITH_A_TYPO)
    learner.sees("This looks like Python. Run this?")
    learner.taps("Run")
    learner.sees("NameError", "line 4", 'print("on average", np.mean(heigths))', "edit your message")
    learner.edits("heigths", "heights")
    learner.sees("✅", "on average 165.0")
