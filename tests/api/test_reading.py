"""What is sent to an action: JSON, with the fields there are, and of a size that makes sense."""

from typing import Any

import pytest

from bridge.installation import Installation
from tests.api.world import ON_ONE_ENGINE, Caller, sentence
from tests.builders import hear, notification

NOTE = "/tickets/10001/note"


@pytest.fixture(autouse=True)
def ticket(desk: Installation) -> None:
    """A ticket to write to."""
    hear(desk, notification())


@ON_ONE_ENGINE
@pytest.mark.parametrize(
    ("action", "fields", "field", "hint"),
    [
        pytest.param("note", {"txt": "x"}, "txt", "did you mean text?", id="mistyped"),
        pytest.param("note", {"text": "x", "when": 1}, "when", "there are text", id="unknown"),
        pytest.param("close", {"text": "x"}, "text", "it takes none", id="none are taken"),
        pytest.param("note", {}, "text", "'text' is missing", id="missing"),
        pytest.param("note", {"text": 5}, "text", "text: ", id="a number for a text"),
        pytest.param("note", {"text": None}, "text", "text: ", id="null for a text"),
        pytest.param("note", {"text": ["x"]}, "text", "text: ", id="a list for a text"),
        pytest.param("assign", {"owner": 1}, "owner", "owner: ", id="a number for a person"),
        pytest.param("assign", {"owner": "x" * 65}, "owner", "64", id="a name that is none"),
        pytest.param("note", {"text": "x" * 65537}, "text", "over 64 KiB", id="too much text"),
        pytest.param("note", {"x" * 100_000: 1}, "x" * 60, "there is no field", id="a long name"),
    ],
)
def test_a_wrong_field_is_400_and_named_with_what_to_do(
    writer: Caller, action: str, fields: dict[str, Any], field: str, hint: str
) -> None:
    answer = writer.post(f"/tickets/10001/{action}", **fields)

    assert answer.status_code == 400
    assert hint in sentence(answer)
    assert field in [one["field"] for one in answer.get_json(force=True)["errors"]]
    assert len(answer.data) < 2000


@ON_ONE_ENGINE
@pytest.mark.parametrize(
    ("body", "hint"),
    [
        pytest.param(b"{", "not JSON", id="half an object"),
        pytest.param(b"text=x", "not JSON", id="a form"),
        pytest.param(b"[" * 100_000, "not JSON", id="nested too deep"),
        pytest.param(b'{"text": "\xff"}', "not JSON", id="no UTF-8"),
        pytest.param(b'{"text": "\\ud800"}', "not JSON", id="half a character"),
        pytest.param(b'["text"]', "not an object", id="a list"),
        pytest.param(b'"text"', "not an object", id="a text"),
        pytest.param(b"null", "not an object", id="null"),
        pytest.param(b" ", "not JSON", id="a blank"),
    ],
)
def test_what_is_no_json_object_is_400(writer: Caller, body: bytes, hint: str) -> None:
    answer = writer.send(NOTE, body)

    assert answer.status_code == 400
    assert hint in sentence(answer)


@ON_ONE_ENGINE
@pytest.mark.parametrize(
    "mimetype",
    ["text/plain", "application/x-www-form-urlencoded", "application/json-seq", ""],
)
def test_another_type_than_json_is_415(writer: Caller, mimetype: str) -> None:
    answer = writer.send(NOTE, b'{"text": "x"}', mimetype)

    assert answer.status_code == 415
    assert "application/json" in sentence(answer)


def test_json_may_name_its_character_set(writer: Caller) -> None:
    answer = writer.send(NOTE, '{"text": "ä"}', "application/json; charset=utf-8")

    assert answer.status_code == 200


@ON_ONE_ENGINE
def test_a_body_that_is_too_large_is_413(writer: Caller) -> None:
    answer = writer.send(NOTE, b'{"text": "' + b"x" * 600_000 + b'"}')

    assert answer.status_code == 413
    assert "512 KiB" in sentence(answer)


def test_the_longest_text_goes_through(writer: Caller) -> None:
    assert writer.post(NOTE, text="ä" * 32768).status_code == 200
    assert writer.post(NOTE, text="ä" * 32768 + "x").status_code == 400


@ON_ONE_ENGINE
@pytest.mark.parametrize("body", [b"", b"{}"])
def test_an_action_without_fields_needs_no_body(writer: Caller, body: bytes) -> None:
    mimetype = "application/json" if body else ""

    assert writer.send("/tickets/10001/acknowledge", body, mimetype).status_code == 200
