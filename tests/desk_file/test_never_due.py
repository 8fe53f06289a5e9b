"""Targets that a year of openings does not use up are refused, whichever part comes last."""

import pytest

from bridge.desk_file import keeping
from bridge.desk_file.keeping import PromiseNeverDue
from bridge.desk_file.loading import load_bytes
from bridge.desk_file.writing import desk_file_text
from bridge.installation import Installation
from tests.builders import MONDAY_9_UTC, looking

OFFICE = """
calendars:
  office: {timezone: Europe/Berlin, hours: {mon-fri: ["08:00-17:00"]}}
"""
RARELY_OPEN = OFFICE.replace("mon-fri", "mon").replace("17:00", "08:10")
CONTRACT = """
customers:
  - number: "1001"
    contracts:
      - {id: care, request: {calendar: office, response: {P3: 9h}}}
"""


def applied(installation: Installation, text: str) -> None:
    with installation.database.transaction() as session:
        desk = load_bytes([("desk.yaml", text.encode())], keeping.known_names(session))
        keeping.apply(session, installation.keys, desk.document, MONDAY_9_UTC)


@pytest.mark.parametrize(
    ("first", "then"),
    [
        pytest.param(OFFICE + CONTRACT, RARELY_OPEN, id="a calendar that a contract runs in"),
        pytest.param(RARELY_OPEN, CONTRACT, id="a contract in a calendar that is there"),
    ],
)
def test_what_does_not_fit_to_what_is_kept_is_refused(
    installation: Installation, first: str, then: str
) -> None:
    applied(installation, first)

    with pytest.raises(PromiseNeverDue, match="care: 9h is more than the calendar office is open"):
        applied(installation, then)

    with looking(installation) as session:
        kept = desk_file_text(keeping.stored_document(session))
    assert ("care" in kept) == ("care" in first)
    assert ("08:10" in kept) == ("08:10" in first)
