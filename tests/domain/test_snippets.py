"""Python as people send it is found and made whole; what people write to each other is no Python."""

from __future__ import annotations

import json
import sysconfig
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.messages import Entity
from bot.domain.snippets import (
    NotANotebook,
    Repair,
    Snippet,
    Unusable,
    find,
    is_notebook,
    of_notebook,
    of_source,
    rejoined,
)
from bot.telegram.richtext import units

PRINT = "print(1)\n"
FORMS = {
    "with a version": "```python3\nprint(1)\n```",
    "with a capital": "```Python\nprint(1)\n```",
    "short": "```py\nprint(1)\n```",
    "with a space behind": "```python \nprint(1)\n```  ",
    "tildes": "~~~\nprint(1)\n~~~",
    "tildes and a language": "~~~python\nprint(1)\n~~~",
    "no language": "```\nprint(1)\n```",
    "on one line": "```print(1)```",
    "on one line with a language": "```python print(1)```",
    "closed on the last line": "```python\nprint(1)```",
    "words around": "My code:\n```python\nprint(1)\n```\nWhat does it do?",
    "in a sentence": "This one: ```print(1)``` does nothing",
    "without an end": "```python\nprint(1)",
    "indented": "  ```python\n  print(1)\n  ```",
    "four marks": "````python\nprint(1)\n````",
    "single ones": "`print(1)`",
    "double ones": "``print(1)``",
    "braces": "```{python}\nprint(1)\n```",
    "a title": '```python title="a.py"\nprint(1)\n```',
    "braces behind": "```python {linenums=1}\nprint(1)\n```",
    "a colon": "```python:\nprint(1)\n```",
    "quotes": "'''python\nprint(1)\n'''",
    "curly quotes": "‘’’\nprint(1)\n’’’",
    "quotes without an end": '"""\nprint(1)',
}


def source(text: str, *entities: Entity) -> str | None:
    found = find(text, entities)
    return found.source if found else None


@pytest.mark.parametrize("form", FORMS.values(), ids=list(FORMS))
def test_marks_that_were_left_as_text_are_marks(form: str) -> None:
    found = find(form)
    assert found
    assert (found.source, found.marked) == (PRINT, True)


def test_blocks_of_one_message_are_one_program() -> None:
    assert source("First\n```\na = 1\n```\nthen\n~~~py\nprint(a)\n~~~") == "a = 1\nprint(a)\n"
    text = "a = 1\nand then\nprint(a)"
    assert source(text, Entity("pre", 0, 5), Entity("pre", 15, 8)) == "a = 1\nprint(a)\n"
    loop = "for i in range(2):\nbody\n    print(i)"
    assert source(loop, Entity("pre", 0, 18), Entity("pre", 24, 12)) == "for i in range(2):\n    print(i)\n"


def test_the_error_that_came_of_the_code_is_no_part_of_it() -> None:
    error = 'Traceback (most recent call last):\n  File "a.py", line 1\nZeroDivisionError'
    said = f"```\nx = 1 / 0\n```\ngave\n```\n{error}\n```"
    assert source(said) == "x = 1 / 0\n"
    assert source("```bash\npip install keras\n```\n```python\nprint(1)\n```") == PRINT


def test_a_mistake_in_a_block_stays_for_python_to_tell() -> None:
    found = find("```\nfor i in range(3)\n    print(i)\n```")
    assert found == Snippet(
        "for i in range(3)\n    print(i)\n", "for i in range(3)\n    print(i)", True, to_the_end=False, runs=False
    )


def test_monospaced_lines_are_marked_and_a_monospaced_word_may_be_an_answer() -> None:
    lines = find("a = 1\nprint(a)", (Entity("code", 0, 5), Entity("code", 6, 8)))
    assert lines
    assert (lines.source, lines.marked, lines.short) == ("a = 1\nprint(a)\n", True, False)
    word = find("softmax", (Entity("code", 0, 7),))
    assert word
    assert word.short
    assert word.is_word
    assert find("What does fit do?", (Entity("code", 10, 3),)) is None


