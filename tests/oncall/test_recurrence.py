"""On which days something happens that a calendar repeats."""

from datetime import date, timedelta

import pytest

from bridge.oncall.recurrence import MOST_DAYS, BadRule, days, rule_of

FAR = date(2040, 1, 1)


def parts(text: str) -> dict[str, list[object]]:
    return {
        name: list(values.split(","))
        for name, _, values in (part.partition("=") for part in text.split(";"))
    }


def first_days(text: str, begin: str, most: int = 5, until: str | None = None) -> list[str]:
    start = date.fromisoformat(begin)
    rule = rule_of(parts(text), date.fromisoformat(until) if until else None)
    return [day.isoformat() for day, _ in zip(days(rule, start, start, FAR), range(most))]  # noqa: B905 - the rule may be endless


@pytest.mark.parametrize(
    ("rule", "begin", "expected"),
    [
        pytest.param("FREQ=DAILY", "2026-03-28", ["2026-03-28", "2026-03-29"], id="each day"),
        pytest.param(
            "FREQ=DAILY;INTERVAL=3", "2026-02-27", ["2026-02-27", "2026-03-02"], id="each third"
        ),
        pytest.param(
            "FREQ=WEEKLY", "2026-12-28", ["2026-12-28", "2027-01-04"], id="weeks over new year"
        ),
        pytest.param(
            "FREQ=WEEKLY;BYDAY=FR,MO", "2026-11-23", ["2026-11-23", "2026-11-27"], id="two weekdays"
        ),
        pytest.param(
            "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU,SU",
            "1997-08-05",
            ["1997-08-05", "1997-08-10", "1997-08-19", "1997-08-24"],
            id="each second week that begins on Monday",
        ),
        pytest.param(
            "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU,SU;WKST=SU",
            "1997-08-05",
            ["1997-08-05", "1997-08-17", "1997-08-19", "1997-08-31"],
            id="each second week that begins on Sunday",
        ),
        pytest.param(
            "FREQ=MONTHLY", "2026-01-31", ["2026-01-31", "2026-03-31"], id="only long months"
        ),
        pytest.param(
            "FREQ=MONTHLY;BYDAY=-1FR", "2026-11-27", ["2026-11-27", "2026-12-25"], id="last Friday"
        ),
        pytest.param(
            "FREQ=MONTHLY;BYDAY=2TU", "2026-12-08", ["2026-12-08", "2027-01-12"], id="2nd Tuesday"
        ),
        pytest.param(
            "FREQ=MONTHLY;BYMONTHDAY=-1", "2027-01-31", ["2027-01-31", "2027-02-28"], id="last day"
        ),
        pytest.param(
            "FREQ=MONTHLY;BYMONTHDAY=13;BYDAY=FR",
            "2026-02-13",
            ["2026-02-13", "2026-03-13", "2026-11-13"],
            id="Friday the 13th",
        ),
        pytest.param(
            "FREQ=YEARLY", "2024-02-29", ["2024-02-29", "2028-02-29"], id="only leap years"
        ),
        pytest.param(
            "FREQ=YEARLY;BYMONTH=5;BYDAY=2SU", "2026-05-10", ["2026-05-10", "2027-05-09"],
            id="Mothers' day",
        ),
        pytest.param(
            "FREQ=YEARLY;BYDAY=20MO", "1997-05-19", ["1997-05-19", "1998-05-18", "1999-05-17"],
            id="the 20th Monday of a year",
        ),
    ],
)  # fmt: skip
def test_a_rule_names_these_days(rule: str, begin: str, expected: list[str]) -> None:
    assert first_days(rule, begin, len(expected)) == expected


def test_it_ends_after_its_count_or_on_its_last_day() -> None:
    counted = first_days("FREQ=WEEKLY;COUNT=2", "2026-11-23")
    ended = first_days("FREQ=WEEKLY;UNTIL=20261207", "2026-11-23", until="2026-12-07")

    assert counted == ["2026-11-23", "2026-11-30"]
    assert ended == ["2026-11-23", "2026-11-30", "2026-12-07"]


def test_a_count_counts_what_was_before_the_days_that_are_asked_for() -> None:
    rule = rule_of(parts("FREQ=WEEKLY;COUNT=3"), None)

    found = list(days(rule, date(2026, 11, 23), date(2026, 12, 1), FAR))

    assert found == [date(2026, 12, 7)]


def test_a_rule_that_fits_no_day_ends() -> None:
    rule = rule_of(parts("FREQ=MONTHLY;BYMONTHDAY=31;BYMONTH=2;COUNT=5"), None)

    found = list(days(rule, date(2026, 1, 1), date(2026, 1, 1), date(9999, 1, 1) - timedelta(1)))

    assert found == []
    assert MOST_DAYS < 366 * 21


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        pytest.param("FREQ=SECONDLY", "SECONDLY", id="each second"),
        pytest.param("FREQ=DAILY;BYHOUR=1,2", "BYHOUR", id="by the hour"),
        pytest.param("FREQ=MONTHLY;BYSETPOS=1;BYDAY=MO", "BYSETPOS", id="by position"),
        pytest.param("COUNT=3", "never", id="without a frequency"),
        pytest.param("FREQ=DAILY;COUNT=lots", "LOTS", id="a count that is none"),
        pytest.param("FREQ=WEEKLY;BYDAY=XX", "XX", id="a weekday that is none"),
    ],
)
def test_what_is_not_read_is_refused_by_its_name(rule: str, said: str) -> None:
    with pytest.raises(BadRule, match=said):
        rule_of(parts(rule), None)
