"""The auditor finds what would leave somebody unpaged, and says so until it is over."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from bridge.flows import auditing
from bridge.flows.auditing import Found
from bridge.installation import Installation
from bridge.oncall.models import Delivery, Finding, Run
from bridge.outbox.models import OutboxEntry
from tests.builders import apply_desk, fire, hear, later, looking, notification


def looked(installation: Installation, minute: float) -> list[str]:
    """Audit at this minute, settle it, and return the kinds of what is wrong still."""
    with installation.database.transaction() as session:
        directory = installation.directories.current(session)
        found = auditing.look(session, directory, later(minute))
        auditing.settle(session, found, auditing.KINDS, later(minute))
    with looking(installation) as session:
        return [one.kind for one in auditing.open_findings(session)]


@pytest.fixture
def paged(installation: Installation) -> Installation:
    """A desk with one ticket, for which Anna has just been paged."""
    apply_desk(installation)
    hear(installation, notification())
    fire(installation, later(1))
    return installation


def test_where_all_is_well_nothing_is_found(paged: Installation) -> None:
    assert looked(paged, 2) == []


def test_a_live_run_without_a_future_is_found_and_ends_with_its_cause(paged: Installation) -> None:
    with paged.database.transaction() as session:
        session.execute(update(Run).values(next_due_at=None))
    first = looked(paged, 2)
    with paged.database.transaction() as session:
        session.execute(update(Run).values(next_due_at=later(6)))

    assert first == ["run_without_future"]
    assert looked(paged, 3) == []
    with looking(paged) as session:
        assert session.scalars(select(Finding)).one().ended_at == later(3)


def test_a_run_that_nobody_works_on_is_found(paged: Installation) -> None:
    assert looked(paged, 9) == ["run_stuck"]


def test_an_open_ticket_for_which_nobody_is_paged_is_found(paged: Installation) -> None:
    with paged.database.transaction() as session:
        session.execute(update(Run).values(state="ended", next_due_at=None))

    assert looked(paged, 3) == ["ticket_without_run"]


def test_a_page_that_nothing_carries_is_found(paged: Installation) -> None:
    with paged.database.transaction() as session:
        session.execute(update(Run).values(next_due_at=later(600)))
        session.execute(update(OutboxEntry).values(state="cancelled"))

    assert looked(paged, 15) == ["delivery_without_end", "delivery_without_end"]
    with paged.database.transaction() as session:
        session.execute(update(Delivery).values(state="cancelled", finished_at=later(15)))
    assert looked(paged, 16) == []


def test_found_twice_is_one_finding(paged: Installation) -> None:
    with paged.database.transaction() as session:
        session.execute(update(Run).values(next_due_at=None))

    assert [looked(paged, 2), looked(paged, 3)] == [["run_without_future"]] * 2
    with looking(paged) as session:
        assert len(session.scalars(select(Finding)).all()) == 1


@pytest.mark.parametrize(
    ("seconds", "found"),
    [
        pytest.param(5, 0, id="five seconds are borne"),
        pytest.param(6, 1, id="six are not"),
        pytest.param(-6, 1, id="nor six behind"),
    ],
)
def test_a_clock_that_is_off_is_found(seconds: float, found: int) -> None:
    ours = later(0) + timedelta(seconds=seconds)
    said: list[Found] = auditing.drift("node1", ours, later(0))

    assert len(said) == found
