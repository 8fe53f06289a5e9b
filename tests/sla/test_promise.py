"""A promise over its life: changes of target, class and calendar, and warnings."""

from datetime import datetime, timedelta

import pytest

from bridge.calendars.desk_form import calendar_from_plain
from bridge.calendars.open_time import NeverDue, OpenTime
from bridge.sla.clock import ClockKind, Pause, StillPaused
from bridge.sla.promise import Promise, change_target

OFFICE_PLAIN = {
    "timezone": "Europe/Berlin",
    "hours": {"mon-fri": ["08:00-17:00"]},
    "holidays": "DE-NW",
}
OFFICE = OpenTime.of(calendar_from_plain(OFFICE_PLAIN))
ALWAYS = OpenTime.of(
    calendar_from_plain({"timezone": "Europe/Berlin", "hours": {"mon-sun": ["00:00-24:00"]}})
)
SHORT = OpenTime.of(calendar_from_plain(OFFICE_PLAIN | {"hours": {"mon-fri": ["08:00-12:00"]}}))


def at(text: str) -> datetime:
    """Read `mon 09:00` as a time in the week of Monday, 2026-11-23, in Berlin."""
    day, clock = text.split()
    number = 23 + ["mon", "tue", "wed", "thu", "fri", "sat", "sun"].index(day)
    return datetime.fromisoformat(f"2026-11-{number} {clock}+01:00")


def minutes(number: int) -> timedelta:
    return timedelta(minutes=number)


def promise(
    start: str, target: int, hours: OpenTime = OFFICE, kind: ClockKind = ClockKind.SOLUTION
) -> Promise:
    return Promise.given(kind, at(start), minutes(target), hours)


FAULT_DUE_AT_18 = promise("mon 08:00", 600, ALWAYS)


@pytest.mark.parametrize(
    ("changed_at", "target", "due"),
    [
        pytest.param("mon 14:00", 60, "mon 15:00", id="C1 upgrade: from now on"),
        pytest.param("mon 15:50", 60, "mon 16:00", id="C2 upgrade: never later than before"),
        pytest.param("mon 14:00", 960, "tue 15:00", id="C3 downgrade: from the start"),
        pytest.param("mon 14:00", 480, "mon 16:00", id="the same again"),
        pytest.param("mon 16:00", 60, "mon 16:00", id="at due"),
        pytest.param("mon 16:00", 960, "tue 15:00", id="downgrade at due"),
        pytest.param("mon 16:01", 960, "mon 16:00", id="already missed"),
        pytest.param("mon 08:00", 60, "mon 09:00", id="at the start"),
    ],
)
def test_a_changed_target(changed_at: str, target: int, due: str) -> None:
    changed = change_target(promise("mon 08:00", 480), at(changed_at), minutes(target))

    assert changed.due() == at(due)


def test_the_promise_says_its_new_target_even_where_the_due_stays() -> None:
    changed = change_target(promise("mon 08:00", 480), at("mon 15:50"), minutes(60))

    assert changed.target == minutes(60)
    assert changed.start == at("mon 08:00")


def test_an_upgrade_that_is_due_when_it_was_counts_as_before() -> None:
    changed = change_target(promise("mon 08:00", 480), at("mon 15:00"), minutes(60))

    assert changed.count.since == at("mon 08:00")


def test_a_missed_promise_stays_as_it_is() -> None:
    missed = promise("mon 08:00", 60)

    assert change_target(missed, at("mon 10:00"), minutes(960)) == missed


def test_a_downgrade_after_an_upgrade_counts_from_the_start_again() -> None:
    upgraded = change_target(promise("mon 08:00", 480), at("mon 10:00"), minutes(60))

    assert change_target(upgraded, at("mon 10:30"), minutes(240)).due() == at("mon 12:00")


def test_a_downgrade_keeps_all_pauses() -> None:
    pauses = [Pause(at("mon 09:00"), at("mon 11:00"))]

    changed = change_target(promise("mon 08:00", 240), at("mon 12:00"), minutes(480), None, pauses)

    assert changed.due(pauses) == at("tue 09:00")


def test_pauses_after_an_upgrade_move_the_due_on() -> None:
    pauses = [Pause(at("mon 09:00"), at("mon 11:00")), Pause(at("mon 14:30"), at("mon 15:00"))]

    changed = change_target(promise("mon 08:00", 480), at("mon 14:00"), minutes(60), None, pauses)

    assert changed.due(pauses) == at("mon 15:30")


