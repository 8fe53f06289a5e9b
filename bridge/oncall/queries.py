"""Reads schedules, policies and runs."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from bridge.oncall import policy
from bridge.oncall.models import Delivery, Page, Policy, Run, Schedule, ScheduleOverride
from bridge.oncall.policy import EscalationPolicy
from bridge.oncall.schedule import Override, OverrideKind
from bridge.oncall.schedule import Schedule as ScheduleValue
from bridge.oncall.schedule_form import schedule_from_plain


def schedules(session: Session) -> dict[str, ScheduleValue]:
    """Return the schedules by label, those that are not retired.

    The overrides of the desk file come first, in its order, then those that were made later, in
    the order in which they were made, so that the later one wins. Source: docs/oncall.md, "R12".
    """
    made: dict[int, list[Override]] = {}
    for row in made_overrides(session):
        made.setdefault(row.schedule_id, []).append(override_of(row))
    statement = select(Schedule).where(Schedule.retired_at.is_(None)).order_by(Schedule.id)
    found = {}
    for one in session.scalars(statement):
        plain = schedule_from_plain(one.document)
        overrides = (*plain.overrides, *made.get(one.id, ()))
        found[one.label] = replace(plain, overrides=overrides)
    return found


def made_overrides(
    session: Session, schedule_id: int | None = None, since: datetime | None = None
) -> Sequence[ScheduleOverride]:
    """Return the overrides that were made at a page, by a program or an import, in that order.

    Those that were withdrawn are left out; with `since` those too that had ended by then.
    """
    statement = (
        select(ScheduleOverride)
        .where(ScheduleOverride.withdrawn_at.is_(None))
        .options(joinedload(ScheduleOverride.schedule))
        .order_by(ScheduleOverride.id)
    )
    if schedule_id is not None:
        statement = statement.where(ScheduleOverride.schedule_id == schedule_id)
    if since is not None:
        statement = statement.where(ScheduleOverride.ends_at > since)
    return session.scalars(statement).all()


def override_of(row: ScheduleOverride) -> Override:
    """Return what a kept override says."""
    kind = OverrideKind(row.kind)
    return Override(row.starts_at, row.ends_at, kind, tuple(row.people), row.replaced)


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
