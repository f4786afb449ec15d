"""Whether a text that nobody marked looks like Python. Prose, lists of words, numbers and tables never do."""

from __future__ import annotations

import ast
import builtins
import re
import sys
from itertools import pairwise

from bot.domain.snippets.syntax import tree

LIBRARIES = frozenset({
    "cv2", "jax", "keras", "matplotlib", "numpy", "pandas", "PIL", "plotly", "scipy", "seaborn", "sklearn",
    "statsmodels", "tensorflow", "tensorflow_datasets", "torch", "tqdm", "xgboost",
})  # fmt: skip
MODULES = LIBRARIES | sys.stdlib_module_names
"""What code imports. In English, `import taxes` is a sentence."""
BUILTINS = frozenset(name for name in dir(builtins) if name[0].islower())
SHORT = 60
"""Longest statement that may be an answer to a question, in characters."""


def is_python(source: str) -> bool:
    """Whether the text is Python that does something: imports, defines, assigns, calls. Words alone are Python, too,
    and so are `yes and no`, `note: important` and `3, 4`; they show nothing."""
    parsed = tree(source)
    return parsed is not None and any(_shows(node, source) for node in ast.walk(parsed))


def _shows(node: ast.AST, source: str) -> bool:
    """Whether this part of a program is nothing that people write for other people."""
    match node:
        case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef() | ast.AugAssign() | ast.NamedExpr():
            return True
        case ast.ListComp() | ast.SetComp() | ast.DictComp() | ast.GeneratorExp():
            return True
        case ast.For() | ast.While() | ast.If() | ast.With() | ast.Try():
            return node.body[0].lineno > node.lineno  # an indented block
        case ast.Import():
            return any(name.asname or name.name.split(".")[0] in MODULES for name in node.names)
        case ast.ImportFrom():
            return (node.module or "").split(".")[0] in MODULES or node.names[0].asname is not None
        case ast.Assign():
            return not (isinstance(node.value, ast.Name) and isinstance(node.targets[0], ast.Name))
        case ast.Call():
            return _shows_call(node, source)
    return False


def _shows_call(call: ast.Call, source: str) -> bool:
    """`print(x)` and `model.fit(x)`, but neither `layer(s)` nor `yes (no)`."""
    function = call.func
    rows = source.split("\n")
    behind = rows[(function.end_lineno or 1) - 1].encode()[function.end_col_offset or 0 :]
    if not behind.startswith(b"("):
        return False
    if isinstance(function, ast.Name):
        return function.id in BUILTINS or not all(isinstance(given, ast.Name) for given in (*call.args, *call.keywords))
    return True


def is_short(source: str) -> bool:
    """A single short expression, assignment or import: what a question may be answered with."""
    parsed = tree(source)
    bare = source.strip()
    return (
        parsed is not None
        and len(parsed.body) == 1
        and isinstance(parsed.body[0], ast.Expr | ast.Assign | ast.AugAssign | ast.Import | ast.ImportFrom)
        and len(bare) <= SHORT
        and "\n" not in bare
    )


_LIBRARY = "|".join(sorted(LIBRARIES))
SURE_LINE = re.compile(
    rf"""\s*(?:
        import[ ]+(?:{_LIBRARY}|os|sys|re|math|random|json|time|csv)\b
        | from[ ]+[\w.]+[ ]+import[ ]+[\w*(]
        | import[ ]+[\w.]+[ ]+as[ ]+\w+
        | (?:async[ ]+)?def[ ]+\w+\(
        | class[ ]+\w+\s*(?:\([\w., =]*\))?:\s*$
        | for[ ]+[\w, ()]+[ ]in[ ].+:\s*(?:\#.*)?$
        | (?:if|elif|while|with)[ ].*[(\[=<>.].*:\s*(?:\#.*)?$
        | @\w[\w.]*(?:\(.*)?$
        | print\(|print[ ]*[("'f]
        | [\w.\[\]'":, ()]*[\w\])][ ]*(?:[-+*/%@&|^]|//|\*\*)?=(?!=)[ ]*[\w.]*(?:[(\[{{"'\d-].*)
        | \w+(?:\.\w+)+\(.*
        | return[ ]+[\w.]*[(\[{{+*/-]
    )""",
    re.VERBOSE,
)
"""Lines that hardly anybody writes but in a program."""
CODE_LINE = re.compile(
    r"""\s*(?:
        \#.*
        | (?:pass|break|continue|return|else:|try:|finally:|except.*:)\s*(?:\#.*)?$
        | (?:return|yield|raise|assert|del|global|import)[ ].+
        | [)\]}]+[,:.)]*.*
        | [\w.]+\(.*
        | [\w.\[\]]+[ ]*=.*
        | ["'\w.\[\]=(){} +*/-]+,\s*$
        | \"\"\".* | '''.*
    )""",
    re.VERBOSE,
)
"""Lines that programs have as well."""


