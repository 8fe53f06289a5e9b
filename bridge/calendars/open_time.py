"""Open time: when is it open, how much lies between two moments, when is an allowance used up."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import cached_property
from itertools import pairwise

from bridge.calendars.definition import NEVER_OPEN, CalendarDefinition
from bridge.calendars.openings import Openings, Reign, openings_of_years
from bridge.calendars.spans import (
    ENDLESS,
    MICROSECOND,
    Span,
    gaps_in_ticks,
    merged_ticks,
    moment_at,
    ticks,
)
from bridge.errors import Refused

FIRST_YEAR = 1970
LAST_YEAR = 2100
BEGIN = ticks(datetime(FIRST_YEAR, 1, 1, tzinfo=UTC))
END = ticks(datetime(LAST_YEAR + 1, 1, 1, tzinfo=UTC))
YEAR = timedelta(days=366) // MICROSECOND
# Years between two questions further apart than this are not worked out for a third one.
KEPT_YEARS = 20


class NeverDue(Refused):
    """A year of openings does not use this much open time up."""


class NoAllowance(Refused):
    """There is nothing to use up: an allowance is more than zero."""


class OutOfYears(Refused):
    """Open time is known from 1970 to 2100 only."""


@dataclass(frozen=True)
class DatedDefinition:
    """What a calendar says from a moment on; None: since ever.

    name: which calendar and version it is, for an explanation; nothing is calculated with it.
    """

    valid_from: datetime | None
    definition: CalendarDefinition
    name: str = ""


@dataclass(frozen=True)
class OpenTime:
    """The open time of a calendar, each instant judged by the version valid then.

    versions: before the first one it is closed; of two from the same moment the later counts.
    Keep it and ask it often: it remembers the years it was asked about.
    Source: docs/sla.md, "R1" to "R4", "R13".
    """

    versions: tuple[DatedDefinition, ...]
    # The openings known so far; replaced as a whole, so that threads may ask at once.
    _known: list[Openings] = field(default_factory=list, init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "versions", tuple(sorted(self.versions, key=_begin)))

    @classmethod
    def of(cls, definition: CalendarDefinition) -> "OpenTime":
        """Return the open time of a calendar that never changes."""
        return cls((DatedDefinition(None, definition),))

    def until(self, at: datetime, other: "OpenTime") -> "OpenTime":
        """Return this open time before `at`, and `other` from then on."""
        before = [version for version in self.versions if _begin(version) < ticks(at)]
        ruling = DatedDefinition(at, NEVER_OPEN)
        after = []
        for version in other.versions:
            if _begin(version) <= ticks(at):
                ruling = replace(version, valid_from=at)
            else:
                after.append(version)
        return OpenTime((*before, ruling, *after))

    def versions_between(self, begin: datetime, end: datetime) -> tuple[DatedDefinition, ...]:
        """Return the versions by which the moments from `begin` up to `end` are judged."""
        left, right = ticks(begin), ticks(end)
        return tuple(
            version
            for version, reign in zip(self.versions, self._reigns, strict=True)
            if reign.begin < right and reign.end > left
        )

    def is_open(self, at: datetime) -> bool:
        """Say whether it is open at `at`."""
        tick = ticks(at)
        return any(self._openings(tick, tick + 1).between(tick, tick + 1))

    def next_opening(self, at: datetime) -> datetime | None:
        """Return the first open moment from `at` on, `at` included; None: not within a year."""
        tick = ticks(at)
        until = _year_after(tick)
        first = next(self._openings(tick, until).between(tick, until), None)
        return moment_at(first[0]) if first else None

    def intervals(
        self, begin: datetime, end: datetime, without: Iterable[Span] = ()
    ) -> Iterator[tuple[datetime, datetime]]:
        """Yield when it opens and closes between two moments, in order, in UTC.

        without: spans that are cut out.
        """
        left, right = ticks(begin), ticks(end)
        if left < right:
            openings = self._openings(left, right)
            for gap in gaps_in_ticks(left, right, without):
                for opens, closes in openings.between(*gap):
                    yield moment_at(opens), moment_at(closes)

    def open_between(
        self, begin: datetime, end: datetime, without: Iterable[Span] = ()
    ) -> timedelta:
        """Return how much open time outside `without` lies between two moments; 0 if reversed."""
        left, right = ticks(begin), ticks(end)
        if left >= right:
            return timedelta(0)
        openings = self._openings(left, right)
        gaps = gaps_in_ticks(left, right, without)
        return MICROSECOND * sum(openings.before(b) - openings.before(a) for a, b in gaps)

    def add(self, start: datetime, allowance: timedelta, without: Iterable[Span] = ()) -> datetime:
        """Return the first moment at which `allowance` of open time has passed since `start`.

        start: aware, in any zone.
        allowance: more than zero.
        without: spans whose open time does not count, in any order; they may overlap.
        Returns a time in UTC. An allowance that ends exactly at closing time is used up then.
        Raises NeverDue if the 366 days after `start`, or after the last of `without` that counts,
        do not use the allowance up.
        Source: docs/sla.md, "R3", "R4", "R15".
        """
        if allowance <= timedelta(0):
            raise NoAllowance(f"a target is more than zero minutes, not {allowance}")
        since = begin = ticks(start)
        cuts = merged_ticks(without)
        openings = self._openings(begin, _year_after(_latest(begin, cuts)))
        used = openings.before(begin) + allowance // MICROSECOND
        for left, right in cuts:
            if right <= begin:
                continue
            used_before = openings.before(left if left > begin else begin)
            if used_before >= used:
                break
            if right >= END:
                raise NeverDue("a pause without end begins before the time is used up")
            used += openings.before(right) - used_before
            since = right
        due = openings.reaching(used)
        if due is None or due > since + YEAR:
            raise NeverDue(f"a year of openings does not hold {allowance} of open time")
        return moment_at(due)

    @cached_property
    def _reigns(self) -> tuple[Reign, ...]:
        begins = [_begin(version) for version in self.versions]
        definitions = (version.definition for version in self.versions)
        ends = pairwise([*begins, END])
        return tuple(Reign(a, b, d) for (a, b), d in zip(ends, definitions, strict=True))

    def _openings(self, begin: int, end: int) -> Openings:
        """Return openings that cover the ticks from `begin` to `end`."""
        known = self._known[0] if self._known else None
        if known and known.begin <= begin and end <= known.end:
            return known
        if begin < BEGIN or end > END:
            raise OutOfYears(f"open time is known from {FIRST_YEAR} to {LAST_YEAR} only")
        years = [moment_at(begin).year, moment_at(end - 1).year]
        if known:
            wider = [*years, moment_at(known.begin).year, moment_at(known.end - 1).year]
            if max(wider) - min(wider) < KEPT_YEARS:
                years = wider
        openings = openings_of_years(self._reigns, min(years), max(years))
        self._known[:] = [openings]
        return openings


def _begin(version: DatedDefinition) -> int:
    return -ENDLESS if version.valid_from is None else ticks(version.valid_from)


def _latest(begin: int, cuts: list[tuple[int, int]]) -> int:
    """Return the last tick at which something begins to count again."""
    if not cuts:
        return begin
    left, right = cuts[-1]
    return max(begin, right if right < END else left)


def _year_after(tick: int) -> int:
    """Return the tick up to which something has to happen."""
    return max(tick + 1, min(tick + YEAR, END))
