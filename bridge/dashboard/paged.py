"""What the link in a page is about: whose it is, its tickets, and which of them still ask."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from bridge.dashboard import ticket_queries
from bridge.dashboard.ticket_queries import TicketHead
from bridge.flows import links
from bridge.flows.links import PageLink
from bridge.keys import BadLink, Keys
from bridge.oncall.models import Run
from bridge.staff.models import StaffMember
from bridge.tickets.lifecycle import TicketState, is_unfinished
from bridge.tickets.models import Ticket
from bridge.tickets.queries import UnknownTicket

ACKNOWLEDGE = "acknowledge"


@dataclass(frozen=True)
class Listed:
    """One of the tickets of a page; `confirm`: whoever has it is asked whether they still do."""

    number: int
    title: str
    priority: str
    state: str
    acknowledged_by: str | None
    confirm: bool

    @property
    def is_over(self) -> bool:
        """Return whether nothing is left to take."""
        return not is_unfinished(TicketState(self.state))

    @property
    def asks(self) -> bool:
        """Return whether an answer is still wanted."""
        return not self.is_over and (self.acknowledged_by is None or self.confirm)


@dataclass(frozen=True)
class Paged:
    """Whom a link is for, and what it is about.

    head: the first ticket that still asks for an answer, else the first of all. listed: all of
    them, in the order of the page.
    """

    link: PageLink
    person: StaffMember
    head: TicketHead
    listed: Sequence[Listed]

    @property
    def asking(self) -> list[int]:
        """Return the numbers of the tickets that an answer is still wanted for."""
        return [one.number for one in self.listed if one.asks]

    @property
    def is_over(self) -> bool:
        """Return whether nothing is left to take."""
        return all(one.is_over for one in self.listed)

    @property
    def is_mine(self) -> bool:
        """Return whether the person of the link has the ticket."""
        has_it = self.head.acknowledged_by is not None
        return has_it and self.head.owner_id == self.person.id


def find(session: Session, keys: Keys, token: str) -> Paged | None:
    """Return what a link is about, or None where it is forged, too old, or its person has left."""
    try:
        link = links.read(keys, token)
        person = session.get(StaffMember, link.staff_id)
        if link.action != ACKNOWLEDGE or person is None or person.retired_at is not None:
            return None
        listed = _listed(session, links.listed(session, link))
        asking = [one.number for one in listed if one.asks]
        head = ticket_queries.head(session, asking[0] if asking else link.ticket_number)
    except (BadLink, UnknownTicket):
        return None
    return Paged(link, person, head, listed)


def _listed(session: Session, numbers: Sequence[int]) -> list[Listed]:
    statement = select(
        Ticket.number, Ticket.title, Ticket.priority, Ticket.state, Ticket.acknowledged_by
    ).where(Ticket.number.in_(numbers))
    rows = {row.number: row for row in session.execute(statement)}
    owners = _owner_asked(session, numbers)
    return [Listed(*rows[one], confirm=one in owners) for one in numbers if one in rows]


def _owner_asked(session: Session, numbers: Sequence[int]) -> set[int]:
    """Return which of them somebody has who is asked to confirm it. Source: "R9", "R10"."""
    statement = select(Run.ticket_number).where(
        Run.ticket_number.in_(numbers), Run.state != "ended", Run.owner_until.is_not(None)
    )
    return set(session.scalars(statement))
