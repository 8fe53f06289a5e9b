"""How moments and lengths of time are written."""

from datetime import UTC, date, datetime, timedelta

import pytest

from bridge.moments import Moments, countdown, exact, length

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
BERLIN, KOLKATA, DUBAI = "Europe/Berlin", "Asia/Kolkata", "Asia/Dubai"


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("moment", "zone", "german", "english"),
    [
        pytest.param("2026-11-23T16:00", BERLIN, "17:00 MEZ", "17:00 CET", id="today"),
        pytest.param(
            "2026-11-24T07:30", BERLIN, "Di 24.11. 08:30 MEZ", "Tue 24 Nov 08:30 CET", id="tomorrow"
        ),
        pytest.param(
            "2026-11-23T23:30",
            BERLIN,
            "Di 24.11. 00:30 MEZ",
            "Tue 24 Nov 00:30 CET",
            id="today in UTC, tomorrow there",
        ),
        pytest.param(
            "2026-06-01T10:00", BERLIN, "Mo 01.06. 12:00 MESZ", "Mon 1 Jun 12:00 CEST", id="summer"
        ),
        pytest.param(
            "2025-12-31T23:30",
            BERLIN,
            "Do 01.01. 00:30 MEZ",
            "Thu 1 Jan 00:30 CET",
            id="this year there",
        ),
        pytest.param(
            "2025-12-31T12:00",
            BERLIN,
            "Mi 31.12.2025 13:00 MEZ",
            "Wed 31 Dec 2025 13:00 CET",
            id="last year",
        ),
        pytest.param("2026-11-23T10:00", KOLKATA, "15:30 IST", "15:30 IST", id="half an hour off"),
        pytest.param("2026-11-23T10:00", DUBAI, "14:00 UTC+4", "14:00 UTC+4", id="without a name"),
        pytest.param("2026-11-23T10:00", "UTC", "10:00 UTC", "10:00 UTC", id="UTC"),
    ],
)
def test_a_moment_is_written_in_the_zone_it_is_for(
    moment: str, zone: str, german: str, english: str
) -> None:
    written = [Moments(language, "UTC", NOW).zoned(at(moment), zone) for language in ("de", "en")]

    assert written == [german, english]


def test_both_passes_of_the_repeated_hour_are_told_apart() -> None:
    moments = Moments("de", BERLIN, datetime(2026, 10, 25, tzinfo=UTC))

    assert moments.zoned(at("2026-10-25T00:30")) == "02:30 MESZ"
    assert moments.zoned(at("2026-10-25T01:30")) == "02:30 MEZ"


@pytest.mark.parametrize(
    ("seconds", "german", "english"),
    [
        (0, "0 s", "0 s"),
        (59.9, "59 s", "59 s"),
        (60, "1 min", "1 min"),
        (-24 * 60, "24 min", "24 min"),
        (3600, "1 h", "1 h"),
        (3900, "1 h 05 min", "1 h 05 min"),
        (2 * 86400 + 3 * 3600, "2 T 3 h", "2 d 3 h"),
        (86400, "1 T", "1 d"),
    ],
)
def test_a_length_has_two_units_at_most(seconds: float, german: str, english: str) -> None:
    lasts = timedelta(seconds=seconds)

    assert [length(lasts, "de"), length(lasts, "en")] == [german, english]


@pytest.mark.parametrize(
    ("seconds", "shown"),
    [(0, "0:00"), (-65, "1:05"), (1450, "24:10"), (3600, "1:00:00"), (86399, "23:59:59")],
)
def test_a_countdown_looks_like_a_clock(seconds: int, shown: str) -> None:
    assert countdown(timedelta(seconds=seconds), "de") == shown


def test_a_countdown_of_days_is_told_in_words() -> None:
    assert countdown(timedelta(days=2, hours=3, minutes=4), "en") == "2 d 3 h"


