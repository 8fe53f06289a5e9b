"""What the fate of deliveries does to the escalations that they belong to."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from bridge.flows import ladders
from bridge.flows.directory import Directory
from bridge.flows.escalating import Carrier
from bridge.flows.ladders import Standing
from bridge.oncall import ladder
from bridge.oncall.ladder_state import Sent
from bridge.oncall.models import Delivery
from bridge.tickets.models import Ticket


def delivery_ended(
    session: Session,
    directory: Directory,
    ticket: Ticket,
    delivery: Delivery,
    now: datetime,
    *,
    first: bool,
) -> None:
    """Let the escalation follow how a try of one of its deliveries ended; first: of its tries."""
    _delivery_ended(
        session,
        directory,
        ladders.standing(session, directory, ticket, delivery.page.run),
        delivery,
        now,
        first=first,
    )


def deliveries_ended(
    session: Session,
    directory: Directory,
    ended: Sequence[tuple[Ticket, Delivery]],
    now: datetime,
    *,
    first: bool,
) -> None:
    """Do the same for the deliveries of a bundle, whose tickets are locked: many at once."""
    by_ticket: dict[int, tuple[Ticket, Delivery]] = {}
    for ticket, delivery in ended:
        by_ticket.setdefault(ticket.number, (ticket, delivery))
    runs = [(ticket, delivery.page.run) for ticket, delivery in by_ticket.values()]
    found = ladders.standings(session, directory, runs)
    for number, (_, delivery) in by_ticket.items():
        _delivery_ended(session, directory, found[number], delivery, now, first=first)
    for ticket, delivery in ended:
        if by_ticket[ticket.number][1] is not delivery:
            delivery_ended(session, directory, ticket, delivery, now, first=first)


def _delivery_ended(
    session: Session,
    directory: Directory,
    standing: Standing,
    delivery: Delivery,
    now: datetime,
    *,
    first: bool,
) -> None:
    sent = Sent(delivery.state)
    key = ladders.key_of(session, directory, delivery.page)
    decision = ladder.delivery_ended(
        standing.ladder, key, delivery.rule, sent, directory.roster, now, first=first
    )
    if decision.moves or decision.ladder.next_due_at != standing.run.next_due_at:
        Carrier(session, directory, now).carry_out(standing, decision)


def receipt_missing(
    session: Session, directory: Directory, ticket: Ticket, delivery: Delivery, now: datetime
) -> None:
    """Let the person's next rule leave now, because the provider sent no receipt."""
    standing = ladders.standing(session, directory, ticket, delivery.page.run)
    key = ladders.key_of(session, directory, delivery.page)
    roster = directory.roster
    decision = ladder.receipt_missing(standing.ladder, key, delivery.rule, roster, now)
    Carrier(session, directory, now).carry_out(standing, decision)
