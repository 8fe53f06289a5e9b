"""What happens at the same time, or in an order nobody thought of, neither breaks nor is lost."""

import pytest
from sqlalchemy import select

from bridge.flows import answers
from bridge.flows.directory import Directories
from bridge.installation import Installation
from bridge.oncall.models import Run
from bridge.staff.models import StaffMember
from bridge.tickets.lifecycle import WrongState
from tests.builders import (
    MONDAY_9_UTC,
    apply_desk,
    fire,
    hear,
    journal_kinds,
    later,
    looking,
    notification,
    the_ticket,
)

QUIET = 5


def _resolve(installation: Installation, minute: float) -> None:
    with installation.database.transaction() as session:
        directory = installation.directories.current(session)
        anna = session.get_one(StaffMember, directory.people["anna"].id)
        number = the_ticket(session).number
        answers.resolve(session, directory, number, anna, "it is the cable", later(minute))


@pytest.mark.parametrize("is_closed", [False, True], ids=["resolved", "closed"])
def test_the_end_of_a_downtime_pages_nobody_for_a_ticket_that_is_over(
    installation: Installation, is_closed: bool
) -> None:
    apply_desk(installation)
    hear(installation, notification(at=MONDAY_9_UTC))
    hear(installation, notification("DOWNTIMESTART", later(1), state="CRITICAL"))
    _resolve(installation, 2)
    if is_closed:
        with installation.database.transaction() as session:
            answers.close_quiet(session, later(2 + QUIET), 10)

    hear(installation, notification("DOWNTIMEEND", later(10), state="CRITICAL"))

    assert fire(installation, later(20)) == 0
    with looking(installation) as session:
        assert {run.state for run in session.scalars(select(Run))} == {"ended"}


def test_a_problem_that_comes_back_after_all_that_is_paged(installation: Installation) -> None:
    apply_desk(installation)
    hear(installation, notification(at=MONDAY_9_UTC))
    hear(installation, notification("DOWNTIMESTART", later(1), state="CRITICAL"))
    _resolve(installation, 2)
    hear(installation, notification("DOWNTIMEEND", later(3), state="CRITICAL"))
    hear(installation, notification("RECOVERY", later(4)))

    hear(installation, notification(at=later(5)))

    assert fire(installation, later(10)) == 1


def test_a_problem_that_comes_and_goes_within_one_batch_keeps_one_escalation(
    installation: Installation,
) -> None:
    apply_desk(installation)
    hear(installation, notification(at=MONDAY_9_UTC))

    hear(
        installation,
        notification("RECOVERY", later(1)),
        notification(at=later(2)),
        notification("RECOVERY", later(3)),
        notification(at=later(4)),
    )

    with looking(installation) as session:
        ticket = the_ticket(session)
        assert ticket.state == "open"
        assert journal_kinds(session, ticket.number).count("reopened") == 2
        assert [run.state for run in session.scalars(select(Run))].count("live") == 1


def test_what_the_directory_knows_of_people_outlives_a_transaction_that_failed(
    installation: Installation,
) -> None:
    apply_desk(installation)
    directories = Directories()

    with pytest.raises(WrongState):
        _read_and_fail(installation, directories)

    with installation.database.transaction() as session:
        anna = directories.current(session).people["anna"]
        assert anna.name == "Anna Beispiel"
        assert [channel.label for channel in anna.channels] == ["push", "sms"]


def _read_and_fail(installation: Installation, directories: Directories) -> None:
    with installation.database.transaction() as session:
        directories.current(session)
        raise WrongState("as when somebody resolves what is resolved")