def test_offsets_count_as_telegram_counts() -> None:
    assert source("😀😀\nprint('😀')", Entity("pre", 5, units("print('😀')"))) == "print('😀')\n"


UNMARKED = [
    "import numpy as np\n\ndef f(n):\n    return n + 1\n\nprint(f(2))",
    "x = [n * n for n in range(3)]\nprint(x)",
    "print('hello')",
    "import keras; print(keras.__version__)",
    "class A:\n    pass",
    "if x is None:\n    raise x",
    "for key in data:\n    yield key",
]


@pytest.mark.parametrize("text", UNMARKED)
def test_code_without_any_mark_is_recognised(text: str) -> None:
    found = find(text)
    assert found
    assert (found.source, found.marked, found.repairs) == (text + "\n", False, ())


@pytest.mark.parametrize(
    "text",
    [
        "import numpy as np\nfor i in range(3)\n    print(i)",
        'print "hello"\nfor i in range(3):\n    print i',
        "def f(x):\nreturn x\nprint(f(2))",
        "model = keras.Sequential([\nkeras.layers.Dense(1)\nmodel.fit(x, y)",
        "print('hello",
        "print 'hello'",
        "def area(self)\n    return self.width",
        'def f:\n    """Tells nothing\n    of the word in it.\n    """\n    return 1',
        "if val is None:\n    if tb is None\n        raise typ",
        "x = [1, 2\ny = 3\nprint(x)",
        "for i in range(3)\n    print(i)",
        "if x > 3\n    y = 2\nelse\n    y = 1",
        "n = 0\nwhile n < 3\n    n += 1",
    ],
)
def test_code_with_a_mistake_is_code(text: str) -> None:
    found = find(text)
    assert found
    assert (found.source, found.marked, found.short, found.runs) == (text + "\n", False, False, False)


def test_words_around_unmarked_code_are_left_out() -> None:
    text = "Here is my code:\n\nimport os\nif os.name:\n    print(os.name)\n\nWhy does it print that?"
    assert source(text) == "import os\nif os.name:\n    print(os.name)\n"


NO_CODE = """
hello|yes|no|42|3.14|-1|print|model.fit|softmax|a = b?|yes and no|not sure|what is love|no; yes|yes (no)|Note: important
import taxes|from here|global warming|return home|pass|del mar|layer(s)|3 + 4|[1, 2, 3]|a, b, c|1e-3|None|"quoted"|...
Overfitting is when the model learns the noise (and not the signal).|I do not know, sorry :(
Is it model.fit() or model.train()?
if unsure: ask|for you: everything|A) the first one|the accuracy is = 0.9?|Thanks!|👍|e.g. the second
loss: 0.3, accuracy: 0.9
Hola, ¿qué tal?|No lo sé|El modelo memoriza los datos (sobreajuste).|sí|la segunda: pérdida
import a la derecha|para x en y: nada
Das ist die Verlustfunktion (loss).|ja, nein|Ich weiß es nicht|Antwort: B|Sie = ihr|und so weiter ...|del 1 al 3
"""


@pytest.mark.parametrize("text", [text for row in NO_CODE.strip().split("\n") for text in row.split("|")])
def test_what_people_write_is_no_code(text: str) -> None:
    assert find(text) is None


@pytest.mark.parametrize(
    "text",
    [
        "apples\npears\nplums",
        "1. apples\n2. pears",
        "a,b,c\n1,2,3\n4,5,6",
        "Name: Ada\nAge: 36",
        '{"a": 1, "b": [1, 2]}',
        "Dear Iris,\nfor example:\n(the first)\nwith best regards\nAda",
        "~~~ so nice ~~~",
        "'''\nThe loss is what a model learns from.\n'''",
        "if the loss falls\n   it learns\nif not\n   it does not",
        "for every batch in the epoch\n    the weights change",
        "- apples\n- pears",
        "> yes\n> (no)",
        "python\nis fun",
        "In [2] they say\nthat x = 3",
        "if you want:\n  - the first\n  - the second one, too",
        'Traceback (most recent call last):\n  File "a.py", line 3, in <module>\n    fit(x)\nValueError: no',
    ],
)
def test_lists_tables_and_letters_are_no_code(text: str) -> None:
    assert find(text) is None


