"""Everything that the page of one ticket shows, and what tells whether it has changed."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from bridge.dashboard import queries, ticket_queries
from bridge.dashboard.clock_cards import ClockCard, clock_card
from bridge.dashboard.journal_told import Told, actor_name
from bridge.dashboard.journal_words import sentence
from bridge.dashboard.page_outs import PageOut, page_out
from bridge.dashboard.ticket_queries import JournalFact, TicketHead
from bridge.flows.directory import Directory
from bridge.language import say
from bridge.moments import Moments
from bridge.sla import queries as sla
from bridge.sla.story import stories
from bridge.tickets.journal import Event
from bridge.tickets.lifecycle import TicketState, is_unfinished

KNOWN_EVENTS = {event.value: event for event in Event}
# An entry that was recorded so much later than it happened says so.
LATE_SECONDS = 60
# A ticket of more clocks than this shows only those that matter now.
MOST_CLOCKS = 5


@dataclass(frozen=True)
class Line:
    """One line of the journal: a sentence, and what somebody or something said.

    reason: of a program, in English. text: of a person or a plugin, as it came.
    """

    at: datetime
    recorded_at: datetime
    kind: str
    sentence: str
    reason: str
    text: str

    @property
    def is_late(self) -> bool:
        """Return whether we learned of it later."""
        return (self.recorded_at - self.at).total_seconds() > LATE_SECONDS


@dataclass(frozen=True)
class TicketPage:
    """What the page shows; the journal's latest line comes first.

    tells_icinga: an acknowledgement goes back to its Icinga.
    """

    now: datetime
    head: TicketHead
    zone: str
    clocks: Sequence[ClockCard]
    page_out: PageOut | None
    tells_icinga: bool
    journal: Sequence[Line]
    tag: str

    @property
    def is_unfinished(self) -> bool:
        """Return whether somebody still has work with it."""
        return is_unfinished(TicketState(self.head.state))

    @property
    def current_clocks(self) -> Sequence[ClockCard]:
        """Return the clocks that people look at first."""
        earlier = {card.label for card in self.earlier_clocks}
        return [card for card in self.clocks if card.label not in earlier]

    @property
    def earlier_clocks(self) -> Sequence[ClockCard]:
        """Return the update clocks that ended well, except the last; none where there are few."""
        ended = [card for card in self.clocks if card.is_past_update]
        return ended[:-1] if len(self.clocks) > MOST_CLOCKS else []

    @property
    def has_promise(self) -> bool:
        """Return whether any clock was ever started for it."""
        return bool(self.clocks)


def tag_of(session: Session, number: int, revision: int, language: str, now: datetime) -> str:
    """Return what stays the same as long as nothing happens to the ticket, for a minute at most."""
    newest = ticket_queries.last_journal_id(session, number)
    parts = (newest, revision, language, int(now.timestamp()) // 60)
    return hashlib.blake2b(repr(parts).encode(), digest_size=9).hexdigest()


def read_ticket(session: Session, directory: Directory, number: int, at: Moments) -> TicketPage:
    """Return what the ticket's page shows, in the language and at the time of `at`.

    Raises UnknownTicket.
    """
    head = ticket_queries.head(session, number)
    pages = queries.pages(session, [number]).get(number)
    zone = head.zone or at.zone
    return TicketPage(
        now=at.now,
        head=head,
        zone=zone,
        clocks=_cards(session, directory, number, at, zone),
        page_out=page_out(pages) if pages else None,
        tells_icinga=head.source in directory.sources_with_api,
        journal=_lines(
            ticket_queries.journal(session, number), ticket_queries.names(session), at, zone
        ),
        tag=tag_of(session, number, directory.revision, at.language, at.now),
    )


def _cards(
    session: Session, directory: Directory, number: int, at: Moments, zone: str
) -> Sequence[ClockCard]:
    facts = sla.facts_of(session, [number])[number]
    return [clock_card(one, at, zone) for one in stories(facts, directory.book)]


def _lines(
    facts: Sequence[JournalFact], names: Mapping[int, str], at: Moments, zone: str
) -> list[Line]:
    return [_line(fact, names, at, zone) for fact in facts]


def _line(fact: JournalFact, names: Mapping[int, str], at: Moments, zone: str) -> Line:
    speak = say(at.language)
    event = KNOWN_EVENTS.get(fact.kind)
    who = actor_name(fact.actor, fact.author, names, speak)
    told = Told(event, who, fact.data, names, at, zone, speak) if event else None
    reasoned = event in {Event.DELIVERY_FAILED, Event.ICINGA_REFUSED, Event.ANSWER_WITHDRAWN}
    return Line(
        at=fact.at,
        recorded_at=fact.recorded_at,
        kind=fact.kind,
        # A newer Bridge on the same database may write what this one has no words for.
        sentence=sentence(told) if told else fact.kind,
        reason=str(fact.data.get("reason") or "") if reasoned else "",
        text=fact.text,
    )
