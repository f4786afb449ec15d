"""Buttons of the feature `quiz`."""

from __future__ import annotations

from dataclasses import dataclass

from bot.telegram.actions import Action


@dataclass(frozen=True)
class StartQuiz(Action, letters="q"):
    lesson: str


@dataclass(frozen=True)
class Answer(Action, letters="a"):
    """Choose a choice of a single-choice question, by its place."""

    delivery: int
    choice: int


@dataclass(frozen=True)
class Tick(Action, letters="t"):
    """Tick (`on` 1) or untick (0) a choice of a multiple-choice question, by its place. Pressing twice is harmless."""

    delivery: int
    choice: int
    on: int


@dataclass(frozen=True)
class Submit(Action, letters="s"):
    """Hand in the ticked choices."""

    delivery: int


@dataclass(frozen=True)
class ShowHint(Action, letters="h"):
    delivery: int


@dataclass(frozen=True)
class Again(Action, letters="g"):
    """Answer the same question again."""

    delivery: int


@dataclass(frozen=True)
class NextQuestion(Action, letters="n"):
    delivery: int
