"""What a YAML reader complains of, as a sentence that says what to do."""

import re
from typing import Any

from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.reader import ReaderError

INDENTATION = (
    "the indentation does not fit: entries of one map or list begin in the same column, two spaces"
    " further in than the line they belong to"
)
TAB = "there is a tab here: use spaces, two for each level"

# What the reader says, what we say. Checked in this order.
SENTENCES = (
    (r"found character '\\t'", TAB),
    (
        r"found character '(?P<c>.)' that cannot start",
        "a text cannot begin with {c}: put quotes around it",
    ),
    (
        r"mapping values are not allowed here",
        "a colon is not expected here: check the indentation of this line, that the line above is"
        ' complete, and put quotes around a text that contains ": "',
    ),
    (r"expected ',' or '(?P<c>.)'", "an opening bracket is not closed: a comma or {c} is missing"),
    (r"but found '<stream end>'", "the file ends before this is complete: close the bracket"),
    (r"found unexpected end of stream", "a quote is opened here and never closed: close it"),
    (
        r"could not find expected ':'",
        "a colon is missing after a key, or a text runs over several lines: write `key: value`",
    ),
    (
        r"expected <block end>, but found '<scalar>'",
        f"there is text after the value, or {INDENTATION}",
    ),
    (r"but found '(?P<c>[\]}])'", "{c} closes a bracket that is not open"),
    (r"expected <block end>", INDENTATION),
    (
        r"expected '<document start>'",
        "this is outside of all sections: remove it, or check the brackets before it",
    ),
    (
        r"unknown escape character '(?P<c>.)'",
        "in double quotes a backslash is written twice: \\{c} means nothing",
    ),
    (r"undefined tag handle", "a text cannot begin with !: put quotes around it"),
    (r"sequence entries are not allowed", "a list begins here: put its - on a line of its own"),
)


def sentence(error: YAMLError, text: str) -> tuple[int | None, str]:
    """Return the line the error is about (None if it names none) and what to do about it."""
    if isinstance(error, ReaderError):
        at = text.count("\n", 0, int(error.position)) + 1
        return at, f"the character U+{_code(error):04X} is not allowed in a desk file: remove it"
    if not isinstance(error, MarkedYAMLError):
        return None, f"this is not YAML: {error}"
    complaint = str(error.problem or error.context or "")
    mark = _mark(error, complaint)
    line = None if mark is None else mark.line + 1
    if mark is not None and _indented_with_tab(text, mark.line):
        return line, TAB
    for pattern, message in SENTENCES:
        if found := re.search(pattern, complaint):
            return line, message.format(**found.groupdict())
    complaint = complaint.replace("found '\\x00'", "the file ends here")
    return line, f"this is not YAML: {complaint}; check quotes, brackets and indentation"


def _mark(error: MarkedYAMLError, complaint: str) -> Any:
    # What is never closed is noticed at the end of the file, and mended where it was opened.
    clues = ("end of stream", "<stream end>", "expected ',' or", "expected ':'")
    opened = any(clue in complaint for clue in clues)
    first, second = error.context_mark, error.problem_mark
    return (first or second) if opened else (second or first)


def _indented_with_tab(text: str, line: int) -> bool:
    lines = text.splitlines()
    return line < len(lines) and re.match(r" *\t", lines[line]) is not None


def _code(error: ReaderError) -> int:
    return error.character if isinstance(error.character, int) else ord(error.character)
