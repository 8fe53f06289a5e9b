"""The SLA report for programs: as documented, and refused with a sentence."""

import pytest
import time_machine

from bridge.flows import report_freezing
from bridge.installation import Installation
from bridge.sla.month import Month
from tests.api.world import ON_ONE_ENGINE, Caller, sentence
from tests.flows.test_reports import DECEMBER_3RD
from tests.sla import reported


def asked(reader: Caller, **parameters: str) -> dict[str, object]:
    answer = reader.get("/sla/report", **parameters)
    assert answer.status_code == 200
    found: dict[str, object] = answer.get_json()
    return found


def test_a_report_is_as_documented(reader: Caller, desk: Installation) -> None:
    with desk.database.transaction() as session:
        reported.add(session, reported.NOVEMBER)

    with time_machine.travel(reported.ON_THE_24TH, tick=False):
        found = asked(reader, customer="1001", month="2026-11")

    assert found["customer"] == {"number": "1001", "name": "ACME GmbH"}
    assert (found["provisional"], found["frozen"]) == (True, None)
    assert (found["begins_at"], found["ends_at"]) == (
        "2026-10-31T23:00:00Z",
        "2026-11-30T23:00:00Z",
    )
    assert found["total"] == {
        "promised": 12, "kept": 6, "missed": 4, "cancelled": 1, "merged": 1, "percentage": 60.0,
    }  # fmt: skip


def test_a_frozen_report_says_so(reader: Caller, desk: Installation) -> None:
    with desk.database.transaction() as session:
        directory = desk.directories.current(session)
        month = Month(2026, 11)
        ready = report_freezing.prepare(session, directory, "1001", month, DECEMBER_3RD)
        report_freezing.freeze(session, ready, None, DECEMBER_3RD)

    found = asked(reader, customer="1001", month="2026-11")

    frozen = found["frozen"]
    assert isinstance(frozen, dict)
    assert (frozen["at"], frozen["by"]) == ("2026-12-03T07:00:00Z", "bridge")
    assert len(frozen["pdf_sha256"]) == 64
    assert found["provisional"] is False


@ON_ONE_ENGINE
@pytest.mark.parametrize(
    ("parameters", "status", "said"),
    [
        pytest.param({"month": "2026-11"}, 400, "the parameter 'customer' is missing", id="whose"),
        pytest.param({"customer": "1001"}, 400, "the parameter 'month' is missing", id="when"),
        pytest.param(
            {"customer": "1001", "month": "November"}, 400, "'November' is no month", id="no month"
        ),
        pytest.param(
            {"customer": "999", "month": "2026-11"}, 404, "no customer '999'", id="nobody"
        ),
    ],
)
def test_what_cannot_be_answered_is_said(
    reader: Caller, parameters: dict[str, str], status: int, said: str
) -> None:
    answer = reader.get("/sla/report", **parameters)

    assert answer.status_code == status
    assert said in sentence(answer)
