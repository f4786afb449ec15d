"""Every figure of every report once more, from raw rows, in the plainest way there is. Nothing of `bot.reports` helps
here: only its answers are looked at."""

from __future__ import annotations

import asyncio
import json
import statistics
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from datetime import date, datetime, timedelta
from enum import Enum
from fractions import Fraction
from pathlib import Path
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

import numpy
import pytest

from bot.domain.classes import Member
from bot.domain.traces import Traces
from bot.reports.attention import attention
from bot.reports.gradebook import gradebook
from bot.reports.overview import overview
from bot.reports.person import person
from bot.reports.pulse import pulse
from bot.reports.questions import questions
from bot.reports.running import run_figures
from bot.reports.scope import Scope
from bot.store import Store
from bot.telegram.markdown import inline
from lessons.model import Course, Lesson
from tests.reports.crowd import build, rows
from tests.reports.room import DAY, HOUR, MINUTE, NOW

BERLIN = ZoneInfo("Europe/Berlin")
WORDS = {"meaning", "advice", "reason", "detail", "title"}
"""Fields that are sentences: the stories look at them."""


class Case(NamedTuple):
    lesson: str | None = None
    since: float | None = None
    until: float | None = None


CASES = [
    Case(),
    Case("first"),
    Case("second"),
    Case(since=NOW - 20.3 * DAY),
    Case(until=NOW - 15.7 * DAY),
    Case("first", NOW - 30.1 * DAY, NOW - 5.2 * DAY),
    Case(since=NOW - 2 * HOUR),
    Case(since=NOW + DAY),
]


@pytest.fixture(scope="module")
def crowd(tmp_path_factory: pytest.TempPathFactory, small_course: Course) -> Iterator[tuple[Store, int, Path]]:
    path = tmp_path_factory.mktemp("crowd") / "tutor.db"
    store = Store(path)
    yield store, build(store, small_course), path
    store.close()


