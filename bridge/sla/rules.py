"""What each fact does to a ticket's clocks, one function for each kind of fact."""

from collections.abc import Callable, Mapping
from typing import Any

from bridge import utc
from bridge.customers.terms import Terms
from bridge.sla.book import PromiseBook
from bridge.sla.clock import ClockKind
from bridge.sla.facts import Fact, FactKind
from bridge.sla.matter import CUSTOMER, Matter
from bridge.sla.offer import Rule, offered
from bridge.sla.promise import Count, Promise
from bridge.sla.running import MINUTE, ClockState, Life

RuleOfFact = Callable[[Matter, Fact], None]


def _opened(matter: Matter, fact: Fact) -> None:
    """Source: docs/sla.md, "R6", "R7"."""
    data = fact.data
    matter.ticket_class, matter.priority = data.get("class") or "", data.get("priority") or ""
    matter.contract = data.get("contract")
    matter.guaranteed = bool(data.get("guaranteed"))
    matter.is_open = True
    flagged = data.get("flagged")
    matter.begin(ClockKind.RESPONSE, fact.at, flagged=flagged)
    matter.begin(ClockKind.SOLUTION, fact.at, flagged=flagged)
    matter.begin_status(fact.at)


def _reopened(matter: Matter, fact: Fact) -> None:
    """Source: docs/sla.md, "R11", and "Readings"."""
    if matter.is_over:
        return
    matter.is_open = True
    solution = matter.last(ClockKind.SOLUTION)
    if solution is not None and solution.state in {ClockState.KEPT, ClockState.MISSED}:
        solution.revive(fact.at)
        solution.know(matter.book, matter.revision)
    matter.wait_for(None, fact.at)
    began = fact.moment("began")
    if not matter.responded and _is_promised_anew(matter, by_monitoring=began is not None):
        start = began or fact.at
        after = fact.moment("after")
        start = max(start, after) if after else start
        matter.begin(ClockKind.RESPONSE, start, flagged=fact.data.get("flagged"))
    if solution is not None and solution.runs:
        # Class, priority and contract may have changed while it stood.
        matter.bring_up(solution, fact.at, moves=solution.terms.contract_id != matter.contract)
    matter.begin_status(fact.at)


def _is_promised_anew(matter: Matter, *, by_monitoring: bool) -> bool:
    last = matter.last(ClockKind.RESPONSE)
    if last is None or last.state is ClockState.CANCELLED:
        return True
    # The problem came back, and to the former one nobody had come before it was over.
    return by_monitoring and last.ended_by == FactKind.RECOVERED.value


def _priority_changed(matter: Matter, fact: Fact) -> None:
    matter.priority = fact.data["to"]
    # What grows worse takes no promise away.
    keeps = fact.kind is FactKind.PRIORITY_RAISED
    matter.change(fact.at, matter.contract, keeps=keeps)


def _class_changed(matter: Matter, fact: Fact) -> None:
    matter.ticket_class = fact.data["to"]
    matter.priority = fact.data.get("priority") or matter.priority
    matter.change(fact.at, matter.contract)


def _contract_changed(matter: Matter, fact: Fact) -> None:
    before = matter.contract
    matter.contract = fact.data.get("contract")
    matter.guaranteed = bool(fact.data.get("guaranteed"))
    if matter.guaranteed and matter.contract == before:
        # Nothing else has changed: it came through an address of its contract after all.
        for life in matter.running:
            life.guaranteed = life.guaranteed or life.terms.contract_id == before
    matter.change(fact.at, before)


def _acknowledged(matter: Matter, fact: Fact) -> None:
    if matter.acknowledging_responds(fact.at):
        matter.begin_work(fact.at, fact.kind.value)
        matter.begin_status(fact.at)


def _answered(matter: Matter, fact: Fact) -> None:
    for life in matter.running:
        # An answer that is written down late is none to what was asked after it.
        if life.kind is ClockKind.UPDATE and life.promise.start <= fact.at:
            life.finish(fact.at, fact.kind.value)
    matter.respond(fact.at, fact.kind.value)
    # What was asked after an answer that is written down late waits for the next one.
    matter.begin_update(min(matter.asked, default=fact.at))
    matter.begin_status(fact.at)


def _customer_wrote(matter: Matter, fact: Fact) -> None:
    """Source: docs/sla.md, "R7", "R10"."""
    if matter.is_over:
        return
    if matter.waiting_for == CUSTOMER:
        matter.wait_for(None, fact.at)
    # Before the first response it is that clock that waits; and what was written before our
    # last answer, and read after it, is not a message after that answer.
    if matter.spoken_at is not None and fact.at >= matter.spoken_at:
        matter.asked = (*matter.asked, fact.at)
    if fact.data.get("guaranteed") and not matter.guaranteed:
        _guarantee(matter, fact)
    matter.begin_update(fact.at)


def _guarantee(matter: Matter, fact: Fact) -> None:
    contract = fact.data.get("contract") or matter.contract
    if contract is None or matter.book.terms_at(contract, fact.at, matter.revision) is None:
        return
    matter.contract, matter.guaranteed = contract, True
    matter.guarantee_anew(fact.at)


def _waiting(matter: Matter, fact: Fact) -> None:
    matter.wait_for(fact.data["for"], fact.at)


def _waiting_ended(matter: Matter, fact: Fact) -> None:
    matter.wait_for(None, fact.at)


def _recovered(matter: Matter, fact: Fact) -> None:
    """Source: docs/sla.md, "Which event does what"."""
    matter.is_open, matter.asked = False, ()
    for life in matter.running:
        if life.kind is ClockKind.SOLUTION:
            life.finish(fact.at, fact.kind.value)
        else:
            life.cancel(fact.at, fact.kind.value)


