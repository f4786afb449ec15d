"""Parse modes and entities, by themselves."""

from __future__ import annotations

from typing import Any

import pytest
from telegram.constants import MessageEntityDateTimeFormats

from bot.emulator.addresses import BadAddress, checked
from bot.emulator.entities import accept
from bot.emulator.markup import parse
from bot.emulator.refusals import Refused
from bot.emulator.utf16 import joined, units


def covered(text: str, entity: dict[str, Any]) -> str:
    """The part of a text that an entity covers."""
    return joined(units(text)[entity["offset"] : entity["offset"] + entity["length"]])


def shown(text: str, mode: str) -> dict[str, Any]:
    """What a text means: the plain text, and each entity's kind with what it covers."""
    plain, entities = parse(text, mode)
    kinds = [(entity["type"], covered(plain, entity)) for entity in entities]
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
    found = {entity["type"]: covered(text, entity) for entity in accept(text).entities}
    assert found == {
        "bot_command": "/start@tutor_bot",
        "url": "t.me/x?start=1",
        "mention": "@ada_l",
        "hashtag": "#keras",
        "email": "a@b.org",
    }


def test_no_more_than_a_hundred_entities_stay() -> None:
    entities = [{"type": "bold", "offset": 2 * at, "length": 1} for at in range(120)]
    assert len(accept("x " * 120, entities).entities) == 100


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
    link = {"type": "text_link", "offset": 0, "length": 3, "url": "https://keras.io/"}
    assert accept("now", [link | {"date_time_format": "r"}]).entities == (link,)


@pytest.mark.parametrize(("form", "kept"), [("tw", "wt"), ("Tdw", "wdT"), ("WD", "wD"), ("R", "r")])
def test_the_parts_of_a_format_may_come_in_any_order(form: str, kept: str) -> None:
    assert accept("now", [NOON | {"date_time_format": form}]).entities == (NOON | {"date_time_format": kept},)


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
            for form in ("x", "rt", "dD", "tdT", "ww", "w ", "rr")
        ),
    ],
)
def test_bad_moments_are_refused(change: dict[str, Any], reason: str) -> None:
    with pytest.raises(Refused) as caught:
        accept("now", [NOON | change])
    assert caught.value.description == f"Bad Request: {reason}"


def test_units_are_those_of_utf16() -> None:
    assert len(units("🏟a")) == 3
    assert joined(units("🏟a")[:2]) == "🏟"


def laid(text: str, *given: tuple[str, int, int], **more: Any) -> list[tuple[str, str]]:
    """What stays of entities given as kind, offset and length: each one's kind and what it covers."""
    extra = {"text_link": {"url": "https://keras.io/"}, "date_time": {"unix_time": 1_647_531_900}}
    entities = [
        {"type": kind, "offset": offset, "length": length} | extra.get(kind, {}) for kind, offset, length in given
    ]
    formatted = accept(text, entities)
    return [(entity["type"], covered(formatted.text, entity)) for entity in formatted.entities]


NESTED = [
    # Code and moments are bare: styles go around them, and what else lies there goes.
    ([("bold", 0, 9), ("code", 3, 3)], [("bold", "abc"), ("code", "def"), ("bold", "ghi")]),
    ([("bold", 3, 3), ("date_time", 3, 3)], [("date_time", "def")]),
    ([("code", 0, 6), ("italic", 2, 2)], [("code", "abcdef")]),
    ([("text_link", 0, 9), ("code", 3, 3)], [("text_link", "abcdefghi")]),
    ([("code", 0, 5), ("text_link", 3, 5)], [("code", "abcde")]),
    # Styles are cut at the edges of a link, and stay within it.
    ([("bold", 0, 9), ("text_link", 3, 3)], [("bold", "abc"), ("text_link", "def"), ("bold", "def"), ("bold", "ghi")]),
    ([("bold", 0, 6), ("italic", 3, 6)], [("bold", "abc"), ("italic", "defghi"), ("bold", "def")]),
    ([("bold", 0, 3), ("bold", 3, 3)], [("bold", "abcdef")]),
    ([("bold", 0, 5), ("bold", 2, 5)], [("bold", "abcdefg")]),
    # A quotation holds everything, but nothing crosses its edges.
    ([("blockquote", 0, 6), ("code", 1, 3)], [("blockquote", "abcdef"), ("code", "bcd")]),
    ([("blockquote", 0, 6), ("text_link", 4, 4)], [("blockquote", "abcdef")]),
    ([("blockquote", 2, 3), ("text_link", 0, 9)], [("blockquote", "cde")]),
    ([("blockquote", 0, 6), ("expandable_blockquote", 4, 4)], [("blockquote", "abcdef")]),
    ([("bold", 0, 6), ("blockquote", 3, 3)], [("bold", "abc"), ("blockquote", "def"), ("bold", "def")]),
]  # fmt: skip


@pytest.mark.parametrize(("given", "kept"), NESTED)
def test_entities_lie_in_each_other_as_telegram_has_it(given: Any, kept: Any) -> None:
    assert laid("abcdefghi", *given) == kept


