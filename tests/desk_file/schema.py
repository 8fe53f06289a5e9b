"""The published JSON Schema as a validator."""

from collections.abc import Sequence
from typing import Any

from jsonschema import Draft202012Validator  # type: ignore[import-untyped]

from bridge.desk_file.json_schema import desk_schema

Draft202012Validator.check_schema(desk_schema())
VALIDATOR = Draft202012Validator(desk_schema())


def complaints(data: Any) -> Sequence[str]:
    """Return what the schema has against `data`."""
    return [str(error.message) for error in VALIDATOR.iter_errors(data)]