def _resolved(matter: Matter, fact: Fact) -> None:
    """Stop all clocks; where the text did not reach the customer, only those of the work."""
    reached = not fact.data.get("withdrawn")
    for life in matter.running:
        is_work = life.kind is ClockKind.SOLUTION or life.rule is Rule.STATUS
        if reached or is_work:
            life.finish(fact.at, fact.kind.value)
    matter.is_open = False
    if reached:
        matter.respond(fact.at, fact.kind.value)
        matter.asked = ()


def _merged(matter: Matter, fact: Fact) -> None:
    for life in matter.running:
        life.merge(fact.at, fact.kind.value)
    matter.is_open, matter.is_over = False, True


def _absorbed(matter: Matter, fact: Fact) -> None:
    """Source: docs/sla.md, "R16"."""
    for data in fact.data.get("clocks") or ():
        theirs = _of_merged(matter, data)
        if theirs is None:
            continue
        ours = matter.one_running(theirs.kind, theirs.rule)
        if ours is None:
            matter.take(theirs, fact.at)
            is_response = theirs.kind is ClockKind.RESPONSE
            if is_response and matter.responded and matter.acknowledging_responds(fact.at):
                # Somebody is at work already, and that is what was promised.
                matter.begin_work(fact.at, FactKind.ACKNOWLEDGED.value)
            if theirs.rule is Rule.MESSAGE:
                matter.asked = (*matter.asked, theirs.promise.start)
        elif _is_earlier(theirs, ours):
            ours.take_over(theirs)
            ours.guaranteed = ours.guaranteed or theirs.guaranteed


def _is_earlier(one: Life, other: Life) -> bool:
    return one.due is not None and (other.due is None or one.due < other.due)


def _of_merged(matter: Matter, data: Mapping[str, Any]) -> Life | None:
    """Return an unanswered clock of the merged ticket; None for one that measures the work."""
    kind = ClockKind(data["kind"])
    terms = _version(matter.book, data["contract"], data["contract_version"])
    if terms is None or kind is ClockKind.SOLUTION:
        return None
    hours = matter.book.hours(data["calendar"], matter.revision)
    since, start = utc.from_iso(data["counted_from"]), utc.from_iso(data["started_at"])
    count = Count(since, data["counted_minutes"] * MINUTE, hours)
    target = data["target_minutes"] * MINUTE
    stretches = ((None, data["calendar"]),)
    return Life(
        kind=kind,
        nth=0,
        rule=Rule(data["rule"]) if data.get("rule") else None,
        terms=terms,
        given_by=terms.version_id,
        ticket_class=data["class"],
        priority=data["priority"],
        guaranteed=bool(data["guaranteed"]),
        promise=Promise(kind, start, target, hours, count),
        stretches=stretches,
        counted_in=stretches,
        revision=matter.revision,
    )


def _version(book: PromiseBook, contract: int, version: int) -> Terms | None:
    return next((one for one in book.terms.get(contract, ()) if one.version_id == version), None)


def _terms_changed(matter: Matter, fact: Fact) -> None:
    """A target that the new version does not have keeps its promise. Source: "R13"."""
    for life in matter.running:
        terms = _version(matter.book, life.terms.contract_id, fact.data["contract_version"])
        if terms is None:
            continue
        offer = offered(terms, life.ticket_class, life.priority, life.kind, life.rule)
        if offer is not None and not life.is_missed(fact.at):
            life.change(offer, fact.at, matter.book)
        life.terms = terms
    matter.sync_pause(fact.at)


def _clock_corrected(matter: Matter, fact: Fact) -> None:
    """Source: docs/sla.md, "R13"."""
    life = matter.nth(ClockKind(fact.data["clock"]), fact.data["nth"])
    if life is None:
        return
    stopped_at, started_at = fact.moment("stopped_at"), fact.moment("started_at")
    cancelled, ran = bool(fact.data.get("cancel")), life.runs
    life.correct(stopped_at, started_at, cancelled=cancelled, at=fact.at)
    if life.kind is ClockKind.SOLUTION or not ran:
        return
    if cancelled:
        matter.asked = ()
    elif stopped_at is not None:
        matter.has_heard(stopped_at)
        matter.begin_status(stopped_at)


def _clock_warned(matter: Matter, fact: Fact) -> None:
    life = matter.nth(ClockKind(fact.data["clock"]), fact.data["nth"])
    if life is not None:
        life.warned.append((fact.data["percent"], fact.at))


def _nothing(matter: Matter, fact: Fact) -> None:
    """Hours count by the revision of each fact; withdrawn answers are left out beforehand."""


RULES: Mapping[FactKind, RuleOfFact] = {
    FactKind.OPENED: _opened,
    FactKind.REOPENED: _reopened,
    FactKind.PRIORITY_RAISED: _priority_changed,
    FactKind.PRIORITY_CHANGED: _priority_changed,
    FactKind.CLASS_CHANGED: _class_changed,
    FactKind.CONTRACT_CHANGED: _contract_changed,
    FactKind.ACKNOWLEDGED: _acknowledged,
    FactKind.ANSWERED: _answered,
    FactKind.ANSWER_WITHDRAWN: _nothing,
    FactKind.CUSTOMER_WROTE: _customer_wrote,
    FactKind.WAITING: _waiting,
    FactKind.WAITING_ENDED: _waiting_ended,
    FactKind.RECOVERED: _recovered,
    FactKind.RESOLVED: _resolved,
    FactKind.MERGED: _merged,
    FactKind.ABSORBED: _absorbed,
    FactKind.TERMS_CHANGED: _terms_changed,
    FactKind.HOURS_CHANGED: _nothing,
    FactKind.CLOCK_CORRECTED: _clock_corrected,
    FactKind.CLOCK_WARNED: _clock_warned,
}