class Naive:
    """Raw rows of a class in a span, as dicts."""

    def __init__(self, path: Path, cohort: int, course: Course, case: Case) -> None:
        self.lessons = [x for x in course.lessons if case.lesson in (None, x.id)]
        self.case = case
        self.members = rows(
            path,
            f"select l.*, e.at as enrolled_at from enrolments e join learners l on l.id = e.learner"
            f" where e.cohort = {cohort} order by lower(l.name)",
        )
        self.ids = [m["id"] for m in self.members]
        self.question_ids = {q.id for x in self.lessons for q in x.questions}
        attempts = rows(
            path,
            "select a.learner, a.lesson, a.question, a.answer, a.correct, a.at, d.hinted, d.sent_at"
            " from attempts a join deliveries d on d.id = a.delivery join rounds r on r.id = d.round"
            " where r.kind = 'quiz' order by a.at",
        )
        self.answers = [a for a in attempts if self.fits(a, "at") and a["question"] in self.question_ids]
        reads = rows(path, "select * from sections_read order by at")
        self.reads = [r for r in reads if self.fits(r, "at") and r["section"] != "gone"]
        self.pages = [p for p in rows(path, "select * from bookmarks order by at") if self.fits(p, "at")]
        quizzes = rows(
            path,
            "select *, coalesce(finished_at, started_at) as counts_at from rounds where kind = 'quiz'"
            " order by counts_at",
        )
        self.quizzes = [q for q in quizzes if self.fits(q, "counts_at")]
        runs = rows(path, "select * from runs order by queued_at")
        self.runs = [r for r in runs if self.fits(r, "queued_at") and r["example"] != "gone-example"]
        self.deliveries = rows(
            path, "select d.* from deliveries d join rounds r on r.id = d.round where r.kind = 'quiz' order by d.id"
        )
        self.attempted = {a["delivery"] for a in rows(path, "select delivery from attempts")}

    def holds(self, at: float) -> bool:
        since, until = self.case.since, self.case.until
        return (since is None or at >= since) and (until is None or at < until)

    def fits(self, row: dict[str, Any], time: str) -> bool:
        return self.holds(row[time]) and row["learner"] in self.ids and row["lesson"] in [x.id for x in self.lessons]

    def times(self, learner: int, lesson: str | None = None) -> list[float]:
        mine = [
            (r, k)
            for kind, keys in (
                (self.answers, ["at"]),
                (self.reads, ["at"]),
                (self.pages, ["at"]),
                (self.quizzes, ["started_at", "finished_at"]),
                (self.runs, ["queued_at"]),
            )
            for r in kind
            for k in keys
            if r["learner"] == learner and lesson in (None, r["lesson"])
        ]
        return [r[k] for r, k in mine if r[k] is not None]

    def started(self) -> list[int]:
        return [i for i in self.ids if self.times(i)]

    def best(self, learner: int, lesson: str) -> dict[str, Any] | None:
        mine = [
            q
            for q in self.quizzes
            if q["learner"] == learner and q["lesson"] == lesson and q["finished_at"] is not None
        ]
        top = max((Fraction(q["correct"], q["total"]) for q in mine), default=None)
        return next((q for q in mine if Fraction(q["correct"], q["total"]) == top), None)

    def passed(self, learner: int, lesson: str) -> bool:
        quiz = self.best(learner, lesson)
        return quiz is not None and 10 * quiz["correct"] >= 7 * quiz["total"]

    def score(self, learner: int) -> Fraction | None:
        found = [self.best(learner, x.id) for x in self.lessons]
        shares = [Fraction(q["correct"], q["total"]) for q in found if q]
        return sum(shares, Fraction(0)) / len(shares) if shares else None

    def first(self, learner: int, question: str) -> dict[str, Any] | None:
        return next((a for a in self.answers if a["learner"] == learner and a["question"] == question), None)

    def last(self, learner: int, question: str) -> dict[str, Any] | None:
        return next((a for a in reversed(self.answers) if (a["learner"], a["question"]) == (learner, question)), None)

    # The reports

    def overview(self) -> dict[str, Any]:
        started = self.started()
        finished = [i for i in started if all(self.best(i, x.id) for x in self.lessons)]
        passed = [i for i in started if all(self.passed(i, x.id) for x in self.lessons)]
        scores = [s for i in self.ids if (s := self.score(i)) is not None]
        funnel = []
        for x in self.lessons:
            whole = self.case.since is None and self.case.until is None
            funnel.append((x.title, "Started" if whole else "Active", sum(bool(self.times(i, x.id)) for i in self.ids)))
            for s in x.sections:
                readers = {r["learner"] for r in self.reads if (r["lesson"], r["section"]) == (x.id, s.id)}
                funnel.append((x.title, s.title, len(readers)))
            funnel.append((x.title, "Quiz finished", sum(bool(self.best(i, x.id)) for i in self.ids)))
            funnel.append((x.title, "Quiz passed", sum(self.passed(i, x.id) for i in self.ids)))
        return {
            "enrolled": len(self.ids),
            "started": len(started),
            "finished": len(finished),
            "passed": len(passed),
            "never_started": len(set(self.ids) - set(started)),
            "inactive": sum(max(self.times(i)) < NOW - 7 * DAY for i in started if i not in passed),
            "median_score": float(statistics.median(scores)) if scores else None,
            "scores": [
                {
                    "low": i / 10,
                    "high": (i + 1) / 10,
                    "learners": sum(Fraction(i, 10) <= s < Fraction(i + 1, 10) or (i == 9 and s == 1) for s in scores),
                }
                for i in range(10)
            ],
            "funnel": [{"lesson": a, "label": b, "learners": c} for a, b, c in funnel],
            "days": self.days(),
        }

    def days(self) -> list[dict[str, Any]]:
        def day(at: float) -> date:
            return datetime.fromtimestamp(at, BERLIN).date()

        since = self.case.since if self.case.since is not None else 0.0
        traces = [(i, t) for i in self.ids for t in self.times(i) if t >= since]
        if not traces and self.case.until is None:
            return []
        start = day(self.case.since if self.case.since is not None else min(t for _, t in traces))
        end = day(self.case.until if self.case.until is not None else max(t for _, t in traces))
        found = []
        while start <= end:
            found.append(
                {
                    "day": start,
                    "learners": len({i for i, t in traces if day(t) == start}),
                    "answers": len([a for a in self.answers if day(a["at"]) == start]),
                    "runs": len([r for r in self.runs if day(r["queued_at"]) == start]),
                }
            )
            start += timedelta(days=1)
        return found

    def questions(self) -> list[dict[str, Any]]:
        return [self.question(x, i) for x in self.lessons for i in range(len(x.questions))]

    def question(self, lesson: Lesson, i: int) -> dict[str, Any]:
        q = lesson.questions[i]
        firsts = [a for m in self.ids if (a := self.first(m, q.id))]
        lasts = [a for m in self.ids if (a := self.last(m, q.id))]
        n = len(firsts)
        facility = len([a for a in firsts if a["correct"]]) / n if n else None
        d = self.discrimination(lesson, q.id)
        kinds = []
        if facility is not None and n >= 5:
            kinds += ["hard"] if facility < 0.3 else ["easy"] if facility > 0.7 else []
            kinds += ["blunt"] if d is not None and d < 0.25 and 0.0675 <= facility <= 0.9325 else []
        return {
            "lesson": lesson.id,
            "question": q.id,
            "number": i + 1,
            "prompt": inline(q.prompt).plain,
            "n": n,
            "facility": facility,
            "choices": self.choices(lesson, i, firsts, lasts),
            "written": [] if q.choices else self.written(firsts),
            "hinted": len({a["learner"] for a in self.answers if a["question"] == q.id and a["hinted"]}),
            "median_seconds": statistics.median(a["at"] - a["sent_at"] for a in firsts) if firsts else None,
            "discrimination": d,
            "flags": [{"kind": kind} for kind in kinds],
            "earlier": 0,
        }

    def choices(self, lesson: Lesson, i: int, firsts: list[Any], lasts: list[Any]) -> list[dict[str, Any]]:
        return [
            {
                "label": "ABCDEFGH"[place],
                "text": inline(choice.text).plain,
                "correct": choice.correct,
                "first": sum(choice.id in json.loads(a["answer"]) for a in firsts),
                "last": sum(choice.id in json.loads(a["answer"]) for a in lasts),
            }
            for place, choice in enumerate(lesson.questions[i].choices)
        ]

    def written(self, firsts: list[Any]) -> list[dict[str, Any]]:
        texts = [(json.loads(a["answer"])[0], bool(a["correct"])) for a in firsts]
        groups: dict[Any, list[str]] = {}
        for text, correct in texts:
            groups.setdefault((text.lower().replace("  ", " "), correct), []).append(text)
        found = []
        for (_, correct), spellings in groups.items():
            usual = sorted(set(spellings), key=lambda s: (-spellings.count(s), s))[0]
            found.append({"text": usual, "correct": correct, "learners": len(spellings)})
        return sorted(found, key=lambda w: (-w["learners"], w["text"], not w["correct"]))[:8]

    def discrimination(self, lesson: Lesson, question: str) -> float | None:
        """Each learner as a hundred equal ones, of whom the first and last 27 n are taken; the right ones of those with
        equal scores are spread evenly among them."""
        others = [q.id for q in lesson.questions if q.id != question]
        scored = []
        for i in self.ids:
            mine = {q.id: self.first(i, q.id) for q in lesson.questions}
            if others and all(mine.values()):
                scored.append((sum(mine[o]["correct"] for o in others), mine[question]["correct"]))  # type: ignore[index]
        if len(scored) < 30 or len({s for s, _ in scored}) == 1:
            return None
        units = []
        for score, _ in sorted(scored):
            equals = [r for s, r in scored if s == score]
            units += [sum(equals) / len(equals)] * 100
        k = 27 * len(scored)
        return sum(units[-k:]) / k - sum(units[:k]) / k

    def attention(self) -> dict[str, dict[int, float | None]]:
        """By kind and learner: since when."""
        started = self.started()
        found: dict[str, dict[int, float | None]] = {
            "never-started": {i: None for i in self.ids if i not in started},
            "away": {},
            "stuck": {},
            "failing-runs": {},
        }
        for i in started:
            if max(self.times(i)) < NOW - 7 * DAY and not all(self.passed(i, x.id) for x in self.lessons):
                found["away"][i] = max(self.times(i))
            begins = []
            for q in self.question_ids:
                mine = [a for a in self.answers if a["learner"] == i and a["question"] == q]
                right = [a["at"] for a in mine if a["correct"]]
                since = [a["at"] for a in mine if not right or a["at"] > max(right)]
                begins += [min(since)] if len(since) >= 3 else []
            if begins:
                found["stuck"][i] = min(begins)
            ended = [r for r in self.runs if r["learner"] == i and r["state"] in ("finished", "failed")]
            good = [r["queued_at"] for r in ended if r["state"] == "finished"]
            bad = [r for r in ended if not good or r["queued_at"] > max(good)]
            if len(bad) >= 3:
                found["failing-runs"][i] = bad[0]["ended_at"]
        return found

    def figures_of(self, i: int) -> dict[str, float | None]:
        firsts = [a for q in self.question_ids if (a := self.first(i, q))]
        runs = [r for r in self.runs if r["learner"] == i]
        over = [r for r in runs if r["ended_at"] is not None]
        score = self.score(i)
        return {
            "Sections read": len([r for r in self.reads if r["learner"] == i]),
            "Right at the first try": statistics.mean(a["correct"] for a in firsts) if firsts else None,
            "Best score": None if score is None else float(score),
            "Answers given": len([a for a in self.answers if a["learner"] == i]),
            "Median time for a question": statistics.median(a["at"] - a["sent_at"] for a in firsts) if firsts else None,
            "Runs": len(runs),
            "Runs finished": len([r for r in over if r["state"] == "finished"]) / len(over) if over else None,
        }

    def person(self, i: int, everybody: list[dict[str, float | None]]) -> dict[str, Any]:
        own = self.figures_of(i)
        against = []
        units = ["count", "share", "share", "count", "seconds", "count", "share"]
        for (label, value), unit in zip(own.items(), units, strict=True):
            known = [f[label] for f in everybody if f[label] is not None]
            median = statistics.median(known) if known else None  # type: ignore[type-var]
            against.append({"label": label, "unit": unit, "own": value, "median": median})
        return {
            "member": i,
            "last_seen": max(self.times(i), default=None),
            "standings": [self.standing(i, x) for x in self.lessons],
            "against": against,
            "timeline": self.timeline(i),
        }

    def standing(self, i: int, x: Lesson) -> dict[str, Any]:
        best = self.best(i, x.id)
        return {
            "lesson": x.title,
            "sections_read": len([r for r in self.reads if (r["learner"], r["lesson"]) == (i, x.id)]),
            "sections": len(x.sections),
            "best_right": best["correct"] if best else None,
            "best_total": best["total"] if best else None,
            "passed": self.passed(i, x.id),
            "runs": len([r for r in self.runs if (r["learner"], r["lesson"]) == (i, x.id)]),
            "handed_in_at": self.handed_in_at(i, x.id),
            "due_at": None,
            "in_time": None,
        }

    def handed_in_at(self, i: int, lesson: str) -> float | None:
        mine = [q for q in self.quizzes if (q["learner"], q["lesson"]) == (i, lesson) and q["finished_at"] is not None]
        passed = [q for q in mine if 10 * q["correct"] >= 7 * q["total"]]
        return min((q["finished_at"] for q in passed or mine), default=None)

    def timeline(self, i: int) -> list[dict[str, Any]]:
        joined = next(m["enrolled_at"] for m in self.members if m["id"] == i)
        found: list[tuple[float, str, bool | None]] = [(joined, "joined", None)] if self.holds(joined) else []
        found += [(r["at"], "section", None) for r in self.reads if r["learner"] == i]
        found += [(a["at"], "answer", bool(a["correct"])) for a in self.answers if a["learner"] == i]
        for q in self.quizzes:
            if q["learner"] == i:
                good = None if q["finished_at"] is None else 10 * q["correct"] >= 7 * q["total"]
                found.append((q["counts_at"], "quiz", good))
        for r in self.runs:
            if r["learner"] == i:
                found.append((r["queued_at"], "run", {"finished": True, "failed": False}.get(r["state"])))
        found.sort(key=lambda moment: -moment[0])
        return [{"at": at, "kind": kind, "good": good} for at, kind, good in found[:200]]

    def run_figures(self) -> dict[str, Any]:
        ended = {"queued": "open", "running": "open", "finished": "finished", "cancelled": "cancelled"}
        outcomes = [ended.get(r["state"]) or r["reason"] for r in self.runs]
        labels = {
            "finished": "finished",
            "error": "error in the code",
            "timeout": "time-out",
            "memory": "out of memory",
            "output": "too much output",
            "lost": "lost",
            "cancelled": "stopped by the learner",
            "open": "going on",
        }
        waits = [r["started_at"] - r["queued_at"] for r in self.runs if r["started_at"] is not None]
        took = [r["ended_at"] - r["started_at"] for r in self.runs if None not in (r["ended_at"], r["started_at"])]
        examples = [self.example(x, e.id) for x in self.lessons for e in x.examples]
        own = [r for r in self.runs if r["role"] == "own"]
        if own:
            good = len([r for r in own if r["state"] == "finished"])
            learners = len({r["learner"] for r in own})
            examples.append(
                {"lesson": "", "runs": len(own), "learners": learners, "finished": good, "metric": None, "settings": []}
            )
        return {
            "runs": len(self.runs),
            "learners": len({r["learner"] for r in self.runs}),
            "outcomes": [{"kind": k, "label": labels[k], "runs": outcomes.count(k)} for k in labels],
            "wait_p50": ranked(waits, 0.5),
            "wait_p95": ranked(waits, 0.95),
            "run_p50": ranked(took, 0.5),
            "run_p95": ranked(took, 0.95),
            "examples": examples,
        }

    def example(self, x: Lesson, id: str) -> dict[str, Any]:
        runs = [r for r in self.runs if (r["lesson"], r["example"], r["verified"]) == (x.id, id, 1)]
        finished = [r for r in runs if r["state"] == "finished"]
        named = [(headline(r), r) for r in finished]
        names = sorted(name for (name, _), _ in named if name is not None)
        metric = max(sorted(set(names)), key=names.count) if names else None
        settings: dict[str, list[tuple[float, int]]] = {}
        for (name, figure), r in named:
            if name == metric:
                values = json.loads(r["parameters"])
                text = " ".join(f"{k}={values[k]}" for k in ("epochs", "rate") if k in values) or "its own values"
                settings.setdefault(text, []).append((figure, r["learner"]))
        listed = []
        for text, found in settings.items():
            quantiles = numpy.percentile([figure for figure, _ in found], [0, 25, 50, 75, 100])
            five = dict(zip(["low", "q1", "median", "q3", "high"], map(float, quantiles), strict=True))
            listed.append({"values": text, "runs": len(found), "learners": len({i for _, i in found})} | five)
        return {
            "lesson": x.title,
            "runs": len(runs),
            "learners": len({r["learner"] for r in runs}),
            "finished": len(finished),
            "metric": metric and metric.replace("_", " "),
            "settings": sorted(listed, key=lambda s: (-s["runs"], s["values"])),
        }

    def pulse(self) -> dict[str, Any]:
        asked = {d["learner"]: d for d in self.deliveries if d["learner"] in self.ids}
        asked = {i: d for i, d in asked.items() if d["sent_at"] >= NOW - HOUR and d["question"] in self.question_ids}
        here, spots = [], {}
        for i in self.ids:
            sent = asked.get(i)
            times = self.times(i) + ([sent["sent_at"]] if sent else [])
            if not any(t > NOW - 15 * MINUTE for t in times):
                continue
            here.append(i)
            going = [r for r in self.runs if r["learner"] == i and r["ended_at"] is None]
            pages = [p for p in self.pages if p["learner"] == i]
            began = [(p["at"], 0, (p["lesson"], p["section"])) for p in pages[-1:]]
            began += [(sent["sent_at"], 1, (sent["lesson"], sent["question"]))] if sent else []
            began += [(r["queued_at"], 2, (r["lesson"], "Training!")) for r in self.runs if r["learner"] == i]
            recent = [one for one in began if one[0] > NOW - 15 * MINUTE]
            if going:
                spots[i] = (going[-1]["lesson"], "Training!")
            elif recent:
                spots[i] = sorted(recent)[-1][2]
        order = [
            (x, (x.id, key), label)
            for x in self.lessons
            for key, label in [
                *((s.id, s.title) for s in x.sections),
                *((q.id, f"Question {i}") for i, q in enumerate(x.questions, 1)),
                ("Training!", "Training"),
            ]
        ]
        ended = [r for r in self.runs if r["ended_at"] is not None and r["ended_at"] > NOW - HOUR]
        return {
            "enrolled": len(self.ids),
            "here": len(here),
            "places": [
                {"lesson": x.title, "label": label, "learners": [i for i in here if spots.get(i) == spot]}
                for x, spot, label in order
                if spot in spots.values()
            ],
            "queued": len([r for r in self.runs if r["state"] == "queued"]),
            "running": len([r for r in self.runs if r["state"] == "running"]),
            "done": len(ended),
            "failed": len([r for r in ended if r["state"] == "failed"]),
            "question": self.live({i: d for i, d in asked.items() if d["sent_at"] > NOW - 15 * MINUTE}),
        }

    def live(self, asked: dict[int, dict[str, Any]]) -> dict[str, Any] | None:
        if not asked:
            return None
        sent = [d["question"] for d in asked.values()]
        newest = {q: max(d["sent_at"] for d in asked.values() if d["question"] == q) for q in sent}
        question = sorted(sent, key=lambda q: (sent.count(q), newest[q]))[-1]
        lesson, i = next((x, i) for x in self.lessons for i, q in enumerate(x.questions) if q.id == question)
        recent = [a for a in self.answers if a["question"] == question and a["at"] > NOW - 15 * MINUTE]
        who = {a["learner"] for a in recent}
        firsts = [next(a for a in recent if a["learner"] == w) for w in who]
        lasts = [next(a for a in reversed(recent) if a["learner"] == w) for w in who]
        open_ = [w for w, d in asked.items() if d["question"] == question and d["id"] not in self.attempted]
        return {
            "lesson": lesson.id,
            "question": question,
            "number": i + 1,
            "prompt": inline(lesson.questions[i].prompt).plain,
            "answered": len(who),
            "thinking": len([w for w in open_ if w not in who]),
            "right": sum(a["correct"] for a in lasts),
            "choices": self.choices(lesson, i, firsts, lasts),
        }

    def gradebook(self) -> list[dict[str, Any]]:
        found = []
        for i in self.ids:
            for x in self.lessons:
                best = self.best(i, x.id)
                firsts = {q.id: self.first(i, q.id) for q in x.questions}
                found.append(
                    {
                        "member": i,
                        "lesson": x.id,
                        "submitted_at": self.handed_in_at(i, x.id),
                        "right": best["correct"] if best else None,
                        "total": best["total"] if best else None,
                        "score": best["correct"] / best["total"] if best else None,
                        "passed": self.passed(i, x.id),
                        "questions": {q: bool(a["correct"]) for q, a in firsts.items() if a},
                        "best_at": best["finished_at"] if best else None,
                        "due_at": None,
                        "in_time": None,
                        "score_when_due": None,
                    }
                )
        return found


