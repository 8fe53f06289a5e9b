"""The published JSON Schema is that of the models, and says the same as they do."""

from typing import Any

import pytest

from bridge.desk_file.json_schema import PUBLISHED, desk_schema, desk_schema_text
from bridge.desk_file.reading import read_bytes, read_files
from tests.desk_file.schema import complaints
from tests.desk_file.test_mistakes import SHAPES, VALUES
from tests.desk_file.texts import EXAMPLE

# What a schema cannot know: days that there are not, and sums.
BEYOND_A_SCHEMA = {
    "30 February", "German date", "five-digit year", "year far away", "too long", "90 s",
    "no increment", "no at sign", "no value", "nothing in it", "nothing in map", "below 1",
}  # fmt: skip


def test_the_published_schema_is_current() -> None:
    assert PUBLISHED.read_text("utf8") == desk_schema_text(), (
        "run python -m bridge.desk_file.json_schema"
    )


def test_the_schema_is_one_of_draft_2020_12() -> None:
    assert desk_schema()["$schema"] == "https://json-schema.org/draft/2020-12/schema"


def test_the_example_is_valid() -> None:
    assert complaints(read_files([EXAMPLE]).data) == []


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(*case.values[:1], id=case.id)
        for case in [*SHAPES, *VALUES]
        if case.id not in BEYOND_A_SCHEMA
    ],
)
def test_the_schema_sees_the_mistakes_of_form(text: str) -> None:
    data = read_bytes([("a.yaml", str(text).encode())]).data

    assert complaints(data)


def test_a_section_may_be_absent_but_not_null() -> None:
    assert complaints({}) == []
    assert complaints({"staff": []}) == []
    assert complaints({"staff": None})


def test_every_key_is_described() -> None:
    schema = desk_schema()
    maps: dict[str, Any] = {"": schema, **schema["$defs"]}

    silent = [
        f"{name}.{key}"
        for name, each in maps.items()
        for key, form in each.get("properties", {}).items()
        if not form.get("description")
    ]

    assert silent == []


def test_defaults_are_written_as_in_a_desk_file() -> None:
    definitions = desk_schema()["$defs"]

    assert definitions["DeskForm"]["properties"]["quiet_time"]["default"] == "5m"
    assert definitions["PolicyForm"]["properties"]["ack_timeout"]["default"] == {
        "P1": "1h",
        "P2": "4h",
    }
