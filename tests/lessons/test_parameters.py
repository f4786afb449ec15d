"""Values read from a learner's words, and written into a source that is otherwise left alone."""

import keyword
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lessons.model import Example, Literal, Parameter, Role
from lessons.parameters import BadParameters, bare, expectation, extremes, parse, write
from lessons.script import Script, SiteError

SOURCE = """\
epochs = 10
shuffle = True
print("ö🎉"); compile(optimizer='adam')
fit("é", rate=0.5,
method="plain")
"""
EPOCHS = Parameter("epochs", 10, "", minimum=1, maximum=50)
SHUFFLE = Parameter("shuffle", True, "")
RATE = Parameter("rate", 0.5, "", minimum=0.00001, maximum=1)
METHOD = Parameter("method", "plain", "", choices=("plain", "quick", "careful"))
STEP = Parameter("step", 0.001, "", minimum=0, maximum=1, replaces="optimizer", template="Adam(step={value})")
EXAMPLE = Example("train", "Train", Role.TRAIN, SOURCE, "train.py", (EPOCHS, SHUFFLE, RATE, METHOD, STEP))
DEFAULTS = {"epochs": 10, "shuffle": True, "rate": 0.5, "method": "plain", "step": 0.001}


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("epochs", "20", 20),
        ("epochs", " 20 ", 20),
        ("epochs", "2e1", 20),
        ("epochs", "20.0", 20),
        ("rate", "0.25", 0.25),
        ("rate", "1e-3", 0.001),
        ("rate", "1", 1.0),
        ("shuffle", "false", False),
        ("shuffle", "Off", False),
        ("method", "quick", "quick"),
    ],
)
def test_a_value_is_converted_to_its_parameters_type(name: str, text: str, value: Literal) -> None:
    values = parse(EXAMPLE, {name: text})
    assert values == {**DEFAULTS, name: value}
    assert type(values[name]) is type(value)


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("epochs", "500", "epochs must be a whole number from 1 to 50, not 500"),
        ("epochs", "2.5", "epochs must be a whole number from 1 to 50, not 2.5"),
        ("epochs", "nan", "epochs must be a whole number from 1 to 50, not nan"),
        ("epochs", "1e999", "epochs must be a whole number from 1 to 50, not 1e999"),
        ("epochs", "", "epochs must be a whole number from 1 to 50, not empty"),
        ("epochs", "9" * 5000, f"epochs must be a whole number from 1 to 50, not {'9' * 40}…"),
        ("rate", "-0.1", "rate must be a number from 0.00001 to 1, not -0.1"),
        ("rate", "nan", "rate must be a number from 0.00001 to 1, not nan"),
        ("rate", "inf", "rate must be a number from 0.00001 to 1, not inf"),
        ("rate", "fast", "rate must be a number from 0.00001 to 1, not fast"),
        ("shuffle", "maybe", "shuffle must be true or false, not maybe"),
        ("method", "slow", "method must be plain, quick or careful, not slow"),
        (
            "epoch",
            "5",
            "there is no parameter epoch; did you mean epochs? "
            "This example has epochs, shuffle, rate, method and step",
        ),
        ("zzz", "5", "there is no parameter zzz; this example has epochs, shuffle, rate, method and step"),
    ],
)  # fmt: skip
def test_a_bad_value_is_refused_with_what_would_be_right(name: str, text: str, message: str) -> None:
    with pytest.raises(BadParameters) as error:
        parse(EXAMPLE, {name: text})
    assert str(error.value) == message


def test_everything_wrong_is_said_at_once() -> None:
    with pytest.raises(BadParameters) as error:
        parse(EXAMPLE, {"epochs": "0", "method": "quick", "lr": "1", "rate": "2"})
    assert [(bad.name, bad.value, bad.known) for bad in error.value.problems] == [
        ("epochs", "0", True),
        ("lr", "1", False),
        ("rate", "2", True),
    ]


def test_a_short_name_brings_the_long_one_to_mind() -> None:
    example = replace(EXAMPLE, parameters=(replace(RATE, name="learning_rate"),))
    with pytest.raises(BadParameters, match=r"did you mean learning_rate\?"):
        parse(example, {"lr": "0.1"})


