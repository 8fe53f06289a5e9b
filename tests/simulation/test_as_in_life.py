"""What is simulated is what happens: the same events, worked through by the real workers."""

from datetime import datetime

import time_machine

from bridge.api import ticket_queries
from bridge.api.forms import TicketFilter
from bridge.flows import answers
from bridge.installation import Installation
from bridge.worker.processing import Processor
from bridge.worker.timers import Timers
from tests import builders
from tests.builders import later, looking, notification
from tests.simulation.world import action, played

MINUTES = 12 * 60
SAID = (
    notification(at=later(0)),
    notification(at=later(1), host="db01", service=None),
    notification(at=later(3), service="disk", state="WARNING"),
    notification("DOWNTIMESTART", at=later(4), service="disk", state="WARNING"),
    notification("ACKNOWLEDGEMENT", at=later(5), host="db01", service=None, author="anna"),
    notification(at=later(7), service="disk", state="CRITICAL"),
    notification("RECOVERY", at=later(20)),
    notification(at=later(40)),
    notification("RECOVERY", at=later(90), service="disk"),
    notification(at=later(100), service="mail", vars={"address": "nordlicht@desk.example"}),
    notification(at=later(101), service="web", vars={}),
    notification("RECOVERY", at=later(110)),
    notification(at=later(300)),
)
ACKNOWLEDGED, RESOLVED = later(45), later(120)


def _lived(installation: Installation) -> None:
    """Let a worker live through these hours, with a look at the database every half a minute."""
    builders.apply_desk(installation)
    processor, timers = Processor(installation), Timers(installation)
    for half in range(2 * MINUTES):
        now = later(half / 2)
        with time_machine.travel(now, tick=False):
            with installation.database.transaction() as session:
                said = [one for one in SAID if one["time"] == now.timestamp()]
                builders.keep(session, said, now) if said else None
            while processor.step():
                pass
            _act(installation, now)
            while timers.step():
                pass


def _act(installation: Installation, now: datetime) -> None:
    with installation.database.transaction() as session:
        directory = installation.directories.current(session)
        ben = directory.people["ben"]
        if now == ACKNOWLEDGED:
            answers.acknowledge(session, directory, 10001, ben, "api", now)
        if now == RESOLVED:
            answers.resolve(session, directory, 10002, ben, "a new disk", now)


def test_tickets_and_clocks_are_as_the_worker_makes_them(installation: Installation) -> None:
    _lived(installation)

    report = played(
        *SAID,
        action(ACKNOWLEDGED, "acknowledge", 10001),
        action(RESOLVED, "resolve", 10002, text="a new disk"),
        until=later(MINUTES),
    )

    with looking(installation) as session:
        lived, _ = ticket_queries.tickets(session, TicketFilter())
    assert len(lived) > 4
    # What leaves the house is written into the journal too, and nothing leaves that house.
    apart = {"updated_at"}
    assert [one.model_dump(exclude=apart) for one in report.tickets] == [
        one.model_dump(exclude=apart) for one in reversed(lived)
    ]
