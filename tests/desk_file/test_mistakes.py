"""Every mistake of form has its line and a sentence that says what to do."""

import pytest

from tests.desk_file.texts import contract, mistakes

SYNTAX = [
    pytest.param("desk:\n\tname: x\n", 2, "there is a tab here: use spaces", id="tab"),
    pytest.param("desk:\n  name: x\n address: y\n", 3, "indentation does not fit", id="dedent"),
    pytest.param("desk:\n  name: x\n    address: y\n", 3, "check the indentation", id="indent"),
    pytest.param("desk:\n  name: a: b\n", 2, "put quotes around a text that contains", id="colon"),
    pytest.param("desk: {name: x\nstaff: []\n", 1, "bracket is not closed", id="open brace"),
    pytest.param("staff: []]\n", 1, "] closes a bracket that is not open", id="bracket too many"),
    pytest.param('desk: {name: "x}\n', 1, "quote is opened here and never closed", id="open quote"),
    pytest.param("desk:\n  name: @home\n", 2, "cannot begin with @: put quotes", id="at sign"),
    pytest.param("desk:\n  name\n", 2, "a map is wanted here", id="key without colon"),
    pytest.param("desk:\n  name: *x\n", 2, "nothing above is", id="alias to nothing"),
    pytest.param("desk:\n  name: !env X\n", 2, "the tag !env is not known", id="tag"),
    pytest.param("desk:\n  <<: {}\n", 2, "merges maps in YAML 1.1 only", id="merge key"),
    pytest.param("desk:\n  : x\n", 2, "a key is missing before the colon", id="no key"),
    pytest.param("desk:\n  [a]: x\n", 2, "a list or map cannot be one", id="list as key"),
    pytest.param('desk:\n  name: "a\\0b"\n', 2, "U+0000 is not allowed", id="NUL escape"),
    pytest.param("desk:\n  name: x\n---\nstaff: []\n", 3, "a second document", id="two documents"),
    pytest.param("desk:\n  name: x\n  name: y\n", 3, "first in line 2: keep one", id="key twice"),
    pytest.param("- staff\n", 1, "this is not a map", id="list as file"),
]

SHAPES = [
    pytest.param("customer: []\n", 1, "did you mean customers?", id="unknown section"),
    pytest.param("staff:\n", 1, "write staff: [] to say that there are none", id="nothing in it"),
    pytest.param("teams:\n", 1, "write teams: {} to say that there are none", id="nothing in map"),
    pytest.param("staff: {anna: {}}\n", 1, "a list is wanted here", id="map for list"),
    pytest.param("calendars: [a]\n", 1, "a map is wanted here", id="list for map"),
    pytest.param("desk: desk\n", 1, "not the text 'desk'", id="text for map"),
    pytest.param("desk:\n  name:\n    x: y\n", 2, "not a map", id="map for text"),
    pytest.param("desk:\n  name: 12\n", 2, 'put quotes around it, "12"', id="number for text"),
    pytest.param("desk:\n  name: true\n", 2, 'put quotes around it, "true"', id="true for text"),
    pytest.param("desk:\n  quiet_time:\n", 2, "a duration is wanted here", id="no value"),
    pytest.param("desk:\n  first_number: x\n", 2, "a whole number is wanted", id="text for number"),
    pytest.param("desk:\n  sla_report: {day: 3}\n", 2, "`from:` is missing", id="report since"),
    pytest.param(
        "desk:\n  sla_report: {from: 2026-11, day: 29}\n", 2, "write at most 28", id="report day"
    ),
    pytest.param(
        "desk:\n  sla_report: {from: 2026-11, at: 8:00}\n", 2, "as 08:00", id="report time"
    ),
    pytest.param("desk:\n  first_number: 0\n", 2, "write at least 1", id="number too small"),
    pytest.param("desk:\n  languages: [de, fr]\n", 2, "write de or en", id="unknown language"),
    pytest.param("desk:\n  languages: []\n", 2, "at least one is needed", id="empty list"),
    pytest.param("desk:\n  nam: x\n", 2, "did you mean name?", id="unknown key"),
    pytest.param("desk:\n  reopen_window: {people: 7}\n", 2, "write 7m", id="no unit inside a map"),
]

VALUES = [
    pytest.param("desk: {quiet_time: 5}\n", 1, "5 has no unit: write 5m", id="no unit"),
    pytest.param("desk: {quiet_time: 5min}\n", 1, "write 5m", id="min for m"),
    pytest.param("desk: {quiet_time: 1h30m}\n", 1, "use one unit: write 90m", id="two units"),
    pytest.param("desk: {quiet_time: 0:30}\n", 1, "write 30m", id="clock for duration"),
    pytest.param("desk: {quiet_time: -5m}\n", 1, "'-5m' is no duration", id="negative"),
    pytest.param("desk: {quiet_time: 99999d}\n", 1, "longer than ten years", id="too long"),
    pytest.param("desk: {address: support}\n", 1, "is no mail address", id="no at sign"),
    pytest.param(contract("valid_from: 2026-02-30"), 5, "no day 2026-02-30", id="30 February"),
    pytest.param(contract("valid_from: 1.1.2026"), 5, "such as 2026-01-31", id="German date"),
    pytest.param(contract("valid_from: 20266-01-01"), 5, "is no day", id="five-digit year"),
    pytest.param(contract("valid_from: 2206-01-01"), 5, "1970 to 2099", id="year far away"),
    pytest.param(contract("hours: {from: 2026-13}"), 5, "is no month", id="month 13"),
    pytest.param(
        contract("hours: {increment: 90s}"), 5, "not a whole number of minutes", id="90 s"
    ),
    pytest.param(contract("hours: {increment: 0m}"), 5, "write more than 0", id="no increment"),
    pytest.param(contract("hours: {close_on: 31}"), 5, "write at most 28", id="closing day"),
    pytest.param(contract("hours: {at_end: keep}"), 5, "usable 2 months", id="unknown end"),
    pytest.param(contract("hours: {beyond: bill}"), 5, "write invoice or carry", id="beyond"),
    pytest.param(contract('hours: {tariff: {weekend: "1,5"}}'), 5, "write 1.5", id="comma"),
    pytest.param(contract("hours: {tariff: {weekend: 0.5}}"), 5, "between 1 and 100", id="below 1"),
    pytest.param(contract("hours: {by_how: {fax: {}}}"), 5, "write remote, onsite", id="by fax"),
    pytest.param(contract("warn_at: [50, 120]"), 5, "write at most 100", id="120 per cent"),
    pytest.param(contract("priorities: {DOWN: P0}"), 5, "write P1, P2, P3 or P4", id="P0"),
    pytest.param(contract("priorities: {WARN: P4}"), 5, "did you mean WARNING?", id="WARN"),
]


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [*SYNTAX, *SHAPES, *VALUES],
)
def test_a_mistake_is_the_only_one_told_and_has_its_line(
    text: str, line: int, message: str
) -> None:
    found = mistakes(text)

    assert [(error.file, error.line) for error in found] == [("a.yaml", line)], found
    assert message in found[0].message
