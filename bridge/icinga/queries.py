"""Reads Icinga sources and problems."""

from collections.abc import Iterable, Sequence

from sqlalchemy import select, tuple_
from sqlalchemy.orm import Session

from bridge.icinga.models import Problem, Source, TicketProblem

IS_HOST = Problem.service == ""


def sources(session: Session) -> Sequence[Source]:
    """Return the sources that are not retired, by label."""
    statement = select(Source).where(Source.retired_at.is_(None)).order_by(Source.label)
    return session.scalars(statement).all()


def source(session: Session, label: str) -> Source | None:
    """Return the source with this label."""
    return session.scalar(select(Source).where(Source.label == label))


def labels_with_api(session: Session) -> list[str]:
    """Return the labels of the sources whose Icinga can be asked."""
    return [one.label for one in sources(session) if one.document.get("api")]


def problems(
    session: Session, keys: Iterable[tuple[str, str, str]]
) -> dict[tuple[str, str, str], Problem]:
    """Return the known problems with these (source, host, service), locked."""
    wanted = list(keys)
    found: dict[tuple[str, str, str], Problem] = {}
    for start in range(0, len(wanted), 500):
        statement = (
            select(Problem)
            .where(
                tuple_(Problem.source, Problem.host, Problem.service).in_(
                    wanted[start : start + 500]
                )
            )
            .with_for_update()
        )
        for problem in session.scalars(statement):
            found[problem.source, problem.host, problem.service] = problem
    return found


def relatives(session: Session, given: Iterable[Problem]) -> list[Problem]:
    """Return the open problems of the services of hosts among these, and of the others' hosts."""
    known = {(one.source, one.host, one.service) for one in given}
    hosts = {(source, host) for source, host, service in known if not service}
    others = {(source, host) for source, host, _ in known} - hosts
    found: list[Problem] = []
    is_open = Problem.open_ticket.is_not(None)
    of = tuple_(Problem.source, Problem.host)
    for wanted, only in ((sorted(hosts), Problem.service != ""), (sorted(others), IS_HOST)):
        for start in range(0, len(wanted), 500):
            statement = select(Problem).where(is_open, only, of.in_(wanted[start : start + 500]))
            found += session.scalars(statement)
    return [one for one in found if (one.source, one.host, one.service) not in known]


def problems_of(
    session: Session, ticket_numbers: Sequence[int]
) -> dict[int, tuple[Problem, TicketProblem]]:
    """Return what tickets are about, by number; those not about a problem of Icinga's lack."""
    rows = session.execute(
        select(Problem, TicketProblem)
        .join(TicketProblem, TicketProblem.problem_id == Problem.id)
        .where(TicketProblem.ticket_number.in_(ticket_numbers))
    )
    return {about.ticket_number: (problem, about) for problem, about in rows}


def problem_of(session: Session, ticket_number: int) -> tuple[Problem, TicketProblem] | None:
    """Return what a ticket is about, or None where it is not about a problem of Icinga's."""
    return problems_of(session, [ticket_number]).get(ticket_number)
