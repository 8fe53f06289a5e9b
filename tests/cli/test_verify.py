"""The command `sla verify`, as its users type it."""

import json

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import delete, update

from bridge.cli import bridge
from bridge.installation import Installation
from bridge.sla import queries
from bridge.sla.models import Clock
from tests.builders import apply_desk, hear, later, looking, notification
from tests.conftest import SECRET


@pytest.fixture
def desk(installation: Installation) -> Installation:
    """A desk with a clock that runs and one that was kept."""
    apply_desk(installation)
    hear(installation, notification(host="a"), notification(host="b", at=later(1)))
    hear(installation, notification("ACKNOWLEDGEMENT", later(5), host="a", author="anna"))
    return installation


def verify(desk: Installation, *options: str) -> Result:
    environment = {
        "BRIDGE_DATABASE_URL": desk.settings.database_url,
        "BRIDGE_SECRET_KEY": SECRET,
    }
    return CliRunner().invoke(bridge, ["sla", "verify", *options], env=environment)


def proof_left(desk: Installation) -> int:
    with looking(desk) as session:
        found = queries.last_proof(session)
    assert found is not None
    assert found.night is None
    return found.differences


def test_where_all_is_well_it_says_how_much_that_is(desk: Installation) -> None:
    done = verify(desk)

    assert (done.exit_code, done.stdout) == (0, "2 tickets, 2 clocks\n")
    assert proof_left(desk) == 0


def test_a_damaged_clock_is_named_and_mended(desk: Installation) -> None:
    with desk.database.transaction() as session:
        wrong = update(Clock).where(Clock.ticket_number == 10001)
        session.execute(wrong.values(due_at=later(99), guaranteed=False))

    done = verify(desk, "--json")

    assert done.exit_code == 1
    found = json.loads(done.stdout)
    assert (found["tickets"], found["clocks"], found["differing_clocks"]) == (2, 2, 1)
    told = {one["field"]: (one["stored"], one["worked_out"]) for one in found["differences"]}
    assert told["guaranteed"] == (False, True)
    assert told["due_at"][0] == "2026-11-23T10:39:00Z"
    assert proof_left(desk) == 1

    assert verify(desk, "--rebuild").exit_code == 0
    assert proof_left(desk) == 0
    assert verify(desk).exit_code == 0


def test_clocks_that_are_gone_are_made_again(desk: Installation) -> None:
    with desk.database.transaction() as session:
        session.execute(delete(Clock))

    done = verify(desk)
    lines = done.stdout.splitlines()

    assert done.exit_code == 1
    assert sum("clock: stored None, worked out" in line for line in lines) == 2
    assert verify(desk, "--rebuild").exit_code == 0
    assert verify(desk).exit_code == 0
