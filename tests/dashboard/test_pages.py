"""Every page of the dashboard: its figures, its filters, and that it is sound HTML."""

from __future__ import annotations

import dataclasses

import httpx
import pytest

from bot.dashboard.roster import roster
from bot.domain import versions
from bot.domain.classes import Assignment
from bot.domain.rounds import RoundKind
from bot.domain.traces import Traces
from bot.reports.attention import attention
from bot.reports.overview import overview
from bot.reports.person import person
from bot.reports.questions import questions
from bot.reports.running import run_figures
from bot.reports.scope import DAY, Scope
from bot.store import StoreUnavailable, Tables

from .conftest import EMMY, HOSTILE, LEARNERS, NOW, OTHER, House
from .reading import Page

TABS = ("", "/questions", "/attention", "/learners", "/runs", "/exports")


@pytest.fixture
def traces(shared: House) -> Traces:
    found: Traces = shared.do(lambda tables: tables.traces.of_class(shared.cohort.id))
    return found


@pytest.fixture
def scope(shared: House) -> Scope:
    return Scope(shared.services.course.lessons, NOW)


async def read(client: httpx.AsyncClient, path: str, status: int = 200) -> Page:
    answer = await client.get(path)
    assert answer.status_code == status
    page = Page(answer.text)
    assert page.troubles == []
    for form in page.forms:
        assert form.method == "get" or form.fields.get("csrf"), form
    return page


async def test_classes(client: httpx.AsyncClient, shared: House) -> None:
    page = await read(client, "/dashboard/")
    assert page.headings == ["Your classes"]
    assert "Deep Learning, autumn 60 Enrolled" not in page.words  # the name of a figure comes before it
    assert f"Enrolled {LEARNERS}" in page.words
    assert "Never started" in page.words
    assert "due in 3 days" in page.words
    assert f"{shared.base}/attention#stuck" in page.links
    assert "Nobody has joined yet" in page.words
    assert "Times in UTC; /zone in the chat sets yours." in page.words


async def test_who_teaches_nothing_learns_how_to_begin(shared: House) -> None:
    async with shared.client(OTHER) as client:
        page = await read(client, "/dashboard/")
    assert "You teach no class yet" in page.words
    assert "/newclass" in page.words


async def test_overview(client: httpx.AsyncClient, shared: House, traces: Traces, scope: Scope) -> None:
    page = await read(client, shared.base)
    found = overview(traces, scope)
    shown = (("Started", found.started), ("Finished", found.finished), ("Passed", found.passed))
    for label, n in (("Enrolled", LEARNERS), *shown, ("Never started", found.never_started)):
        assert f"{label} {n}" in page.words
    assert f"Inactive over 7 days {found.inactive}" in page.words
    for stage in found.funnel:
        assert f"{stage.label} {stage.learners} " in page.words
    assert f"{shared.base}/attention#never-started" in page.links
    for bin in found.scores:
        assert f"{100 * bin.low:.0f} to {100 * bin.high:.0f} %: {bin.learners}" in page.words
    assert sum(tag == "rect" and "column" in (given.get("class") or "") for tag, given in page.tags) == sum(
        bool(n) for day in found.days for n in (day.learners, day.answers, day.runs)
    ) + sum(bool(bin.learners) for bin in found.scores)


async def test_overview_says_what_to_do_next(
    client: httpx.AsyncClient, shared: House, traces: Traces, scope: Scope
) -> None:
    page = await read(client, shared.base)
    for group in attention(traces, scope):
        assert f"{len(group.concerns)} {group.title} {group.advice}" in page.words
    (lesson,) = scope.lessons
    passed = next(stage.learners for stage in overview(traces, scope).funnel if stage.label == "Quiz passed")
    assert f"{lesson.title} 18 Jan 2027, 08:00 , due in 3 days; {passed} of {LEARNERS} have passed" in page.words
    for question in questions(traces, scope):
        assert (f"{shared.base}/questions#q-{question.question}" in page.links) == bool(question.flags)


