"""What learners did, as xAPI 1.0.3 statements: one JSON object a line, for a learning record store."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from itertools import chain
from typing import Any, TypeAlias
from urllib.parse import quote
from uuid import NAMESPACE_URL, uuid5

from bot.domain import mastery
from bot.domain.classes import Member
from bot.domain.learning import Passed
from bot.domain.traces import Answered, Ran, SectionRead, Traces
from bot.exports.naming import Naming
from bot.exports.texts import clean
from bot.reports.measures import held, plain
from bot.reports.running import outcome, title_of
from bot.reports.scope import Scope
from bot.reports.wordings import Wordings
from lessons.model import Kind, Question
from lessons.numbers import exactly, shown

Object = dict[str, Any]
_Trace: TypeAlias = SectionRead | Answered | Passed | Ran

_ADL = "http://adlnet.gov/expapi"
_VERBS = ("experienced", "answered", "completed", "passed", "failed", "attempted", "terminated")
VERBS: Mapping[str, Object] = {
    verb: {"id": f"{_ADL}/verbs/{verb}", "display": {"en": verb}} for verb in _VERBS
}  # the vocabulary of ADL, https://w3id.org/xapi/adl


def statements(traces: Traces, scope: Scope, naming: Naming, home: str) -> Iterator[str]:
    """Statements in the order of time about everything in the lessons in view. `home` is the address at which the bot
    is known (`https://tutor.example.org`); activities get their ids below it.

    The same trace has the same id in every export with the same naming, so that a store takes it once. Statements are
    only about what is over, and so never change: a run that goes on has been attempted, no more.
    """
    telling = _Telling(scope, naming, home.rstrip("/"), Wordings(traces, scope))
    members = {member.id: member for member in traces.members}
    found: list[Object] = []
    kinds: tuple[Iterable[_Trace], ...] = (traces.sections, traces.answers, traces.quizzes, traces.runs)
    for trace in chain.from_iterable(kinds):
        if trace.learner in members and trace.lesson in telling.lessons:
            found += telling.of(members[trace.learner], trace)
    # By time; what is of one instant (completed, passed) stays in its order.
    for statement in sorted(found, key=lambda statement: str(statement["timestamp"])):
        yield json.dumps(statement, ensure_ascii=False, separators=(",", ":"))


class _Telling:
    def __init__(self, scope: Scope, naming: Naming, home: str, wordings: Wordings) -> None:
        self.lessons = {lesson.id: lesson for lesson in scope.lessons}
        self._naming = naming
        self._home = home
        self._wordings = wordings
        self._told: dict[tuple[str, int | None, bool], Object] = {}

    def of(self, member: Member, trace: _Trace) -> Iterator[Object]:
        match trace:
            case SectionRead():
                yield self._section(member, trace)
            case Answered():
                yield self._answer(member, trace)
            case Passed():
                yield from self._quiz(member, trace)
            case Ran():
                yield from self._run(member, trace)

    def _section(self, member: Member, read: SectionRead) -> Object:
        section = self.lessons[read.lesson].section(read.section)
        title = section.title if section else read.section
        what = self._activity(f"{read.lesson}/sections/{read.section}", "module", title)
        return self._statement(member, "experienced", what, read.lesson, read.at)

    def _answer(self, member: Member, answer: Answered) -> Object:
        what = self._interaction(answer)
        response = clean("[,]".join(held(answer.answer)))
        chosen = "choices" in what["definition"]  # ids of ours
        result: Object = {
            "success": bool(answer.correct),
            "response": response if chosen else self._naming.words(member, response),
            "extensions": {
                self._extension("first"): bool(answer.first),
                self._extension("hinted"): bool(answer.hinted),
            },
        }
        if answer.seconds is not None:
            result["duration"] = _duration(answer.seconds)
        return self._statement(member, "answered", what, answer.lesson, answer.at, result)

    def _quiz(self, member: Member, quiz: Passed) -> Iterator[Object]:
        if quiz.finished_at is None or quiz.right is None or not quiz.total:
            return
        title = f"Quiz: {self.lessons[quiz.lesson].title}"
        what = self._activity(f"{quiz.lesson}/quiz", "assessment", title)
        success = mastery.is_passed(quiz)
        result = {
            "completion": True,
            "success": success,
            "score": {"scaled": round(float(mastery.share(quiz)), 4), "raw": quiz.right, "min": 0, "max": quiz.total},
            "duration": _duration(quiz.finished_at - quiz.started_at),
        }
        for verb in ("completed", "passed" if success else "failed"):
            yield self._statement(member, verb, what, quiz.lesson, quiz.finished_at, result)

    def _run(self, member: Member, run: Ran) -> Iterator[Object]:
        title = title_of(run, self.lessons[run.lesson])
        what = self._activity(f"{run.lesson}/examples/{run.example}", "simulation", title)
        run_facts: Object = {self._extension("run"): run.id, self._extension("verified"): bool(run.verified)}
        values = {
            name: self._naming.words(member, clean(value)) if isinstance(value, str) else value
            for name, value in json.loads(run.parameters).items()
        }
        attempted = {"extensions": run_facts | {self._extension("parameters"): values}}
        yield self._statement(member, "attempted", what, run.lesson, run.queued_at, attempted, run.id)
        if run.ended_at is None:
            return
        ended, finished = outcome(run), run.state == "finished"
        facts = run_facts | {self._extension("outcome"): ended}
        if run.metric is not None and run.figure is not None and math.isfinite(run.figure):  # JSON has no infinity
            facts |= {self._extension("metric"): run.metric, self._extension("figure"): round(run.figure, 6)}
        result: Object = {"completion": finished, "extensions": facts}
        if run.started_at is not None:
            result["duration"] = _duration(run.ended_at - run.started_at)
        # Not ADL's "failed": that is said of who does not reach a goal, and here a program ended early.
        verb = "completed" if finished else "terminated"
        yield self._statement(member, verb, what, run.lesson, run.ended_at, result, run.id)

    def _statement(
        self,
        member: Member,
        verb: str,
        what: Object,
        lesson: str,
        at: float,
        result: Object | None = None,
        distinct: int | None = None,
    ) -> Object:
        """`distinct` tells traces apart that may share everything else."""
        who = self._naming.of(member)
        account = {"objectType": "Agent", "account": {"homePage": self._home, "name": who.key}}
        actor = account if self._naming.pseudonyms else account | {"name": clean(who.name)}
        # Hash only exported fields: with the Telegram id in it, a pseudonym could be found by trying all ids.
        identity = json.dumps([self._home, who.key, verb, what["id"], at, distinct])
        statement: Object = {"id": str(uuid5(NAMESPACE_URL, identity)), "actor": actor, "verb": VERBS[verb]}
        statement |= {"object": what} | ({"result": result} if result else {})
        parent = self._activity(lesson, "lesson", self.lessons[lesson].title)
        context = {"platform": "Keras Tutor", "contextActivities": {"parent": [parent]}}
        return statement | {"context": context, "timestamp": _timestamp(at), "version": "1.0.3"}

    def _activity(self, path: str, kind: str, name: str) -> Object:
        definition = {"type": f"{_ADL}/activities/{kind}", "name": {"en": clean(name)}}
        return {"objectType": "Activity", "id": f"{self._home}/lessons/{quote(path)}", "definition": definition}

    def _interaction(self, answer: Answered) -> Object:
        """The question as it read when it was answered, so that response, success and the right responses are of one
        moment. If the key that graded the answer is no longer known, the right responses are left out."""
        known = self._wordings.tells_key(answer)
        which = answer.question, answer.version, known
        if which not in self._told:
            asked = self._wordings.of(answer)
            prompt = plain(asked.prompt) if asked else answer.question
            path = f"{answer.lesson}/questions/{answer.question}"
            activity = self._activity(path, "cmi.interaction", prompt)
            if asked:
                activity["definition"] |= {"description": {"en": prompt}, **_definition(asked)}
                if not known:
                    del activity["definition"]["correctResponsesPattern"]
            self._told[which] = activity
        return self._told[which]

    def _extension(self, name: str) -> str:
        return f"{self._home}/xapi/{name}"


def _definition(question: Question) -> Object:
    """How the question is answered, and which answers are right."""
    if question.kind is Kind.NUMERIC:
        number, around = question.number or 0.0, question.tolerance
        low, high = exactly(number) - exactly(around), exactly(number) + exactly(around)
        right = f"{shown(low)}[:]{shown(high)}" if around else shown(low)
        return {"interactionType": "numeric", "correctResponsesPattern": [right]}
    if question.kind is Kind.TEXT:
        spellings = [f"{{case_matters=false}}{answer}" for answer in question.answers]
        return {"interactionType": "fill-in", "correctResponsesPattern": spellings}
    return {
        "interactionType": "choice",
        "correctResponsesPattern": ["[,]".join(choice.id for choice in question.choices if choice.correct)],
        "choices": [{"id": choice.id, "description": {"en": plain(choice.text)}} for choice in question.choices],
    }


def _duration(seconds: float) -> str:
    """ISO 8601, to the hundredth, beyond which stores need not compare (xAPI 1.0.3, 4.6)."""
    return f"PT{max(0.0, seconds):.2f}S"


def _timestamp(at: float) -> str:
    return datetime.fromtimestamp(at, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
