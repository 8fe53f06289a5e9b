"""Reads schedules, policies and runs."""

from collections.abc import Iterable, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from bridge.oncall import policy
from bridge.oncall.models import Delivery, Page, Policy, Run, Schedule
from bridge.oncall.policy import EscalationPolicy
from bridge.oncall.schedule import Schedule as ScheduleValue
from bridge.oncall.schedule_form import schedule_from_plain


def schedules(session: Session) -> dict[str, ScheduleValue]:
    """Return the schedules by label, those that are not retired."""
    statement = select(Schedule).where(Schedule.retired_at.is_(None))
    return {one.label: schedule_from_plain(one.document) for one in session.scalars(statement)}


def policies(session: Session) -> dict[str, tuple[int, EscalationPolicy]]:
    """Return the id and content of each policy's newest version by label."""
    statement = (
        select(Policy).where(Policy.retired_at.is_(None)).options(selectinload(Policy.versions))
    )
    return {
        one.label: (one.versions[-1].id, policy.from_document(one.versions[-1].document))
        for one in session.scalars(statement)
        if one.versions
    }


def unended_runs(session: Session, ticket_numbers: Iterable[int]) -> dict[int, Run]:
    """Return the runs of these tickets that have not ended, by ticket number, locked."""
    statement = (
        select(Run)
        .where(Run.ticket_number.in_(list(ticket_numbers)), Run.state != "ended")
        .with_for_update()
    )
    return {run.ticket_number: run for run in session.scalars(statement)}


def deliveries(session: Session, outbox_ids: Sequence[int]) -> dict[int, Delivery]:
    """Return the deliveries that outbox entries carry, by the entry's id, with page and run."""
    statement = (
        select(Delivery)
        .where(Delivery.outbox_id.in_(outbox_ids))
        .options(joinedload(Delivery.page).joinedload(Page.run))
    )
    return {one.outbox_id: one for one in session.scalars(statement) if one.outbox_id is not None}