async def test_passed_in_time_and_better_afterwards_both_show(house: House) -> None:
    """Q9: the learner's page has the time of the first pass and the best score; the overview counts both."""
    cohort = house.new_class(EMMY, "Timely", ("Ada", "Grace"))
    (lesson,) = house.services.course.lessons
    total = len(lesson.questions)

    def passes(tables: Tables) -> None:
        tables.cohorts.assign(Assignment(cohort.id, lesson.id, NOW - 2 * DAY, EMMY, NOW - 9 * DAY))
        for learner, right, at in (
            (6001, total - 1, NOW - 3 * DAY),
            (6001, total, NOW - DAY),
            (6002, total, NOW - DAY),
        ):
            tables.rounds.finish(tables.rounds.start(learner, RoundKind.QUIZ, lesson.id, at).id, right, total, at)

    house.do(passes)
    async with house.client() as client:
        base = f"/dashboard/classes/{cohort.id}"
        assert "; 2 of 2 have passed, 1 in time" in (await read(client, base)).words
        ada, grace = [(await read(client, f"{base}/learners/{learner}")).words for learner in (6001, 6002)]
        chosen = (await read(client, f"{base}/learners/6002?days=7")).words
    assert f"best quiz {total} of {total} passed 12 Jan 2027, 08:00 , in time" in ada
    assert "passed 14 Jan 2027, 08:00 , after it was due" in grace
    assert "after it was due" not in chosen, "a first pass may lie before the days chosen"


async def test_answers_to_an_earlier_wording_are_counted_apart(house: House) -> None:
    """Q8."""
    cohort = house.new_class(EMMY, "Changed", ("Ada",))
    (lesson,) = house.services.course.lessons
    question = next(question for question in lesson.questions if question.number is not None)

    def answer(tables: Tables) -> None:
        quiz = tables.rounds.start(6001, RoundKind.QUIZ, lesson.id, NOW)
        earlier = versions.written(dataclasses.replace(question, number=987.0))
        tables.rounds.answer(tables.rounds.deliver(quiz, question.id, NOW, earlier), ("987",), True, NOW)

    house.do(answer)
    async with house.client() as client:
        page = await read(client, f"/dashboard/classes/{cohort.id}/questions")
    assert "1 learner answered it before what is right, or the choices, changed: not counted here." in page.words
    assert "987" not in page.words


async def test_questions(client: httpx.AsyncClient, shared: House, traces: Traces, scope: Scope) -> None:
    page = await read(client, f"{shared.base}/questions")
    for question in questions(traces, scope):
        assert " ".join(question.prompt.split()) in page.words
        assert f"answered {question.n}" in page.words
        for choice in question.choices:
            assert f"{choice.label} {choice.text}" in page.words
            assert f"first answer {choice.first} " in page.words
            assert f"last answer {choice.last} " in page.words
        for answer in question.written:
            assert answer.text in page.words
        for flag in question.flags:
            assert " ".join(flag.meaning.split()) in page.words
    right = [given for tag, given in page.tags if tag == "li" and given.get("class") == "right"]
    assert len(right) == sum(choice.correct for q in questions(traces, scope) for choice in q.choices)


async def test_a_small_class_has_no_discrimination_yet(client: httpx.AsyncClient, shared: House) -> None:
    hostile = shared.cohort.id + 2
    page = await read(client, f"/dashboard/classes/{hostile}/questions")
    assert "from 30 learners on" in page.words
    assert "Nobody has answered it yet" in page.words


async def test_attention(client: httpx.AsyncClient, shared: House, traces: Traces, scope: Scope) -> None:
    page = await read(client, f"{shared.base}/attention")
    groups = attention(traces, scope)
    letters = [form for form in page.forms if (form.attributes.get("action") or "").endswith("/message")]
    assert len(letters) == sum(bool(group.concerns) for group in groups)
    for group, letter in zip([group for group in groups if group.concerns], letters, strict=True):
        assert group.title in page.words
        assert letter.fields["to"] == [str(concern.member.id) for concern in group.concerns]
        assert letter.fields["csrf"] == [shared.csrf[EMMY]]
        assert all(concern.reason in page.words for concern in group.concerns)
    ticked = [given for tag, given in page.tags if given.get("type") == "checkbox"]
    assert len(ticked) == sum(len(group.concerns) for group in groups)
    assert all("checked" in given for given in ticked)


async def test_learners(client: httpx.AsyncClient, shared: House, traces: Traces, scope: Scope) -> None:
    page = await read(client, f"{shared.base}/learners")
    rows = roster(traces, scope)
    assert f"{LEARNERS} learners" in page.words
    assert [link for link in page.links if "/learners/" in link] == [
        f"{shared.base}/learners/{row.member.id}" for row in rows
    ]


@pytest.mark.parametrize("sort", ["seen", "-seen", "score", "-score", "-name"])
async def test_learners_in_an_order(
    sort: str, client: httpx.AsyncClient, shared: House, traces: Traces, scope: Scope
) -> None:
    page = await read(client, f"{shared.base}/learners?sort={sort}")
    rows = {str(row.member.id): row for row in roster(traces, scope)}
    shown = [rows[link.rpartition("/")[2]] for link in page.links if "/learners/" in link]
    assert len(shown) == LEARNERS
    if sort.endswith("name"):
        assert shown == list(reversed(rows.values()))
        return
    known = [value for row in shown if (value := row.last_seen if "seen" in sort else row.score) is not None]
    assert known == sorted(known, reverse=not sort.startswith("-"))
    assert any(given.get("aria-sort", "none") != "none" for tag, given in page.tags if tag == "th")


