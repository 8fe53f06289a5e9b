"""The proof of each night: once, by one process, by another one if that dies, and loud."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from sqlalchemy import select, update

from bridge.flows import nightly_proof, verifying
from bridge.installation import Installation
from bridge.sla import queries
from bridge.sla.models import Clock, Verification
from bridge.worker import proof
from bridge.worker.proof import Proof
from tests.builders import hear, later, looking, notification

BERLIN = ZoneInfo("Europe/Berlin")
NIGHT = datetime(2026, 11, 24, 3, 30, tzinfo=BERLIN)


@pytest.fixture
def desk(installation: Installation) -> Installation:
    """A desk with five tickets."""
    hear(installation, *(notification(host=f"h{n}", at=later(n)) for n in range(5)))
    return installation


def proved(desk: Installation) -> list[Verification]:
    with looking(desk) as session:
        return list(session.scalars(select(Verification).order_by(Verification.id)))


def work(one: Proof) -> int:
    """Let it compare until it has nothing more to do; return how many tickets it compared."""
    done = 0
    while step := one.step():
        done += step
    return done


@pytest.mark.parametrize(
    ("local", "night"),
    [
        pytest.param((2026, 11, 24, 2, 59), None, id="before"),
        pytest.param((2026, 11, 24, 3, 0), "2026-11-24", id="its first minute"),
        pytest.param((2026, 11, 24, 5, 59), "2026-11-24", id="its last"),
        pytest.param((2026, 11, 24, 6, 0), None, id="after"),
        pytest.param((2026, 3, 29, 3, 0), "2026-03-29", id="the clocks go forward"),
        pytest.param((2026, 10, 25, 3, 0), "2026-10-25", id="the clocks go back"),
    ],
)
def test_a_night_has_its_hours_by_the_clock_on_the_wall(
    local: tuple[int, int, int, int, int], night: str | None
) -> None:
    now = datetime(*local, tzinfo=BERLIN).astimezone(UTC)

    assert nightly_proof.night_of(BERLIN, now) == night


def test_the_desks_zone_is_that_of_its_calendars(desk: Installation) -> None:
    with looking(desk) as session:
        assert nightly_proof.zone_of(desk.directories.current(session)) == BERLIN


def test_by_day_nothing_is_compared(desk: Installation) -> None:
    with time_machine.travel(NIGHT + timedelta(hours=6), tick=False):
        assert work(Proof(desk)) == 0

    assert proved(desk) == []


def test_a_night_is_proved_once(desk: Installation, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(proof, "PORTION", 2)
    with time_machine.travel(NIGHT, tick=False):
        first = work(Proof(desk))
        second = work(Proof(desk))
    with time_machine.travel(NIGHT + timedelta(days=1), tick=False):
        next_night = work(Proof(desk))

    assert (first, second, next_night) == (5, 0, 5)
    done = proved(desk)
    assert [one.night for one in done] == ["2026-11-24", "2026-11-25"]
    assert [(one.tickets, one.clocks, one.differences) for one in done] == [(5, 5, 0)] * 2
    assert all(one.ended_at is not None for one in done)


def test_another_process_goes_on_where_one_has_died(
    desk: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(proof, "PORTION", 2)
    started = Proof(desk)
    night = nightly_proof.night_of(BERLIN, NIGHT)
    with desk.database.transaction() as session:
        other = nightly_proof.take_turn(session, night, "other", later(0))
    assert other is not None
    with looking(desk) as session:
        book = desk.directories.current(session).book
        portion = verifying.compare(session, book, -1, 2)
    with desk.database.transaction() as session:
        assert nightly_proof.advance(session, other, "other", portion, later(0))

    with desk.database.transaction() as session:
        early = nightly_proof.take_turn(session, night, started._name, later(0.9))
        late = nightly_proof.take_turn(session, night, started._name, later(1.1))
    assert (early, late) == (None, other)

    with desk.database.transaction() as session:
        # The first one was only slow: what it brings now counts no more.
        assert not nightly_proof.advance(session, other, "other", portion, later(1.2))
    assert proved(desk)[0].tickets == 2


def test_a_difference_is_kept_and_told(desk: Installation) -> None:
    with desk.database.transaction() as session:
        number = session.scalars(select(Clock.ticket_number)).all()[2]
        wrong = update(Clock).where(Clock.ticket_number == number).values(target_minutes=7)
        session.execute(wrong)

    with time_machine.travel(NIGHT, tick=False):
        work(Proof(desk))

    with looking(desk) as session:
        found = queries.last_proof(session)
        assert found is not None
        assert found.differences == 1
        assert found.document["differences"] == [
            {
                "ticket": number,
                "clock": "response 1",
                "field": "target_minutes",
                "stored": 7,
                "worked_out": 60,
            }
        ]