WORDS = "the a model learns data from noise when it is not or and if for in with accuracy loss el los datos con es und der die".split()  # fmt: skip  # noqa: E501, SIM905


@given(st.lists(st.sampled_from(WORDS), min_size=1, max_size=12), st.sampled_from(["", ".", "?", "!", ":", "\n"]))
def test_no_sentence_of_words_is_code(words: list[str], end: str) -> None:
    assert find(" ".join(words) + end) is None
    assert find(", ".join(words).capitalize() + end) is None
    assert find("\n".join(words) + end) is None


@pytest.mark.parametrize(("text", "short"), [
    ("x = 3", True), ("model.fit(x, y)", True), ("import keras", True),
    ("x = 3\nprint(x)", False), ("for i in range(3): print(i)", False),
    ("import keras; keras.utils.clear_session()", False),
])  # fmt: skip
def test_a_short_statement_may_be_an_answer(text: str, short: bool) -> None:
    found = find(text)
    assert found
    assert found.short is short


R = Repair
REPAIRS: list[tuple[str, str, tuple[Repair, ...]]] = [
    (">>> for n in range(2):\n...     print(n)\n...\n0\n1\n>>> print('x')\nx",
     "for n in range(2):\n    print(n)\n\nprint('x')\n", (R.PROMPTS,)),
    ("Python 3.11.7 (main)\n>>> print(1)\n1\n>>> x = 2", "print(1)\nx = 2\n", (R.PROMPTS,)),
    ("In [3]: x = 1\n   ...: print(x)\n1\nOut[3]: 5", "x = 1\nprint(x)\n", (R.PROMPTS,)),
    ("In [1]: x = 2\nIn [2]: x * 3\nOut[2]: 6", "x = 2\nx * 3\n", (R.PROMPTS,)),  # Python, too: notes on types
    ("In [3]:\nx = 1\nx + 1\nOut[3]:\n2", "x = 1\nx + 1\n", (R.PROMPTS,)),
    ("1 import os\n2 print(os)", "import os\nprint(os)\n", (R.NUMBERS,)),
    (" 9: for i in range(2):\n10:     print(i)\n11: print(i)",
     "for i in range(2):\n    print(i)\nprint(i)\n", (R.NUMBERS,)),
    ("for i in range(2):\n\xa0\xa0print(i, 'a\xa0b')", "for i in range(2):\n  print(i, 'a\xa0b')\n", (R.SPACES,)),
    ("x = 1\u2028print(x)", "x = 1\nprint(x)\n", (R.SPACES,)),
    ("x\u200b = 1\nprint(x)", "x = 1\nprint(x)\n", (R.SPACES,)),
    ("%matplotlib inline\n!pip install -q pandas\nimport keras\nprint(keras)",
     "# %matplotlib inline\n# !pip install -q pandas\nimport keras\nprint(keras)\n", (R.NOTEBOOK,)),
    ("x = 1\nif x:\n    !ls\nprint(x)", "x = 1\nif x:\n    pass  # !ls\nprint(x)\n", (R.NOTEBOOK,)),
    ("%time x = 5\nprint(x)", "x = 5\nprint(x)\n", (R.NOTEBOOK,)),
    ("%%time\nx = 5\nprint(x)\nx?", "# %%time\nx = 5\nprint(x)\n# x?\n", (R.NOTEBOOK,)),
    ("$ pip install keras\npip install pandas\nprint(1)\nprint(2)",
     "# $ pip install keras\n# pip install pandas\nprint(1)\nprint(2)\n", (R.NOTEBOOK,)),
    ("get_ipython().system('ls')\nprint(1)", "# get_ipython().system('ls')\nprint(1)\n", (R.NOTEBOOK,)),
    ("s = '''\n%time\n!x\n'''\n!ls\nprint(s)", "s = '''\n%time\n!x\n'''\n# !ls\nprint(s)\n", (R.NOTEBOOK,)),
    ("x = (7\n  % 4)\n!ls\nprint(x)", "x = (7\n  % 4)\n# !ls\nprint(x)\n", (R.NOTEBOOK,)),
    ("    import os\n    if os:\n        print(os)", "import os\nif os:\n    print(os)\n", (R.INDENTATION,)),
    ("import os\n    if os:\n        print(os)\n    x = 1",
     "import os\nif os:\n    print(os)\nx = 1\n", (R.INDENTATION,)),
    ("print(“it’s”, 'a “b”')", "print(\"it’s\", 'a “b”')\n", (R.QUOTES,)),
    ("x = ‘a’  # it’s\nprint(„x”, «y»)", "x = 'a'  # it’s\nprint(\"x\", \"y\")\n", (R.QUOTES,)),
    ("x = {“a”: “say \"hi\"”}\nprint(x)", "x = {\"a\": 'say \"hi\"'}\nprint(x)\n", (R.QUOTES,)),
    ("print（1， 2）", "print(1, 2)\n", (R.SIGNS,)),
    ("x = 5 – 3 − 1\nprint(x, '–')", "x = 5 - 3 - 1\nprint(x, '–')\n", (R.SIGNS,)),
    ("Import numpy as np\nprint(np)", "import numpy as np\nprint(np)\n", (R.CAPITALS,)),
    ("<pre><code class='x'>import os\nif 1 &lt; 2:\n    print(&quot;a&quot;)</code></pre>",
     "import os\nif 1 < 2:\n    print(\"a\")\n", (R.HTML,)),
    ("> import os\n> for i in range(2):\n>     print(i)\n>\n> print(os)",
     "import os\nfor i in range(2):\n    print(i)\n\nprint(os)\n", (R.LISTED,)),
    ("• import os\n• x = 1\n• print(x)", "import os\nx = 1\nprint(x)\n", (R.LISTED,)),
    ("In[3]: import os\nIn[4]: print(os)", "import os\nprint(os)\n", (R.PROMPTS,)),
    ("[3]: import os\n[4]: print(os)", "import os\nprint(os)\n", (R.PROMPTS,)),
    ("python\nCopy code\nimport os\nprint(os)", "import os\nprint(os)\n", (R.FENCES,)),
    ("for i in range(2):\n\tprint(i)\n    print(i)", "for i in range(2):\n    print(i)\n    print(i)\n", (R.TABS,)),
    ("for i in range(2):\n\tprint(i)\n\xa0       print(i)",
     "for i in range(2):\n        print(i)\n        print(i)\n", (R.SPACES, R.TABS)),
    ("Import os\n\xa0\nprint(“a”)", "import os\n \nprint(\"a\")\n", (R.SPACES, R.QUOTES, R.CAPITALS)),
]  # fmt: skip


