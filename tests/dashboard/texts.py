"""Finds every text of the code that people read, so that none stays untranslated."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from jinja2 import Environment
from jinja2.ext import babel_extract

ROOT = Path(__file__).parents[2] / "bridge"
# What the functions are called that translate their first argument (and the plural its second).
NAMES = frozenset({"_", "say", "words", "gettext"})
PLURALS = frozenset({"ngettext"})
OPTIONS = {
    "extensions": "jinja2.ext.i18n",
    "trimmed": "true",
    "trim_blocks": "true",
    "lstrip_blocks": "true",
    "silent": "false",
}


@dataclass(frozen=True)
class Found:
    """A text and where it stands; `plural` where there is one for many."""

    text: str
    plural: str | None
    where: str


def texts() -> list[Found]:
    """Return every text of the code and the templates."""
    return [*_in_code(), *_in_templates()]


def _in_code() -> Iterator[Found]:
    for path in sorted(ROOT.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf8"))):
            if isinstance(node, ast.Call):
                yield from _of_call(node, f"{path.relative_to(ROOT)}:{node.lineno}")


def _of_call(call: ast.Call, where: str) -> Iterator[Found]:
    said = [a.value for a in call.args if isinstance(a, ast.Constant) and isinstance(a.value, str)]
    name = _name(call.func)
    if name in PLURALS and len(said) > 1:
        yield Found(said[0], said[1], where)
    elif name in NAMES and said:
        yield Found(said[0], None, where)


def _name(function: ast.expr) -> str:
    match function:
        case ast.Name(name) | ast.Attribute(attr=name):
            return name
        # A text may be given to the function that `say` returns for a language.
        case ast.Call(func=inner):
            return _name(inner)
        case _:
            return ""


def _in_templates() -> Iterator[Found]:
    environment = Environment(extensions=["jinja2.ext.i18n"], autoescape=True)
    assert environment.extensions
    for path in sorted(ROOT.rglob("*.html")) + sorted(ROOT.rglob("*.txt")):
        with path.open("rb") as file:
            for line, _, said, _ in babel_extract(
                file, ("_", "gettext", "ngettext", "trans"), [], OPTIONS
            ):
                where = f"{path.relative_to(ROOT)}:{line}"
                if isinstance(said, tuple):
                    yield Found(str(said[0]), str(said[1]), where)
                else:
                    yield Found(str(said), None, where)
