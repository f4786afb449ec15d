"""Parse modes and entities, by themselves."""

from __future__ import annotations

from typing import Any

import pytest
from telegram.constants import MessageEntityDateTimeFormats

from bot.emulator.entities import accept, utf16_length, utf16_slice
from bot.emulator.markup import parse
from bot.emulator.refusals import Refused


def shown(text: str, mode: str) -> dict[str, Any]:
    """What a text means: the plain text, and each entity's kind with what it covers."""
    plain, entities = parse(text, mode)
    kinds = [(entity["type"], utf16_slice(plain, entity["offset"], entity["length"])) for entity in entities]
    return {"text": plain, "kinds": sorted(kinds)}


@pytest.mark.parametrize(
    ("text", "plain", "kinds"),
    [
        ("<b>a</b> <i>b</i>", "a b", [("bold", "a"), ("italic", "b")]),
        ("<strong><u>🏟x</u></strong>", "🏟x", [("bold", "🏟x"), ("underline", "🏟x")]),
        ("1 &lt; 2 &amp;&amp; &quot;x&quot; &#9731; &nbsp;", '1 < 2 && "x" ☃ &nbsp;', []),
        ('<a href="https://keras.io/?a=1&amp;b=2">docs</a>', "docs", [("text_link", "docs")]),
        ('<pre><code class="language-python">x = 1</code></pre>', "x = 1", [("pre", "x = 1")]),
        ("<code>f()</code><tg-spoiler>s</tg-spoiler>", "f()s", [("code", "f()"), ("spoiler", "s")]),
        ('<span class="tg-spoiler">s</span>', "s", [("spoiler", "s")]),
        ("<blockquote expandable>q</blockquote>", "q", [("expandable_blockquote", "q")]),
        ("<blockquote>q</blockquote>", "q", [("blockquote", "q")]),
        ("<s>a</s><del>b</del>", "ab", [("strikethrough", "a"), ("strikethrough", "b")]),
    ],
)
def test_html(text: str, plain: str, kinds: list[tuple[str, str]]) -> None:
    assert shown(text, "HTML") == {"text": plain, "kinds": kinds}


@pytest.mark.parametrize(
    ("text", "plain", "kinds"),
    [
        ("*a* _b_ __c__ ~d~ ||e||", "a b c d e", ["bold", "italic", "spoiler", "strikethrough", "underline"]),
        ("*bold _both_*", "bold both", ["bold", "italic"]),
        (r"1\.5 \= 3\/2", "1.5 = 3/2", []),
        ("`a\\`b` ok", "a`b ok", ["code"]),
        ("```python\nx = 1.5\n```", "x = 1.5\n", ["pre"]),
        (r"[docs](https://keras.io/a\)b)", "docs", ["text_link"]),
        (">one\n>two\nthree", "one\ntwo\nthree", ["blockquote"]),
        ("**>one\n>two||", "one\ntwo", ["expandable_blockquote"]),
        ("🏟 *x*", "🏟 x", ["bold"]),
    ],
)
def test_markdown_v2(text: str, plain: str, kinds: list[str]) -> None:
    found = shown(text, "MarkdownV2")
    assert found["text"] == plain
    assert [kind for kind, _ in found["kinds"]] == kinds


def test_a_quotation_covers_its_lines_and_code_knows_its_language() -> None:
    assert shown(">one\n>two\nthree", "MarkdownV2")["kinds"] == [("blockquote", "one\ntwo")]
    assert parse("```python\nx\n```", "MarkdownV2")[1][0]["language"] == "python"
    assert parse('<pre><code class="language-py">x</code></pre>', "HTML")[1][0]["language"] == "py"


def test_old_markdown() -> None:
    assert shown("*a* _b_ `c` [d](http://e.org) \\_", "Markdown") == {
        "text": "a b c d _",
        "kinds": [("bold", "a"), ("code", "c"), ("italic", "b"), ("text_link", "d")],
    }


@pytest.mark.parametrize(
    ("text", "mode", "reason"),
    [
        ("<b>x", "HTML", 'Can\'t find end tag corresponding to start tag "b"'),
        ("<b>x</i>", "HTML", 'Unmatched end tag at byte offset 4, expected "</b>", found "</i>"'),
        ("é</i>", "HTML", "Unexpected end tag at byte offset 2"),
        ("<h1>x</h1>", "HTML", 'Unsupported start tag "h1" at byte offset 0'),
        ("a < b", "HTML", "Unclosed start tag at byte offset 2"),
        ("<span>x</span>", "HTML", 'Tag "span" must have class "tg-spoiler" at byte offset 0'),
        ("a.b", "MarkdownV2", "Character '.' is reserved and must be escaped with the preceding '\\'"),
        ("🏟 🏟_abacaba", "MarkdownV2", "Can't find end of Italic entity at byte offset 9"),
        ("🏟 🏟_abac * asd ", "MarkdownV2", "Can't find end of Bold entity at byte offset 15"),
        ("🏟 🏟`", "MarkdownV2", "Can't find end of Code entity at byte offset 9"),
        ("*a", "Markdown", "Can't find end of the entity starting at byte offset 0"),
    ],
)
def test_bad_markup_is_refused_in_telegrams_words(text: str, mode: str, reason: str) -> None:
    with pytest.raises(Refused) as caught:
        parse(text, mode)
    assert caught.value.description == f"Bad Request: can't parse entities: {reason}"