def headline(run: dict[str, Any]) -> tuple[str | None, float]:
    """The figure of a finished run, from what the run stored of itself: nothing of the baseline counts, and of several
    models it is the mean."""
    judgements, history = json.loads(run["judgements"]), json.loads(run["history"])
    trained = [found["accuracy"] for found in judgements if found["trained"]]
    if trained:
        return "accuracy", sum(trained) / len(trained)
    if not history:
        return None, 0.0
    metrics = history[-1]["metrics"]
    name = "val_accuracy" if "val_accuracy" in metrics else "loss"
    return name, metrics[name]


def ranked(values: list[float], part: float) -> float | None:
    """The smallest with at least this part of all at or below it."""
    enough = [v for v in values if sum(w <= v for w in values) >= part * len(values) - 1e-9]
    return min(enough, default=None)


def bare(value: Any) -> Any:
    """A report as dicts, lists and plain values, without its sentences; a member is an id."""
    if isinstance(value, Member):
        return value.id
    if is_dataclass(value):
        return {f.name: bare(getattr(value, f.name)) for f in fields(value) if f.name not in WORDS}
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, (list, tuple)):
        return [bare(v) for v in value]
    return value


def assert_same(actual: Any, expected: Any, where: str = "") -> None:
    if isinstance(expected, dict):
        assert isinstance(actual, dict), where
        assert list(actual) == list(expected), where
        for key in expected:
            assert_same(actual[key], expected[key], f"{where}.{key}")
    elif isinstance(expected, list):
        assert len(actual) == len(expected), where
        for i, (a, e) in enumerate(zip(actual, expected, strict=True)):
            assert_same(a, e, f"{where}[{i}]")
    elif isinstance(expected, float) and actual is not None:
        assert actual == pytest.approx(expected, abs=1e-6), where
    else:
        assert actual == expected, where


