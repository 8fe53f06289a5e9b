"""A clock's course as a row of the table of clocks, and where stored rows say something else."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from bridge import utc
from bridge.sla.clock import Pause
from bridge.sla.course import ClockCourse

MINUTE = timedelta(minutes=1)

Row = dict[str, Any]
# What tells a ticket's clocks apart: kind, and the how manieth of it.
Key = tuple[str, int]


@dataclass(frozen=True)
class Difference:
    """A clock whose row is not what the journal makes of it.

    clock: such as `response 1`. field: the column, or `clock` for a row that is missing or too
    many. stored, worked_out: plain values; None where there is none.
    """

    ticket: int
    clock: str
    field: str
    stored: Any
    worked_out: Any

    def plain(self) -> dict[str, Any]:
        """Return it as plain JSON."""
        return {
            "ticket": self.ticket,
            "clock": self.clock,
            "field": self.field,
            "stored": _plain(self.stored),
            "worked_out": _plain(self.worked_out),
        }

    def __str__(self) -> str:
        """Return it as a line for people."""
        stored, worked_out = _plain(self.stored), _plain(self.worked_out)
        return (
            f"ticket {self.ticket}, {self.clock}, {self.field}: "
            f"stored {stored}, worked out {worked_out}"
        )


def row_of(one: ClockCourse) -> Row:
    """Return the values of the clock's row, by the names of its attributes."""
    count = one.promise.count
    return {
        "kind": one.kind.value,
        "nth": one.nth,
        "rule": one.rule,
        "customer_id": one.customer_id,
        "contract_id": one.contract_id,
        "contract_version_id": one.contract_version_id,
        "calendar_id": one.calendar_id,
        "ticket_class": one.ticket_class,
        "priority": one.priority,
        "target_minutes": one.promise.target // MINUTE,
        "guaranteed": one.guaranteed,
        "started_at": one.promise.start,
        "counted_from": count.since,
        "counted_minutes": count.allowance // MINUTE,
        "due_at": one.due,
        "stopped_at": one.stop,
        "falls_at": one.falls_at,
        "state": one.state,
        "pauses": [_pause(pause) for pause in one.pauses],
        "flagged": one.flagged,
        "frozen": one.frozen,
        "warn_at": one.warn_at,
        "warn_percent": one.warn_percent,
        "revision": one.revision,
    }


def key_of(row: Mapping[str, Any]) -> Key:
    """Return what tells this row from the others of its ticket."""
    return row["kind"], row["nth"]


def differences(
    ticket: int, stored: Iterable[Mapping[str, Any]], courses: Iterable[ClockCourse]
) -> Iterator[Difference]:
    """Yield where a ticket's rows are not what was worked out, field by field."""
    rows = {key_of(row): row for row in stored}
    for one in courses:
        wanted = row_of(one)
        found = rows.pop(key_of(wanted), None)
        name = f"{one.kind.value} {one.nth}"
        if found is None:
            yield Difference(ticket, name, "clock", None, one.state)
            continue
        for field, value in wanted.items():
            if found[field] != value:
                yield Difference(ticket, name, field, found[field], value)
    for (kind, nth), row in rows.items():
        yield Difference(ticket, f"{kind} {nth}", "clock", row["state"], None)


def _pause(pause: Pause) -> list[str | None]:
    return [utc.iso(pause.begin), utc.iso(pause.end) if pause.end is not None else None]


def _plain(value: Any) -> Any:
    return utc.iso(value) if isinstance(value, datetime) else value
