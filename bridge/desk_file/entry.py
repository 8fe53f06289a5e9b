"""What all parts of a desk file have in common: strict, unchangeable, no key that is not known."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Self, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, GetJsonSchemaHandler
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema

from bridge.desk_file.errors import TreePath

Item = TypeVar("Item")


class Entry(BaseModel):
    """A map of the desk file."""

    model_config = ConfigDict(
        strict=True,
        extra="forbid",
        frozen=True,
        validate_by_alias=True,
        validate_by_name=True,
        validate_default=False,
    )

    @classmethod
    def from_plain(cls, plain: Mapping[str, Any]) -> Self:
        """Return the entry that `plain`, as `plain()` gave it, says."""
        return cls.model_validate(plain, by_name=False, by_alias=True)

    def plain(self, *, complete: bool = False) -> dict[str, Any]:
        """Return the entry in its one written form: text, ints, bools, lists and maps only.

        complete: say also what holds by default, and null for what is not set; otherwise it is
        left out, as people write it. Either is fit for JSON and for `from_plain`.
        """
        return self.model_dump(mode="json", by_alias=True, exclude_defaults=not complete)


class OrText:
    """Says in the JSON Schema that a text may stand for the map, too."""

    def __init__(self, **schema: Any) -> None:
        self.schema: JsonSchemaValue = {"type": "string", **schema}

    def __get_pydantic_json_schema__(
        self, core_schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        return {"anyOf": [self.schema, handler(core_schema)]}


class Misplaced(ValueError):
    """Mistakes inside a value, each with the path from that value on."""

    def __init__(self, mistakes: Sequence[tuple[TreePath, str]]) -> None:
        super().__init__("; ".join(sentence for _, sentence in mistakes))
        self.mistakes = tuple(mistakes)


def _as_tuple(value: object) -> object:
    return tuple(value) if isinstance(value, list) else value


Many = Annotated[tuple[Item, ...], BeforeValidator(_as_tuple)]
AtLeastOne = Annotated[tuple[Item, ...], Field(min_length=1), BeforeValidator(_as_tuple)]