def test_an_unknown_parse_mode_is_refused() -> None:
    with pytest.raises(Refused, match="unsupported parse_mode"):
        parse("x", "XML")


def test_text_is_trimmed_and_entities_move_along() -> None:
    formatted = accept("\n  🏟 bold \n", [{"type": "bold", "offset": 6, "length": 6}])
    assert formatted.text == "🏟 bold"
    assert formatted.entities == ({"type": "bold", "offset": 3, "length": 4},)


def test_tabs_become_spaces_and_carriage_returns_go() -> None:
    formatted = accept("a\tb\r\nc", [{"type": "bold", "offset": 5, "length": 1}])
    assert formatted.text == "a b\nc"
    assert formatted.entities == ({"type": "bold", "offset": 4, "length": 1},)


def test_nothing_is_formatted_inside_of_code() -> None:
    entities = [{"type": "pre", "offset": 0, "length": 9}, {"type": "bold", "offset": 2, "length": 3}]
    assert [entity["type"] for entity in accept("x = /start", entities).entities] == ["pre"]


def test_commands_links_and_mentions_are_found() -> None:
    text = "/start@tutor_bot see https://keras.io/api. Or t.me/x?start=1, @ada_l, #keras, a@b.org, 1/2"
    found = {entity["type"]: utf16_slice(text, entity["offset"], entity["length"]) for entity in accept(text).entities}
    assert found == {
        "bot_command": "/start@tutor_bot",
        "url": "t.me/x?start=1",
        "mention": "@ada_l",
        "hashtag": "#keras",
        "email": "a@b.org",
    }


def test_no_more_than_a_hundred_entities_stay() -> None:
    entities = [{"type": "bold", "offset": at, "length": 1} for at in range(120)]
    assert len(accept("x" * 120, entities).entities) == 100


@pytest.mark.parametrize(
    ("entity", "reason"),
    [
        ({"type": "sparkle", "offset": 0, "length": 1}, "can't parse MessageEntity: Unsupported type specified"),
        ({"type": "bold", "offset": 9, "length": 1}, "entity begins after the end of the text at UTF-16 offset 9"),
        (
            {"type": "bold", "offset": 1, "length": 9},
            "entity beginning at UTF-16 offset 1 ends after the end of the text at UTF-16 offset 10",
        ),
        ({"type": "bold", "offset": 1, "length": 1}, "entity begins in a middle of a UTF-16 symbol at UTF-16 offset 1"),
        ({"type": "bold", "offset": 0, "length": 1}, "entity ends in a middle of a UTF-16 symbol at UTF-16 offset 1"),
        ({"type": "text_link", "offset": 2, "length": 1}, "can't parse MessageEntity: Can't find field \"url\""),
        (
            {"type": "text_link", "offset": 2, "length": 1, "url": "nowhere"},
            "entity URL 'nowhere' is invalid: Wrong HTTP URL",
        ),
    ],
)
def test_bad_entities_are_refused(entity: dict[str, Any], reason: str) -> None:
    with pytest.raises(Refused) as caught:
        accept("🏟abc", [entity])
    assert caught.value.description == f"Bad Request: {reason}"


NOON = {"type": "date_time", "offset": 0, "length": 3, "unix_time": 1_647_531_900}
FORMATS = [str(each) for each in MessageEntityDateTimeFormats]


@pytest.mark.parametrize("form", FORMATS)
def test_a_moment_keeps_its_time_and_format(form: str) -> None:
    moment = NOON | {"date_time_format": form}
    assert accept("now", [moment]).entities == (moment,)


def test_a_moment_needs_no_format_and_nothing_else_takes_one() -> None:
    assert accept("now", [NOON | {"date_time_format": ""}]).entities == (NOON,)
    link = {"type": "text_link", "offset": 0, "length": 3, "url": "https://keras.io"}
    assert accept("now", [link | {"date_time_format": "r"}]).entities == (link,)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"unix_time": None}, "can't parse MessageEntity: Can't find field \"unix_time\""),
        ({"unix_time": "soon"}, 'can\'t parse MessageEntity: Field "unix_time" must be of type Number'),
        ({"unix_time": True}, 'can\'t parse MessageEntity: Field "unix_time" must be of type Number'),
        ({"unix_time": 1.5}, 'can\'t parse MessageEntity: Field "unix_time" must be of type Number'),
        ({"unix_time": 0}, "invalid date specified"),
        ({"unix_time": 2**31}, "invalid date specified"),
        ({"date_time_format": 5}, 'can\'t parse MessageEntity: Field "date_time_format" must be of type String'),
        *(
            ({"date_time_format": form}, "invalid date format used")
            for form in ("x", "rt", "dD", "tw", "td", "w ", "W")
        ),
    ],
)
def test_bad_moments_are_refused(change: dict[str, Any], reason: str) -> None:
    with pytest.raises(Refused) as caught:
        accept("now", [NOON | change])
    assert caught.value.description == f"Bad Request: {reason}"


def test_length_counts_utf16_units() -> None:
    assert utf16_length("🏟a") == 3
