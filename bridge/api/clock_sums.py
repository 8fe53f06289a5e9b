"""The sum behind a clock: when it is due, and why. Source: docs/sla.md, "R20"."""

from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy.orm import Session

from bridge.api import clock_shapes as shapes
from bridge.flows.directory import Directory
from bridge.moments import Moments
from bridge.sla import queries as sla
from bridge.sla.clock import AppliedPause, Piece
from bridge.sla.sentence import value_written, written
from bridge.sla.story import ClockStory, UsedVersion, known_since, stories
from bridge.sla.sum_end import used_until_stop
from bridge.sla.sum_words import account, contract_versions, explanation_of, why_paused
from bridge.tickets import queries as tickets

MINUTE = timedelta(minutes=1)


def clocks(
    session: Session, directory: Directory, number: int, at: Moments
) -> Sequence[shapes.ExplainedClock]:
    """Return the ticket's clocks in the order in which they began; raises UnknownTicket.

    at: writes the sentences, in the zone of the ticket's customer where it has one.
    """
    customer = tickets.ticket(session, number).customer
    zone = customer.timezone if customer else None
    facts = sla.facts_of(session, [number])[number]
    return [_explained(one, at, zone) for one in stories(facts, directory.book)]


def _explained(story: ClockStory, at: Moments, zone: str | None) -> shapes.ExplainedClock:
    clock = story.course
    return shapes.ExplainedClock(
        kind=clock.kind.value,
        nth=clock.nth,
        rule=clock.rule,
        ticket_class=clock.ticket_class,
        priority=clock.priority,
        target_minutes=clock.promise.target // MINUTE,
        started_at=clock.promise.start,
        due_at=clock.due,
        stopped_at=clock.stop,
        state=clock.state,
        guaranteed=clock.guaranteed,
        calendar=clock.calendar,
        used_seconds=used_until_stop(clock, at.now).total_seconds(),
        flagged=clock.flagged,
        explanation=_explanation(story, at, zone),
    )


def _explanation(story: ClockStory, at: Moments, zone: str | None) -> shapes.Explanation:
    count = story.course.promise.count
    found = explanation_of(story.course)
    return shapes.Explanation(
        sentences=[written(one, at, zone) for one in account(story, at.now).sentences],
        counted_from=count.since,
        counted_minutes=count.allowance // MINUTE,
        pieces=[_piece(one) for one in found.pieces] if found else [],
        pauses=[_pause(story, one, at, zone) for one in found.pauses] if found else [],
        calendar_versions=[
            _calendar(story.calendar_version(one)) for one in (found.versions if found else ())
        ],
        contract_versions=[
            shapes.ContractVersion(contract=one.label, valid_from=known_since(one.effective_from))
            for one in contract_versions(story)
        ],
    )


def _piece(one: Piece) -> shapes.Piece:
    return shapes.Piece(begin=one.begin, end=one.end, seconds=one.seconds)


def _pause(story: ClockStory, one: AppliedPause, at: Moments, zone: str | None) -> shapes.Pause:
    why = why_paused(story, one)
    return shapes.Pause(
        begin=one.begin,
        end=one.end,
        taken_seconds=one.taken.total_seconds(),
        why=value_written(why, at, zone) if why is not None else None,
    )


def _calendar(used: UsedVersion) -> shapes.CalendarVersion:
    return shapes.CalendarVersion(
        calendar=used.calendar, valid_from=used.valid_from, counts_from=used.counts_from
    )