@pytest.mark.parametrize(("text", "right", "repairs"), REPAIRS)
def test_what_phones_consoles_and_notebooks_changed_is_repaired(
    text: str, right: str, repairs: tuple[Repair, ...]
) -> None:
    for found in (find(text), find(text, (Entity("pre", 0, units(text)),)), find(f"```\n{text}\n```"), of_source(text)):
        assert found
        assert (found.source, found.repairs) == (right, repairs)


def test_lines_that_were_left_out_are_named() -> None:
    found = of_source("%matplotlib inline\n%time x = 1\nif x:\n    !pip install keras\nprint(x)")
    assert found.left_out == ("%matplotlib inline", "!pip install keras")


def test_nothing_is_repaired_in_code_that_python_takes_as_it_is() -> None:
    text = 'def f():\n    """\n    >>> f()\n    “quoted” – 1 % 2\n    !ls\n    """\n\nprint("it’s", f"{1}…")  # –\n'
    assert of_source(text) == Snippet(text, text, True, to_the_end=True)


def test_what_helps_nothing_is_not_done() -> None:
    """The true mistake is what the learner is told of; lines of a notebook would only hide it."""
    text = "!pip install keras\nx = “a” 1\nprint(x)"
    found = of_source(text)
    assert found.source == "# !pip install keras\nx = “a” 1\nprint(x)\n"
    assert (found.repairs, found.runs) == ((Repair.NOTEBOOK,), False)


