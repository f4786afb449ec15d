"""A lesson's text in pages: what is cut where, and that nothing is lost."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.messages import Entity
from bot.features.reading import pages, screens
from bot.features.reading.pages import PageText, Room, laid_out
from bot.telegram.markdown import blocks
from bot.telegram.richtext import MESSAGE_ENTITIES, MESSAGE_UNITS, Text
from lessons.model import Course


def covered(whole: Text, entity: Entity) -> str:
    raw = whole.plain.encode("utf-16-le")
    return raw[2 * entity.offset : 2 * (entity.offset + entity.length)].decode("utf-16-le")


def sheets(source: str, limit: int = MESSAGE_UNITS, *pictures: str, caption: int = 200) -> tuple[PageText, ...]:
    return laid_out(source, Room(limit, caption), frozenset(pictures)).sheets


def plains(source: str, limit: int = MESSAGE_UNITS) -> list[str]:
    return [sheet.text.plain for sheet in sheets(source, limit)]


def remarked(source: str, limit: int) -> list[tuple[int, str]]:
    return [(remark.line, remark.found) for remark in laid_out(source, Room(limit)).remarks]


WORDS = st.text("abcdefg 😀é", min_size=1, max_size=60).map(lambda w: f"w{w.strip()}w")
FENCES = st.lists(WORDS, min_size=1, max_size=5).map(lambda rows: "```python\n" + "\n\n".join(rows) + "\n```")
ITEMS = st.lists(WORDS, min_size=1, max_size=4).map(lambda rows: "\n".join(f"- **{row}**" for row in rows))
LONG = st.integers(1, 60).map(lambda n: f"w{'Word and word. ' * n}w")
TABLES = st.integers(1, 30).map(
    lambda n: "\n".join(["| a | b |", "|---|---|", *[f"| w{i}w | cell |" for i in range(n)]])
)


@given(st.lists(WORDS | FENCES | ITEMS | LONG | TABLES, min_size=1, max_size=12), st.integers(400, 900))
def test_pages_hold_all_of_the_content_and_cut_no_fence_that_fits(drawn: list[str], limit: int) -> None:
    cut = sheets("\n\n".join(drawn), limit)
    for sheet in cut:
        assert 0 < sheet.text.units <= limit
        assert len(sheet.text.entities) <= MESSAGE_ENTITIES
        for entity in sheet.text.entities:
            covered(sheet.text, entity)
    shown = "".join("".join(sheet.text.plain.split()) for sheet in cut)
    whole = ["".join(row.split()) for block in blocks("\n\n".join(drawn)) for row in block.text.plain.split("\n")]
    assert all(row in shown for row in whole if not row.startswith("w") or len(row) < 100)
    assert shown.count("Wordandword.") == "".join(whole).count("Wordandword.")
    for block in drawn:
        if block.startswith("```"):
            inner = block.removeprefix("```python\n").removesuffix("\n```")
            assert any(inner in covered(s.text, e) for s in cut for e in s.text.entities if e.type == "pre")


def test_a_page_has_at_most_a_hundred_entities() -> None:
    assert [len(s.text.entities) for s in sheets("\n\n".join(f"**{n}**" for n in range(250)))] == [100, 100, 50]


def test_a_list_is_cut_between_its_items() -> None:
    """Forty items of three words of code each have more entities than a message."""
    source = "Before.\n\n" + "\n".join(f"- `a{i}` then `b{i}` then `c{i}`" for i in range(40)) + "\n\nAfter."
    first, second = sheets(source)
    assert first.text.plain.startswith("Before.\n\n• a0 then b0 then c0\n• a1")
    assert second.text.plain.endswith("c39\n\nAfter.")
    rows = f"{first.text.plain}\n{second.text.plain}".split("\n")
    assert [row for row in rows if row.startswith("•")] == [f"• a{i} then b{i} then c{i}" for i in range(40)]
    assert (len(first.text.entities), len(second.text.entities)) == (99, 21)
    assert remarked(source, MESSAGE_UNITS) == []


def test_a_numbered_list_goes_on_with_its_numbers() -> None:
    cut = plains("\n".join(f"{i}. item of some length" for i in range(1, 31)), 300)
    assert [row for page in cut for row in page.split("\n")] == [f"{i}. item of some length" for i in range(1, 31)]


def test_a_table_with_a_long_cell_is_cut_between_its_rows() -> None:
    rows = [f"| name{i} | {'long ' * 60 if i == 5 else 'short'} |" for i in range(12)]
    (page,) = plains("| name | what |\n|---|---|\n" + "\n".join(rows))
    assert [f"name{i}" in page for i in range(12)] == [True] * 12
    cut = plains("| name | what |\n|---|---|\n" + "\n".join(rows).replace("short", "text " * 12), 500)
    assert len(cut) > 1
    assert all(page.split("\n")[0].startswith("name") for page in cut)


def test_a_narrow_table_has_its_head_on_each_page() -> None:
    cut = sheets("| a | b |\n|---|---|\n" + "\n".join(f"| x{i:02} | y |" for i in range(60)), 300)
    assert len(cut) > 1
    for sheet in cut:
        (table,) = sheet.text.entities
        assert covered(sheet.text, table).startswith("a   | b\n----+--\nx")
        assert covered(sheet.text, table) == sheet.text.plain
    found = [row for sheet in cut for row in sheet.text.plain.split("\n")[2:]]
    assert found == [f"x{i:02} | y" for i in range(60)]


def test_a_paragraph_is_cut_between_its_sentences() -> None:
    source = " ".join(f"Sentence **{i}** ends here!" for i in range(40))
    cut = sheets(source, 300)
    assert all(sheet.text.plain.endswith("ends here!") for sheet in cut)
    assert " ".join(sheet.text.plain for sheet in cut) == source.replace("*", "")
    assert [covered(s.text, e) for s in cut for e in s.text.entities] == [str(i) for i in range(40)]
    assert remarked(source, 300) == []


@pytest.mark.parametrize(
    ("source", "line", "found"),
    [
        ("Fine.\n\n```python\n" + "x = 1\n" * 100 + "```", 2, "a code block that does not fit on a page"),
        ("Fine.\n\n" + "word " * 200, 2, "a sentence that does not fit on a page"),
        ("- fine\n- " + "word " * 200, 1, "a sentence that does not fit on a page"),
        ("x" * 900, 0, "a sentence that does not fit on a page"),
        ("😀" * 450, 0, "a sentence that does not fit on a page"),
    ],
)
def test_what_has_no_place_to_be_cut_is_cut_and_remarked_on(source: str, line: int, found: str) -> None:
    cut = sheets(source, 300)
    assert all(0 < sheet.text.units <= 300 for sheet in cut)
    assert [(at, words[: len(found)]) for at, words in remarked(source, 300)] == [(line, found)]


def test_code_that_is_cut_is_code_on_each_page_and_ends_with_a_line() -> None:
    cut = sheets("```python\n" + "x = 'a line'\n" * 100 + "```", 300)
    assert [[e.language for e in s.text.entities] for s in cut] == [["python"]] * len(cut)
    assert "\n".join(s.text.plain for s in cut) == "\n".join(["x = 'a line'"] * 100)


def test_a_heading_stands_on_the_page_of_what_follows() -> None:
    first, second = plains("word " * 50 + "\n\n### Title\n\n" + "more " * 50, 280)
    assert "Title" not in first
    assert second.startswith("Title\n\nmore")


def test_a_picture_has_the_text_around_it_as_its_caption() -> None:
    source = "Look:\n\n![A curve](a.png)\n\nIt falls.\n\n" + "word " * 60 + "\n\n![Another](b.png)\n\nEnd."
    one, two, three = sheets(source, 1000, "a.png", "b.png")
    assert (one.picture, one.text.plain) == ("a.png", "Look:\n\nA curve\n\nIt falls.")
    assert (two.picture, three.picture, three.text.plain) == ("", "b.png", "Another\n\nEnd.")
    assert two.text.plain == ("word " * 60).strip()


def test_two_pictures_stand_on_two_pages() -> None:
    cut = sheets("Both ![one](a.png) and ![two](b.png) here.", 1000, "a.png", "b.png")
    assert [(sheet.picture, sheet.text.plain) for sheet in cut] == [("a.png", "Both one and two here."), ("b.png", "")]


def test_a_picture_with_more_words_than_fit_below_it_stands_above_them() -> None:
    words = "A curve that falls. " * 30
    cut = sheets(f"![{words}](a.png)", 400, "a.png", caption=200)
    assert [sheet.picture for sheet in cut] == ["a.png", "", ""]
    assert " ".join(sheet.text.plain for sheet in cut).split() == words.split()


def test_a_picture_that_is_not_there_is_its_words() -> None:
    assert [(s.picture, s.text.plain) for s in sheets("Look:\n\n![A curve](a.png)")] == [("", "Look:\n\nA curve")]


def test_a_page_knows_the_sections_that_it_links_to() -> None:
    (sheet,) = sheets("See [one](#one) and [it](#one).\n\n- or [two](#two)")
    assert sheet.sections == ("one", "two")


def test_a_link_defined_below_is_a_link_on_every_page() -> None:
    cut = sheets("Text [Keras][k].\n\n" + "word " * 50 + "\n\nAgain [Keras][k].\n\n[k]: https://keras.io", 256)
    assert [[e.url for e in s.text.entities] for s in cut] == [["https://keras.io"], [], ["https://keras.io"]]


def test_each_page_names_the_line_where_it_begins() -> None:
    assert [sheet.line for sheet in sheets("a\n\nb\n\n" + "word " * 50 + "\nmore", 256)] == [0, 4]


def test_the_shipped_lessons_code_stands_whole_on_one_page(course: Course) -> None:
    for lesson in course.lessons:
        for section in lesson.sections:
            cut = pages.laid_out(section.body, Room(MESSAGE_UNITS - 256)).sheets
            for id in section.examples:
                example = lesson.example(id)
                assert example
                assert [example.source.strip() in sheet.text.plain for sheet in cut].count(True) == 1


def test_the_pages_of_a_long_section_are_numbered_in_their_order(small_course: Course) -> None:
    first = small_course.lessons[0]
    long = replace(first.sections[1], body="\n\n".join("word " * 300 for _ in range(6)))
    lesson = replace(first, sections=(first.sections[0], long, first.sections[2]))
    laid = screens.all_pages(lesson)
    assert [(page.section.id, page.index, page.number) for page in laid] == [
        ("introduction", 0, 1),
        ("training", 0, 2),
        ("training", 1, 3),
        ("training", 2, 4),
        ("judging", 0, 5),
    ]
    assert [page.last_of_section for page in laid] == [True, False, False, True, True]
