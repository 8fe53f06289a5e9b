"""Files are read as YAML 1.2, and whatever else they hold is answered in words."""

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridge.desk_file.errors import DeskFileRefused
from bridge.desk_file.loading import load, load_bytes
from bridge.desk_file.reading import MAX_BYTES, read_bytes
from tests.desk_file.texts import ANNA, EXAMPLE, OFFICE, contract, mistakes, read


def data(text: str) -> Any:
    """Return what a text says, without judging it."""
    written = read_bytes([("a.yaml", text.encode())])
    assert written.errors == ()
    return written.data


@pytest.mark.parametrize(
    ("written", "value"),
    [
        pytest.param("NO", "NO", id="Norway"),
        pytest.param("yes", "yes", id="yes"),
        pytest.param("on", "on", id="on"),
        pytest.param("18:00", "18:00", id="sexagesimal"),
        pytest.param("2026-01-05", "2026-01-05", id="date"),
        pytest.param("2026-01", "2026-01", id="month"),
        pytest.param("007", "007", id="leading zeros"),
        pytest.param("1_000", "1_000", id="underscore"),
        pytest.param("0x1F", "0x1F", id="hexadecimal"),
        pytest.param(".inf", ".inf", id="infinity"),
        pytest.param("12", 12, id="number"),
        pytest.param('"12"', "12", id="quoted number"),
        pytest.param("!!str 12", "12", id="number said to be text"),
        pytest.param("1.50", Decimal("1.50"), id="fraction"),
        pytest.param("true", True, id="true"),
        pytest.param("~", None, id="tilde"),
        pytest.param("null", None, id="null"),
    ],
)
def test_scalars_are_those_of_yaml_1_2(written: str, value: object) -> None:
    found = data(f"desk:\n  name: {written}\n")["desk"]["name"]

    assert found == value
    assert type(found) is type(value)


def test_norway_has_its_holidays() -> None:
    text = (
        'calendars:\n  oslo: {timezone: Europe/Oslo, hours: {mon: ["08:00-16:00"]}, holidays: NO}'
    )

    calendars = read(text).document.calendars

    assert calendars is not None
    assert calendars["oslo"].plain()["holidays"] == "NO"


def test_an_alias_repeats_a_value() -> None:
    text = 'staff:\n  - {id: a, quiet: &night {hours: "22:00-06:00"}}\n  - {id: b, quiet: *night}\n'

    staff = read(text).document.staff

    assert staff is not None
    assert staff[0].quiet == staff[1].quiet is not None


def test_a_byte_order_mark_is_no_mistake() -> None:
    assert load_bytes([("a.yaml", b"\xef\xbb\xbfdesk: {name: x}\n")]).document.desk is not None


@pytest.mark.parametrize(
    ("raw", "line", "message"),
    [
        pytest.param(b"", None, "the file is empty: a desk file has sections", id="empty"),
        pytest.param(b"# nothing yet\n", None, "the file is empty", id="comment only"),
        pytest.param(b"---\n", None, "the file is empty", id="document start only"),
        pytest.param(b"hello\n", 1, "this is not a map", id="a text"),
        pytest.param(b"desk:\n  name: M\xfcller\n", 2, "0xFC is not UTF-8", id="Latin 1"),
        pytest.param("desk:".encode("utf-16"), None, "the file is UTF-16", id="UTF-16"),
        pytest.param("desk:".encode("utf-32"), None, "the file is UTF-32", id="UTF-32"),
        pytest.param(b"desk:\n  name: a\x00b\n", 2, "U+0000 is not allowed", id="NUL"),
        pytest.param(b'desk: {name: "\\ud800"}', 1, "U+D800 is not allowed", id="half a pair"),
        pytest.param(b'desk: {name: "\\UFFFFFFFF"}', None, "cannot be read", id="no character"),
        pytest.param(b"%PDF-1.7\n", 2, "outside of all sections", id="another kind of file"),
        pytest.param(b"\x1f\x8b\x08\x00", 1, "0x8B is not UTF-8", id="gzip"),
    ],
)
def test_what_is_no_yaml_in_utf_8_is_refused_in_words(
    raw: bytes, line: int | None, message: str
) -> None:
    with pytest.raises(DeskFileRefused) as refusal:
        load_bytes([("a.yaml", raw)])

    (error,) = refusal.value.errors
    assert error.line == line
    assert message in error.message


BOMB = "a0: &a0 [x, x, x, x, x, x, x, x]\n" + "".join(
    f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 8)}]\n" for n in range(1, 12)
)
LADDER = "a0: &a0 [x]\n" + "".join(f"a{n}: &a{n} [*a{n - 1}]\n" for n in range(1, 2000))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        pytest.param(BOMB, "more than 400000 values", id="aliases of aliases"),
        pytest.param(LADDER, "nested deeper than 24 levels", id="depth by aliases"),
        pytest.param("[" * 100_000, "nested deeper than 24 levels", id="brackets"),
        pytest.param("- " * 100_000, "nested deeper than 24 levels", id="dashes"),
        pytest.param("desk: &me [*me]", "nothing above is", id="alias to itself"),
        pytest.param("#" * (MAX_BYTES + 1), "larger than 4 MiB", id="size"),
    ],
)
def test_what_would_exhaust_the_machine_is_refused(text: str, message: str) -> None:
    assert [error for error in mistakes(text) if message in error.message]


