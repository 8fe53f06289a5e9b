"""Absences read from calendars, and shifts written as one."""

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from icalendar import Calendar

from bridge.oncall.icalendar import MOST_BYTES, BadCalendar, Entry, absences, written
from bridge.oncall.recurrence import BadRule
from bridge.utc import from_iso, iso

BERLIN = ZoneInfo("Europe/Berlin")
BEGIN = datetime(2026, 1, 1, tzinfo=UTC)
END = datetime(2027, 2, 1, tzinfo=UTC)


def calendar(*events: str) -> bytes:
    wrapped = [f"BEGIN:VEVENT\nUID:e{n}\n{event}\nEND:VEVENT" for n, event in enumerate(events)]
    text = "\n".join(["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:test", *wrapped, "END:VCALENDAR"])
    return (text + "\n").replace("\n", "\r\n").encode()


def found(*events: str, begin: datetime = BEGIN, end: datetime = END) -> list[tuple[str, str]]:
    read = absences(calendar(*events), BERLIN, begin, end)
    return [(iso(one.starts_at), iso(one.ends_at)) for one in read]


@pytest.mark.parametrize(
    ("event", "expected"),
    [
        pytest.param(
            "DTSTART;VALUE=DATE:20261221\nDTEND;VALUE=DATE:20261224",
            [("2026-12-20T23:00:00Z", "2026-12-23T23:00:00Z")],
            id="whole days are those of the zone given, the end is not one of them",
        ),
        pytest.param(
            "DTSTART;VALUE=DATE:20260329",
            [("2026-03-28T23:00:00Z", "2026-03-29T22:00:00Z")],
            id="a day without an end is one day, of 23 hours in March",
        ),
        pytest.param(
            "DTSTART;VALUE=DATE:20261025",
            [("2026-10-24T22:00:00Z", "2026-10-25T23:00:00Z")],
            id="of 25 hours in October",
        ),
        pytest.param(
            "DTSTART;TZID=America/New_York:20261124T090000\n"
            "DTEND;TZID=America/New_York:20261124T170000",
            [("2026-11-24T14:00:00Z", "2026-11-24T22:00:00Z")],
            id="a zone of its own",
        ),
        pytest.param(
            "DTSTART;TZID=Europe/Berlin:20261124T220000\n"
            "DTEND;TZID=America/New_York:20261124T200000",
            [("2026-11-24T21:00:00Z", "2026-11-25T01:00:00Z")],
            id="an end in another zone",
        ),
        pytest.param(
            "DTSTART:20261124T090000\nDTEND:20261124T100000",
            [("2026-11-24T08:00:00Z", "2026-11-24T09:00:00Z")],
            id="no zone",
        ),
        pytest.param(
            "DTSTART:20261124T090000Z\nDURATION:PT90M",
            [("2026-11-24T09:00:00Z", "2026-11-24T10:30:00Z")],
            id="a duration",
        ),
        pytest.param(
            "DTSTART;TZID=Europe/Berlin:20260328T023000\nDTEND;TZID=Europe/Berlin:20260328T040000\n"
            "RRULE:FREQ=DAILY;COUNT=3",
            [
                ("2026-03-28T01:30:00Z", "2026-03-28T03:00:00Z"),
                ("2026-03-29T01:00:00Z", "2026-03-29T02:00:00Z"),
                ("2026-03-30T00:30:00Z", "2026-03-30T02:00:00Z"),
            ],
            id="repeated into the skipped hour",
        ),
        pytest.param(
            "DTSTART;TZID=Europe/Berlin:20261024T220000\nDTEND;TZID=Europe/Berlin:20261025T060000\n"
            "RRULE:FREQ=DAILY;COUNT=2",
            [
                ("2026-10-24T20:00:00Z", "2026-10-25T05:00:00Z"),
                ("2026-10-25T21:00:00Z", "2026-10-26T05:00:00Z"),
            ],
            id="nine hours in the night with an hour twice",
        ),
        pytest.param(
            "DTSTART;TZID=Europe/Berlin:20261201T130000\nDTEND;TZID=Europe/Berlin:20261201T140000\n"
            "RRULE:FREQ=WEEKLY;UNTIL=20261215T120000Z\nEXDATE;TZID=Europe/Berlin:20261208T130000",
            [
                ("2026-12-01T12:00:00Z", "2026-12-01T13:00:00Z"),
                ("2026-12-15T12:00:00Z", "2026-12-15T13:00:00Z"),
            ],
            id="an exception, and a last moment in UTC",
        ),
        pytest.param(
            "DTSTART;VALUE=DATE:20261201\nRDATE;VALUE=DATE:20261210",
            [
                ("2026-11-30T23:00:00Z", "2026-12-01T23:00:00Z"),
                ("2026-12-09T23:00:00Z", "2026-12-10T23:00:00Z"),
            ],
            id="one more day by name",
        ),
        pytest.param("DTSTART;VALUE=DATE:20261201\nSTATUS:CANCELLED", [], id="cancelled"),
        pytest.param("DTSTART;VALUE=DATE:20261201\nTRANSP:TRANSPARENT", [], id="marked as free"),
        pytest.param("DTSTART;VALUE=DATE:20251201", [], id="over"),
        pytest.param("DTSTART;VALUE=DATE:20280101", [], id="too far ahead"),
        pytest.param("DTSTART:20261124T090000Z", [], id="lasts no time"),
    ],
)
def test_an_event_is_these_absences(event: str, expected: list[tuple[str, str]]) -> None:
    assert found(event) == expected


