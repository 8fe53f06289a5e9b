"""Tickets whose clocks have run in every way there is, for the page that explains them."""

from collections.abc import Iterable
from typing import Any

from bridge.flows.courses import Courses
from bridge.installation import Installation
from bridge.tickets import actions as tickets
from bridge.tickets.actions import NewTicket
from bridge.tickets.journal import BRIDGE, Event
from tests import builders
from tests.sla.promised import ADDRESS, at, iso

DESK = """
calendars:
  office:
    timezone: Europe/Berlin
    hours: {mon-fri: ["08:00-17:00"]}
    holidays: DE-NW
    special: {"12-24": ["08:00-12:00"], "2026-11-25": closed}
  always: {timezone: Europe/Berlin, hours: {mon-sun: ["00:00-24:00"]}}
staff:
  - {id: anna, name: Anna Beispiel, language: de}
  - {id: lead, name: Lea Leitung, roles: [manager]}
customers:
  - number: "1001"
    name: ACME GmbH
    timezone: Europe/Berlin
    contracts:
      - id: acme-care
        addresses: [acme-247@desk.example]
        valid_from: 2026-01-01
        fault:
          calendar: always
          response: {P1: 30m, P2: 1h, P3: 4h, P4: 8h}
          solution: {P1: 8h}
          status_every: {P1: 2h}
        request:
          calendar: office
          response: {P1: 1h, P2: 2h, P3: 4h, P4: 8h}
          solution: {P1: 4h, P2: 8h, P3: 16h, P4: 200h}
          update: {P3: 8h}
        third_party_pauses: true
desk: {name: Example IT, address: support@desk.example}
"""

Happening = tuple[Event, str, dict[str, Any]]


def opened(
    moment: str, priority: str = "P3", ticket_class: str = "request", **more: Any
) -> Happening:
    """Return the opening of a ticket by a guaranteed mail."""
    data = {"guaranteed": True, "address": ADDRESS, "flagged": None, "source": "mail"}
    return Event.OPENED, moment, data | {"class": ticket_class, "priority": priority} | more


def happened(event: Event, moment: str, **data: Any) -> Happening:
    """Return something that happened at a local time in 2026."""
    return event, moment, data


COURSES: dict[str, tuple[Happening, ...]] = {
    "weekend": (
        opened("11-20 18:12"),
        happened(Event.ANSWERED, "11-23 10:07", answer="a", via="mail"),
    ),
    "upgraded": (
        opened("11-26 08:00", "P4"),
        happened(Event.PRIORITY_CHANGED, "11-26 10:10", **{"from": "P4", "to": "P2"}),
    ),
    "paused": (
        opened("11-23 09:00", "P2"),
        happened(Event.ANSWERED, "11-23 09:50", answer="a", via="mail"),
        happened(Event.WAITING, "11-23 10:00", **{"for": "customer", "until": iso("11-27 10:00")}),
    ),
    "pauses": (
        opened("11-12 16:10"),
        happened(Event.ACKNOWLEDGED, "11-12 16:20", via="page"),
        happened(Event.ANSWERED, "11-12 16:40", answer="a", via="mail"),
        happened(Event.WAITING, "11-13 09:00", **{"for": "third_party", "until": None}),
        happened(Event.WAITING_ENDED, "11-16 10:00", why="by hand"),
        happened(Event.ANSWERED, "11-16 10:30", answer="b", via="phone"),
        happened(Event.WAITING, "11-16 10:30", **{"for": "customer", "until": None}),
        happened(Event.CUSTOMER_WROTE, "11-19 15:00", message="m", via="mail", guaranteed=True),
        happened(Event.ANSWERED, "11-20 08:30", answer="c", via="mail"),
        happened(Event.RESOLVED, "11-20 08:31"),
        happened(Event.REOPENED, "11-23 11:00", after=iso("11-20 08:31"), began=None),
        happened(Event.RESOLVED, "11-26 09:00"),
    ),
    "clocks back": (
        opened("10-24 23:30", "P3", "fault", flagged="implausible_time"),
        happened(Event.ACKNOWLEDGED, "10-25 03:31", via="link"),
    ),
    "clocks forward": (
        opened("03-29 00:30", "P3", "fault"),
        happened(Event.RECOVERED, "03-29 03:10", state="OK"),
    ),
    "fault": (
        opened("11-26 06:00", "P1", "fault"),
        happened(Event.ACKNOWLEDGED, "11-26 06:20", via="link"),
        happened(Event.CLOCK_WARNED, "11-26 07:20", clock="update", nth=1, percent=50, due_at=None),
        happened(Event.ANSWERED, "11-26 08:35", answer="a", via="phone"),
        happened(Event.CUSTOMER_WROTE, "11-26 08:50", message="m", via="mail", guaranteed=True),
    ),
    "overdue": (opened("11-10 09:00", "P4"),),
    "long": (
        opened("10-01 09:00", "P4"),
        happened(Event.ANSWERED, "10-01 12:00", answer="a", via="portal"),
    ),
    "no guarantee": (
        opened("11-26 08:00", guaranteed=False, address=None),
        happened(
            Event.CUSTOMER_WROTE, "11-26 09:10", message="m", via="mail", guaranteed=True
        ),
    ),
    "withdrawn": (
        opened("11-26 08:00"),
        happened(Event.ANSWERED, "11-26 08:30", answer="a", via="mail"),
        happened(Event.ANSWER_WITHDRAWN, "11-26 08:35", answer="a", reason="5.1.1 no mailbox"),
        happened(
            Event.CLOCK_CORRECTED, "11-26 09:00", clock="solution", nth=1, cancel=True,
            stopped_at=None, started_at=None,
        ),
    ),
    "class changed": (
        opened("11-24 15:00"),
        happened(
            Event.CLASS_CHANGED, "11-24 16:00", **{"from": "request", "to": "fault"}, priority="P1"
        ),
        happened(Event.MERGED, "11-24 16:10", into=10001),
    ),
}  # fmt: skip
NOW = "11-26 10:30"


def play(installation: Installation, happenings: Iterable[Happening]) -> int:
    """Open a ticket of ACME and let this happen to it; return its number."""
    with installation.database.transaction() as session:
        directory = installation.directories.current(session)
        (contract,) = directory.book.terms
        customer = directory.customer_id_of["1001"]
        first, *rest = happenings
        courses = Courses(session, directory, at(NOW))
        _, moment, data = first
        new = NewTicket(
            title="Invoices cannot be printed",
            ticket_class=data["class"],
            priority=data["priority"],
            source="mail",
            opened_at=at(moment),
            customer_id=customer,
            contract_id=contract,
            address=data["address"],
        )
        number = tickets.next_number(tickets.number_range(session), 10001)
        ticket = tickets.open_ticket(session, number, new, at(moment))
        session.flush()  # clocks refer to the ticket
        begun = data | {"contract": contract, "customer": customer}
        courses.happened(ticket, Event.OPENED, BRIDGE, at(moment), begun)
        for event, when, told in rest:
            more = {"contract": contract} if event is Event.CUSTOMER_WROTE else {}
            courses.happened(ticket, event, BRIDGE, at(when), told | more)
        return number


def play_all(installation: Installation) -> dict[str, int]:
    """Play every course; return the numbers of the tickets by the courses' names."""
    builders.apply_desk(installation, DESK, now=at("01-02 09:00"))
    return {name: play(installation, happenings) for name, happenings in COURSES.items()}