async def test_a_learner(client: httpx.AsyncClient, shared: House, traces: Traces, scope: Scope) -> None:
    someone = max(roster(traces, scope), key=lambda row: row.runs).member
    page = await read(client, f"{shared.base}/learners/{someone.id}")
    found = person(traces, scope, someone.id)
    assert found
    assert someone.name in "".join(page.text)
    for against in found.against:
        assert against.label in page.words
    assert page.words.count("of 8") >= 1
    assert sum(tag == "li" and (given.get("class") or "").split()[:1] == ["run"] for tag, given in page.tags) == sum(
        moment.kind == "run" for moment in found.timeline
    )
    assert page.form("/message").fields["to"] == [str(someone.id)]


async def test_runs(client: httpx.AsyncClient, shared: House, traces: Traces, scope: Scope) -> None:
    page = await read(client, f"{shared.base}/runs")
    found = run_figures(traces, scope)
    for outcome in found.outcomes:
        assert not outcome.runs or f"{outcome.label} {outcome.runs} " in page.words
    for example in found.examples:
        assert example.title in page.words
        for setting in example.settings:
            assert f"{setting.values}:" in page.words, "words for the box plot"
    boxes = [given for tag, given in page.tags if tag == "svg" and given.get("class") == "box"]
    assert len(boxes) == sum(len(example.settings) for example in found.examples)


@pytest.mark.parametrize("tab", TABS)
async def test_filters_stay_in_every_link(tab: str, client: httpx.AsyncClient, shared: House) -> None:
    lesson = shared.services.course.lessons[0].id
    page = await read(client, f"{shared.base}{tab}?lesson={lesson}&from=2027-01-01&to=2027-01-10")
    kept = f"lesson={lesson}&from=2027-01-01&to=2027-01-10"
    spans = {f"{shared.base}{tab}?lesson={lesson}{days}" for days in ("", "&days=7", "&days=28")}
    own = [link for link in page.links if link.startswith(f"{shared.base}/") and link not in spans]
    assert own
    assert [link for link in own if kept not in link] == []
    assert spans <= set(page.links)
    given = {name: value for form in page.forms if form.method == "get" for name, value in form.fields.items()}
    assert given["from"] == ["2027-01-01"]
    assert given["to"] == ["2027-01-10"]
    assert "2027-01-01 to 2027-01-10" in page.words


async def test_filters_choose(client: httpx.AsyncClient, shared: House, scope: Scope) -> None:
    week = Scope(scope.lessons, NOW, since=NOW - 7 * DAY)
    traces = shared.do(lambda tables: tables.traces.of_class(shared.cohort.id, since=NOW - 7 * DAY))
    found = overview(traces, week)
    page = await read(client, f"{shared.base}?days=7")
    assert f"Active {found.started}" in page.words
    assert f"Not active {found.never_started}" in page.words
    page = await read(client, f"{shared.base}/runs?from=2001-01-01&to=2001-01-02")
    assert "Nobody has run anything in what the filters choose" in page.words


@pytest.mark.parametrize("query", ["?days=7", "?to=2026-12-28"])
async def test_who_needs_attention_does_not_hang_on_the_days_chosen(
    query: str, client: httpx.AsyncClient, shared: House, traces: Traces, scope: Scope
) -> None:
    """Who left no trace in a week has still started, and whoever passed has passed."""
    groups = attention(traces, scope)
    page = await read(client, f"{shared.base}/attention{query}")
    assert "whatever days are chosen" in page.words
    for group in groups:
        assert f"{group.title} {len(group.concerns)} {group.advice}" in page.words
    page = await read(client, f"{shared.base}{query}")
    for group in groups:
        assert f"{len(group.concerns)} {group.title} {group.advice}" in page.words
    passed = overview(traces, scope).passed
    assert f"; {passed} of {LEARNERS} have passed" in page.words
    assert f"Never started {LEARNERS}" not in page.words
    assert "Inactive over 7 days" not in page.words


async def test_nobody_is_said_never_to_have_been_there_because_of_the_days_chosen(
    client: httpx.AsyncClient, shared: House, traces: Traces, scope: Scope
) -> None:
    gone = next(row.member for row in roster(traces, scope) if row.away)
    page = await read(client, f"{shared.base}/learners?days=7")
    assert "what they did in the days chosen" in page.words
    assert "never" not in page.words
    assert "away" not in page.words
    page = await read(client, f"{shared.base}/learners/{gone.id}?days=7")
    assert "last seen in these days –" in page.words
    assert "Joined the class" not in page.words
    assert "Nothing in what the filters choose" in page.words