@pytest.mark.parametrize(
    ("seconds", "written"),
    [(0, "0 min"), (30 * 60, "30 min"), (3661, "1 h 1 min 1 s"), (40 * 3600, "40 h")],
)
def test_a_sum_hides_no_second(seconds: int, written: str) -> None:
    assert exact(timedelta(seconds=seconds)) == written


def test_a_stretch_of_time_names_the_second_day_only_where_it_is_another() -> None:
    moments = Moments("en", BERLIN, NOW)

    same = moments.span(at("2026-11-24T07:00"), at("2026-11-24T16:00:30"))
    over_night = moments.span(at("2026-11-24T07:00"), at("2026-11-25T16:00"))

    assert same == "Tue 24 Nov 08:00 – 17:00:30"
    assert over_night == "Tue 24 Nov 08:00 – Wed 25 Nov 17:00"


@pytest.mark.parametrize(
    ("begin", "end", "german", "english"),
    [
        pytest.param(
            "2026-11-24T07:00", "2026-11-24T16:00",
            "Di 24.11. 08:00 – 17:00", "Tue 24 Nov 08:00 – 17:00", id="one day",
        ),
        pytest.param(
            "2026-11-24T07:00", "2026-11-25T16:00:30",
            "Di 24.11. 08:00 – Mi 25.11. 17:00:30", "Tue 24 Nov 08:00 – Wed 25 Nov 17:00:30",
            id="two days, and seconds",
        ),
        pytest.param(
            "2026-11-24T19:00", "2026-11-24T23:00",
            "Di 24.11. 20:00 – 24:00", "Tue 24 Nov 20:00 – 24:00", id="up to midnight",
        ),
        pytest.param(
            "2026-10-25T00:30", "2026-10-25T01:30",
            "So 25.10. 02:30 MESZ – 02:30 MEZ", "Sun 25 Oct 02:30 CEST – 02:30 CET",
            id="the hour that comes twice",
        ),
        pytest.param(
            "2026-10-25T01:10", "2026-10-25T01:30",
            "So 25.10. 02:10 MEZ – 02:30 MEZ", "Sun 25 Oct 02:10 CET – 02:30 CET",
            id="inside its second pass",
        ),
        pytest.param(
            "2026-03-29T00:30", "2026-03-29T01:30",
            "So 29.03. 01:30 MEZ – 03:30 MESZ", "Sun 29 Mar 01:30 CET – 03:30 CEST",
            id="over the hour that is skipped",
        ),
    ],
)  # fmt: skip
def test_a_stretch_of_time_can_be_told_from_every_other(
    begin: str, end: str, german: str, english: str
) -> None:
    written = [Moments(language, BERLIN, NOW).span(at(begin), at(end)) for language in ("de", "en")]

    assert written == [german, english]


@pytest.mark.parametrize(
    ("moment", "exactly", "wall"),
    [
        ("2026-11-24T07:30", "Tue 24 Nov 08:30 CET", "08:30"),
        ("2026-11-24T07:30:09", "Tue 24 Nov 08:30:09 CET", "08:30"),
        ("2026-10-25T00:30", "Sun 25 Oct 02:30 CEST", "02:30 CEST"),
        ("2026-10-25T01:30", "Sun 25 Oct 02:30 CET", "02:30 CET"),
        ("2026-03-29T01:00", "Sun 29 Mar 03:00 CEST", "03:00"),
    ],
)
def test_a_moment_says_what_is_needed_and_no_more(moment: str, exactly: str, wall: str) -> None:
    moments = Moments("en", BERLIN, NOW)

    assert moments.exactly(at(moment)) == exactly
    assert moments.wall(at(moment)) == wall


def test_a_day_is_written_without_a_zone() -> None:
    found = [
        Moments(language, "Pacific/Auckland", NOW).date(date(2026, 6, 4))
        for language in ("de", "en")
    ]

    assert found == ["Do 04.06.", "Thu 4 Jun"]
