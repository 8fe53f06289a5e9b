"""Wall times that are there once, twice, or not at all."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from bridge.oncall.walltime import first_instant, is_skipped, last_instant
from bridge.utc import iso

BERLIN = "Europe/Berlin"
NEW_YORK = "America/New_York"
LORD_HOWE = "Australia/Lord_Howe"
APIA = "Pacific/Apia"

WALL_TIMES = [
    pytest.param(BERLIN, "2026-01-05T09:00", "2026-01-05T08:00:00Z", None, id="winter"),
    pytest.param(BERLIN, "2026-07-05T09:00", "2026-07-05T07:00:00Z", None, id="summer"),
    pytest.param(BERLIN, "2026-03-29T01:59", "2026-03-29T00:59:00Z", None, id="before the gap"),
    pytest.param(BERLIN, "2026-03-29T03:00", "2026-03-29T01:00:00Z", None, id="after the gap"),
    pytest.param(
        BERLIN,
        "2026-10-25T02:00",
        "2026-10-25T00:00:00Z",
        "2026-10-25T01:00:00Z",
        id="begin of the repeated hour",
    ),
    pytest.param(
        BERLIN,
        "2026-10-25T02:59:59.5",
        "2026-10-25T00:59:59.500000Z",
        "2026-10-25T01:59:59.500000Z",
        id="end of the repeated hour",
    ),
    pytest.param(
        BERLIN, "2026-10-25T03:00", "2026-10-25T02:00:00Z", None, id="after the repeated hour"
    ),
    pytest.param(
        NEW_YORK, "2026-11-01T01:30", "2026-11-01T05:30:00Z", "2026-11-01T06:30:00Z", id="New York"
    ),
    pytest.param(
        LORD_HOWE,
        "2026-04-05T01:45",
        "2026-04-04T14:45:00Z",
        "2026-04-04T15:15:00Z",
        id="half an hour repeated on Lord Howe",
    ),
    pytest.param(
        "America/St_Johns",
        "2010-11-06T23:30",
        "2010-11-07T02:00:00Z",
        "2010-11-07T03:00:00Z",
        id="back over midnight, the day before",
    ),
    pytest.param(
        "America/St_Johns",
        "2010-11-07T00:00",
        "2010-11-07T02:30:00Z",
        "2010-11-07T03:30:00Z",
        id="back over midnight, the midnight",
    ),
    pytest.param("Asia/Kolkata", "2026-03-29T02:30", "2026-03-28T21:00:00Z", None, id="no changes"),
]

SKIPPED_TIMES = [
    pytest.param(BERLIN, "2026-03-29T02:00", "2026-03-29T01:00:00Z", id="begin of the gap"),
    pytest.param(BERLIN, "2026-03-29T02:59:59.5", "2026-03-29T01:00:00Z", id="end of the gap"),
    pytest.param(NEW_YORK, "2026-03-08T02:30", "2026-03-08T07:00:00Z", id="New York"),
    pytest.param("Africa/Cairo", "2026-04-24T00:00", "2026-04-23T22:00:00Z", id="midnight"),
    pytest.param(LORD_HOWE, "2026-10-04T02:15", "2026-10-03T15:30:00Z", id="Lord Howe"),
    pytest.param(APIA, "2011-12-30T00:00", "2011-12-30T10:00:00Z", id="the day Samoa left out"),
    pytest.param(APIA, "2011-12-30T23:59", "2011-12-30T10:00:00Z", id="its last minute"),
]


@pytest.mark.parametrize(("zone", "wall", "first", "last"), WALL_TIMES)
def test_a_shown_wall_time_starts_on_its_first_pass_and_ends_on_its_last(
    zone: str, wall: str, first: str, last: str | None
) -> None:
    time, clocks = datetime.fromisoformat(wall), ZoneInfo(zone)

    assert iso(first_instant(time, clocks)) == first
    assert iso(last_instant(time, clocks)) == (last or first)
    assert not is_skipped(time, clocks)


@pytest.mark.parametrize(("zone", "wall", "after_the_gap"), SKIPPED_TIMES)
def test_a_skipped_wall_time_means_the_first_instant_after_the_gap(
    zone: str, wall: str, after_the_gap: str
) -> None:
    time, clocks = datetime.fromisoformat(wall), ZoneInfo(zone)

    assert iso(first_instant(time, clocks)) == after_the_gap
    assert iso(last_instant(time, clocks)) == after_the_gap
    assert is_skipped(time, clocks)
