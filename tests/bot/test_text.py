"""Text and entities: UTF-16 offsets, clipping, pages."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import text as t
from bot.text import BlockTooLong, Entity, Text
from lessons.model import Course

ANY = st.text(st.characters(exclude_categories=["Cs"]) | st.sampled_from("a 😀👩‍👩‍👧𝔘é\n"), max_size=40)
STYLES = st.sampled_from([t.bold, t.italic, t.quote])
TEXTS = st.recursive(
    ANY.map(Text),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3).map(lambda parts: t.text(*parts)),
        st.builds(lambda style, part: style(part), STYLES, inner),
        st.lists(inner, max_size=3).map(lambda parts: t.paragraphs(*parts)),
    ),
    max_leaves=8,
)


def covered(whole: Text, entity: Entity) -> str:
    """What an entity formats, as a Telegram client cuts it out."""
    raw = whole.plain.encode("utf-16-le")
    return raw[2 * entity.offset : 2 * (entity.offset + entity.length)].decode("utf-16-le")


def test_offsets_count_an_emoji_as_two() -> None:
    made = t.text("😀 ", t.bold("é👩‍👩‍👧"), " and ", t.code("x"))
    assert [(e.type, covered(made, e)) for e in made.entities] == [("bold", "é👩‍👩‍👧"), ("code", "x")]
    assert made.entities[0] == Entity("bold", 3, 9)


def test_styles_nest_from_the_outside_in() -> None:
    made = t.text("> ", t.bold(t.text("big ", t.italic("slanted"), " end")))
    assert [(e.type, covered(made, e)) for e in made.entities] == [("bold", "big slanted end"), ("italic", "slanted")]


def test_nothing_empty_is_styled_or_joined() -> None:
    assert t.bold("").entities == ()
    assert t.paragraphs("", t.bold("a"), Text(), "b").plain == "a\n\nb"
    assert t.lines().plain == ""


def test_text_that_looks_like_markup_stays_as_it_is() -> None:
    made = t.text("<b>*_`", t.bold("<i>&amp;"))
    assert made.plain == "<b>*_`<i>&amp;"
    assert [covered(made, e) for e in made.entities] == ["<i>&amp;"]


@given(TEXTS)
def test_entities_stay_within_their_text(made: Text) -> None:
    assert made.units == len(made.plain.encode("utf-16-le")) // 2
    for entity in made.entities:
        assert entity.length > 0
        assert 0 <= entity.offset <= entity.offset + entity.length <= made.units
        covered(made, entity)  # fails on half a character


@given(TEXTS, st.integers(1, 60))
def test_clipping_keeps_the_limit_the_beginning_and_whole_characters(made: Text, limit: int) -> None:
    clipped = made.clipped(limit)
    if made.units <= limit:
        assert clipped == made
        return
    assert clipped.units <= limit
    assert clipped.plain.endswith("…")
    assert made.plain.startswith(clipped.plain[:-1])
    for entity in clipped.entities:
        assert entity.length > 0
        assert 0 <= entity.offset <= entity.offset + entity.length <= clipped.units
        covered(clipped, entity)


def test_clipping_never_splits_a_surrogate_pair() -> None:
    for limit in range(1, 9):
        clipped = Text("a😀😀😀😀").clipped(limit)
        clipped.plain.encode("utf-8")
        assert clipped.units <= limit
    assert Text("a😀😀😀😀").clipped(4).plain == "a😀…"


def test_markdown_becomes_entities_and_headings_carry_no_emoji() -> None:
    made = t.markdown("### Title\n\nA **bold** word, `code`, [link](https://keras.io).\n\n- one\n- two\n")
    assert made.plain.startswith("Title\n")
    assert "• one" in made.plain
    found = {e.type: covered(made, e) for e in made.entities}
    assert found["code"] == "code"
    assert found["text_link"] == "link"
    assert next(e.url for e in made.entities if e.type == "text_link") == "https://keras.io"


def test_a_fence_is_a_pre_with_its_language() -> None:
    made = t.markdown("Before 😀\n\n```python\nx = '<b>'\nprint(x)\n```\n\nAfter")
    (fence,) = [e for e in made.entities if e.type == "pre"]
    assert fence.language == "python"
    assert covered(made, fence).strip("\n") == "x = '<b>'\nprint(x)"


WORDS = st.text("abcdefg 😀é", min_size=1, max_size=60).map(lambda w: f"w{w.strip()}w")
FENCES = st.lists(WORDS, min_size=1, max_size=5).map(lambda rows: "```python\n" + "\n\n".join(rows) + "\n```")
ITEMS = st.lists(WORDS, min_size=1, max_size=4).map(lambda rows: "\n".join(f"- **{row}**" for row in rows))


@given(st.lists(WORDS | FENCES | ITEMS, min_size=1, max_size=12), st.integers(600, 900))
def test_pages_hold_all_of_the_content_and_cut_no_fence(blocks: list[str], limit: int) -> None:
    cut = t.pages("\n\n".join(blocks), limit)
    for page in cut:
        assert 0 < page.units <= limit
        assert len(page.entities) <= t.MESSAGE_ENTITIES
        for entity in page.entities:
            covered(page, entity)
    shown = "".join(page.plain for page in cut)
    for block in blocks:
        fence = block.startswith("```")
        for row in block.removeprefix("```python\n").removesuffix("\n```").split("\n"):
            assert row.removeprefix("- ").strip("*") in shown
        if fence:
            inner = block.removeprefix("```python\n").removesuffix("\n```")
            assert any(inner in covered(page, e) for page in cut for e in page.entities if e.type == "pre")


def test_a_page_has_at_most_a_hundred_entities() -> None:
    cut = t.pages("\n\n".join(f"**{n}**" for n in range(250)))
    assert [len(page.entities) for page in cut] == [100, 100, 50]


def test_a_block_that_fits_no_page_is_named() -> None:
    with pytest.raises(BlockTooLong, match=r"'```python.*a page holds 50"):
        t.pages("Fine.\n\n```python\n" + "x = 1\n" * 20 + "```", 50)
    with pytest.raises(BlockTooLong):
        t.pages(" ".join(f"**{n}**" for n in range(101)))


def test_the_shipped_lessons_code_stands_whole_on_one_page(course: Course) -> None:
    for lesson in course.lessons:
        for section in lesson.sections:
            pages = t.pages(section.body, t.MESSAGE_UNITS - 256)
            for id in section.examples:
                example = lesson.example(id)
                assert example
                assert [example.source.strip() in page.plain for page in pages].count(True) == 1
