"""What is wrong with the fields or parameters that were sent, as sentences."""

import re
from collections.abc import Collection
from dataclasses import dataclass

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from bridge.calendars.suggestions import did_you_mean

MOST_NAMED = 10
LONGEST_QUOTE = 60


@dataclass(frozen=True)
class Mistake:
    """One field, and what to do about it; an empty name means the whole."""

    field: str
    message: str


def mistakes(error: ValidationError, known: Collection[str], kind: str) -> list[Mistake]:
    """Return what is wrong, the first ten of it.

    known: the names there are. kind: what they are called, `field` or `parameter`.
    """
    return [_mistake(one, known, kind) for one in error.errors(include_url=False)[:MOST_NAMED]]


def _mistake(one: ErrorDetails, known: Collection[str], kind: str) -> Mistake:
    name = str(one["loc"][0])[:LONGEST_QUOTE] if one["loc"] else ""
    match one["type"]:
        case "extra_forbidden":
            sentence = f"there is no {kind} {name!r} here{_instead(name, known)}"
        case "missing":
            sentence = f"the {kind} {name!r} is missing"
        case "literal_error":
            sentence = f"{name} cannot be {_choice(one)}"
        case "json_invalid":
            sentence = 'the body is not JSON: send one object, such as {"text": "…"}'
        case "model_type" | "model_attributes_type":
            sentence = 'the body is not an object: send one, such as {"text": "…"}'
        case "value_error":
            sentence = f"{name} {one['msg'].removeprefix('Value error, ')}"
        case _other:
            sentence = f"{name}: {one['msg'][:1].lower()}{one['msg'][1:]}"
    return Mistake(name, sentence)


def _instead(name: str, known: Collection[str]) -> str:
    if not known:
        return ": it takes none"
    return did_you_mean(name, known) or f": there are {', '.join(known)}"


def _choice(one: ErrorDetails) -> str:
    choices = re.findall(r"'([^']*)'", one["ctx"]["expected"])
    given = str(one["input"])[:LONGEST_QUOTE]
    return f"{given!r}{did_you_mean(given, choices)}: choose from {', '.join(choices)}"
