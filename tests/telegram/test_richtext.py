"""Text and entities: UTF-16 offsets, clipping, pages."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.messages import Entity
from bot.telegram import richtext as t
from bot.telegram.richtext import Text

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


@pytest.mark.parametrize(
    "url",
    [
        "https://keras.io",
        "http://keras.io/api?a=b#c",
        "HTTPS://Keras.IO/",
        "https://127.0.0.1:8080/dashboard",
        "http://[::1]:8080/",
        "https://name:word@keras.io/",
        "https://例え.jp/",
        "tg://resolve?domain=keras",
    ],
)
def test_what_telegram_links(url: str) -> None:
    assert t.linkable(url)


@pytest.mark.parametrize(
    "url",
    [
        "",
        "#model",
        "other.md",
        "docs/other.md",
        "../other/lesson.md",
        "keras.io",
        "http://localhost:8080",
        "http://tutor/",
        "https://",
        "https://#section",
        "https://.io",
        "mailto:ada@example.org",
        "ftp://example.org/file",
        "javascript:alert(1)",
        "https://keras.io/a b",
        "https://keras.io\n",
    ],
)
def test_what_telegram_does_not_link_or_what_leads_nowhere(url: str) -> None:
    assert not t.linkable(url)


@given(TEXTS, st.integers(0, 60), st.integers(0, 60))
def test_a_part_keeps_what_formats_it(made: Text, start: int, length: int) -> None:
    whole = made.plain.encode("utf-16-le")
    start, end = min(start, made.units), min(start + length, made.units)
    part = made.between(start, end)
    assert part.plain.encode("utf-16-le", "surrogatepass") == whole[2 * start : 2 * end]
    assert all(0 <= e.offset < e.offset + e.length <= part.units for e in part.entities)
    formatted = {(e.type, e.offset + start + i) for e in part.entities for i in range(e.length)}
    before = {(e.type, e.offset + i) for e in made.entities for i in range(e.length)}
    assert formatted == {(kind, at) for kind, at in before if start <= at < end}


@pytest.mark.parametrize("url", ["http://localhost:8080/dashboard", "http://tutor:8080/", "keras.io"])
def test_an_address_that_telegram_does_not_link_is_shown_as_code(url: str) -> None:
    assert [(e.type, covered(made, e)) for made in (t.link(url, url), t.link("here", url)) for e in made.entities] == [
        ("code", url),
        ("code", url),
    ]
    assert t.link("here", url).plain == f"here ({url})"
    assert t.link("here", "https://keras.io").entities[0].url == "https://keras.io"
