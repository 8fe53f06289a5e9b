"""On which day a month's report is frozen and mailed by itself."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from bridge.sla.month import Month

DAY, AT = 3, "08:00"


@dataclass(frozen=True, slots=True)
class ReportDay:
    """So much of the desk file's `sla_report`: a day and a time of the next month.

    since: the first month that is reported by itself.
    """

    day: int
    at: time
    since: Month

    @classmethod
    def of_desk(cls, document: Mapping[str, Any]) -> "ReportDay | None":
        """Return what the desk's section says, or None where reports are made by hand only."""
        told = document.get("sla_report")
        if not told:
            return None
        at = time.fromisoformat(told.get("at", AT))
        return cls(told.get("day", DAY), at, Month.of_text(told["from"]))

    def due_at(self, month: Month, zone: ZoneInfo) -> datetime:
        """Return when the report of `month` is due in `zone`, in UTC."""
        following = month.later(1)
        local = datetime(following.year, following.month, self.day, tzinfo=zone)
        return datetime.combine(local, self.at, zone).astimezone(UTC)

    def months_due(self, zone: ZoneInfo, now: datetime) -> Iterator[Month]:
        """Yield the months whose report is due by `now`, the oldest first."""
        month = self.since
        while self.due_at(month, zone) <= now:
            yield month
            month = month.later(1)