def test_a_doctest_in_broken_code_is_no_console() -> None:
    text = 'def f():\n    """\n    >>> f()\n    1\n    """\n    return (1\n'
    assert of_source(text).source == text


def test_names_that_the_app_took_for_formatting_are_restored() -> None:
    found = find("class A:\n    def init(self, args, kwargs):\n        pass", (Entity("italic", 17, 4),))
    assert found
    assert "def __init__(self, args" in found.source
    assert found.repairs == (Repair.FORMATTING,)


# Whole files


def stdlib() -> list[Path]:
    """Every fifth module of the standard library that is short enough for a message or two."""
    files = sorted(Path(sysconfig.get_path("stdlib")).glob("*.py"))
    return [file for file in files if file.stat().st_size < 30_000][::5]


def same(text: str) -> str:
    return text.strip("\n") + "\n"


@pytest.mark.parametrize("file", stdlib(), ids=lambda file: file.name)
def test_a_module_comes_out_of_every_form_as_it_went_in(file: Path) -> None:
    code = file.read_text().expandtabs()
    right = same("\n".join(code.split("\n")))
    forms: dict[str, tuple[str, tuple[Entity, ...]]] = {
        "fence": (f"```python\n{code}\n```", ()),
        "words around": (f"Look:\n```\n{code}\n```\nWhy?", ()),
        "no end": (f"```py\n{code}", ()),
        "block": (code, (Entity("pre", 0, units(code), "python"),)),
        "code": (code, (Entity("code", 0, units(code)),)),
        "plain": (code, ()),
        "indented": ("".join(f"    {line}\n" if line.strip() else "\n" for line in code.split("\n")), ()),
    }
    if "~~~" not in code:
        forms["tildes"] = (f"~~~\n{code}\n~~~", ())
    if "'''" in code or '"""' in code or "\\\n" in code:
        del forms["indented"]  # strings of several lines are not the same when they are moved
    for name, (text, entities) in forms.items():
        found = find(text, entities)
        assert found, name
        assert [row.rstrip() for row in found.source.split("\n")] == [row.rstrip() for row in right.split("\n")], name


@pytest.mark.parametrize("cut", [4096, 4000, 2500])
def test_halves_are_joined_where_they_were_cut(cut: int) -> None:
    code = "".join(f"def f{n}(x):\n    y = x + {n}\n    return y * {n}\n\n\nprint(f{n}({n}))\n" for n in range(120))
    halves = code[:cut].strip(), code[cut:].strip()
    if cut < 4090:
        at = code.rfind("\n", 0, cut)
        halves = code[:at].strip(), code[at:].strip()
    joined = rejoined([(half, cut) for half in halves], True)
    assert (joined.source, joined.repairs) == (same(code), (Repair.JOINED,))


@given(st.text(alphabet="`~'\"\\()[]{}:=.,#%!?>$ \n\tabif1“”’–（", max_size=80))
def test_no_text_is_too_odd(text: str) -> None:
    found = find(text)
    assert found is None or found.source.endswith("\n")
    assert of_source(text).source.endswith("\n")


