"""Markdown of a course as text and entities: what is a mark, what stands as written, and what is remarked on."""

from __future__ import annotations

import re

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.domain.messages import Entity
from bot.telegram import formulas
from bot.telegram.markdown import blocks, inline, phrase
from bot.telegram.richtext import Text, text


def covered(whole: Text, entity: Entity) -> str:
    """What an entity formats, as a Telegram client cuts it out."""
    raw = whole.plain.encode("utf-16-le")
    return raw[2 * entity.offset : 2 * (entity.offset + entity.length)].decode("utf-16-le")


def shown(source: str) -> Text:
    """A lesson's text as a whole."""
    made = [block for block in blocks(source) if block.text]
    return text(*(part for i, block in enumerate(made) for part in (block.gap if i else "", block.text)))


def formatted(made: Text) -> list[tuple[str, str]]:
    return [(entity.type, covered(made, entity)) for entity in made.entities]


def remarked(source: str) -> list[tuple[int, str]]:
    """The lines and what was found there."""
    return [(remark.line, remark.found) for block in blocks(source) for remark in block.remarks]


AS_WRITTEN = [
    "> 0.5",
    "2*3*4",
    "x**2 + y**2",
    "(a)*b*(c)",
    "__init__",
    "_private_",
    "a_b_c",
    "# of layers",
    "1. first",
    "- 3",
    "+ 3",
    "~x~",
    "~~x~~",
    "p | q",
    "*args and **kwargs",
    "f(*args, **kwargs)",
    "[0, 1](x)",
    "<PAD>",
    "maps unknown words to <OOV>",
    "if a<b then c>d",
    "<s> the sentence </s>",
    "$PATH:$HOME",
    "${HOME}/bin:${PATH}",
    "from $5 to $6",
    "costs $5, not 6$",
    r"\d+\n",
    "C:\\keras",
    "[ ] open",
    "2 * 3 * 4",
    "**Kwargs",
]


@pytest.mark.parametrize("source", AS_WRITTEN)
def test_a_question_shows_as_it_is_written_what_is_no_mark(source: str) -> None:
    assert (inline(source), phrase(source).remarks) == (Text(source), ())


@pytest.mark.parametrize(
    ("source", "plain", "marks"),
    [
        ("**bold**, *it* and `code`", "bold, it and code", [("bold", "bold"), ("italic", "it"), ("code", "code")]),
        ('"*it*" (**b**).', '"it" (b).', [("italic", "it"), ("bold", "b")]),
        ("`2*3*4` and `__init__`", "2*3*4 and __init__", [("code", "2*3*4"), ("code", "__init__")]),
        ("这是**重点**内容", "这是重点内容", [("bold", "重点")]),
        (r"\*not it\*, \$5$", "*not it*, $5$", []),
        ("10<sup>-3</sup>, H<sub>2</sub>O", "10⁻³, H₂O", []),
        ("x<sup>Q</sup>", "x^Q", []),
        ("<b>a</b> <i>b</i> <code>*c*</code>", "a b c", [("bold", "a"), ("italic", "b"), ("code", "c")]),
        ("one<br>two&nbsp;&lt;three&gt;", "one\ntwo\xa0<three>", []),
        ("a <!-- not for learners --> b", "a  b", []),
        (r"What is $\theta$? And \(x^2\)?", "What is θ? And x²?", []),
        ("Look at [Keras](https://keras.io).", "Look at Keras.", [("text_link", "Keras")]),
        ("See [above](#model).", "See above.", []),
        ("Write to [us](mailto:a@b.org)", "Write to us (a@b.org)", []),
        (
            "What prints?\n```python\nx = 2*3\n  y\n```\nSay.",
            "What prints?\nx = 2*3\n  y\nSay.",
            [("pre", "x = 2*3\n  y")],
        ),
    ],
)
def test_a_question_has_a_few_marks(source: str, plain: str, marks: list[tuple[str, str]]) -> None:
    assert (inline(source).plain, formatted(inline(source))) == (plain, marks)
    assert phrase(source).remarks == ()


