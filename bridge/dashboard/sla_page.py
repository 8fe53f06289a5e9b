"""What a desk asks each morning: what is at risk, what was missed and why, who is on call."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from bridge.dashboard import board_page, queries, sla_queries, ticket_queries
from bridge.dashboard.board_page import ShownRow
from bridge.dashboard.facts import CustomerFact
from bridge.dashboard.journal_told import actor_name
from bridge.dashboard.missed import MissedFact, Why, why
from bridge.dashboard.month import Tally, month_name, total
from bridge.dashboard.on_call import OnCall, on_call_now
from bridge.dashboard.sla_queries import VerificationFact
from bridge.dashboard.working_days import previous_working_day
from bridge.flows.directory import Directory
from bridge.language import Say

IN_DANGER_SHOWN = 25
MISSED_SHOWN = 50
# The comparison runs every night: after so long one has been left out.
VERIFIED_WITHIN = timedelta(hours=36)


@dataclass(frozen=True, slots=True)
class MissedRow:
    """A promise that was missed, and why; `by`: who ended it too late, by name."""

    fact: MissedFact
    customer: CustomerFact | None
    why: Why
    by: str | None


@dataclass(frozen=True, slots=True)
class MonthRow:
    """How a customer's guaranteed promises of this month ended so far; `month` in its zone."""

    customer: CustomerFact
    tally: Tally
    month: str


@dataclass(frozen=True)
class Morning:
    """What the page shows.

    in_danger, missed: the first of so many. since: from when on what was missed is shown.
    names: of our people by their ids. is_overdue: the comparison was left out lately.
    """

    now: datetime
    in_danger: Sequence[ShownRow]
    in_danger_count: int
    since: datetime
    missed: Sequence[MissedRow]
    missed_count: int
    on_call: Sequence[OnCall]
    months: Sequence[MonthRow]
    month: Tally
    verification: VerificationFact | None
    names: Mapping[int, str]

    @property
    def is_unverified(self) -> bool:
        """Return whether the nightly comparison is older than it should be."""
        last = self.verification
        return last is not None and self.now - last.ended_at > VERIFIED_WITHIN


def read_morning(
    session: Session, directory: Directory, zone: str, say: Say, now: datetime
) -> Morning:
    """Return what the page shows at `now`, its days in `zone`, its names told by `say`."""
    customers = queries.customers(session)
    in_danger, count = board_page.read_in_danger(
        session, directory, customers, IN_DANGER_SHOWN, now
    )
    since = previous_working_day(directory.hours.values(), zone, now)
    names = ticket_queries.names(session)
    by_customer = board_page.read_month(session, customers, now)
    labels = {label: person.name for label, person in directory.people.items()}
    return Morning(
        now=now,
        in_danger=in_danger,
        in_danger_count=count,
        since=since,
        missed=_missed(session, customers, names, since, say, now),
        missed_count=sla_queries.count_missed(session, since, now),
        on_call=on_call_now(directory.schedules, labels, now),
        months=_months(customers, by_customer, now),
        month=total(by_customer),
        verification=sla_queries.last_verification(session),
        names=names,
    )


def _missed(
    session: Session,
    customers: Mapping[int, CustomerFact],
    names: Mapping[int, str],
    since: datetime,
    say: Say,
    now: datetime,
) -> list[MissedRow]:
    facts = sla_queries.missed(session, since, MISSED_SHOWN, now)
    happened = sla_queries.happenings(session, {one.number for one in facts})
    found = []
    for one in facts:
        reason = why(one, happened.get(one.number, ()), now)
        last = reason.ending
        by = actor_name(last.actor, last.author, names, say) if last else None
        found.append(MissedRow(one, customers.get(one.customer_id), reason, by))
    return found


def _months(
    customers: Mapping[int, CustomerFact], tallies: Mapping[int, Tally], now: datetime
) -> list[MonthRow]:
    found = [
        MonthRow(customers[each], tally, month_name(customers[each].zone, now))
        for each, tally in tallies.items()
        if tally.kept or tally.missed
    ]
    return sorted(found, key=lambda one: (-one.tally.missed, one.customer.name.casefold()))
