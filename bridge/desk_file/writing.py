"""A document as text: one way to write each, readable, and read the same by YAML 1.1 and 1.2."""

import json
import re
from collections.abc import Iterator
from typing import Any

from bridge.desk_file.document import Document
from bridge.desk_file.values import FACTOR

WIDTH = 100
# Sections and their entries stand in lines of their own, however short they are.
BLOCK_LEVELS = 2
# Words that no YAML reader takes for anything but text: they begin with a letter, and have none of
# the characters that mean something in YAML.
PLAIN = re.compile(r"[^\W\d_]([\w.@/+&() -]*[\w)])?")
PLAIN_DURATION = re.compile(r"[0-9]{1,9}[smhd]")
PLAIN_DAY = re.compile(r"[0-9]{4}-[0-9]{2}(-[0-9]{2})?")
PLAIN_TARGET = re.compile(r"(schedule|env|secret):[A-Za-z_][\w.-]*", re.ASCII)
# Words that are no text to readers of YAML 1.1 or 1.2.
WORDS = frozenset(("y", "n", "yes", "no", "on", "off", "true", "false", "null", "none"))
FACTOR_KEYS = frozenset(("factor", "weekend"))
DAY_KEYS = frozenset(("valid_from", "valid_to", "starts", "from", "to"))


def desk_file_text(document: Document) -> str:
    """Return the document as the text of a desk file, ending in a newline.

    Reading it gives the document again, its sections in their order and entries sorted by name;
    the same document always gives the same bytes.
    """
    plain = document.plain()
    ordered = {key: plain[key] for key in Document.model_fields if key in plain}
    return "\n".join(_lines(ordered, 0)) + "\n" if ordered else "{}\n"


def _lines(value: Any, level: int) -> Iterator[str]:
    """Yield the lines of a map or list, without the indentation of where it stands."""
    if isinstance(value, dict):
        for key, below in value.items():
            yield from _entry(f"{_text(key)}:", below, level, str(key))
    else:
        for below in value:
            yield from _item(below, level)


def _entry(label: str, value: Any, level: int, key: str) -> Iterator[str]:
    flow = f"{label} {_flow(value, key)}"
    if _is_flow(value, level, len(flow) + 2 * level):
        yield flow
        return
    yield label
    for line in _lines(value, level + 1):
        yield f"  {line}"


def _item(value: Any, level: int) -> Iterator[str]:
    flow = f"- {_flow(value)}"
    if _is_flow(value, level, len(flow) + 2 * level):
        yield flow
        return
    lines = _lines(value, level + 1)
    yield f"- {next(lines)}"
    for line in lines:
        yield f"  {line}"


def _is_flow(value: Any, level: int, width: int) -> bool:
    if not isinstance(value, dict | list) or not value:
        return True
    if isinstance(value, list) and isinstance(value[0], dict):
        return False
    return level >= BLOCK_LEVELS and width <= WIDTH and _depth(value) <= BLOCK_LEVELS


def _depth(value: Any) -> int:
    if isinstance(value, dict):
        return 1 + max(map(_depth, value.values()), default=0)
    if isinstance(value, list):
        return 1 + max(map(_depth, value), default=0)
    return 0


def _flow(value: Any, key: str = "") -> str:
    if isinstance(value, dict):
        pairs = (f"{_text(name)}: {_flow(below, str(name))}" for name, below in value.items())
        return "{" + ", ".join(pairs) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(_flow(below) for below in value) + "]"
    if value is None or isinstance(value, bool | int):
        return json.dumps(value)
    is_day = key in DAY_KEYS and PLAIN_DAY.fullmatch(value)
    is_factor = key in FACTOR_KEYS and FACTOR.fullmatch(value)
    return str(value) if is_day or is_factor else _text(value)


def _text(value: str) -> str:
    """Return a text as a scalar, in quotes where some reader would see something else in it."""
    if PLAIN_DURATION.fullmatch(value) or PLAIN_TARGET.fullmatch(value):
        return value
    if PLAIN.fullmatch(value) and value.lower() not in WORDS:
        return value
    return _quoted(value)


def _quoted(value: str) -> str:
    # A JSON text is one of YAML too, save for characters that YAML wants escaped and JSON does not.
    text = json.dumps(value, ensure_ascii=False)
    return re.sub("[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]", _escaped, text)


def _escaped(found: re.Match[str]) -> str:
    return f"\\u{ord(found[0]):04x}"