@pytest.mark.parametrize("source", [s for s in AS_WRITTEN if s[0] not in ">#1-+~_[" and "\\" not in s])
def test_so_does_a_lesson(source: str) -> None:
    assert (shown(f"Here: {source}").plain, remarked(source)) == (f"Here: {source}", [])


def test_a_lesson_has_all_of_markdown() -> None:
    made = shown(
        "### Title\n\nA **bold** word, *it*, `code`, ~~gone~~, [link](https://keras.io).\n\n- one\n- two\n  1. in\n\n"
        "> Quoted\n>\n> > twice\n\n---\n\n![A curve](curve.png)"
    )
    assert made.plain == (
        "Title\n\nA bold word, it, code, gone, link.\n\n• one\n• two\n  1. in\n\nQuoted\n\ntwice\n\n————————\n\nA curve"
    )
    assert formatted(made) == [
        ("bold", "Title"),
        ("bold", "bold"),
        ("italic", "it"),
        ("code", "code"),
        ("strikethrough", "gone"),
        ("text_link", "link"),
        ("blockquote", "Quoted\n\ntwice"),
        ("italic", "A curve"),
    ]


@pytest.mark.parametrize(
    "source",
    [
        "```python\nx = '<b>'\n```",
        "~~~python\nx = '<b>'\n~~~~ \t",
        "\t```python\n\tx = '<b>'\n\t```",
        "```python\nx = '<b>'\n```\t",
    ],
)
def test_a_fence_is_a_pre_with_its_language(source: str) -> None:
    made = shown(f"Before 😀\n\n{source}\n\nAfter")
    (fence,) = made.entities
    assert (fence.type, fence.language, covered(made, fence)) == ("pre", "python", "x = '<b>'")


def test_a_fence_in_a_list_may_be_indented_by_a_tab() -> None:
    assert formatted(shown("- item\n\n\t```\n\tx = 1\n\t```")) == [("pre", "x = 1")]


def test_a_narrow_table_stands_in_columns_with_its_formulas() -> None:
    made = shown("| name | sign |\n|---|---|\n| rate | $\\eta$ |\n| a *weight* | `w` |")
    assert made.plain == "name     | sign\n---------+-----\nrate     | η\na weight | w"
    assert [entity.type for entity in made.entities] == ["pre"]


def test_a_wide_table_is_written_row_by_row() -> None:
    made = shown(f"| name | what | by |\n|---|---|---|\n| loss | {'very ' * 20}long | **us** |\n| b | | them |")
    assert made.plain == f"loss\nwhat: {'very ' * 20}long\nby: us\n\nb\nby: them"
    assert formatted(made) == [("bold", "loss"), ("bold", "us"), ("bold", "b")]


def test_links_to_sections_are_ways() -> None:
    (block,) = blocks("See [above](#model)\nor *[there](#there)*.")
    assert block.text.plain == "See above\nor there."
    assert [(way.line, way.section) for way in block.ways] == [(0, "model"), (1, "there")]


