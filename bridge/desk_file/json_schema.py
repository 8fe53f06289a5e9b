"""The desk file's JSON Schema (draft 2020-12), made from the models it is judged by."""

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

from pydantic.json_schema import GenerateJsonSchema

from bridge.desk_file.document import Document
from bridge.desk_file.durations import duration_text
from bridge.desk_file.entry import Entry

PUBLISHED = Path(__file__).with_name("desk.schema.json")


class DeskSchema(GenerateJsonSchema):
    """The usual schema, with durations among the defaults as they are written."""

    def encode_default(self, dft: Any) -> Any:
        """Return a default value as the desk file writes it."""
        if isinstance(dft, timedelta):
            return duration_text(dft)
        if isinstance(dft, dict):
            return {key: self.encode_default(value) for key, value in dft.items()}
        if isinstance(dft, Entry):
            return dft.plain(complete=True) if dft.plain() else {}
        return super().encode_default(dft)


def desk_schema() -> dict[str, Any]:
    """Return the schema of a desk file, or of one of several that make one."""
    schema = Document.model_json_schema(by_alias=True, schema_generator=DeskSchema)
    for section in schema["properties"].values():
        # An absent section is left alone; one that is there has content, and is not null.
        section.update(next(form for form in section.pop("anyOf") if form != {"type": "null"}))
    return {
        "$schema": GenerateJsonSchema.schema_dialect,
        **_tidy(schema),
        "title": "Desk file",
        "description": "Who is served, by whom, when and on which terms. Read as YAML 1.2.",
    }


def desk_schema_text() -> str:
    """Return the schema as it is published."""
    return json.dumps(desk_schema(), indent=2, ensure_ascii=False) + "\n"


def _tidy(node: Any) -> Any:
    """Return the schema without titles that only repeat a key, and without defaults of nothing."""
    if isinstance(node, list):
        return [_tidy(below) for below in node]
    if not isinstance(node, dict):
        return node
    return {
        key: {name: _tidy(below) for name, below in value.items()}
        if key in ("properties", "$defs")
        else _tidy(value)
        for key, value in node.items()
        if not (key == "title" and isinstance(value, str))
        and not (key == "default" and value in (None, ""))
    }


if __name__ == "__main__":
    PUBLISHED.write_text(desk_schema_text(), encoding="utf8")