@pytest.mark.parametrize(
    "query", ["days=x", "days=0", "lesson=<b>", "from=tomorrow", "from=2027-01-02&to=2027-01-01", "to=0001-01-01"]
)
@pytest.mark.parametrize("tab", ["", "/learners", "/exports/runs.csv"])
async def test_a_filter_that_cannot_be_read_is_named(
    tab: str, query: str, client: httpx.AsyncClient, shared: House
) -> None:
    page = await read(client, f"{shared.base}{tab}?{query}", 400)
    assert query.partition("=")[0] in page.words or "before from" in page.words


async def test_an_order_that_does_not_exist_is_named(client: httpx.AsyncClient, shared: House) -> None:
    page = await read(client, f"{shared.base}/learners?sort=<script>", 400)
    assert "expected one of name, seen, score" in page.words


@pytest.mark.parametrize(
    "path",
    [
        "/learners/6001",
        "/learners/1",
        f"/learners/{'9' * 18}",
        f"/learners/{'9' * 5000}",
        "/learners/x",
        "/exports/passwd",
        "/messages/999",
        "/nope",
    ],
)
async def test_what_is_not_of_the_class_does_not_exist(path: str, client: httpx.AsyncClient, shared: House) -> None:
    page = await read(client, f"{shared.base}{path}", 404)
    assert "There is nothing here" in page.words


@pytest.mark.parametrize("path", ["/dashboard/classes/999999", f"/dashboard/classes/{'9' * 5000}", "/dashboard/x/y"])
async def test_what_does_not_exist(path: str, client: httpx.AsyncClient) -> None:
    await read(client, path, 404)


async def test_who_is_not_signed_in_is_told_how(shared: House) -> None:
    async with shared.client(None) as client:
        page = await read(client, shared.base, 401)
        assert "Send /dashboard to the bot" in page.words
        page = await read(client, "/dashboard/enter/made-up", 410)
        assert "Send /dashboard to the bot for a new link" in page.words


@pytest.mark.parametrize("tab", [*TABS, *(f"/learners/{6001 + i}" for i in range(len(HOSTILE)))])
async def test_hostile_names_harm_nothing(tab: str, client: httpx.AsyncClient, shared: House) -> None:
    answer = await client.get(f"/dashboard/classes/{shared.cohort.id + 2}{tab}")
    assert answer.status_code == 200
    assert "<img" not in answer.text
    assert "<b>“Hostile" not in answer.text
    assert "&lt;b&gt;“Hostile”" in answer.text
    assert Page(answer.text).troubles == []


@pytest.mark.parametrize("tab", TABS)
async def test_an_empty_class_has_every_page(tab: str, client: httpx.AsyncClient, shared: House) -> None:
    page = await read(client, f"/dashboard/classes/{shared.cohort.id + 1}{tab}")
    assert "None" not in page.words
    assert "nan" not in page.words


async def test_times_are_the_visitors(house: House) -> None:
    house.do(lambda tables: tables.learners.set_zone(EMMY, "Asia/Kolkata"))
    async with house.client() as client:
        page = await read(client, f"{house.base}/attention")
        assert "Times in Asia/Kolkata" in page.words
        page = await read(client, house.base)
        assert "18 Jan 2027, 13:30" in page.words


@pytest.mark.parametrize("work", ["read", "transact"])
async def test_a_database_that_does_not_answer_is_said(
    work: str, house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fail(_: object) -> None:
        raise StoreUnavailable("disk I/O error")

    monkeypatch.setattr(house.services.store, work, fail)
    async with house.client() as client:
        form = {"csrf": house.csrf[EMMY], "to": "900000001", "body": "Hello"}
        answer = await client.post(f"{house.base}/message", data=form)
    assert answer.status_code == 503
    assert answer.headers["content-security-policy"]
    page = Page(answer.text)
    assert page.troubles == []
    assert "Nothing was changed" in page.words
    assert "disk I/O" not in answer.text


@pytest.mark.parametrize("name", ["Mars/Olympus_Mons", "../../etc/passwd", "Europe", ""])
async def test_a_zone_that_this_machine_does_not_know_shows_times_in_utc(house: House, name: str) -> None:
    """As the chat does: a database may come from a machine with other zones."""
    house.do(lambda tables: tables.learners.set_zone(EMMY, name))
    async with house.client() as client:
        for path in ("/dashboard/", house.base, f"{house.base}/live", f"{house.base}/exports/attempts.csv"):
            assert (await client.get(path)).status_code == 200, path
