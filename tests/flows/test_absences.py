"""Absences from a calendar: who is taken off duty, who is not, and what a second file changes."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy.orm import Session

from bridge.flows import absences, overrides
from bridge.flows.absences import Import, NotInAny, TooMany
from bridge.flows.directory import Directory, read
from bridge.flows.overrides import UnknownPerson, Wish
from bridge.installation import Installation
from bridge.oncall.rotation import on_call
from bridge.oncall.schedule import Override, OverrideKind
from bridge.staff import queries as staff
from bridge.staff.models import StaffMember
from bridge.utc import from_iso, iso
from tests import builders
from tests.builders import MONDAY_9_UTC as NOW

BERLIN = ZoneInfo("Europe/Berlin")
HOLIDAY = ("h", "20261221", "20261224")
COURSE = ("c", "20261201", "20261202")
SECOND = """
  secondary:
    timezone: Europe/Berlin
    layers:
      - {rotation: weekly, handover: "mon 09:00", starts: 2026-01-05, people: [anna, ben]}
policies:
  standby:
    steps:
      - {page: [schedule:primary], then: 5m}
      - {page: [schedule:secondary], then: 5m}
"""
POLICY = "policies:\n  standby:\n    steps:\n      - {page: [schedule:primary], then: 5m}\n"


def file_of(*days: tuple[str, str, str]) -> bytes:
    events = "".join(
        f"BEGIN:VEVENT\r\nUID:{uid}\r\nDTSTART;VALUE=DATE:{first}\r\n"
        f"DTEND;VALUE=DATE:{end}\r\nEND:VEVENT\r\n"
        for uid, first, end in days
    )
    return f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\n{events}END:VCALENDAR\r\n".encode()


def prepared(
    session: Session, content: bytes, person: str = "anna", now: datetime = NOW
) -> tuple[Directory, Import]:
    directory = read(session)
    return directory, absences.prepare(session, directory, person, content, BERLIN, now)


def someone(session: Session, label: str = "lead") -> StaffMember:
    found = staff.person(session, label)
    assert found is not None
    return found


def take_in(
    installation: Installation, content: bytes, person: str = "anna", now: datetime = NOW
) -> None:
    with installation.database.transaction() as session:
        directory, planned = prepared(session, content, person, now)
        absences.carry_out(session, directory, planned, someone(session), now)


def who(installation: Installation, moment: str, schedule: str = "primary") -> tuple[str, ...]:
    with builders.looking(installation) as session:
        return on_call(read(session).schedules[schedule], from_iso(moment))


@pytest.fixture
def desk(installation: Installation) -> Installation:
    builders.apply_desk(installation)
    return installation


def test_looking_at_it_changes_nothing(desk: Installation) -> None:
    with desk.database.reading() as session:
        _, planned = prepared(session, file_of(HOLIDAY))

    assert (len(planned.absences), len(planned.new), planned.kept) == (1, 1, 0)
    assert who(desk, "2026-12-22T12:00:00Z") == ("anna",)


def test_who_is_away_is_not_on_call_by_the_minute(desk: Installation) -> None:
    take_in(desk, file_of(HOLIDAY))

    assert who(desk, "2026-12-20T22:59:00Z") == ("anna",)
    assert who(desk, "2026-12-20T23:00:00Z") == ()
    assert who(desk, "2026-12-23T22:59:00Z") == ()
    assert who(desk, "2026-12-23T23:00:00Z") == ("anna",)


def test_the_gap_that_arises_is_told_before(desk: Installation) -> None:
    with desk.database.reading() as session:
        _, planned = prepared(session, file_of(HOLIDAY))

    (gap,) = planned.gaps
    assert gap.group.policy == "standby"
    assert [(iso(one.starts_at), iso(one.ends_at)) for one in gap.gaps] == [
        ("2026-12-20T23:00:00Z", "2026-12-23T23:00:00Z")
    ]


def test_no_gap_is_told_where_another_schedule_of_the_policy_has_somebody(
    installation: Installation,
) -> None:
    text = builders.EXAMPLE.read_text()
    assert POLICY in text
    builders.apply_desk(installation, text.replace(POLICY, SECOND.lstrip("\n")))

    with installation.database.reading() as session:
        _, planned = prepared(session, file_of(("x", "20261201", "20261202")))
        whose = read(session).schedules["secondary"]

    assert {wish.schedule for wish in planned.new} == {"primary", "secondary"}
    is_bens_week = on_call(whose, from_iso("2026-12-01T12:00:00Z")) == ("ben",)
    assert bool(planned.gaps) is not is_bens_week


def test_the_same_file_again_changes_nothing(desk: Installation) -> None:
    take_in(desk, file_of(HOLIDAY, COURSE))

    with desk.database.reading() as session:
        _, planned = prepared(session, file_of(HOLIDAY, COURSE))

    assert (planned.new, planned.withdrawn, planned.kept, planned.gaps) == ([], [], 2, [])


def test_a_changed_file_replaces_what_the_last_one_said(desk: Installation) -> None:
    take_in(desk, file_of(HOLIDAY, COURSE))

    take_in(desk, file_of(("h", "20261222", "20261224")))

    assert who(desk, "2026-12-21T12:00:00Z") == ("anna",)
    assert who(desk, "2026-12-22T12:00:00Z") == ()
    assert who(desk, "2026-12-01T12:00:00Z") == ("anna",)


def test_what_was_made_by_hand_is_not_withdrawn(desk: Installation) -> None:
    away = Override(
        from_iso("2026-12-30T00:00:00Z"), from_iso("2026-12-31T00:00:00Z"),
        OverrideKind.REMOVE, ("anna",),
    )  # fmt: skip
    with desk.database.transaction() as session:
        overrides.make(session, read(session), Wish("primary", away), someone(session), NOW)

    take_in(desk, file_of())

    assert who(desk, "2026-12-30T12:00:00Z") == ()


def test_who_has_a_stand_in_already_leaves_no_gap(desk: Installation) -> None:
    stand_in = Override(
        from_iso("2026-12-20T23:00:00Z"), from_iso("2026-12-23T23:00:00Z"),
        OverrideKind.REPLACE, ("ben",), "anna",
    )  # fmt: skip
    with desk.database.transaction() as session:
        overrides.make(session, read(session), Wish("primary", stand_in), someone(session), NOW)

    take_in(desk, file_of(HOLIDAY))

    assert who(desk, "2026-12-22T12:00:00Z") == ("ben",)


def test_an_absence_that_is_over_makes_nothing(desk: Installation) -> None:
    with desk.database.reading() as session:
        _, planned = prepared(session, file_of(("o", "20260101", "20260102")))

    assert (list(planned.absences), list(planned.new)) == ([], [])


def test_what_lies_behind_is_not_withdrawn_when_the_file_forgets_it(desk: Installation) -> None:
    take_in(desk, file_of(COURSE))

    with desk.database.reading() as session:
        _, planned = prepared(session, file_of(), now=NOW + timedelta(days=30))

    assert list(planned.withdrawn) == []


def test_only_our_people_who_are_in_a_schedule_can_be_away(desk: Installation) -> None:
    with desk.database.reading() as session:
        with pytest.raises(UnknownPerson):
            prepared(session, file_of(HOLIDAY), "nobody")
        with pytest.raises(NotInAny):
            prepared(session, file_of(HOLIDAY), "lead")


def test_more_changes_than_anybody_can_oversee_are_refused(
    installation: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    builders.apply_desk(installation)
    monkeypatch.setattr(absences, "MOST_OVERRIDES", 1)

    with installation.database.reading() as session, pytest.raises(TooMany, match="2"):
        prepared(session, file_of(HOLIDAY, COURSE))
