"""The day on which a month is reported by itself."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from bridge.sla.month import Month
from bridge.sla.report_day import ReportDay

BERLIN = ZoneInfo("Europe/Berlin")


def test_without_a_setting_nothing_is_reported_by_itself() -> None:
    assert ReportDay.of_desk({"name": "Example IT"}) is None


@pytest.mark.parametrize(
    ("told", "month", "due"),
    [
        pytest.param({"from": "2026-01"}, "2026-11", "2026-12-03T07:00", id="by default"),
        pytest.param(
            {"from": "2026-01", "day": 1, "at": "00:00"}, "2026-06", "2026-06-30T22:00",
            id="at once",
        ),
        pytest.param({"from": "2026-01", "day": 28}, "2026-12", "2027-01-28T07:00", id="next year"),
        pytest.param(
            {"from": "2026-01", "day": 28, "at": "02:30"}, "2027-02", "2027-03-28T01:30",
            id="in the hour that is skipped",
        ),
    ],
)  # fmt: skip
def test_it_is_due_in_the_customers_zone(told: dict[str, object], month: str, due: str) -> None:
    day = ReportDay.of_desk({"sla_report": told})

    assert day is not None
    assert day.due_at(Month.of_text(month), BERLIN) == datetime.fromisoformat(due).replace(
        tzinfo=UTC
    )


@pytest.mark.parametrize(
    ("now", "months"),
    [
        pytest.param("2026-12-03T06:59", ["2026-10"], id="a minute before"),
        pytest.param("2026-12-03T07:00", ["2026-10", "2026-11"], id="at the minute"),
        pytest.param("2026-10-31T12:00", [], id="before the first"),
        pytest.param("2027-01-31T12:00", ["2026-10", "2026-11", "2026-12"], id="two slept through"),
    ],
)
def test_every_month_since_the_first_is_due_once_its_day_has_come(
    now: str, months: list[str]
) -> None:
    day = ReportDay.of_desk({"sla_report": {"from": "2026-10"}})

    assert day is not None
    moment = datetime.fromisoformat(now).replace(tzinfo=UTC)
    assert list(map(str, day.months_due(BERLIN, moment))) == months
