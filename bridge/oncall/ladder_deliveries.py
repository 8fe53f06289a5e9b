"""What the fate of a delivery does to the escalation it belongs to."""

from dataclasses import replace
from datetime import datetime

from bridge.oncall.ladder_climb import LOST, REACHED, Climb, is_lost, last_pages, pages_of
from bridge.oncall.ladder_state import Ladder, LadderPage, PageKey, Phase, Sent
from bridge.oncall.moves import Decision, Hasten, News, Nobody, Tell
from bridge.oncall.roster import Roster

ARRIVED = frozenset({Sent.ACCEPTED, Sent.DELIVERED, Sent.SEEN})


def delivery_ended(
    ladder: Ladder,
    key: PageKey,
    rule: int,
    sent: Sent,
    roster: Roster,
    now: datetime,
    *,
    first: bool = True,
) -> Decision:
    """Take in how a try of a delivery ended.

    first: it was the first try. A failure lets the person's next rule leave now, and the next
    step where nobody of this one can be reached. Source: docs/oncall.md, "R11", "R13", "R14".
    """
    climb = Climb(_with(ladder, key, rule, sent), roster, now)
    page = next((one for one in climb.ladder.pages if one.key == key), None)
    if page is None:
        return climb.decided()
    if _is_calling(ladder, key):
        if sent in ARRIVED:
            _relieve(climb, page)
        elif sent in LOST or (first and page.is_high):
            _hasten(climb, page, rule, "R14" if sent is Sent.MAYBE else "R13")
        if sent in LOST:
            _undeliverable(climb, page)
    elif ladder.phase in {Phase.ACKNOWLEDGED, Phase.ENDED}:
        _tell_the_late(climb, key, sent)
    return climb.decided()


def receipt_missing(
    ladder: Ladder, key: PageKey, rule: int, roster: Roster, now: datetime
) -> Decision:
    """Let the next rule leave now, because no receipt came. Source: docs/oncall.md, "R15"."""
    climb = Climb(ladder, roster, now)
    page = next((one for one in ladder.pages if one.key == key), None)
    if page is not None and _is_calling(ladder, key):
        _hasten(climb, page, rule, "R15")
    return climb.decided()


def _is_calling(ladder: Ladder, key: PageKey) -> bool:
    """Return whether the page still asks for an answer: it counts, and nobody has given one."""
    asks = ladder.phase is Phase.ACKNOWLEDGED and ladder.owner_until is not None
    return key.generation == ladder.generation and (ladder.phase is Phase.LIVE or asks)


def _with(ladder: Ladder, key: PageKey, rule: int, sent: Sent) -> Ladder:
    def changed(page: LadderPage) -> LadderPage:
        if page.key != key:
            return page
        deliveries = tuple(
            replace(one, sent=sent) if one.rule == rule else one for one in page.deliveries
        )
        return replace(page, deliveries=deliveries)

    return replace(ladder, pages=tuple(map(changed, ladder.pages)))


def _hasten(climb: Climb, page: LadderPage, rule: int, source: str) -> None:
    waiting = (o for o in page.deliveries if o.rule > rule and o.sent is Sent.SCHEDULED)
    following = next(waiting, None)
    if following is None or following.due_at <= climb.now:
        return
    climb.moves.append(Hasten(source, page.key, following.rule))
    sooner = replace(following, due_at=climb.now)
    deliveries = tuple(sooner if one is following else one for one in page.deliveries)
    hastened = replace(page, deliveries=deliveries)
    known = climb.ladder.pages
    climb.becomes(pages=tuple(hastened if one.key == page.key else one for one in known))


def _undeliverable(climb: Climb, page: LadderPage) -> None:
    """Go on at once where nobody of the current step can be reached. Source: "R4", "R13"."""
    key, ladder = page.key, climb.ladder
    if not all(map(is_lost, pages_of(ladder, key.round, key.step))):
        return
    if key.is_owners and ladder.owner_until is not None:
        climb.becomes(owner_until=climb.now)
    elif not key.is_owners and key in {one.key for one in last_pages(ladder)}:
        climb.moves.append(Nobody("R13", key.round, key.step, "undeliverable"))
        if not key.is_fallback:
            climb.becomes(step_due_at=climb.now)


def _relieve(climb: Climb, page: LadderPage) -> None:
    """Call the outgoing person no more, now that the incoming one is. Source: "R11"."""
    if page.key.step == 0:
        return
    step = climb.ladder.policy.steps[page.key.step - 1]
    on_call = climb.roster.resolved(step.targets, climb.now)
    if page.key.person in on_call:
        outgoing = [
            one
            for one in pages_of(climb.ladder, page.key.round, page.key.step)
            if one.key.person not in on_call and one.created_at < page.created_at
        ]
        climb.drop("R11", "relieved", outgoing)


def _tell_the_late(climb: Climb, key: PageKey, sent: Sent) -> None:
    """Tell whom a page reached after the matter was settled. Source: docs/oncall.md, "R25"."""
    ladder = climb.ladder
    if sent not in REACHED or key.person == ladder.owner:
        return
    news = News.TAKEN if ladder.phase is Phase.ACKNOWLEDGED else News.RECOVERED
    climb.moves.append(Tell("R25", news, (key.person,), ladder.owner))
