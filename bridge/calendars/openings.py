"""The openings of some whole years, ready to be searched; all times in ticks."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from bridge.calendars.definition import CalendarDefinition
from bridge.calendars.expansion import open_seconds
from bridge.calendars.spans import ticks

SECOND_TICKS = ticks(datetime(1970, 1, 1, 0, 0, 1, tzinfo=UTC))

Ticks = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Reign:
    """The ticks from `begin` up to `end`, in which one definition is valid."""

    begin: int
    end: int
    definition: CalendarDefinition


@dataclass(frozen=True, slots=True)
class Openings:
    """The openings between two ticks, with what there is of open time before each.

    starts: where each opening begins; the first is an empty one at `begin`.
    used: for each opening, how much open time lies before it; at the end, how much in all.
    """

    begin: int
    end: int
    starts: list[int]
    used: list[int]

    def before(self, tick: int) -> int:
        """Return how much open time lies before `tick`, which is not before `begin`."""
        after = bisect_right(self.starts, tick)
        used = self.used[after - 1] + tick - self.starts[after - 1]
        most = self.used[after]
        return used if used < most else most

    def reaching(self, used: int) -> int | None:
        """Return the first tick before which `used` open time lies, more than 0; None: beyond."""
        after = bisect_left(self.used, used)
        if after == len(self.used):
            return None
        return self.starts[after - 1] + used - self.used[after - 1]

    def between(self, begin: int, end: int) -> Iterator[Ticks]:
        """Yield the openings between two ticks, cut to them."""
        for at in range(bisect_right(self.starts, begin) - 1, bisect_left(self.starts, end)):
            start = self.starts[at]
            left = max(start, begin)
            right = min(start + self.used[at + 1] - self.used[at], end)
            if left < right:
                yield left, right


def openings_of_years(reigns: Iterable[Reign], first_year: int, last_year: int) -> Openings:
    """Return the openings of the UTC years from `first_year` to `last_year`, both included.

    reigns: in order, not overlapping; where there is none it is closed.
    """
    begin, end = _new_year(first_year), _new_year(last_year + 1)
    starts, used = [begin], [0]
    total, last_end = 0, begin
    for left, right in _in_order(tuple(reigns), first_year, last_year):
        if left > last_end or len(starts) == 1:
            starts.append(left)
            used.append(total)
        total += right - left
        last_end = right
    return Openings(begin, end, starts, [*used, total])


def _in_order(reigns: tuple[Reign, ...], first_year: int, last_year: int) -> Iterator[Ticks]:
    for year in range(first_year, last_year + 1):
        begin, end = _new_year(year), _new_year(year + 1)
        for reign in reigns:
            if reign.begin < end and reign.end > begin:
                for opens, closes in open_seconds(reign.definition, year):
                    left = max(opens * SECOND_TICKS, reign.begin)
                    right = min(closes * SECOND_TICKS, reign.end)
                    if left < right:
                        yield left, right


def _new_year(year: int) -> int:
    return ticks(datetime(year, 1, 1, tzinfo=UTC))
