"""Moments as text and numbers."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from bridge import utc

MORNING = datetime(2026, 11, 23, 9, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        pytest.param("2026-11-23T09:00:00Z", MORNING, id="Z"),
        pytest.param("2026-11-23T10:00+01:00", MORNING, id="an offset"),
        pytest.param(
            "2026-11-23T09:00:00.000001Z", MORNING + timedelta(microseconds=1), id="short"
        ),
    ],
)
def test_a_text_with_a_zone_is_a_moment_in_utc(text: str, moment: datetime) -> None:
    found = utc.from_iso(text)

    assert found == moment
    assert found.tzinfo is UTC


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("2026-11-23T09:00:00", id="no zone"),
        pytest.param("2026-11-23", id="a day"),
        pytest.param("tomorrow", id="no time"),
        pytest.param("", id="nothing"),
        pytest.param("0001-01-01T00:00:00+01:00", id="before the first year"),
        pytest.param("9999-12-31T23:59:59-01:00", id="after the last year"),
    ],
)
def test_what_is_no_moment_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        utc.from_iso(text)


@pytest.mark.parametrize(
    ("moment", "text"),
    [
        pytest.param(MORNING, "2026-11-23T09:00:00Z", id="whole"),
        pytest.param(MORNING.replace(microsecond=5), "2026-11-23T09:00:00.000005Z", id="fraction"),
        pytest.param(
            MORNING.astimezone(timezone(timedelta(hours=5, minutes=30))),
            "2026-11-23T09:00:00Z",
            id="another zone",
        ),
    ],
)
def test_a_moment_is_written_in_utc_and_read_back(moment: datetime, text: str) -> None:
    assert utc.iso(moment) == text
    assert utc.from_iso(text) == moment


def test_a_naive_moment_is_not_written() -> None:
    with pytest.raises(ValueError, match="zone"):
        utc.iso(datetime(2026, 11, 23))  # noqa: DTZ001 - what is refused


def test_seconds_since_1970_keep_their_microseconds() -> None:
    assert utc.iso(utc.from_timestamp(1795421240.25)) == "2026-11-23T08:07:20.250000Z"