def seen_by_store(crowd: tuple[Store, int, Path], course: Course, case: Case) -> tuple[Traces, Scope, Naive]:
    store, cohort, path = crowd
    found = asyncio.run(
        store.read(lambda t: t.traces.of_class(cohort, lesson=case.lesson, since=case.since, until=case.until))
    )
    naive = Naive(path, cohort, course, case)
    return found, Scope(tuple(naive.lessons), NOW, case.since, case.until, BERLIN), naive


@pytest.fixture(params=CASES, ids=str)
def seen(
    request: pytest.FixtureRequest, crowd: tuple[Store, int, Path], small_course: Course
) -> tuple[Traces, Scope, Naive]:
    return seen_by_store(crowd, small_course, request.param)


Seen = tuple[Traces, Scope, Naive]


def test_overview(seen: Seen) -> None:
    traces, scope, naive = seen
    assert_same(bare(overview(traces, scope)), naive.overview())


def test_questions(seen: Seen) -> None:
    traces, scope, naive = seen
    assert_same(bare(questions(traces, scope)), naive.questions())


def test_attention(seen: Seen) -> None:
    traces, scope, naive = seen
    groups = attention(traces, scope)
    assert {g.kind.value: {c.member.id: c.since for c in g.concerns} for g in groups} == naive.attention()
    for group in groups:
        begins = [c.member.enrolled_at if c.since is None else c.since for c in group.concerns]
        assert begins == sorted(begins)


