"""From a hard CRITICAL in Icinga to a closed ticket whose promise was kept."""

import time
from datetime import timedelta
from pathlib import Path

import requests
from sqlalchemy import select

from bridge import utc
from bridge.sla.models import Clock
from tests.lab.sink import Request
from tests.story import desk, phone
from tests.story import world as worlds
from tests.story.phone import Visitor
from tests.story.world import World

HAPPENED = [
    *("opened", "clock_started", "escalation_started", "paged", "delivered"),
    *("acknowledged", "clock_stopped", "icinga_acknowledged"),
    # Whoever was paged is told, on the same channel, that it is over.
    *("recovered", "told", "escalation_ended", "delivered", "closed"),
]
# What takes longer than this is a failure, on a busy machine too.
SECONDS = 5
SERVICE = "s0"


def test_a_problem_is_paged_acknowledged_everywhere_and_closed_after_its_recovery(
    tmp_path: Path, database_url: str
) -> None:
    with worlds.wired(tmp_path, database_url, settle=desk.by_hand) as world:
        world.bridge.start()
        visitor = Visitor(world.bridge)

        page = _is_paged(world, visitor)
        _may_be_looked_at(world, phone.link_of(page))
        _is_taken(world, phone.link_of(page))
        _is_closed(world, visitor)

        assert [one.kind for one in world.journal(world.ticket(SERVICE))] == HAPPENED
        # The page, and the news that it is over.
        assert len(world.sink.requests) == 2


def _is_paged(world: World, visitor: Visitor) -> Request:
    failed_at = time.time()
    world.fail(SERVICE)
    ticket = world.ticket(SERVICE, state="open", priority="P2")
    page = world.page(ticket)

    print(f"paged after {page.arrived - failed_at:.2f} s")
    assert page.arrived - failed_at < SECONDS
    since = utc.from_timestamp(world.seen(SERVICE)["last_hard_state_change"])
    clock = _clock(world)
    assert (clock.kind, clock.state, clock.guaranteed) == ("response", "running", True)
    assert clock.started_at == ticket.opened_at == since
    assert clock.due_at == since + timedelta(minutes=60)
    assert page.json()["title"] == "P2 CRITICAL web01 / s0"
    board = visitor.sees()
    assert f"#{ticket.number} web01 / s0 CRITICAL ACME GmbH" in board
    assert "Anna Bëispiel" in board
    return page


def _may_be_looked_at(world: World, link: str) -> None:
    shown = requests.get(link)
    assert "web01 / s0 [Ticket #10001]" in phone.words(shown.text)
    assert requests.head(link).status_code == shown.status_code == 200
    assert world.ticket(SERVICE).acknowledged_at is None
    assert not world.is_acknowledged_in_icinga(SERVICE)


def _is_taken(world: World, link: str) -> None:
    taken_at = time.time()
    assert requests.post(link, allow_redirects=False).status_code == 303
    ticket = world.ticket(SERVICE, acknowledged_by="Anna Bëispiel")
    world.bridge.wait_for("Icinga to know", lambda: world.is_acknowledged_in_icinga(SERVICE))

    print(f"acknowledged in Icinga after {time.time() - taken_at:.2f} s")
    assert time.time() - taken_at < SECONDS
    (comment,) = world.comments(SERVICE)
    assert comment["author"] == "Anna Bëispiel"
    address = f"{world.bridge.public_url}/tickets/{ticket.number}"
    assert comment["text"] == f"[Ticket #{ticket.number}] {address}"
    world.bridge.wait_for("it to be known", lambda: world.journal(ticket, "icinga_acknowledged"))
    assert requests.post(link).ok
    assert _clock(world).state == "kept"


def _is_closed(world: World, visitor: Visitor) -> None:
    recovered_at = time.time()
    world.recover(SERVICE)
    resolved = world.ticket(SERVICE, state="resolved")
    closed = world.ticket(SERVICE, state="closed")

    print(f"closed after {time.time() - recovered_at:.2f} s")
    assert resolved.close_due_at is not None
    assert closed.closed_at is not None
    assert timedelta(0) <= closed.closed_at - resolved.close_due_at < timedelta(seconds=SECONDS)
    assert _clock(world).state == "kept"
    told = visitor.sees(f"/tickets/{closed.number}")
    assert f"[Ticket #{closed.number}] closed web01 / s0 OK" in told
    assert "Response kept guaranteed" in told
    assert "Anna Bëispiel has it" in told


def _clock(world: World) -> Clock:
    with world.bridge.database.reading() as session:
        return session.scalars(select(Clock)).one()