@pytest.mark.parametrize(
    "piece", ["(", "[", "-", "a.", "not ", "f(", "x if y else ", "lambda:", "`", "“", ">>> ", "\\", "'''", "x = "]
)
def test_deep_nests_do_no_harm(piece: str) -> None:
    of_source(piece * (20_000 // len(piece)) + "1")


# Notebooks


def notebook(*cells: dict[str, Any], **more: Any) -> str:
    return json.dumps({"cells": list(cells), "metadata": {}, "nbformat": 4, "nbformat_minor": 5, **more})


def code(source: str | list[str]) -> dict[str, Any]:
    return {"cell_type": "code", "source": source, "outputs": [{"text": ["out"]}], "metadata": {}, "execution_count": 1}


def test_the_code_cells_of_a_notebook_are_a_program() -> None:
    text = {"cell_type": "markdown", "source": ["# Title"]}
    content = notebook(code(["a = 1\n", "b = 2"]), text, code("%matplotlib inline\nprint(a)"), code([]))
    found = of_notebook(content)
    assert found.source == "a = 1\nb = 2\n\n# %matplotlib inline\nprint(a)\n"
    assert (found.marked, found.left_out) == (True, ("%matplotlib inline",))
    assert is_notebook(content)
    assert not is_notebook("print({})")


def test_a_cell_in_another_language_is_left_out_alone() -> None:
    found = of_notebook(notebook(code("%%bash\necho hi\nls"), code("print(1)")))
    assert found.source == "# %%bash\n# echo hi\n# ls\n\nprint(1)\n"


def test_a_notebook_of_format_3_runs() -> None:
    cells = [
        {"cell_type": "code", "input": ["print(1)"], "language": "python"},
        {"cell_type": "markdown", "source": "x"},
    ]
    content = json.dumps({"metadata": {"name": ""}, "nbformat": 3, "worksheets": [{"cells": cells}]})
    assert of_notebook(content).source == PRINT


@pytest.mark.parametrize(
    ("content", "trouble"),
    [
        ("{", Unusable.NOT_JSON),
        ("print(1)", Unusable.NOT_JSON),
        ("[1]", Unusable.NO_CELLS),
        ('{"cells": 3}', Unusable.NO_CELLS),
        (notebook(), Unusable.NO_CODE),
        (notebook({"cell_type": "markdown", "source": "x"}), Unusable.NO_CODE),
        (
            notebook(code("x <- 1"), metadata={"kernelspec": {"name": "ir", "language": "R"}}),
            Unusable.OTHER_LANGUAGE,
        ),
        (notebook(code("x = 1"), metadata={"kernelspec": {"name": "julia-1.9"}}), Unusable.OTHER_LANGUAGE),
        (notebook(code("x = 1"), metadata={"language_info": {"name": "julia"}}), Unusable.OTHER_LANGUAGE),
        ("[" * 100_000, Unusable.NOT_JSON),
    ],
)
def test_what_is_no_notebook_is_told_apart(content: str, trouble: Unusable) -> None:
    with pytest.raises(NotANotebook) as caught:
        of_notebook(content)
    assert caught.value.trouble is trouble


@pytest.mark.parametrize(
    "text", ["{0}\n{0}", "1. a\n{0}", "print({0})", "x = {0}\nprint(x)", ">>> {0}\n{0}", "In [{0}]: 1"]
)
def test_a_number_longer_than_python_reads_stops_nothing(text: str) -> None:
    digits = "7" * 7197
    find(text.format(digits), ())


@pytest.mark.parametrize(
    "metadata",
    [
        {"kernelspec": {"name": "tf-gpu", "display_name": "TF"}},
        {"kernelspec": {"name": "myenv"}, "language_info": {"name": "python"}},
        {"kernelspec": {"name": "conda-env-py310", "language": "python"}},
    ],
)
def test_a_kernel_may_be_named_after_its_environment(metadata: dict[str, Any]) -> None:
    assert of_notebook(notebook(code("print(1)"), metadata=metadata)).source == PRINT


def test_half_a_surrogate_pair_in_a_notebook_can_be_stored() -> None:
    assert of_notebook(notebook(code("print('\ud83d')"))).source == "print('\ufffd')\n"
