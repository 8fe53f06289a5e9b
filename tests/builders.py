"""Small worlds with believable defaults, so that a test names only what matters to it."""

import itertools
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from bridge.desk_file import keeping
from bridge.desk_file.loading import load_bytes
from bridge.flows import paging, verifying
from bridge.inbox import actions as inbox
from bridge.inbox.actions import Incoming
from bridge.installation import Installation
from bridge.sla.models import Clock
from bridge.staff.models import StaffMember
from bridge.tickets.models import JournalEntry, Ticket
from bridge.worker.processing import process

SOURCE = "icinga-main"
MONDAY_9_UTC = datetime(2026, 11, 23, 9, tzinfo=UTC)
EXAMPLE = Path(__file__).parent / "desk.yaml"

_ids = itertools.count()


def apply_desk(
    installation: Installation, text: str | None = None, now: datetime = MONDAY_9_UTC
) -> None:
    """Apply a desk file; by default the one beside this file."""
    content = text.encode() if text is not None else EXAMPLE.read_bytes()
    with installation.database.transaction() as session:
        desk = load_bytes([("desk.yaml", content)], keeping.known_names(session))
        keeping.apply(session, installation.keys, desk.document, now)


def notification(
    kind: str = "PROBLEM",
    at: datetime = MONDAY_9_UTC,
    *,
    host: str = "web01",
    service: str | None = "http",
    state: str | None = None,
    since: datetime | None = None,
    **more: Any,
) -> dict[str, Any]:
    """Return a webhook object: by default of a service that is CRITICAL, guaranteed to ACME."""
    default = {"PROBLEM": "CRITICAL" if service else "DOWN", "RECOVERY": "OK" if service else "UP"}
    state = state or default.get(kind, "CRITICAL" if service else "DOWN")
    changed = (since or at).timestamp()
    subject = {"state": state, "state_type": "HARD", "last_hard_state_change": changed}
    host_state = {"state": "UP", "state_type": "HARD"} if service else subject
    return {
        "id": f"test-{next(_ids)}",
        "type": kind,
        "time": at.timestamp(),
        "output": f"{state} - as made for a test",
        "host": {"name": host, "display_name": host, "address": "192.0.2.1", **host_state},
        "service": {"name": service, "display_name": service, **subject} if service else None,
        "vars": {"address": "acme-247@desk.example"},
        **more,
    }


def hear(
    installation: Installation,
    *said: Mapping[str, Any],
    now: datetime | None = None,
    source: str = SOURCE,
) -> None:
    """Keep these notifications and work them through; `now` is when they arrive."""
    with installation.database.transaction() as session:
        keep(session, said, now, source)
        directory = installation.directories.current(session)
        while entries := inbox.take(session, 1000):
            process(session, directory, entries, now or _moment(said[-1]))
            inbox.finish(session, entries, now or _moment(said[-1]))


def keep(
    session: Session, said: Sequence[Mapping[str, Any]], now: datetime | None, source: str = SOURCE
) -> None:
    """Keep these notifications in the inbox without working them through."""
    incoming = [
        Incoming(
            source=source,
            kind="icinga",
            event_id=str(one["id"]),
            about=str(one["host"]["name"]),
            event_at=_moment(one),
            payload=json.dumps(one),
        )
        for one in said
    ]
    inbox.keep(session, incoming, now or _moment(said[-1]))


def _moment(said: Mapping[str, Any]) -> datetime:
    return datetime.fromtimestamp(said["time"], UTC)


@contextmanager
def looking(installation: Installation) -> Iterator[Session]:
    """Give a session to look at what is there."""
    with installation.database.reading() as session:
        yield session


def all_tickets(session: Session) -> Sequence[Ticket]:
    """Return every ticket, by number."""
    return session.scalars(select(Ticket).order_by(Ticket.number)).all()


def the_ticket(session: Session) -> Ticket:
    """Return the only ticket."""
    return session.scalars(select(Ticket)).one()


def journal_kinds(session: Session, number: int) -> list[str]:
    """Return what happened to a ticket, in order."""
    statement = (
        select(JournalEntry.kind)
        .where(JournalEntry.ticket_number == number)
        .order_by(JournalEntry.id)
    )
    return list(session.scalars(statement))


def fire(installation: Installation, now: datetime) -> int:
    """Let the escalations that are due at `now` page people."""
    with installation.database.transaction() as session:
        directory = installation.directories.current(session)
        return paging.tick_due(session, directory, now, 100)


def later(minutes: float, since: datetime = MONDAY_9_UTC) -> datetime:
    """Return the moment so many minutes after Monday, 9 UTC."""
    return since + timedelta(minutes=minutes)


FULL_PROMISES = """
      - id: acme-full
        addresses: [full@desk.example]
        fault:
          calendar: always
          response: {P1: 30m, P2: 1h, P3: 4h, P4: 8h}
          solution: {P1: 4h, P2: 8h, P3: 24h}
          update: {P1: 30m, P2: 2h, P3: 4h}
        request:
          calendar: always
          response: {P1: 1h, P2: 2h, P3: 4h}
          solution: {P1: 8h, P2: 16h, P3: 48h}
          update: {P1: 1h, P2: 2h, P3: 4h}
"""


def full_desk() -> str:
    """Return the desk file with a contract of ACME's that promises everything, around the clock."""
    before = '  - number: "1002"'
    return EXAMPLE.read_text().replace(before, FULL_PROMISES.strip("\n") + "\n" + before)


def act(installation: Installation, flow: Callable[..., Any], *given: Any, **more: Any) -> Any:
    """Call a flow of people in a transaction of its own; session and directory come first."""
    with installation.database.transaction() as session:
        return flow(session, installation.directories.current(session), *given, **more)


def person(installation: Installation, label: str = "anna") -> StaffMember:
    """Return one of our people."""
    with installation.database.reading() as session:
        return installation.directories.current(session).people[label]


def clocks_of(session: Session, number: int) -> dict[str, Clock]:
    """Return the ticket's clocks by name, such as `response 1`."""
    found = session.scalars(select(Clock).where(Clock.ticket_number == number).order_by(Clock.id))
    return {f"{one.kind} {one.nth}": one for one in found}


def differing(installation: Installation) -> list[str]:
    """Return where the clocks are not what the journal makes of them, a line for each."""
    found = verifying.portions(installation.database, installation.directories)
    return [str(one) for portion in found for one in portion.differences]
