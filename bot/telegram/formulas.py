"""Formulas: LaTeX as Unicode, where Unicode has it. Pure; imports nothing of ours."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping

_NAMES = (
    "alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi omicron pi rho sigma tau upsilon phi chi"
    " psi omega"
)
_GREEK = dict(zip(_NAMES.split(), "αβγδεζηθικλμνξοπρστυφχψω", strict=True))
_FUNCTIONS = "log ln exp sin cos tan tanh max min arg argmax argmin softmax det dim Pr sup inf lim"
_NOTHING = "left right big Big bigl bigr limits nolimits displaystyle !"
_SIGN_OF = """
    varepsilon ε  vartheta ϑ  varphi φ  varrho ϱ  varsigma ς  ell ℓ  hbar ℏ
    times ×  cdot ·  div ÷  pm ±  mp ∓  ast ∗  star ⋆  circ ∘  odot ⊙  oplus ⊕  otimes ⊗
    le ≤  leq ≤  ge ≥  geq ≥  ne ≠  neq ≠  ll ≪  gg ≫  approx ≈  sim ∼  equiv ≡  propto ∝
    in ∈  notin ∉  subset ⊂  subseteq ⊆  cup ∪  cap ∩  setminus ∖  emptyset ∅  forall ∀  exists ∃  neg ¬  land ∧  lor ∨
    to →  rightarrow →  leftarrow ←  gets ←  Rightarrow ⇒  Leftarrow ⇐  leftrightarrow ↔  iff ⇔  implies ⇒  mapsto ↦
    uparrow ↑  downarrow ↓  nabla ∇  partial ∂  infty ∞  sum ∑  prod ∏  int ∫
    vert |  Vert ‖  | ‖  top ⊤  bot ⊥  perp ⊥  prime ′  ldots …  dots …  cdots ⋯
    langle ⟨  rangle ⟩  lfloor ⌊  rfloor ⌋  lceil ⌈  rceil ⌉  degree °