def test_an_example_without_parameters_says_so() -> None:
    with pytest.raises(BadParameters, match="there is no parameter epochs; this example has no parameters"):
        parse(replace(EXAMPLE, parameters=()), {"epochs": "3"})


@pytest.mark.parametrize(
    ("parameter", "words"),
    [
        (replace(EPOCHS, maximum=None), "a whole number of at least 1"),
        (replace(RATE, minimum=None), "a number of at most 1"),
        (replace(EPOCHS, minimum=None, maximum=None), "a whole number"),
        (replace(METHOD, choices=()), "a text"),
        (replace(EPOCHS, choices=(8, 16)), "8 or 16"),
    ],
)
def test_an_expectation_in_words(parameter: Parameter, words: str) -> None:
    assert expectation(parameter) == words


def test_defaults_leave_the_source_as_it_is() -> None:
    assert write(EXAMPLE, parse(EXAMPLE, {})) == SOURCE


def test_each_value_is_written_at_its_own_place() -> None:
    texts = {"epochs": "20", "shuffle": "no", "rate": "0.25", "method": "quick", "step": "0.01"}
    assert write(EXAMPLE, parse(EXAMPLE, texts)) == (
        SOURCE.replace("10", "20")
        .replace("True", "False")
        .replace("'adam'", "Adam(step=0.01)")
        .replace("0.5", "0.25")
        .replace('"plain"', "'quick'")
    )


def test_a_name_the_example_does_not_have_is_not_written() -> None:
    with pytest.raises(KeyError, match="speed"):
        write(EXAMPLE, {"speed": 3})


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("", "no literal is assigned to `n`"),
        ("f(n=x)", "no literal is assigned to `n`"),
        ("def f(): g(n=1)", "no literal is assigned to `n`"),
        ("print(f'{g(n=1)}')", "no literal is assigned to `n`"),
        ("f(n=1)\ng(n=2)", "`n=` is given more than once, on lines 1 and 2"),
        ("n = 1\nn = 2", "`n` is assigned more than once, on lines 1 and 2"),
        ("n = 1\nn += 2", "`n` is assigned more than once, on lines 1 and 2"),
        ("n = 1\nfor n in x: pass", "`n` is assigned more than once, on lines 1 and 2"),
        ("n = m = 1", "`n` is assigned on line 1, but not as a literal of its own"),
        ("n, m = 1, 2", "`n` is assigned on line 1, but not as a literal of its own"),
        ("n = 1 + 1", "`n` is assigned on line 1, but not as a literal of its own"),
        ("n = None", "`n` is assigned on line 1, but not as a literal of its own"),
        ("if x: n = 1", "`n` is assigned on line 1, but not as a literal of its own"),
    ],
)
def test_a_place_that_is_missing_or_ambiguous_is_an_error(source: str, message: str) -> None:
    with pytest.raises(SiteError) as error:
        Script(source).site("n")
    assert str(error.value).startswith(message)


def test_any_script_has_the_literals_that_it_assigns_as_parameters() -> None:
    source = "a = 1\nb: float = -2.5\nc = 'x' 'y'\n_d = 1\ne = 1\ne = 2\nf = [1]\ndef g():\n    h = 1\n"
    example = bare(source, "any.py")
    assert {parameter.name: parameter.default for parameter in example.parameters} == {"a": 1, "b": -2.5, "c": "xy"}
    assert write(example, parse(example, {"a": "7", "c": "it's"})) == source.replace("a = 1", "a = 7").replace(
        "'x' 'y'", '"it\'s"'
    )


LITERALS = st.one_of(
    st.integers(), st.floats(allow_nan=False, allow_infinity=False), st.booleans(), st.text(max_size=9)
)
NAMES = st.from_regex(r"[a-z]{1,6}_[0-9]", fullmatch=True).filter(lambda name: not keyword.iskeyword(name))
LINES = st.sampled_from(
    [
        "# ä🎉 \u2028 \x0c comment",
        "import math; text = 'ß\u0085'; ",
        "if True:\n    inner = 1",
        "def call(a_0=1, b_0=2):\n    a_0 = 3",
        '"""A text\r\nof lines = 1\n"""',
        "print(  # nothing\n)",
        "",
    ]
)
ENDS = st.sampled_from(["\n", "\r\n", "\r"])


