"""Writes down what Icinga says about its objects."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from bridge.icinga import queries
from bridge.icinga.differences import Acknowledged
from bridge.icinga.models import Problem, Source, TicketProblem

Key = tuple[str, str, str]


def known_problems(session: Session, keys: Iterable[Key], now: datetime) -> dict[Key, Problem]:
    """Return the problem of each (source, host, service), new ones stored; all locked."""
    wanted = dict.fromkeys(keys)
    found = queries.problems(session, wanted)
    missing = [key for key in wanted if key not in found]
    if not missing:
        return found
    insert = sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
    statement = insert(Problem).on_conflict_do_nothing()
    session.execute(
        statement,
        [
            {
                "source": source,
                "host": host,
                "service": service,
                "seen_at": now,
                "in_downtime": False,
                "flapping": False,
            }
            for source, host, service in missing
        ],
    )
    return found | queries.problems(session, missing)


def attach(
    session: Session, problem: Problem, ticket_number: int, state: str, output: str
) -> TicketProblem:
    """Make this the problem's open ticket."""
    problem.open_ticket = problem.last_ticket = ticket_number
    about = TicketProblem(
        ticket_number=ticket_number,
        problem_id=problem.id,
        state=state,
        worst_state=state,
        output=output,
        acknowledgement=Acknowledged.NOBODYS.value,
        acknowledged_at=0.0,
    )
    session.add(about)
    return about


def ask_reconcile(session: Session, label: str, now: datetime) -> None:
    """Ask for a look at what Icinga really says, as soon as a watcher can."""
    source = queries.source(session, label)
    if source is not None:
        source.reconcile_asked_at = now


def known_source(session: Session, label: str) -> tuple[Source, bool]:
    """Return the source with this label, and whether it had to be made (notifications only)."""
    source = queries.source(session, label)
    if source is not None:
        return source, False
    source = Source(label=label, document={"id": label}, gap_total=0)
    session.add(source)
    return source, True
