"""Special days in the desk file: what is read, written and refused."""

import json
from datetime import date

import pytest

from bridge.calendars.special_form import BadSpecialDay, special_from_plain, special_to_plain
from bridge.calendars.weekly_form import BadCalendar, BadWindow
from tests.calendars.naive import Plain


def test_special_days_are_written_in_order() -> None:
    special = {
        "2027-08-02/2027-08-13": "Closed",
        date(2027, 2, 8): [],
        "12-31": ["8:00-12:00"],
        "2027-02-09/2027-02-09": "closed",
        "02-29": "closed",
    }

    written = special_to_plain(special_from_plain(special))

    assert json.dumps(written) == json.dumps(
        {
            "02-29": "closed",
            "12-31": ["08:00-12:00"],
            "2027-02-08": "closed",
            "2027-02-09": "closed",
            "2027-08-02/2027-08-13": "closed",
        }
    )


@pytest.mark.parametrize(
    ("plain", "error", "path", "says"),
    [
        pytest.param(
            {"02-30": "closed"}, BadSpecialDay, ("02-30",), "no day 02-30", id="02-30",
        ),
        pytest.param(
            {"2027-02-29": "closed"}, BadSpecialDay, ("2027-02-29",),
            "no day 2027-02-29", id="no leap year",
        ),
        pytest.param(
            {"24.12.": "closed"}, BadSpecialDay, ("24.12.",), "write 12-24", id="24.12.",
        ),
        pytest.param(
            {"12-24/12-31": "closed"}, BadSpecialDay, ("12-24/12-31",),
            "2027-08-02/2027-08-13", id="yearly range",
        ),
        pytest.param(
            {"2027-08-13/2027-08-02": "closed"}, BadSpecialDay, ("2027-08-13/2027-08-02",),
            "ends before it begins", id="backwards",
        ),
        pytest.param(
            {"12-24": "half day"}, BadSpecialDay, ("12-24",),
            "write closed", id="unknown word",
        ),
        pytest.param(
            {"12-24": ["22:00-06:00"]}, BadWindow, ("12-24", 0),
            "over midnight", id="special over midnight",
        ),
        pytest.param(
            {"2027-08-02/2027-08-13": "closed",
                                  "2027-08-13/2027-08-20": ["08:00-09:00"]},
            BadSpecialDay, ("2027-08-13/2027-08-20",),
            "both say what 2027-08-13 is", id="ranges over each other",
        ),
        pytest.param(
            {"2027-08-02": "closed",
                                  "2027-08-02/2027-08-02": ["08:00-09:00"]},
            BadSpecialDay, ("2027-08-02",), "both say", id="a date twice",
        ),
        pytest.param(["12-24"], BadSpecialDay, (), "a mapping", id="a list"),
    ],
)  # fmt: skip
def test_what_breaks_a_rule_is_refused(
    plain: Plain, error: type[BadCalendar], path: tuple[str | int, ...], says: str
) -> None:
    with pytest.raises(BadCalendar) as refused:
        special_from_plain(plain)

    assert type(refused.value) is error
    assert refused.value.path == path
    assert says in str(refused.value)