@st.composite
def scripts(draw: st.DrawFn) -> tuple[list[tuple[str, str]], str, dict[str, Literal]]:
    """Pieces of a source, each a text and the name whose literal follows it; the end; and new values by name."""
    names = draw(st.lists(NAMES, min_size=1, max_size=4, unique=True))
    end = draw(ENDS)
    pieces = [(draw(LINES) + end + draw(st.sampled_from([f"{name} = ", f"{name}: object =(", f"'é'; {name} ="])), name)
              for name in names]  # fmt: skip
    return pieces, end, {name: draw(LITERALS) for name in names}


@given(scripts(), st.data())
def test_writing_changes_the_literals_and_nothing_else(
    script: tuple[list[tuple[str, str]], str, dict[str, Literal]], data: st.DataObject
) -> None:
    pieces, end, values = script
    old = {name: data.draw(LITERALS.filter(lambda v, new=values[name]: type(v) is type(new))) for name in values}

    def source(literals: dict[str, Literal]) -> str:
        return "".join(
            f"{text}{literals[name]!r}{')' if text.endswith('(') else ''}{end}" for text, name in pieces
        )  # fmt: skip

    example = bare(source(old), "any.py")
    written = write(example, values)

    assert written == source({name: old[name] if old[name] == new else new for name, new in values.items()})
    found = {parameter.name: parameter.default for parameter in bare(written, "any.py").parameters}
    assert {name: found[name] for name in values} == values


@given(st.integers(1, 50), st.floats(0.00001, 1), st.booleans(), st.sampled_from(METHOD.choices), st.floats(0, 1))
def test_what_is_written_is_what_was_asked_for(
    epochs: int, rate: float, shuffle: bool, method: str, step: float
) -> None:
    asked = {"epochs": epochs, "shuffle": shuffle, "rate": rate, "method": method, "step": step}
    values = parse(EXAMPLE, {name: f"{value}" for name, value in asked.items()})
    assert values == asked

    written = Script(write(EXAMPLE, values))

    assert {name: written.site(name).value for name in ("epochs", "shuffle", "rate", "method")} == {
        name: value for name, value in asked.items() if name != "step"
    }
    assert (f"Adam(step={step!r})" in written.source) is (step != 0.001)


@pytest.mark.parametrize(
    ("parameter", "expected"),
    [
        (Parameter("n", 10, "", minimum=1, maximum=50), (1, 50)),
        (Parameter("n", 10, "", minimum=0.5, maximum=10.5), (1,)),
        (Parameter("n", 0.5, "", minimum=0, maximum=1), (0, 1)),
        (Parameter("n", 1, "", minimum=1, maximum=1), ()),
        (Parameter("n", "adam", "", choices=("sgd", "adam", "rms")), ("sgd", "rms")),
        (Parameter("n", 8, "", choices=(8, 16)), (16,)),
        (Parameter("n", True, ""), (False,)),
        (Parameter("n", "free", ""), ()),
    ],
)
def test_the_extremes_of_a_parameter(parameter: Parameter, expected: tuple[Literal, ...]) -> None:
    assert extremes(parameter) == expected


@pytest.mark.parametrize(
    ("parameter", "expected"),
    [
        (Parameter("n", 10, "", minimum=1, maximum=50), ()),
        (Parameter("n", 10, "", minimum=1, maximum=50, presets=(5, 10)), (5, 10)),
        (Parameter("n", "adam", "", choices=("sgd", "adam")), ("sgd", "adam")),
        (Parameter("n", "adam", "", choices=("sgd", "adam"), presets=("adam",)), ("adam",)),
        (Parameter("n", True, ""), (False, True)),
        (Parameter("n", 1, "", choices=tuple(range(1, 13))), tuple(range(1, 11))),
    ],
)
def test_the_values_that_a_parameter_offers(parameter: Parameter, expected: tuple[Literal, ...]) -> None:
    assert parameter.offered == expected
