"""A document has one text, which gives the document again, to any reader of YAML."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from ruamel.yaml import YAML

from bridge.desk_file.document import Document
from bridge.desk_file.loading import load
from bridge.desk_file.reading import read_bytes
from bridge.desk_file.writing import desk_file_text
from tests.demo.test_desk import DESK
from tests.desk_file.documents import desk_files
from tests.desk_file.schema import complaints
from tests.desk_file.texts import EXAMPLE, read


def read_again(text: str) -> Document:
    """Return what a text says, without asking whether its names lead anywhere."""
    written = read_bytes([("again.yaml", text.encode())])
    assert written.errors == ()
    return Document.from_plain(written.data)


def as_old_readers_see_it(text: str) -> Any:
    """Return what a reader of YAML 1.1 makes of a text; days and factors as texts again."""
    yaml = YAML(typ="safe", pure=True)
    yaml.version = (1, 1)
    return _texts(yaml.load(text))


def _texts(value: Any) -> Any:
    if isinstance(value, dict):
        return {str(key): _texts(below) for key, below in value.items()}
    if isinstance(value, list):
        return [_texts(below) for below in value]
    return str(value) if isinstance(value, date | float) else value


@pytest.mark.parametrize("path", [EXAMPLE, DESK], ids=["example", "sample"])
def test_a_desk_file_keeps_its_meaning_and_its_bytes(path: Any) -> None:
    document = load([path]).document

    text = desk_file_text(document)

    assert read(text).document.plain() == document.plain()
    assert desk_file_text(read(text).document) == text


@given(desk_files)
def test_writing_what_was_read_from_what_was_written_gives_the_same_bytes(plain: Any) -> None:
    document = Document.from_plain(plain)

    text = desk_file_text(document)

    again = read_again(text)
    assert again.plain() == document.plain()
    assert desk_file_text(again) == text
    assert Document.from_plain(document.plain(complete=True)).plain() == document.plain()


@given(desk_files)
def test_what_is_written_is_valid_by_the_schema(plain: Any) -> None:
    assert complaints(plain) == []

    written = desk_file_text(Document.from_plain(plain))

    assert complaints(read_bytes([("a.yaml", written.encode())]).data) == []


@given(desk_files)
def test_readers_of_yaml_1_1_see_the_same(plain: Any) -> None:
    document = Document.from_plain(plain)

    seen = as_old_readers_see_it(desk_file_text(document))

    assert seen == _whole_factors_as_numbers(document.plain())


def _whole_factors_as_numbers(value: Any, key: str = "") -> Any:
    if isinstance(value, dict):
        return {name: _whole_factors_as_numbers(below, name) for name, below in value.items()}
    if isinstance(value, list):
        return [_whole_factors_as_numbers(below) for below in value]
    is_factor = key in ("factor", "weekend") and isinstance(value, str) and value.isdecimal()
    return int(value) if is_factor else value


def test_entries_are_in_the_order_of_their_names() -> None:
    document = read("teams: {b: {}, a: {}}\nstaff: [{id: kim}, {id: jo}]\n").document

    assert desk_file_text(document).splitlines() == [
        "staff:",
        "  - id: jo",
        "    name: jo",
        "  - id: kim",
        "    name: kim",
        "teams:",
        "  a: {}",
        "  b: {}",
    ]


@pytest.mark.parametrize(
    ("name", "written"),
    [
        pytest.param("Example IT", "Example IT", id="words"),
        pytest.param("Müller & Söhne (Köln)", "Müller & Söhne (Köln)", id="umlauts"),
        pytest.param("NO", '"NO"', id="Norway"),
        pytest.param("08:00", '"08:00"', id="time"),
        pytest.param("1001", '"1001"', id="digits"),
        pytest.param("2026-01-01", '"2026-01-01"', id="day as text"),
        pytest.param("1.5", '"1.5"', id="factor as text"),
        pytest.param("a: b", '"a: b"', id="colon"),
        pytest.param("a #b", '"a #b"', id="hash"),
        pytest.param('say "hi"\\', '"say \\"hi\\"\\\\"', id="quotes and backslash"),
        pytest.param("a\nb", '"a\\nb"', id="line break"),
        pytest.param("a\u2028b", '"a\\u2028b"', id="line separator"),
    ],
)
def test_a_text_is_quoted_where_a_reader_would_see_something_else(name: str, written: str) -> None:
    document = Document.from_plain({"desk": {"name": name}})

    assert desk_file_text(document) == f"desk:\n  name: {written}\n"


def test_an_empty_document_is_an_empty_map() -> None:
    assert desk_file_text(Document()) == "{}\n"


def test_what_is_stored_and_what_is_elsewhere_is_written_as_a_reference() -> None:
    channels = {"push": "secret:staff.anna.push", "sms": "env:ANNA_SMS"}
    document = Document.from_plain({"staff": [{"id": "anna", "channels": channels}]})

    assert "{push: secret:staff.anna.push, sms: env:ANNA_SMS}" in desk_file_text(document)
