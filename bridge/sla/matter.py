"""What of a ticket its clocks depend on, while its facts are read one after the other."""

from dataclasses import dataclass, field
from datetime import datetime

from bridge.customers.terms import Terms
from bridge.sla.book import PromiseBook
from bridge.sla.clock import ClockKind
from bridge.sla.offer import Offer, Rule, offered
from bridge.sla.promise import Promise
from bridge.sla.running import GUARANTEED_ANEW, MINUTE, NO_LONGER_PROMISED, ClockState, Life

CUSTOMER, THIRD_PARTY = "customer", "third_party"
MET_BY = {"fault": "acknowledge", "request": "answer"}


@dataclass(slots=True)
class Matter:
    """A ticket, as its facts have left it.

    is_open: nobody has resolved it. is_over: it went into another ticket. spoken_at: when the
    customer heard of us last, or work began; None before the first response. asked: the messages
    since then. waiting_for: `customer`, `third_party` or None.
    """

    book: PromiseBook
    lives: list[Life] = field(default_factory=list)
    revision: int | None = None
    ticket_class: str = ""
    priority: str = ""
    contract: int | None = None
    guaranteed: bool = False
    is_open: bool = False
    is_over: bool = False
    spoken_at: datetime | None = None
    asked: tuple[datetime, ...] = ()
    waiting_for: str | None = None

    @property
    def responded(self) -> bool:
        """Say whether somebody of ours has responded, as the contract wants it."""
        return self.spoken_at is not None

    @property
    def running(self) -> list[Life]:
        """Return the clocks that have not ended, in the order they began."""
        return [life for life in self.lives if life.stop is None]

    def one_running(self, kind: ClockKind, rule: Rule | None = None) -> Life | None:
        """Return the clock of this kind that runs, or None."""
        for one in self.lives:
            if one.stop is None and one.kind is kind and one.rule is rule:
                return one
        return None

    def last(self, kind: ClockKind) -> Life | None:
        """Return the clock of this kind that began last, or None."""
        return next((one for one in reversed(self.lives) if one.kind is kind), None)

    def nth(self, kind: ClockKind, nth: int) -> Life | None:
        """Return the nth clock of this kind, or None."""
        return next((one for one in self.lives if (one.kind, one.nth) == (kind, nth)), None)

    def terms_at(self, at: datetime) -> Terms | None:
        """Return what the ticket's contract promises at `at`; None where it is not valid then."""
        if self.contract is None:
            return None
        return self.book.terms_at(self.contract, at, self.revision)

    def terms_in_force(self, contract: int, at: datetime) -> Terms | None:
        """Return the version of a contract that counts at `at`, over or not."""
        return self.book.version_at(contract, at, self.revision)

    def begin(
        self, kind: ClockKind, at: datetime, rule: Rule | None = None, flagged: str | None = None
    ) -> None:
        """Start a clock if the contract promises it at `at`, and its calendar uses the target up.

        Source: docs/sla.md, "R6", "R7".
        """
        offer = offered(self.terms_at(at), self.ticket_class, self.priority, kind, rule)
        if offer is not None:
            self.add(kind, rule, offer, at, flagged)

    def add(
        self, kind: ClockKind, rule: Rule | None, offer: Offer, at: datetime, flagged: str | None
    ) -> None:
        """Start a clock under an offer, unless its target is never used up."""
        hours = self.book.hours(offer.calendar, self.revision)
        promise = Promise.given(kind, at, offer.minutes * MINUTE, hours)
        self.take(_life(kind, rule, offer, promise, self, flagged), at)

    def take(self, life: Life, at: datetime) -> None:
        """Make a clock the ticket's next one of its kind, unless it would never be due."""
        if life.due is not None:
            life.nth = 1 + sum(one.kind is life.kind for one in self.lives)
            self.lives.append(life)
            self.sync_pause(at)

    def begin_promised(self, at: datetime) -> None:
        """Start what is promised since a change at `at`, and was not before.

        A response only while nobody has answered, the rest as it would have begun by itself.
        """
        if not self.is_open:
            return
        if not self.responded and self._is_free(ClockKind.RESPONSE):
            self.begin(ClockKind.RESPONSE, at)
        if self._is_free(ClockKind.SOLUTION):
            self.begin(ClockKind.SOLUTION, at)
        self.begin_update(at)
        self.begin_status(at)

    def begin_update(self, at: datetime) -> None:
        """Start the clock for an answer to what the customer has asked, if none runs."""
        if self.asked and not self.one_running(ClockKind.UPDATE, Rule.MESSAGE):
            self.begin(ClockKind.UPDATE, at, Rule.MESSAGE)

    def begin_status(self, at: datetime) -> None:
        """Start the clock for the next status of an open fault, if none runs.

        It waits for the first response where one is promised. Source: docs/sla.md, "R10".
        """
        if not self.is_open or self.ticket_class != "fault":
            return
        if self.one_running(ClockKind.UPDATE, Rule.STATUS):
            return
        if self.responded or not self.one_running(ClockKind.RESPONSE):
            self.begin(ClockKind.UPDATE, at, Rule.STATUS)

    def sync_pause(self, at: datetime) -> None:
        """Let the solution clock stand still exactly while the ticket waits for somebody.

        Source: docs/sla.md, "R11".
        """
        for life in self.running:
            if life.kind.pauses_count:
                theirs = self.waiting_for == THIRD_PARTY and life.terms.third_party_pauses
                if self.waiting_for == CUSTOMER or theirs:
                    life.pause(at)
                else:
                    life.go_on(at)

    def wait_for(self, somebody: str | None, at: datetime) -> None:
        """Wait for `customer` or `third_party` from `at` on; None: for nobody."""
        self.waiting_for = somebody
        self.sync_pause(at)

    def respond(self, at: datetime, by: str) -> None:
        """Stop the response clock: somebody of ours has answered, or begun to work."""
        running = self.one_running(ClockKind.RESPONSE)
        if running is not None:
            running.finish(at, by)
        self.has_heard(at)

    def begin_work(self, at: datetime, by: str) -> None:
        """Stop the response clock: somebody takes the ticket, of which the customer hears nothing.

        Only as the first response it is what later questions are asked after.
        """
        running = self.one_running(ClockKind.RESPONSE)
        if running is not None:
            running.finish(at, by)
        if not self.responded:
            self.has_heard(at)

    def has_heard(self, at: datetime) -> None:
        """Keep that the customer has heard of us at `at`, or work has begun."""
        self.spoken_at = max(at, self.spoken_at or at)
        self.asked = tuple(asked for asked in self.asked if asked > at)

    def acknowledging_responds(self, at: datetime) -> bool:
        """Say whether the contract takes it for a response that somebody begins to work."""
        running = self.one_running(ClockKind.RESPONSE)
        terms = running.terms if running else self.terms_at(at)
        met_by = terms.response_met_by.get(self.ticket_class) if terms else None
        return (met_by or MET_BY.get(self.ticket_class)) == "acknowledge"

    def change(self, at: datetime, before: int | None, *, keeps: bool = False) -> None:
        """Give the running clocks what class, priority and contract now promise.

        before: the contract up to now; clocks of others keep theirs. keeps: a clock that is not
        promised any more runs on. One that is missed stays as it is.
        Source: docs/sla.md, "R8", "R12".
        """
        for life in self.running:
            moved = life.terms.contract_id == before and self.contract != before
            if not self.bring_up(life, at, moves=moved) and not keeps:
                life.cancel(at, NO_LONGER_PROMISED)
        self.begin_promised(at)
        self.sync_pause(at)

    def bring_up(self, life: Life, at: datetime, *, moves: bool) -> bool:
        """Give a clock what is promised now; return whether it is promised, or was missed.

        moves: under the contract of the ticket, and by its guarantee, instead of its own.
        """
        if life.is_missed(at):
            return True
        # A contract that is over still says what a change means to the clocks that go on.
        terms = self.terms_at(at) if moves else self.terms_in_force(life.terms.contract_id, at)
        offer = offered(terms, self.ticket_class, self.priority, life.kind, life.rule)
        if offer is None or not life.change(offer, at, self.book):
            return False
        if moves:
            life.guaranteed = self.guaranteed
        return True

    def guarantee_anew(self, at: datetime) -> None:
        """End the clocks without guarantee, and begin them anew with one. Source: "R7"."""
        for life in self.running:
            if not life.guaranteed:
                life.cancel(at, GUARANTEED_ANEW)
                self.begin(life.kind, at, life.rule)
        self.begin_promised(at)

    def _is_free(self, kind: ClockKind) -> bool:
        last = self.last(kind)
        return last is None or last.ended_by == NO_LONGER_PROMISED


def _life(
    kind: ClockKind,
    rule: Rule | None,
    offer: Offer,
    promise: Promise,
    matter: Matter,
    flagged: str | None,
) -> Life:
    stretches = ((None, offer.calendar),)
    return Life(
        kind=kind,
        nth=0,
        rule=rule,
        terms=offer.terms,
        given_by=offer.terms.version_id,
        ticket_class=offer.ticket_class,
        priority=offer.priority,
        guaranteed=matter.guaranteed,
        promise=promise,
        stretches=stretches,
        counted_in=stretches,
        revision=matter.revision,
        state=ClockState.RUNNING,
        flagged=flagged,
    )