def test_a_repetition_that_was_moved_is_only_where_it_was_moved_to() -> None:
    series = (
        "UID:x\nDTSTART;TZID=Europe/Berlin:20261201T100000\nDURATION:PT1H\nRRULE:FREQ=DAILY;COUNT=2"
    )
    moved = (
        "UID:x\nRECURRENCE-ID;TZID=Europe/Berlin:20261202T100000\n"
        "DTSTART;TZID=Europe/Berlin:20261203T150000\nDURATION:PT1H"
    )
    text = calendar("@", "@").replace(b"UID:e0\r\n@", series.replace("\n", "\r\n").encode())
    text = text.replace(b"UID:e1\r\n@", moved.replace("\n", "\r\n").encode())

    read = absences(text, BERLIN, BEGIN, END)

    assert [iso(one.starts_at) for one in read] == ["2026-12-01T09:00:00Z", "2026-12-03T14:00:00Z"]


def test_each_repetition_has_a_name_that_stays() -> None:
    event = "DTSTART;VALUE=DATE:20261201\nRRULE:FREQ=WEEKLY;COUNT=3"

    whole = absences(calendar(event), BERLIN, BEGIN, END)
    later = absences(calendar(event), BERLIN, from_iso("2026-12-05T00:00:00Z"), END)

    assert len({one.uid for one in whole}) == 3
    assert [one.uid for one in later] == [one.uid for one in whole][1:]


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(b"", id="nothing"),
        pytest.param(b"\x00\xff\xfe" * 1000, id="no text"),
        pytest.param(b"<html>log in</html>", id="a page"),
        pytest.param(b"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\n", id="cut off"),
        pytest.param(b"BEGIN:VEVENT\r\nUID:x\r\nEND:VEVENT\r\n", id="an event alone"),
        pytest.param(calendar("SUMMARY:when?"), id="no beginning"),
        pytest.param(calendar("DTSTART:tomorrow"), id="a beginning that is no time"),
        pytest.param(calendar("DTSTART;VALUE=DATE:00010101"), id="the year 1"),
        pytest.param(
            calendar("DTSTART;VALUE=DATE:20260101\nDTEND;VALUE=DATE:99991231"), id="the year 9999"
        ),
        pytest.param(
            calendar("DTSTART;VALUE=DATE:20260101\nDURATION:P99999999999D"), id="for ever"
        ),
        pytest.param(b"BEGIN:VCALENDAR\r\n" + b"x" * MOST_BYTES, id="too large"),
        pytest.param(calendar(*["DTSTART:20260101T000000Z"] * 5001), id="too many events"),
        pytest.param(
            calendar(*["DTSTART:20260101T000000Z\nRRULE:FREQ=DAILY"] * 201), id="too many rules"
        ),
    ],
)
@pytest.mark.timeout(10)
def test_what_is_no_calendar_is_refused(content: bytes) -> None:
    with pytest.raises(BadCalendar):
        absences(content, BERLIN, BEGIN, END)


@pytest.mark.timeout(20)
def test_many_endless_rules_are_many_absences_and_refused_in_time() -> None:
    event = "DTSTART:19500101T000000Z\nDURATION:PT1H\nRRULE:FREQ=DAILY;COUNT=99999999"

    with pytest.raises(BadCalendar, match="absences"):
        found(*[event.replace("1950", "2020")] * 200)


def test_a_rule_that_absences_do_not_have_is_refused() -> None:
    with pytest.raises(BadRule, match="SECONDLY"):
        found("DTSTART:20260101T000000Z\nRRULE:FREQ=SECONDLY")


def test_what_is_written_is_read_again_by_others_and_stays_the_same() -> None:
    start = datetime(2026, 11, 23, 8, tzinfo=UTC)
    entry = Entry("a@bridge", start, start + timedelta(days=7), "On call; late, or\nBEGIN:VEVENT")

    content = written("On call: Änna", [entry], start)

    event: Any = Calendar.from_ical(content).walk("VEVENT")[0]
    assert (event["DTSTART"].dt, event["DTEND"].dt) == (entry.starts_at, entry.ends_at)
    assert str(event["SUMMARY"]) == entry.title
    assert str(event["TRANSP"]) == "TRANSPARENT"
    assert written("On call: Änna", [entry], start) == content
    assert all(len(line) <= 75 for line in content.split(b"\r\n"))