def is_code_line(row: str) -> bool:
    return SURE_LINE.match(row) is not None


def may_go_on(row: str) -> bool:
    """Whether this line may belong to the code above it."""
    return row[:1] in (" ", "\t") or CODE_LINE.match(row) is not None


DEFINITE_LINE = re.compile(
    rf"""\s*(?:
        (?:async[ ]+)?def[ ]+\w+ | class[ ]+\w+\s*[(:] | from[ ]+[\w.]+[ ]+import[ ]+[\w*(]
        | import[ ]+(?:{_LIBRARY})\b | for[ ]+[\w, ()]+[ ]in[ ].+:\s*$
    )""",
    re.VERBOSE,
)
"""Lines of which one is as good as two."""
DOCSTRING = re.compile(r"(\"{3}|'{3}).*?(?:\1|\Z)", re.DOTALL)


def was_python(text: str) -> bool:
    """Whether the text is meant as Python, although it has a mistake in it: most of its lines look so, those in
    docstrings aside."""
    rows = [row for row in DOCSTRING.sub("", text).split("\n") if row.strip()]
    if len(rows) == 1:
        return SURE_ALONE.match(text.strip()) is not None
    sure = sum(SURE_LINE.match(row) is not None or DEFINITE_LINE.match(row) is not None for row in rows)
    definite = sum(DEFINITE_LINE.match(row) is not None for row in rows)
    heads = {row for row, below in pairwise(rows) if _opens_block(row, below)}
    blocks = sum(row in heads for row in rows)
    kinds = (SURE_LINE, DEFINITE_LINE, CODE_LINE, BLOCK_LINE)
    code = sum(row in heads or any(kind.match(row) for kind in kinds) for row in rows)
    return sure + definite + 2 * blocks >= 2 and code >= 0.6 * len(rows)


BLOCK_LINE = re.compile(r"\s*(?:if|elif|else|for|while|with|try|except|finally)\b.*:\s*(?:#.*)?$")


UNCLOSED_HEAD = re.compile(
    r"\s*(?:for[ ]+[\w, ()]+[ ]in[ ]+\S|while[ ]+\S|(?:el)?if[ ]+\S|(?:else|try|finally)\s*$|with[ ]+\S.*\)"
    r"|(?:async[ ]+)?def[ ]+\w+|class[ ]+\w+)"
)
"""The head of a block whose colon was forgotten, perhaps."""


def _opens_block(row: str, below: str) -> bool:
    """Whether the row below stands further to the right, as a block does below its head."""
    head = BLOCK_LINE.match(row) or UNCLOSED_HEAD.match(row)
    return head is not None and _indent(below) > _indent(row)


def _indent(row: str) -> int:
    return len(row) - len(row.lstrip())


SURE_ALONE = re.compile(
    r"print\(.|print (?:\"[^\"]*\"|'[^']*')$"
    r"|(?:async )?def \w+\(.*:|from [\w.]+ import [\w*]|for \w+ in [\w.]+\(.*:|import \w+ as \w"
)
"""A line that is a program with a mistake in it, even if it is alone."""