def test_what_is_found_cuts_styles_too() -> None:
    assert laid("now /stop it", ("bold", 0, 12)) == [
        ("bold", "now "), ("bot_command", "/stop"), ("bold", "/stop"), ("bold", "it"),
    ]  # fmt: skip
    assert laid("see /stop", ("text_link", 0, 9)) == [("text_link", "see /stop")]


def test_styles_do_not_begin_with_spaces_and_cover_more_than_them() -> None:
    assert laid("a  b", ("bold", 1, 3)) == [("bold", "b")]
    assert laid("a  b", ("bold", 1, 2)) == []
    assert laid("a  b", ("code", 1, 2)) == [("code", "  ")]


def test_separators_and_marks_of_direction_go_and_entities_move_along() -> None:
    text = "a\u2028\u202eb\u0333\u033f\u030a 🏟\r c"
    formatted = accept(text, [{"type": "code", "offset": 12, "length": 1}])
    assert formatted.text == "ab 🏟 c"
    assert [covered(formatted.text, entity) for entity in formatted.entities] == ["c"]


FOUND = [
    ("run train.py, then", [("url", "train.py")]),
    ("model.fit(x, y)", [("url", "model.fit")]),
    ("np.random.rand(3) my_model.fit(x) self.x 0.5 3.14e-3", []),
    ("keras.io/api/ (see keras.io/a_(b)).", [("url", "keras.io/api/"), ("url", "keras.io/a_(b)")]),
    ("http://intern.local:8080/x?y=1#z", [("url", "http://intern.local:8080/x?y=1#z")]),
    ("127.0.0.1:80 1.2.3 256.1.1.1", [("url", "127.0.0.1:80")]),
    ("a@b.org mailto:c@d.io", [("email", "a@b.org"), ("email", "c@d.io")]),
    ("tg://resolve?domain=x. ftp://a.b.cd", [("url", "tg://resolve?domain=x"), ("url", "ftp://a.b.cd")]),
    ("file://x.py ./x.py a..b.com -x.com http://localhost", [("bot_command", "/x"), ("url", "-x.com")]),
    ("tf.data tf.Data tf.dAta", [("url", "tf.data"), ("url", "tf.Data")]),
    ("@tf.function @keras @gif @abc x@yzzz", [("mention", "@keras"), ("mention", "@gif")]),
    ("#comment # no #1 #a1 x#y", [("hashtag", "#comment"), ("hashtag", "#a1")]),
    ("$HOME $x $TOOLONGER", [("cashtag", "$HOME")]),
    ("/a/b /stop, </i> x/y", [("bot_command", "/stop")]),
    ("🏟 /stop", [("bot_command", "/stop")]),
]


@pytest.mark.parametrize(("text", "found"), FOUND)
def test_what_telegram_finds_in_plain_text(text: str, found: list[tuple[str, str]]) -> None:
    assert laid(text) == found


ADDRESSES = [
    ("keras.io", "http://keras.io/"),
    ("HTTPS://Keras.IO/API", "https://keras.io/API"),
    ("https://t.me/bot?start=x", "https://t.me/bot?start=x"),
    ("https://a.b?x=1", "https://a.b/?x=1"),
    ("http://[::1]:8080/x", "http://[::1]:8080/x"),
    ("https://me@a.org/", "https://me@a.org/"),
    ("mailto:a@b.org", "http://mailto:a@b.org/"),
    ("127.0.0.1:8080/x y", "http://127.0.0.1:8080/x%20y"),
    ("tg://resolve?domain=x", "tg://resolve?domain=x"),
    ("other.md", "http://other.md/"),
]


@pytest.mark.parametrize(("address", "kept"), ADDRESSES)
def test_addresses_as_telegram_keeps_them(address: str, kept: str) -> None:
    assert checked(address) == kept


@pytest.mark.parametrize(
    ("address", "reason"),
    [
        ("http://localhost:8080", "Wrong HTTP URL"),
        ("http://tutor/", "Wrong HTTP URL"),
        ("docs/other.md", "Wrong HTTP URL"),
        ("#section", "URL host is empty"),
        ("", "URL host is empty"),
        ("ftp://a.org", "Unsupported URL protocol"),
        ("http://a.org:0/", "Wrong port number specified in the URL"),
        ("http://a.org:99999/", "Wrong port number specified in the URL"),
        ("http://a b.org", "Wrong URL host"),
        ("http://[::x]/", "Wrong IPv6 address specified in the URL"),
        ("tg://a.b", "Unallowed characters in URL host"),
    ],
)
def test_addresses_that_telegram_refuses(address: str, reason: str) -> None:
    with pytest.raises(BadAddress) as caught:
        checked(address)
    assert str(caught.value) == reason


def test_a_link_in_markup_to_nowhere_stays_as_its_words() -> None:
    assert shown('<a href="#top">up</a>', "HTML") == {"text": "up", "kinds": []}
    assert shown("[up](http://localhost)", "MarkdownV2") == {"text": "up", "kinds": []}
