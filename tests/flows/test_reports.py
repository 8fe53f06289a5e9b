"""Reports of a month on both engines: what falls into it, what is frozen, what is corrected."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import undefer

from bridge import utc
from bridge.flows import report_freezing, reports
from bridge.flows.report_freezing import NotOver
from bridge.flows.reports import Shown
from bridge.installation import Installation
from bridge.sla.corrections import Correction
from bridge.sla.models import Clock, SlaReport
from bridge.sla.month import Month
from bridge.sla.report_actions import rendered
from bridge.sla.report_document import Report, restored
from bridge.sla.report_queries import UnknownCustomer
from tests.sla import reported
from tests.sla.reported import DAY, Promised, at

NOVEMBER, DECEMBER = Month(2026, 11), Month(2026, 12)
# The third of the month after, 8:00 in Berlin.
DECEMBER_3RD = datetime(2026, 12, 3, 7, tzinfo=UTC)
JANUARY_3RD = datetime(2027, 1, 3, 7, tzinfo=UTC)
# In minutes after Monday, 2 November, 9:00 in Berlin: the end of November there.
END = 29 * DAY - 9 * 60


@pytest.fixture
def desk(installation: Installation) -> Installation:
    """An installation with a desk file, before anything was promised."""
    reported.set_up(installation)
    return installation


def promise(desk: Installation, *promises: Promised, first: int = 20001) -> None:
    with desk.database.transaction() as session:
        reported.add(session, promises, first)


def shown(desk: Installation, month: Month, now: datetime, number: str = "1001") -> Shown:
    with desk.database.reading() as session:
        directory = desk.directories.current(session)
        return reports.shown(session, directory, number, month, now)


def report(desk: Installation, month: Month, now: datetime, number: str = "1001") -> Report:
    return shown(desk, month, now, number).report


def freeze(desk: Installation, month: Month, now: datetime) -> bool:
    with desk.database.reading() as session:
        directory = desk.directories.current(session)
        ready = report_freezing.prepare(session, directory, "1001", month, now)
    with desk.database.transaction() as session:
        return report_freezing.freeze(session, ready, None, now)


def withdraw(desk: Installation, number: int, stop: datetime | None = None) -> None:
    """Let a kept promise have been missed after all, answered at `stop` or by nobody."""
    with desk.database.transaction() as session:
        clock = session.scalars(select(Clock).where(Clock.ticket_number == number)).one()
        due = clock.due_at
        assert due is not None
        clock.stopped_at, clock.falls_at = stop, min(due, stop or due)
        clock.state = "missed" if stop else "running"
        if stop and clock.frozen:
            clock.frozen = clock.frozen | {"stopped_at": utc.iso(stop)}
        elif not stop:
            clock.frozen = None


def tickets(lines: Sequence[object]) -> list[int]:
    return [one.ticket for one in lines]  # type: ignore[attr-defined]


def test_everything_of_a_month_stands_where_it_belongs(desk: Installation) -> None:
    promise(desk, *reported.NOVEMBER)

    found = report(desk, NOVEMBER, reported.ON_THE_24TH)

    total = found.figures.total
    assert (total.promised, total.kept, total.missed) == (12, 6, 4)
    assert (total.cancelled, total.merged, total.percentage) == (1, 1, 60.0)
    assert tickets(found.missed) == [20004, 20006, 20009, 20011]
    assert tickets(found.not_due) == [20015, 20016]
    assert tickets(found.without_guarantee) == [20013, 20014]
    times = found.figures.response_times
    assert (times.answered, times.unanswered) == (5, 2)
    assert (times.median_seconds, times.p90_seconds) == (34 * 60, 55 * 60)


@pytest.mark.parametrize(
    ("due", "stop", "state", "month"),
    [
        pytest.param(END - 1, END - 5, "kept", NOVEMBER, id="stopped and due before the end"),
        pytest.param(END + 60, END - 1, "kept", NOVEMBER, id="stopped before, due after"),
        pytest.param(END - 1, END + 60, "missed", NOVEMBER, id="due before, stopped after"),
        pytest.param(END - 1, None, "running", NOVEMBER, id="due before, never answered"),
        pytest.param(END, END, "kept", DECEMBER, id="at the first instant of the next"),
        pytest.param(END + 60, END + 1, "kept", DECEMBER, id="stopped and due after"),
        pytest.param(END + 60, None, "running", DECEMBER, id="due after, never answered"),
    ],
)
def test_a_clock_falls_where_it_stopped_or_was_due(
    desk: Installation, due: float, stop: float | None, state: str, month: Month
) -> None:
    promise(desk, Promised(END - 240, due, stop, state))

    other = DECEMBER if month == NOVEMBER else NOVEMBER
    assert report(desk, month, JANUARY_3RD).figures.total.promised == 1
    assert report(desk, other, JANUARY_3RD).lines == ()


def test_the_month_is_that_of_the_customers_zone(desk: Installation) -> None:
    # 23:30 on 31 October in UTC is 0:30 on 1 November in Berlin.
    begin = -(DAY + 9 * 60)
    promise(desk, Promised(begin, begin + 60, begin + 30, "kept"))

    assert report(desk, NOVEMBER, DECEMBER_3RD).figures.total.kept == 1
    assert report(desk, Month(2026, 10), DECEMBER_3RD).lines == ()


def test_a_promise_is_missed_from_the_first_instant_after_its_due(desk: Installation) -> None:
    promise(desk, Promised(0, 60, None, "running"))

    before = report(desk, NOVEMBER, at(60))
    after = report(desk, NOVEMBER, at(60) + timedelta(microseconds=1))

    assert (before.figures.total.missed, len(before.not_due)) == (0, 1)
    assert (after.figures.total.missed, len(after.not_due)) == (1, 0)
    assert after.missed[0].stopped_at is None


def test_a_month_that_is_over_does_not_tell_of_what_runs_in_the_next(desk: Installation) -> None:
    promise(desk, Promised(END - 240, END + DAY, None, "running"))

    assert report(desk, NOVEMBER, at(END - 1)).figures.not_due == 1
    assert report(desk, NOVEMBER, at(END)).lines == ()
    assert report(desk, DECEMBER, at(END)).figures.not_due == 1


def test_another_customers_promises_are_not_told(desk: Installation) -> None:
    promise(desk, *reported.NOVEMBER)

    assert report(desk, NOVEMBER, reported.ON_THE_24TH, "1002").lines == ()
    with pytest.raises(UnknownCustomer, match="no customer '999'"):
        report(desk, NOVEMBER, reported.ON_THE_24TH, "999")


def test_a_verdict_is_read_as_it_was_given(desk: Installation) -> None:
    promise(desk, Promised(0, 60, 10, "kept", consumed=7))
    with desk.database.transaction() as session:
        clock = session.scalars(select(Clock)).one()
        assert clock.frozen is not None
        clock.frozen = clock.frozen | {"priority": "P1", "target_minutes": 45}

    (line,) = report(desk, NOVEMBER, DECEMBER_3RD).lines

    assert (line.consumed_seconds, line.priority, line.target_minutes) == (420, "P1", 45)


def test_a_month_is_frozen_when_it_is_over(desk: Installation) -> None:
    with pytest.raises(NotOver, match="2026-11 is not over in Europe/Berlin"):
        freeze(desk, NOVEMBER, at(END) - timedelta(microseconds=1))

    assert freeze(desk, NOVEMBER, at(END)) is True
    assert freeze(desk, NOVEMBER, DECEMBER_3RD) is False


def test_a_frozen_month_stays_as_it_was_told(desk: Installation) -> None:
    promise(desk, *reported.NOVEMBER)
    told = report(desk, NOVEMBER, DECEMBER_3RD)
    freeze(desk, NOVEMBER, DECEMBER_3RD)

    withdraw(desk, 20001)
    promise(desk, Promised(0, 60, 90, "missed"), first=30001)

    now = shown(desk, NOVEMBER, JANUARY_3RD)
    assert now.report == told
    assert now.frozen is not None
    assert (now.frozen.frozen_by, now.frozen.frozen_at) == ("bridge", DECEMBER_3RD)


def test_what_is_kept_of_a_frozen_month_gives_its_files_again(desk: Installation) -> None:
    promise(desk, *reported.NOVEMBER)
    freeze(desk, NOVEMBER, DECEMBER_3RD)

    with desk.database.reading() as session:
        everything = (undefer(SlaReport.document), undefer(SlaReport.csv), undefer(SlaReport.pdf))
        kept = session.scalars(select(SlaReport).options(*everything)).one()

    assert rendered(restored(kept.document), kept.language) == (kept.csv, kept.pdf)


def corrections(desk: Installation, month: Month, now: datetime) -> tuple[Correction, ...]:
    return report(desk, month, now).corrections


def test_what_changes_in_a_frozen_month_is_told_by_the_open_one(desk: Installation) -> None:
    promise(desk, *reported.NOVEMBER)
    freeze(desk, NOVEMBER, DECEMBER_3RD)
    assert corrections(desk, DECEMBER, DECEMBER_3RD) == ()

    withdraw(desk, 20001, at(90))

    (found,) = corrections(desk, DECEMBER, DECEMBER_3RD + timedelta(days=1))
    assert found.month == "2026-11"
    assert (found.before.kept, found.before.missed) == (6, 4)
    assert (found.after.kept, found.after.missed) == (5, 5)
    (change,) = found.changes
    assert (change.ticket, change.title) == (20001, "web01 / http: CRITICAL")
    assert change.before is not None
    assert change.after is not None
    assert (change.before.outcome, change.after.outcome) == ("kept", "missed")
    assert report(desk, DECEMBER, JANUARY_3RD).figures.total.promised == 1


def test_an_answer_to_what_was_told_as_missed_is_no_correction(desk: Installation) -> None:
    promise(desk, Promised(0, 60, None, "running"))
    freeze(desk, NOVEMBER, DECEMBER_3RD)

    withdraw(desk, 20001, DECEMBER_3RD + timedelta(hours=1))

    assert corrections(desk, DECEMBER, JANUARY_3RD) == ()


def test_a_clock_that_has_left_a_frozen_month_is_told(desk: Installation) -> None:
    promise(desk, Promised(END - 240, END + 60, END - 10, "kept"))
    freeze(desk, NOVEMBER, DECEMBER_3RD)

    withdraw(desk, 20001)

    found = report(desk, DECEMBER, DECEMBER_3RD)
    (change,) = found.corrections[0].changes
    assert change.after is None
    assert found.figures.total.missed == 1


def test_a_correction_is_told_once(desk: Installation) -> None:
    promise(desk, *reported.NOVEMBER)
    freeze(desk, NOVEMBER, DECEMBER_3RD)
    withdraw(desk, 20001, at(90))
    freeze(desk, DECEMBER, JANUARY_3RD)

    assert len(report(desk, DECEMBER, JANUARY_3RD).corrections) == 1
    assert corrections(desk, Month(2027, 1), JANUARY_3RD) == ()

    withdraw(desk, 20001, at(95))
    withdraw(desk, 20002, at(DAY + 95))
    (found,) = corrections(desk, Month(2027, 1), JANUARY_3RD)
    assert [one.ticket for one in found.changes] == [20001, 20002]
    assert (found.before.kept, found.after.kept) == (5, 4)


def test_only_the_month_after_the_last_frozen_one_corrects(desk: Installation) -> None:
    promise(desk, *reported.NOVEMBER)
    freeze(desk, NOVEMBER, DECEMBER_3RD)
    withdraw(desk, 20001, at(90))

    assert len(corrections(desk, DECEMBER, JANUARY_3RD)) == 1
    assert corrections(desk, Month(2027, 1), JANUARY_3RD) == ()
    assert corrections(desk, Month(2026, 10), JANUARY_3RD) == ()


def test_a_promise_that_came_into_a_frozen_month_is_told(desk: Installation) -> None:
    freeze(desk, NOVEMBER, DECEMBER_3RD)
    promise(desk, replace(reported.NOVEMBER[3], title="late to be written down"))

    (found,) = corrections(desk, DECEMBER, DECEMBER_3RD)

    (change,) = found.changes
    assert (change.before, change.title) == (None, "late to be written down")
    assert (found.before.percentage, found.after.percentage) == (None, 0.0)