def test_every_person(seen: Seen) -> None:
    traces, scope, naive = seen
    everybody = [naive.figures_of(i) for i in naive.started()]
    for i in naive.ids[::4]:
        assert_same(bare(person(traces, scope, i)), naive.person(i, everybody))


def test_runs(seen: Seen) -> None:
    traces, scope, naive = seen
    assert_same(bare(run_figures(traces, scope)), naive.run_figures())


def test_pulse(crowd: tuple[Store, int, Path], seen: Seen) -> None:
    traces, scope, naive = seen
    store, cohort, _ = crowd
    asked = asyncio.run(store.read(lambda t: t.traces.asked(cohort, NOW - HOUR)))
    assert_same(bare(pulse(traces, asked, scope)), naive.pulse())


def test_gradebook(seen: Seen) -> None:
    traces, scope, naive = seen
    assert_same(bare(gradebook(traces, scope)), naive.gradebook())


def test_rows_of_others_and_other_lessons_change_nothing(crowd: tuple[Store, int, Path], small_course: Course) -> None:
    """What the store filters, the reports would filter too: a page may read once for several views."""
    store, cohort, _ = crowd
    everything, _, _ = seen_by_store(crowd, small_course, Case())
    strangers = asyncio.run(store.read(lambda t: t.traces.of_class(cohort + 1)))
    assert strangers.answers
    assert strangers.runs
    mixed = Traces(
        everything.members,
        *(
            tuple(sorted([*getattr(everything, kind), *getattr(strangers, kind)], key=lambda r: r.learner))
            for kind in ("answers", "sections", "places", "quizzes", "runs")
        ),
    )
    narrow, scope, _ = seen_by_store(crowd, small_course, Case("second"))
    assert bare(overview(mixed, scope)) == bare(overview(narrow, scope))
    assert questions(mixed, scope) == questions(narrow, scope)
    assert attention(mixed, scope) == attention(narrow, scope)
    assert run_figures(mixed, scope) == run_figures(narrow, scope)
    assert gradebook(mixed, scope) == gradebook(narrow, scope)
    assert pulse(mixed, [], scope) == pulse(narrow, [], scope)
    some = narrow.members[50].id
    assert person(mixed, scope, some) == person(narrow, scope, some)


