"""A strip of days with shifts on it: where each lies, in percent, and how it is coloured."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bridge.oncall.schedule import Shift
from bridge.oncall.walltime import first_instant, local

ONE_DAY = timedelta(days=1)
SATURDAY = 5
COLOURS = 8


@dataclass(frozen=True, slots=True)
class Column:
    """One day of the strip."""

    day: date
    x: float
    width: float
    is_today: bool

    @property
    def is_weekend(self) -> bool:
        """Return whether most people are at home."""
        return self.day.weekday() >= SATURDAY


@dataclass(frozen=True, slots=True)
class Bar:
    """One shift on the strip.

    colour: of the person, 0 for nobody. is_faint: not of the person who is looked for.
    """

    x: float
    width: float
    names: str
    starts_at: datetime
    ends_at: datetime
    colour: int
    is_faint: bool
    note: str = ""

    @property
    def is_gap(self) -> bool:
        """Return whether nobody is on call."""
        return self.colour == 0


@dataclass(frozen=True)
class Strip:
    """The days that are shown, by the clocks of `zone`."""

    first: date
    days: int
    zone: ZoneInfo

    @property
    def begin(self) -> datetime:
        """Return the first moment, in UTC."""
        return first_instant(datetime.combine(self.first, time()), self.zone)

    @property
    def end(self) -> datetime:
        """Return the first moment after it, in UTC."""
        return first_instant(datetime.combine(self.first + self.days * ONE_DAY, time()), self.zone)

    def moved(self, days: int) -> str:
        """Return the first day of the strip that many days later, `2026-11-23`."""
        return (self.first + days * ONE_DAY).isoformat()

    def place(self, moment: datetime) -> float:
        """Return where a moment lies, in percent; outside of the strip at its edge."""
        part = (moment - self.begin) / (self.end - self.begin)
        return round(100 * min(max(part, 0.0), 1.0), 3)

    def columns(self, now: datetime) -> list[Column]:
        """Return the days; one in which the clocks change is shorter or longer."""
        today = local(now.astimezone(UTC), self.zone).date()
        found = []
        for each in range(self.days):
            day = self.first + each * ONE_DAY
            x = self.place(first_instant(datetime.combine(day, time()), self.zone))
            end = self.place(first_instant(datetime.combine(day + ONE_DAY, time()), self.zone))
            found.append(Column(day, x, round(end - x, 3), day == today))
        return found

    def bars(
        self, shifts: Iterable[Shift], people: "People", wanted: str = "", note: str = ""
    ) -> list[Bar]:
        """Return the shifts as bars. wanted: all others are faint."""
        found = []
        for shift in shifts:
            x = self.place(shift.starts_at)
            found.append(
                Bar(
                    x=x,
                    width=round(self.place(shift.ends_at) - x, 3),
                    names=people.called(shift.people),
                    starts_at=shift.starts_at,
                    ends_at=shift.ends_at,
                    colour=people.colour(shift.people),
                    is_faint=bool(wanted) and wanted not in shift.people,
                    note=note,
                )
            )
        return found


@dataclass(frozen=True)
class People:
    """What people are called, in the order of the desk file."""

    names: Mapping[str, str]

    def called(self, labels: Sequence[str]) -> str:
        """Return their names; empty for nobody."""
        return ", ".join(self.names.get(label, label) for label in labels)

    def colour(self, labels: Sequence[str]) -> int:
        """Return the number of the first one's colour, from 1; 0 for nobody."""
        if not labels:
            return 0
        known = list(self.names)
        return (known.index(labels[0]) if labels[0] in self.names else 0) % COLOURS + 1
