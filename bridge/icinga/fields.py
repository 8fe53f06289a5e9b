"""How a value of somebody else's JSON is read: taken, left out or refused, and what is said."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from math import isfinite

from bridge.icinga.text import clean

FieldError = tuple[str, str]
Fields = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Findings:
    """What is wrong with an entry: errors refuse it, notes are shown with it.

    errors: (field, sentence that says what to do).
    """

    errors: list[FieldError] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def refuse(self, name: str, message: str) -> None:
        """Remember that the entry cannot be taken, because of this field."""
        self.errors.append((name, message))

    def ignore(self, name: str, why: str) -> None:
        """Remember that a field is left out."""
        self.notes.append(f"{name} is ignored: {why}")


def seconds(value: object) -> float | None:
    """Return a number of seconds, or None for what is no number.

    JSON as Python reads it knows NaN and Infinity, and True is an int to Python: none of them.
    """
    if type(value) is float:
        return value if isfinite(value) else None
    if type(value) is not int:
        return None
    try:
        return float(value)
    except OverflowError:
        return None


def text(given: Fields, name: str, limit: int, findings: Findings, parent: str = "") -> str:
    """Return a cleaned text, `""` where there is none; what is no text is left out."""
    value = given.get(name)
    if isinstance(value, str):
        return clean(value, limit) if value else ""
    if value is not None:
        findings.ignore(parent + name, "it is not a text")
    return ""


def whole_number(given: Fields, name: str, findings: Findings) -> int | None:
    """Return a number from 0 on, or None; what is no such number is left out."""
    value = given.get(name)
    if value is None:
        return None
    found = seconds(value)
    if found is None or found < 0 or not found.is_integer():
        findings.ignore(name, "it is not a whole number")
        return None
    return int(found)