def test_a_file_of_fifty_megabytes_is_not_read_to_its_end(tmp_path: Path) -> None:
    path = tmp_path / "huge.yaml"
    with path.open("wb") as file:
        file.truncate(50 * 1024 * 1024)

    with pytest.raises(DeskFileRefused, match="larger than 4 MiB"):
        load([path])


def test_files_that_cannot_be_opened_are_all_named(tmp_path: Path) -> None:
    with pytest.raises(DeskFileRefused) as refusal:
        load([tmp_path / "missing.yaml", tmp_path])

    assert {error.file for error in refusal.value.errors} == {
        str(tmp_path),
        str(tmp_path / "missing.yaml"),
    }


def test_a_section_may_be_split_over_files() -> None:
    second = OFFICE.replace("office", "late")

    document = read(f"{OFFICE}desk: {{name: x}}\n", f"{second}desk: {{quiet_time: 1m}}\n").document

    assert list(document.calendars or ()) == ["office", "late"]
    assert document.desk is not None
    assert document.desk.name == "x"


@pytest.mark.parametrize(
    ("first", "second", "line", "message"),
    [
        pytest.param(OFFICE, f"\n{OFFICE}", 3, "the calendar office is there twice", id="calendar"),
        pytest.param(ANNA, ANNA, 2, "the person anna is there twice", id="person"),
        pytest.param(contract(), contract(), 2, "the customer 1 is there twice", id="customer"),
        pytest.param("desk: {name: x}", "desk: {name: y}", 1, "name is there twice", id="desk"),
        pytest.param("sources: [{id: i}]", "sources: [{id: i}]", 1, "source i is", id="source"),
    ],
)
def test_the_same_entry_in_two_files_is_refused_naming_both(
    first: str, second: str, line: int, message: str
) -> None:
    found = [error for error in mistakes(first, second) if "twice" in error.message]

    assert [(error.file, error.line) for error in found] == [("b.yaml", line)]
    assert message in found[0].message
    assert "first in a.yaml:" in found[0].message


def test_a_section_has_one_form_in_all_files() -> None:
    (error,) = mistakes(ANNA, "staff: {ben: {}}\n")

    assert (error.file, error.line) == ("b.yaml", 1)
    assert "written in another form than in a.yaml" in error.message


def test_the_mistakes_of_all_files_are_told_at_once() -> None:
    found = mistakes("desk: {nam: x}\n", "staff: [\n", "teams: {t: {lead: nobody}, u: {led: x}}\n")

    assert [(error.file, error.line) for error in found] == [
        ("a.yaml", 1),
        ("b.yaml", 2),
        ("c.yaml", 1),
    ]


@pytest.mark.parametrize("lines", [["team: infra"], ["team: infra", "nam: x"]], ids=["good", "bad"])
def test_names_of_a_file_that_cannot_be_read_are_not_missed(lines: list[str]) -> None:
    customer = '  - number: "1"\n' + "".join(f"    {line}\n" for line in lines)

    told = [error.message for error in mistakes(f"customers:\n{customer}", "teams: {infra: {\n")]

    assert len(told) == len(lines)
    assert not [message for message in told if "there is no team" in message]


def test_references_are_judged_beside_other_mistakes() -> None:
    found = mistakes(f"{OFFICE}teams: {{t: {{lead: nobody}}, u: {{led: x}}}}\n")

    assert [error.path for error in found] == [("teams", "t", "lead"), ("teams", "u", "led")]


def test_a_name_is_known_although_its_entry_has_a_mistake() -> None:
    text = "staff:\n  - {id: anna, role: x}\nteams: {t: {lead: anna}}\n"

    assert [error.path for error in mistakes(text)] == [("staff", 0, "role")]


def test_places_of_good_entries_are_theirs_although_earlier_ones_are_bad() -> None:
    text = 'customers:\n  - {number: "1", nam: x}\n  - {number: "2", team: nobody}\n'

    assert [(e.line, e.path) for e in mistakes(text)] == [
        (2, ("customers", 0, "nam")),
        (3, ("customers", 1, "team")),
    ]


def test_a_secret_is_never_repeated_in_a_refusal() -> None:
    person = "staff:\n  - {id: a, channels: {push: hunter2}}\n"
    text = f"{person}mailboxes:\n  - {{id: m, password: ' hunter2'}}\n"

    assert mistakes(text)
    assert "hunter2" not in json.dumps([str(error) for error in mistakes(text)])


@given(st.text(max_size=60), st.integers(0, 4000), st.integers(0, 40))
def test_no_text_leads_to_anything_but_a_document_or_a_refusal(
    noise: str, at: int, length: int
) -> None:
    example = EXAMPLE.read_text("utf8")
    noisy = example[:at] + noise + example[at + length :]

    for text in (noise, noisy):
        try:
            load_bytes([("a.yaml", text.encode("utf8", "surrogatepass"))])
        except DeskFileRefused as refusal:
            assert all(error.message for error in refusal.errors)  # noqa: PT017
