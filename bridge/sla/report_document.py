"""The report of one customer and month: what is shown, mailed, and kept when it is frozen."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pydantic import TypeAdapter

from bridge.sla.corrections import Correction
from bridge.sla.report import Figures, Line, Outcome

FORMAT = 1


@dataclass(frozen=True, slots=True)
class Subject:
    """Which report it is: whose, of which month, and as of when.

    language: that of the customer. desk: who reports. begins_at, ends_at: the month in the
    customer's zone. as_of: when it was made; before the month was over it is provisional.
    """

    customer: str
    customer_name: str
    language: str
    desk: str
    desk_address: str
    month: str
    zone: str
    begins_at: datetime
    ends_at: datetime
    as_of: datetime

    @property
    def is_over(self) -> bool:
        """Return whether the month was over when the report was made."""
        return self.as_of >= self.ends_at


@dataclass(frozen=True, slots=True)
class Report:
    """One report, in no language; lines are in the order of their due times."""

    subject: Subject
    figures: Figures
    lines: tuple[Line, ...]
    corrections: tuple[Correction, ...]
    format: int = FORMAT

    @property
    def missed(self) -> tuple[Line, ...]:
        """Return the guaranteed promises that were missed."""
        return tuple(one for one in self.lines if one.counts and one.outcome is Outcome.MISSED)

    @property
    def not_due(self) -> tuple[Line, ...]:
        """Return the guaranteed promises that are not due yet."""
        return tuple(one for one in self.lines if one.guaranteed and one.outcome is Outcome.NOT_DUE)

    @property
    def without_guarantee(self) -> tuple[Line, ...]:
        """Return the targets that no guarantee stands behind."""
        return tuple(one for one in self.lines if not one.guaranteed)


_REPORT = TypeAdapter(Report)


def plain(report: Report) -> dict[str, Any]:
    """Return the report as plain JSON; moments are UTC and end in `Z`."""
    found: dict[str, Any] = _REPORT.dump_python(report, mode="json")
    return found


def restored(document: Mapping[str, Any]) -> Report:
    """Return the report that `plain` was called on."""
    return _REPORT.validate_python(document)