def test_a_change_during_a_pause_is_decided_as_if_it_ended() -> None:
    waiting = [Pause(at("mon 10:00"), None)]

    changed = change_target(promise("mon 08:00", 480), at("mon 14:00"), minutes(60), None, waiting)

    with pytest.raises(StillPaused):
        changed.due(waiting)
    assert changed.due([Pause(at("mon 10:00"), at("mon 15:00"))]) == at("mon 16:00")


def test_an_unreachable_target_is_refused() -> None:
    with pytest.raises(NeverDue):
        change_target(promise("mon 08:00", 480), at("mon 14:00"), timedelta(days=366))


class TestChangeOfClass:
    """Another calendar from a moment on; what was consumed before stays."""

    def test_a_request_becomes_a_fault(self) -> None:
        request = promise("mon 16:00", 240)

        fault = change_target(request, at("mon 18:00"), minutes(30), ALWAYS)

        assert request.due() == at("tue 11:00")
        assert fault.due() == at("mon 18:30")

    def test_a_fault_becomes_a_request(self) -> None:
        fault = promise("mon 16:00", 240, ALWAYS)

        request = change_target(fault, at("mon 18:00"), minutes(480), OFFICE)

        # Two hours were consumed round the clock, six remain in office hours.
        assert request.due() == at("tue 14:00")
        assert request.consumed(at("tue 14:00")) == minutes(480)

    def test_the_old_due_stays_even_where_the_new_calendar_is_closed(self) -> None:
        request = change_target(FAULT_DUE_AT_18, at("mon 16:00"), minutes(540), OFFICE)

        # Nine hours after the start are 17:00, an upgrade; but nine from 16:00 are Tuesday.
        assert request.due() == at("mon 18:00")
        assert request.target == minutes(540)

    def test_a_later_downgrade_counts_in_the_calendar_of_the_class(self) -> None:
        request = change_target(FAULT_DUE_AT_18, at("mon 16:00"), minutes(540), OFFICE)

        later = change_target(request, at("mon 17:30"), minutes(600))

        assert later.due() == at("tue 09:00")


class TestNewVersionOfTheCalendar:
    """A change recomputes running clocks from that instant."""

    def test_the_due_moves(self) -> None:
        running = promise("mon 16:00", 480)

        changed = running.with_hours(at("tue 00:00"), SHORT)

        assert running.due() == at("tue 15:00")
        assert changed.due() == at("wed 11:00")

    def test_what_was_consumed_before_stays(self) -> None:
        changed = promise("mon 08:00", 480).with_hours(at("mon 15:00"), SHORT)

        assert changed.consumed(at("mon 15:00")) == minutes(420)
        assert changed.due() == at("tue 09:00")

    def test_a_due_of_a_former_class_stays(self) -> None:
        request = change_target(FAULT_DUE_AT_18, at("mon 16:00"), minutes(540), OFFICE)

        assert request.with_hours(at("mon 16:30"), SHORT).due() == at("mon 18:00")


def test_warnings_come_in_open_time() -> None:
    found = promise("mon 15:00", 480).warnings([100, 50, 75])

    assert [(w.percent, w.at) for w in found] == [
        (50, at("tue 10:00")),
        (75, at("tue 12:00")),
        (100, at("tue 14:00")),
    ]


def test_warnings_are_planned_again_after_a_change() -> None:
    changed = change_target(promise("mon 08:00", 480), at("mon 14:00"), minutes(60))

    assert [w.at for w in changed.warnings([50, 100])] == [at("mon 14:30"), at("mon 15:00")]


def test_warnings_behind_a_pause_without_end_wait() -> None:
    waiting = [Pause(at("mon 13:00"), None)]

    found = promise("mon 08:00", 480).warnings([50, 75, 100], waiting)

    assert [w.percent for w in found] == [50]


@pytest.mark.parametrize(
    ("kind", "due"),
    [
        pytest.param(ClockKind.RESPONSE, "mon 09:00", id="response runs on"),
        pytest.param(ClockKind.UPDATE, "mon 09:00", id="update runs on"),
        pytest.param(ClockKind.SOLUTION, "mon 11:00", id="solution waits"),
    ],
)
def test_a_pause_stops_only_the_solution_clock(kind: ClockKind, due: str) -> None:
    pauses = [Pause(at("mon 08:30"), at("mon 10:30"))]
    given = promise("mon 08:00", 60, kind=kind)

    assert given.due(pauses) == at(due)
    assert given.explain(pauses).due == at(due)
    assert given.warnings([100], pauses)[0].at == at(due)


def test_what_is_left_turns_negative_when_it_is_missed() -> None:
    running = promise("mon 16:00", 120)

    assert running.left(at("mon 16:30")) == minutes(90)
    assert running.left(at("mon 20:00")) == minutes(60)
    assert running.left(at("tue 10:00")) == minutes(-60)
