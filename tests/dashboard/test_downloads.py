"""Files: their names and kinds, what they hold, and that the filters choose."""

from __future__ import annotations

import csv
import io
import json
import zipfile

import httpx
import pytest

from bot.dashboard.downloads import FILES
from bot.domain.rounds import RoundKind
from bot.store import Tables

from .conftest import EMMY, LEARNERS, NOW, House
from .reading import Page

KINDS = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "jsonl": "application/jsonl; charset=utf-8",
}


def rows(answer: httpx.Response) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("query", ["", "?pseudonyms=1", "?days=7&pseudonyms=1"])
async def test_every_file_has_its_name_and_kind(
    name: str, query: str, client: httpx.AsyncClient, shared: House
) -> None:
    answer = await client.get(f"{shared.base}/exports/{name}{query}")
    assert answer.status_code == 200
    assert answer.headers["content-type"] == KINDS[name.partition(".")[2]]
    assert answer.headers["content-disposition"] == f'attachment; filename="deep-learning-autumn-{name}"'
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.content


async def test_the_page_links_to_every_file(client: httpx.AsyncClient, shared: House) -> None:
    for query, kept in (("", ""), ("?days=7&pseudonyms=1", "?days=7&pseudonyms=1")):
        page = Page((await client.get(f"{shared.base}/exports{query}")).text)
        files = [link for link in page.links if "/exports/" in link]
        assert sorted(files) == sorted(f"{shared.base}/exports/{name}{kept}" for name in FILES)


async def test_the_gradebook_has_everybody(client: httpx.AsyncClient, shared: House) -> None:
    found = rows(await client.get(f"{shared.base}/exports/gradebook.csv"))
    assert len(found) == LEARNERS * len(shared.services.course.lessons)
    assert "Amara Okafor" in {row["name"] for row in found}


async def test_pseudonyms_name_nobody(client: httpx.AsyncClient, shared: House) -> None:
    members = shared.do(lambda tables: tables.cohorts.members(shared.cohort.id))
    for name in FILES:
        answer = await client.get(f"{shared.base}/exports/{name}?pseudonyms=1")
        content = answer.content
        if name.endswith("xlsx"):
            with zipfile.ZipFile(io.BytesIO(content)) as book:
                content = b"".join(book.read(part) for part in book.namelist())
        text = content.decode()
        assert not [member.name for member in members if member.name in text or str(member.id) in text]


async def test_pseudonyms_hide_what_only_one_learner_wrote(house: House) -> None:
    (lesson,) = house.services.course.lessons
    question = next(question for question in lesson.questions if not question.choices)
    cohort = house.new_class(EMMY, "Small", ("Ada", "Grace"))

    def answer(tables: Tables) -> None:
        quiz = tables.rounds.start(6001, RoundKind.QUIZ, lesson.id, NOW)
        delivery = tables.rounds.deliver(quiz, question.id, NOW)
        tables.rounds.answer(delivery, ("ask my friend Grace",), False, NOW)

    house.do(answer)
    async with house.client() as client:
        for query, told in (("", True), ("?pseudonyms=1", False)):
            found = rows(await client.get(f"/dashboard/classes/{cohort.id}/exports/questions.csv{query}"))
            assert any("Grace" in row["written answers"] for row in found) == told


@pytest.mark.parametrize("given", ["yes", "true", "2", "%00"])
@pytest.mark.parametrize("path", ["/exports", "/exports/gradebook.csv"])
async def test_a_switch_that_cannot_be_read_gives_no_names_away(
    path: str, given: str, client: httpx.AsyncClient, shared: House
) -> None:
    answer = await client.get(f"{shared.base}{path}?pseudonyms={given}")
    assert answer.status_code == 400
    assert "pseudonyms=" in Page(answer.text).words


async def test_filters_choose_what_files_hold(client: httpx.AsyncClient, shared: House) -> None:
    everything = rows(await client.get(f"{shared.base}/exports/attempts.csv"))
    week = rows(await client.get(f"{shared.base}/exports/attempts.csv?days=7"))
    none = rows(await client.get(f"{shared.base}/exports/attempts.csv?to=2001-01-01"))
    assert len(everything) > len(week) > len(none) == 0


async def test_statements_know_the_house(client: httpx.AsyncClient, shared: House) -> None:
    lines = (await client.get(f"{shared.base}/exports/xapi.jsonl")).text.splitlines()
    assert json.loads(lines[0])["actor"]["account"]["homePage"] == shared.services.identity.web


async def test_a_hostile_name_stays_out_of_the_header(client: httpx.AsyncClient, shared: House) -> None:
    answer = await client.get(f"/dashboard/classes/{shared.cohort.id + 2}/exports/gradebook.csv")
    given = answer.headers["content-disposition"]
    assert given.isascii()
    assert given.startswith('attachment; filename="b-hostile-quoted-b-')
    assert given.count('"') == 2
