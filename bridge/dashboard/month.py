"""How the guaranteed promises of a month ended, counted."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo


class Tally(NamedTuple):
    """How many promises were kept, and how many missed."""

    kept: int
    missed: int

    @property
    def kept_permille(self) -> int | None:
        """Return how many of a thousand were kept, cut off; None where nothing has fallen due.

        Cut off, because one that was missed among many must not become all of them.
        """
        promised = self.kept + self.missed
        return 1000 * self.kept // promised if promised else None


def total(tallies: Mapping[int, Tally]) -> Tally:
    """Return all tallies together."""
    kept = sum(one.kept for one in tallies.values())
    return Tally(kept, sum(one.missed for one in tallies.values()))


def month_begin(zone: str, now: datetime) -> datetime:
    """Return when the month of `now` began in a zone; in UTC."""
    local = now.astimezone(ZoneInfo(zone))
    return datetime(local.year, local.month, 1, tzinfo=ZoneInfo(zone)).astimezone(UTC)


def month_name(zone: str, now: datetime) -> str:
    """Return the month of `now` in a zone, `2026-11`."""
    return f"{now.astimezone(ZoneInfo(zone)):%Y-%m}"
