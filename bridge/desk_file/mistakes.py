"""What the models refuse, as sentences that say what to do."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from types import UnionType
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from bridge.calendars.suggestions import did_you_mean
from bridge.desk_file.entry import Misplaced
from bridge.desk_file.errors import TreePath

# What pydantic puts behind the key of a map whose key, and not its value, is wrong.
KEY_MARK = "[key]"


@dataclass(frozen=True)
class Mistake:
    """A sentence about `path`; `at_key`: about the key that ends it, not about its value."""

    path: TreePath
    sentence: str
    at_key: bool = False


def mistakes_of(error: ValidationError, model: type[BaseModel]) -> Iterator[Mistake]:
    """Yield the mistakes in `error`, which `model` raised."""
    for details in error.errors(include_url=False):
        loc = details["loc"]
        if loc and loc[-1] == KEY_MARK:
            yield Mistake(loc[:-1], _sentence(details), at_key=True)
            continue
        match details["type"]:
            case "missing":
                yield Mistake(loc[:-1], _missing(_model_at(model, loc[:-1]), str(loc[-1])))
            case "extra_forbidden":
                sentence = _unknown(_model_at(model, loc[:-1]), str(loc[-1]))
                yield Mistake(loc, sentence, at_key=True)
            case "too_short" if details["input"]:
                # Said of a list, too, whose entries were all refused; they have their own words.
                continue
            case "value_error" if isinstance(details["ctx"]["error"], Misplaced):
                for path, sentence in details["ctx"]["error"].mistakes:
                    yield Mistake((*loc, *path), sentence)
            case _:
                yield Mistake(loc, _sentence(details))


def _missing(model: type[BaseModel] | None, key: str) -> str:
    field = _fields(model).get(key)
    meaning = f" ({field.description.rstrip('.')})" if field and field.description else ""
    return f"`{key}:` is missing{meaning}: add it"


def _unknown(model: type[BaseModel] | None, key: str) -> str:
    fields = _fields(model)
    below = [name for name in fields if key in _fields(_model_at(model, (name,)))]
    if below:
        return f"there is no `{key}:` here: write it under {' or '.join(below)}"
    return f"there is no `{key}:` here{did_you_mean(key, fields)}: it has {', '.join(fields)}"


# What pydantic calls it, what we say of what was given and of what pydantic knows besides.
SENTENCES: Mapping[str, Callable[[Any, Mapping[str, Any]], str]] = {
    "value_error": lambda _, context: str(context["error"]),
    "model_type": lambda given, _: _not_a_map(given),
    "dict_type": lambda given, _: _not_a_map(given),
    "tuple_type": lambda given, _: (
        f"a list is wanted here, [a, b] or lines that begin with -, not {_kind(given)}"
    ),
    "string_type": lambda given, _: f"a text is wanted here, not {_kind(given)}{_quoted(given)}",
    "bool_type": lambda given, _: f"write true or false, not {_kind(given)}",
    "int_type": lambda given, _: f"a whole number is wanted here, not {_kind(given)}",
    "literal_error": lambda given, context: _not_one_of(given, str(context["expected"])),
    "too_short": lambda *_: "at least one is needed here: add one, or remove the line",
    "greater_than_equal": lambda given, context: (
        f"{given} is too small: write at least {context['ge']}"
    ),
    "less_than_equal": lambda given, context: (
        f"{given} is too large: write at most {context['le']}"
    ),
}


def _not_a_map(given: object) -> str:
    return f"a map is wanted here, lines of `key: value`, not {_kind(given)}"


def _sentence(details: ErrorDetails) -> str:
    given, context = details["input"], details.get("ctx", {})
    if given is None and details["type"] != "value_error":
        return "nothing is written here: give a value, or remove the line"
    write = SENTENCES.get(details["type"])
    return write(given, context) if write else f"this cannot be used: {details['msg']}"


def _not_one_of(given: object, expected: str) -> str:
    choices = re.findall("'([^']*)'", expected)
    hint = did_you_mean(given, choices) if isinstance(given, str) else ""
    last = f" or {choices[-1]}" if len(choices) > 1 else choices[-1]
    return f"{_short(given)} is not possible here{hint}: write {', '.join(choices[:-1])}{last}"


def _kind(value: object) -> str:
    match value:
        case Mapping():
            return "a map"
        case list() | tuple():
            return "a list"
        case bool():
            return "true" if value else "false"
        case int() | Decimal():
            return f"the number {value}"
        case _:
            return f"the text {_short(value)}"


def _quoted(value: object) -> str:
    if isinstance(value, bool):
        return f': put quotes around it, "{str(value).lower()}"'
    return f': put quotes around it, "{value}"' if isinstance(value, int | Decimal) else ""


def _short(value: object) -> str:
    return f"{value!r:.40}" if isinstance(value, str) else _kind(value)


def _fields(model: type[BaseModel] | None) -> dict[str, Any]:
    if model is None:
        return {}
    return {field.alias or name: field for name, field in model.model_fields.items()}


def _model_at(model: type[BaseModel] | None, path: TreePath) -> type[BaseModel] | None:
    """Return the model of what stands at `path` below `model`; None if it is none."""
    kind: Any = model
    for step in path:
        kind = _bare(kind)
        if isinstance(kind, type) and issubclass(kind, BaseModel):
            field = _fields(kind).get(str(step))
            kind = field.annotation if field else None
        elif get_origin(kind) is dict:
            kind = get_args(kind)[1]
        elif get_origin(kind) is tuple:
            kind = get_args(kind)[0]
        else:
            return None
    kind = _bare(kind)
    return kind if isinstance(kind, type) and issubclass(kind, BaseModel) else None


def _bare(kind: Any) -> Any:
    """Return a type without what Annotated and `| None` add to it."""
    while True:
        if get_origin(kind) is Annotated:
            kind = get_args(kind)[0]
        elif get_origin(kind) in (Union, UnionType):
            kind = next(part for part in get_args(kind) if part is not type(None))
        else:
            return kind