@pytest.mark.parametrize(
    ("source", "plain", "found"),
    [
        ("[x](other.md)", "x", (0, "a link to `other.md`")),
        ("a\n[x](docs/other.md)", "a\nx", (1, "a link to `docs/other.md`")),
        ("[x](http://localhost/)", "x", (0, "a link to `http://localhost/`")),
        ("[x](javascript:alert)", "x", (0, "a link to `javascript:alert`")),
        ("[x](ftp://a.org/b)", "x", (0, "a link to `ftp://a.org/b`")),
        ("- a\n- b\n- [x][k]\n\n[k]: k.html", "• a\n• b\n• x", (2, "a link to `k.html`")),
        (
            "<div class='a'>\nword **b**\n</div>",
            "<div class='a'>\nword b\n</div>",
            (0, "the HTML tag `<div class='a'>`"),
        ),
        ("a <b>b", "a <b>b", (0, "the HTML tag `<b>` alone")),
        ("a\n\n<!-- c\n\nd -->\nb <img src=x>", "a\n\nb <img src=x>", (5, "the HTML tag `<img src=x>`")),
        (r"$\begin{matrix}1\end{matrix}$", r"$\begin{matrix}1\end{matrix}$", (0, "the formula")),
        ("| a |\n|---|\n| c | d |", "a |\n--+--\nc | d", (2, "a row of 2 cells in a table of 1 columns")),
        ("| a | b |\n|---|---|\n| c | [x](y.md) |", "a | b\n--+--\nc | x", (2, "a link to `y.md`")),
    ],
)
def test_what_cannot_be_shown_stands_as_words_and_is_remarked_on(
    source: str, plain: str, found: tuple[int, str]
) -> None:
    line, words = found
    first, *_ = remarked(source)
    assert (shown(source).plain.strip(), first[0], first[1][: len(words)]) == (plain, line, words)


@pytest.mark.parametrize(
    ("source", "plain"),
    [
        (r"\theta_{t+1} = \theta_t - \eta\nabla L", "θₜ₊₁ = θₜ - η∇ L"),
        (r"10^{-3}", "10⁻³"),
        (r"\frac{1}{1+e^{-z}}", "1/(1+e⁻ᶻ)"),
        (r"\hat{y} \in \mathbb{R}^n", "ŷ ∈ ℝⁿ"),
        (r"w^\top x \le \sqrt{n}", "wᵀ x ≤ √n"),
        (r"x_Q", "x_Q"),
        (r"28\times28", "28×28"),
    ],
)
def test_formulas_are_unicode(source: str, plain: str) -> None:
    assert formulas.shown(source) == plain


@pytest.mark.parametrize("source", [r"\begin{cases}a\end{cases}", "{", "}", "x^", r"\frac{a}", r"\unknown"])
def test_a_formula_that_unicode_does_not_have_is_too_rich(source: str) -> None:
    with pytest.raises(formulas.TooRich):
        formulas.shown(source)


WORDS = st.text("abß文😀", min_size=1, max_size=6)
INLINE = [
    "*",
    "**",
    "_",
    "`",
    "~~",
    "<b>",
    "</b>",
    "<OOV>",
    "<sup>",
    "</sup>",
    "[",
    "](#a)",
    "](b.md)",
    "$",
    "$$",
    "\\",
]
BLOCKS = [
    "> ",
    "- ",
    "1. ",
    "## ",
    "\n",
    "\n\n",
    "\n    ",
    "\t",
    "```\n",
    "<div>",
    "&amp;",
    "---\n",
    "| a | b |\n|--|--|\n",
]
MARKS = st.sampled_from([*INLINE, *BLOCKS, "|", "!", "(", ")"])


@settings(max_examples=400, deadline=None)
@given(st.lists(WORDS | MARKS | st.just(" "), max_size=30).map("".join))
@example("- a\n" * 3 + "\n  ```\n")
@example("> " * 30 + "ßß")
@example("| a | b |\n|--|--|\n| c | d | ßß | 文文 |")
@example("~~~~ßß")
def test_any_text_is_shown_and_no_word_of_it_is_lost(source: str) -> None:
    for made in (shown(source), inline(source)):
        for entity in made.entities:
            assert entity.length > 0
            assert 0 <= entity.offset < entity.offset + entity.length <= made.units
            covered(made, entity)
    without_fences = re.sub("(```|~~~)[^\n]*", "", source)  # a fence's language is no word of the text
    for word in re.findall("[ß文😀]{2,}", without_fences):
        assert word in shown(source).plain
        assert word in inline(source).plain


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=200))
def test_any_characters_are_shown(source: str) -> None:
    for made in (shown(source), inline(source)):
        assert all(0 <= e.offset < e.offset + e.length <= made.units for e in made.entities)