def test_the_crowd_gives_every_figure_something_to_say(crowd: tuple[Store, int, Path], small_course: Course) -> None:
    """Else the comparisons above would compare nothing with nothing."""
    traces, scope, _ = seen_by_store(crowd, small_course, Case())
    assert len(traces.answers) > 2000
    whole = overview(traces, scope)
    assert 0 < whole.passed < whole.finished < whole.started < whole.enrolled
    assert 0 < whole.inactive < whole.started
    assert sum(b.learners > 0 for b in whole.scores) >= 5
    listed = questions(traces, scope)
    assert sum(q.discrimination is not None for q in listed) == 4
    assert {flag.kind.value for q in listed for flag in q.flags} == {"hard", "easy", "blunt"}
    assert all(q.hinted for q in listed)
    assert all(group.concerns for group in attention(traces, scope))
    made = run_figures(traces, scope)
    assert all(o.runs for o in made.outcomes)
    assert [len(e.settings) for e in made.examples] == [6, 6, 0]
    store, cohort, _ = crowd
    asked = asyncio.run(store.read(lambda t: t.traces.asked(cohort, NOW - HOUR)))
    now = pulse(traces, asked, scope)
    labels = {place.label for place in now.places}
    assert "Training" in labels
    assert len(labels) >= 6
    assert 0 < now.failed < now.done
    assert now.question
    assert now.question.answered
    assert now.question.thinking
    assert any(len(found.timeline) == 200 for m in traces.members if (found := person(traces, scope, m.id)))
