"""Calendars to subscribe to: their secrets, and the shifts they show."""

from datetime import timedelta
from typing import Any

import pytest
from icalendar import Calendar
from sqlalchemy import select

from bridge.flows import feeds, overrides
from bridge.flows.directory import read
from bridge.flows.feeds import Feed, UnknownFeed
from bridge.flows.overrides import UnknownSchedule, Wish
from bridge.installation import Installation
from bridge.oncall.models import CalendarFeed
from bridge.oncall.schedule import Override, OverrideKind
from bridge.staff.models import StaffMember
from bridge.utc import from_iso, iso
from tests import builders
from tests.builders import MONDAY_9_UTC as NOW

WEEKLY = "people: [anna]}"


@pytest.fixture
def desk(installation: Installation) -> Installation:
    """Anna and Ben take turns, week by week."""
    text = builders.EXAMPLE.read_text()
    assert WEEKLY in text
    builders.apply_desk(installation, text.replace(WEEKLY, "people: [anna, ben]}"))
    return installation


def make(desk: Installation, label: str | None = None, person: str = "anna") -> str:
    staff_id = builders.person(desk, person).id
    with desk.database.transaction() as session:
        return feeds.make(session, read(session), staff_id, label, NOW)


def fetch(desk: Installation, secret: str, days: float = 0) -> Feed:
    with desk.database.reading() as session:
        return feeds.read(session, read(session), secret, NOW + timedelta(days=days))


def events(feed: Feed) -> dict[str, tuple[str, str]]:
    """Return title and begin of each event by its uid."""
    # By their names, because the library's types are of every property there is.
    found: list[Any] = list(Calendar.from_ical(feed.content).walk("VEVENT"))
    return {str(one["UID"]): (str(one["SUMMARY"]), iso(one["DTSTART"].dt)) for one in found}


def test_ones_own_calendar_shows_ones_own_shifts_alone(desk: Installation) -> None:
    begins = sorted(begin for _, begin in events(fetch(desk, make(desk))).values())
    bens = sorted(begin for _, begin in events(fetch(desk, make(desk, person="ben"))).values())

    assert not set(begins) & set(bens)
    assert 28 <= len(begins) <= 33
    assert {"2026-11-23T08:00:00Z", "2026-11-30T08:00:00Z"} <= {*begins, *bens}
    # Monday, 9 o'clock in Berlin, also after the clocks have changed.
    assert "2027-04-05T07:00:00Z" in {*begins, *bens}


def test_a_schedules_calendar_names_everybody(desk: Installation) -> None:
    titles = {title for title, _ in events(fetch(desk, make(desk, "primary"))).values()}

    assert titles == {"Anna Beispiel – primary", "Ben Beispiel – primary"}


def test_an_override_is_shown_at_once(desk: Installation) -> None:
    secret = make(desk, "primary")
    before = fetch(desk, secret)
    cover = Override(
        from_iso("2026-12-25T00:00:00Z"), from_iso("2026-12-26T00:00:00Z"),
        OverrideKind.COVER, ("lead",),
    )  # fmt: skip

    with desk.database.transaction() as session:
        someone = builders.person(desk, "anna")
        overrides.make(session, read(session), Wish("primary", cover), someone, NOW)

    after = fetch(desk, secret)
    assert before.tag != after.tag
    assert "2026-12-25T00:00:00Z" in {begin for _, begin in events(after).values()}


def test_what_stays_keeps_its_name_the_next_day(desk: Installation) -> None:
    secret = make(desk)

    today, tomorrow = events(fetch(desk, secret)), events(fetch(desk, secret, days=1))

    assert {uid: tomorrow[uid] for uid in today if uid in tomorrow}.items() <= today.items()
    assert len(set(today) - set(tomorrow)) <= 1


def test_the_same_moment_has_the_same_bytes_for_every_node(desk: Installation) -> None:
    secret = make(desk)
    first = fetch(desk, secret)

    feeds._content.cache_clear()

    assert fetch(desk, secret) == first


def test_the_secret_is_not_in_the_database(desk: Installation) -> None:
    secret = make(desk)

    with builders.looking(desk) as session:
        (row,) = session.scalars(select(CalendarFeed))
        assert secret not in repr(vars(row))
    assert len(secret) >= 43


def test_a_withdrawn_address_shows_nothing_and_the_others_go_on(desk: Installation) -> None:
    gone, stays = make(desk), make(desk)
    me = builders.person(desk, "anna").id
    with desk.database.transaction() as session:
        number = feeds.of_person(session, me)[0][0]
        feeds.withdraw(session, me, number, NOW)

    with pytest.raises(UnknownFeed):
        fetch(desk, gone)
    assert events(fetch(desk, stays))


def test_nobody_withdraws_somebody_elses(desk: Installation) -> None:
    secret = make(desk)
    ben = builders.person(desk, "ben").id
    me = builders.person(desk, "anna").id
    with desk.database.transaction() as session:
        number = feeds.of_person(session, me)[0][0]
        with pytest.raises(UnknownFeed):
            feeds.withdraw(session, ben, number, NOW)

    assert fetch(desk, secret)


def test_a_wrong_secret_and_an_unknown_schedule_are_refused(desk: Installation) -> None:
    with pytest.raises(UnknownFeed):
        fetch(desk, "x" * 43)
    with pytest.raises(UnknownSchedule):
        make(desk, "primry")


def test_who_has_left_has_no_calendar_any_more(desk: Installation) -> None:
    secret, number = make(desk), builders.person(desk, "anna").id
    with desk.database.transaction() as session:
        session.get_one(StaffMember, number).retired_at = NOW

    with pytest.raises(UnknownFeed):
        fetch(desk, secret)
