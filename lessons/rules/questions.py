"""Questions: what their kind needs, right answers, and the section they are about."""

from __future__ import annotations

from collections.abc import Iterator

from lessons.document import Node
from lessons.draft import Draft
from lessons.model import Kind
from lessons.problem import Problem

_ANSWERED_BY = {
    Kind.SINGLE: ("choices",),
    Kind.MULTIPLE: ("choices",),
    Kind.NUMERIC: ("number", "tolerance"),
    Kind.TEXT: ("answers",),
}
"""The keys that say what is right: the first one is required, those of other kinds have no meaning."""


def problems(draft: Draft) -> Iterator[Problem]:
    for lesson in draft.lessons:
        sections = [part.id for part in lesson.parts]
        for question in lesson.quiz:
            yield from _section(question, sections)
            if question.text("kind") in list(Kind):
                yield from _answer(question, Kind(question.text("kind")))


def _section(question: Node, sections: list[str]) -> Iterator[Problem]:
    section = question.text("section")
    if section and sections and section not in sections:
        yield question.at("section").problem(f"unknown section `{section}`", f"one of {', '.join(sections)}")


def _answer(question: Node, kind: Kind) -> Iterator[Problem]:
    own = _ANSWERED_BY[kind]
    for key in {key for keys in _ANSWERED_BY.values() for key in keys if key not in own and question.has(key)}:
        found = f"`{key}` in a question of kind {kind}"
        yield question.at(key).problem(found, " and ".join(f"`{key}`" for key in own))
    if not question.has(own[0]):
        yield question.problem(f"no `{own[0]}` in a question of kind {kind}", "it: without it no answer is right")
    elif kind is Kind.NUMERIC and question.at("number").value is None:
        yield question.at("number").problem("`number` is empty", "a number, such as 0.5")
    elif own == ("choices",):
        yield from _choices(question, kind)
    elif kind is Kind.TEXT and not question.items("answers"):
        yield question.at("answers").problem("no accepted answer", "one at least")


def _choices(question: Node, kind: Kind) -> Iterator[Problem]:
    choices, node = question.items("choices"), question.at("choices")
    right = sum(choice.at("correct").value is True for choice in choices)
    if len(choices) < 2:
        yield node.problem(f"{len(choices)} choices", "two at least")
    if kind is Kind.SINGLE and right != 1:
        yield node.problem(f"{right} right choices in a question of kind single", "exactly one with `correct: true`")
    if kind is Kind.MULTIPLE and right == 0:
        yield node.problem("no right choice in a question of kind multiple", "one at least with `correct: true`")
    for key in ("id", "text"):
        earlier: set[str] = set()
        for choice in choices:
            text = choice.text(key)
            if text and text in earlier:
                yield choice.at(key).problem(f"a second choice with {key} `{text}`", "each once in a question")
            earlier.add(text)