"""
_COMMANDS: Mapping[str, str] = {
    **_GREEK,
    **{name.capitalize(): letter.upper() for name, letter in _GREEK.items()},
    **dict(zip(_SIGN_OF.split()[::2], _SIGN_OF.split()[1::2], strict=True)),
    **{name: name for name in _FUNCTIONS.split()},
    **dict.fromkeys(_NOTHING.split(), ""),
    **{"mid": " | ", "quad": "  ", "qquad": "    ", ",": " ", ";": " ", ":": " ", " ": " "},
    **{mark: mark for mark in "{}%$&#_"},
}
_UPPER = dict(
    zip(
        "0123456789+-=()abcdefghijklmnoprstuvwxyzABDEGHIJKLMNOPRTUVW′*",
        "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ᵃᵇᶜᵈᵉᶠᵍʰⁱʲᵏˡᵐⁿᵒᵖʳˢᵗᵘᵛʷˣʸᶻᴬᴮᴰᴱᴳᴴᴵᴶᴷᴸᴹᴺᴼᴾᴿᵀᵁⱽᵂ′*",
        strict=True,
    )
) | {"⊤": "ᵀ", "β": "ᵝ", "γ": "ᵞ", "δ": "ᵟ", "θ": "ᶿ", "−": "⁻", " ": " "}
_LOWER = dict(zip("0123456789+-=()aehijklmnoprstuvxβγρφχ", "₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓᵦᵧᵨᵩᵪ", strict=True)) | {
    "−": "₋",
    " ": " ",
}
_ACCENTS = {"hat": "\u0302", "bar": "\u0304", "overline": "\u0304", "tilde": "\u0303", "dot": "\u0307", "vec": "\u20d7"}
_PLAIN = frozenset({"text", "textrm", "textit", "textbf", "mathrm", "mathbf", "mathit", "boldsymbol", "operatorname"})
_LETTERS = {"R": "ℝ", "N": "ℕ", "Z": "ℤ", "Q": "ℚ", "C": "ℂ", "E": "𝔼", "P": "ℙ"}

_TOKEN = re.compile(r"\\[A-Za-z]+|\\.|\s+|.", re.DOTALL)
_SIGNS = re.compile(r"[\\^_{}]")
_WORD = re.compile(r"[^\W\d_]{3}")


class TooRich(ValueError):
    """A formula that plain text cannot show."""


def is_formula(source: str) -> bool:
    """Whether what stands between two dollar signs is a formula, and not the text between two prices or variables."""
    return bool(_SIGNS.search(source)) or not (_WORD.search(source) or re.search(r"[,;:!?]\s", source))


def shown(source: str) -> str:
    """A formula as Unicode: `\\theta_{t+1}` as θₜ₊₁.

    Raises TooRich where a sign has no place in plain text.
    """
    return unicodedata.normalize("NFC", _Formula(source).all().strip())


def raised(plain: str) -> str:
    """The text as superscript; where Unicode lacks a letter, behind a `^`."""
    return _script(plain, _UPPER, "^")


def lowered(plain: str) -> str:
    """The text as subscript; where Unicode lacks a letter, behind a `_`."""
    return _script(plain, _LOWER, "_")


def _script(plain: str, letters: Mapping[str, str], mark: str) -> str:
    plain = plain.strip()
    if all(letter in letters for letter in plain):
        return "".join(letters[letter] for letter in plain)
    return mark + _bracketed(plain)


def _bracketed(plain: str) -> str:
    """In brackets, unless it is one word."""
    return plain if re.fullmatch(r"[\w′.]+", plain) else f"({plain})"


class _Formula:
    """Reads a formula from left to right."""

    def __init__(self, source: str) -> None:
        self._tokens: list[str] = _TOKEN.findall(source.replace("&", " ").replace("\\\\", "\n"))
        self._at = 0

    def all(self) -> str:
        made = []
        while self._at < len(self._tokens):
            if self._tokens[self._at] == "}":
                raise TooRich("a brace that was not opened")
            made.append(self._next())
        return re.sub(r" {2,}", " ", "".join(made))

    def _next(self) -> str:
        """What the next sign or group shows."""
        sign = self._take()
        if sign == "{":
            return self._group()
        if sign == "^":
            return raised(self._argument())
        if sign == "_":
            return lowered(self._argument())
        if sign.startswith("\\") and len(sign) > 1:
            return self._command(sign[1:])
        return "\n" if "\n" in sign else " " if sign.isspace() else "′" if sign == "'" else sign

    def _take(self) -> str:
        if self._at >= len(self._tokens):
            raise TooRich("it ends too early")
        self._at += 1
        return self._tokens[self._at - 1]

    def _group(self) -> str:
        made = []
        while self._at < len(self._tokens) and self._tokens[self._at] != "}":
            made.append(self._next())
        self._take()
        return "".join(made)

    def _argument(self) -> str:
        """The group or sign that a command is about; white space before it does not count."""
        while self._at < len(self._tokens) and self._tokens[self._at].isspace():
            self._at += 1
        return self._next()

    def _command(self, name: str) -> str:
        if name in ("frac", "dfrac", "tfrac"):
            over, under = self._argument(), self._argument()
            return f"{_bracketed(over.strip())}/{_bracketed(under.strip())} "
        if name == "sqrt" and self._tokens[self._at : self._at + 1] != ["["]:
            return f"√{_bracketed(self._argument().strip())}"
        if name == "mathbb":
            letter = self._argument()
            return _LETTERS.get(letter, letter)
        if name == "mathcal" or name in _PLAIN:
            return self._argument()
        if name in _ACCENTS and len(letter := self._argument()) == 1:
            return letter + _ACCENTS[name]
        if name in _COMMANDS:
            return _COMMANDS[name]
        raise TooRich(f"\\{name}")
