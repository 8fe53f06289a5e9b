"""A calendar month, and where it begins and ends in a zone."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from bridge.errors import Refused

FORM = re.compile(r"([0-9]{4})-(0[1-9]|1[0-2])")
FIRST_YEAR, LAST_YEAR = 1971, 2098
YEAR = 12


class BadMonth(Refused):
    """A month is written as year and month, such as 2026-11."""


@dataclass(frozen=True, order=True, slots=True)
class Month:
    """A calendar month; `str` writes it as 2026-11."""

    year: int
    month: int

    @classmethod
    def of_text(cls, text: str) -> "Month":
        """Return the month that `2026-11` names; raises BadMonth."""
        found = FORM.fullmatch(text)
        if not found or not FIRST_YEAR <= int(found[1]) <= LAST_YEAR:
            raise BadMonth(f"{text!r:.40} is no month: write year and month, such as 2026-11")
        return cls(int(found[1]), int(found[2]))

    @classmethod
    def at(cls, moment: datetime, zone: ZoneInfo) -> "Month":
        """Return the month in which `moment` lies in `zone`."""
        local = moment.astimezone(zone)
        return cls(local.year, local.month)

    def __str__(self) -> str:
        return f"{self.year:04}-{self.month:02}"

    def later(self, months: int) -> "Month":
        """Return the month so many months later; earlier, where that is negative."""
        years, month = divmod(self.year * YEAR + self.month - 1 + months, YEAR)
        return Month(years, month + 1)

    def begin(self, zone: ZoneInfo) -> datetime:
        """Return its first instant in `zone`, in UTC; it ends where the next one begins."""
        return datetime(self.year, self.month, 1, tzinfo=zone).astimezone(UTC)

    def end(self, zone: ZoneInfo) -> datetime:
        """Return the first instant after it in `zone`, in UTC."""
        return self.later(1).begin(zone)
