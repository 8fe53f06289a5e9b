"""Service hours minute by minute, read straight from the desk file's form: slow and obvious."""

import os
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

import holidays
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

Plain = dict[str, Any]
Pair = tuple[datetime, datetime]

MINUTE = timedelta(minutes=1)
NOTHING = timedelta(0)
DAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
# HYPOTHESIS_PROFILE=proof is the long run; --hypothesis-seed=N repeats one.
PROOF = os.environ.get("HYPOTHESIS_PROFILE") == "proof"

against_the_model = settings(
    max_examples=5000 if PROOF else 120,
    derandomize=not PROOF,
    database=None,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)


class NaiveCalendar:
    """Answers by looking at each minute; right as long as everything happens at full minutes."""

    def __init__(self, plain: Plain) -> None:
        self.plain = plain
        self.zone = ZoneInfo(plain["timezone"])
        self.windows_by_day: dict[date, list[tuple[int, int]]] = {}

    def is_open(self, at: datetime) -> bool:
        local = at.astimezone(self.zone)
        minute = local.hour * 60 + local.minute
        on = local.date()
        if on not in self.windows_by_day:
            self.windows_by_day[on] = [
                (int(w[0:2]) * 60 + int(w[3:5]), int(w[6:8]) * 60 + int(w[9:11]))
                for w in self.windows(on)
            ]
        return any(opens <= minute < closes for opens, closes in self.windows_by_day[on])

    def windows(self, on: date) -> list[str]:
        special = self.plain.get("special", {})
        if on.isoformat() in special:
            return hours(special[on.isoformat()])
        for key, value in special.items():
            first, slash, last = key.partition("/")
            if slash and first <= on.isoformat() <= last:
                return hours(value)
        weekly: list[str] = self.plain["hours"].get(DAYS[on.weekday()], [])
        if weekly and f"{on:%m-%d}" in special:
            return hours(special[f"{on:%m-%d}"])
        return [] if is_holiday(str(self.plain.get("holidays")), on) else weekly

    def open_cells(self, begin: datetime, pauses: Iterable[Pair] = ()) -> Iterator[Pair]:
        """Yield the open minutes from `begin` on that are not paused, the first one cut."""
        minute = begin.replace(second=0, microsecond=0)
        while True:
            if self.is_open(minute) and not any(a <= minute < b for a, b in pauses):
                yield max(minute, begin), minute + MINUTE
            minute += MINUTE
            # Something is open in every year of the model, so this ends unless it is wrong.
            assert minute < begin + timedelta(days=60)

    def due(self, start: datetime, allowance: timedelta, pauses: Iterable[Pair] = ()) -> datetime:
        for begin, end in self.open_cells(start, pauses):
            if allowance <= end - begin:
                return begin + allowance
            allowance -= end - begin
        raise AssertionError

    def consumed(self, start: datetime, until: datetime, pauses: Iterable[Pair] = ()) -> timedelta:
        used = NOTHING
        for begin, end in self.open_cells(start, pauses):
            if begin >= until:
                break
            used += min(end, until) - begin
        return used


def hours(value: str | list[str]) -> list[str]:
    return [] if isinstance(value, str) else value


@lru_cache
def holiday_days(rule: str) -> frozenset[date]:
    country, state, categories = RULES[rule]
    years = range(2010, 2029)
    found = holidays.country_holidays(country, subdiv=state, years=years, categories=categories)
    return frozenset(found)


def is_holiday(rule: str, on: date) -> bool:
    return rule in RULES and on in holiday_days(rule)


HOLIDAYS: list[str | dict[str, Any]] = [
    "DE-NW",
    "US",
    "IN",
    {"of": "DE-BY", "categories": ["public", "catholic"]},
]
RULES = {
    "DE-NW": ("DE", "NW", ("public",)),
    "US": ("US", None, ("public",)),
    "IN": ("IN", None, ("public",)),
    str(HOLIDAYS[3]): ("DE", "BY", ("public", "catholic")),
}
ZONES = [
    "Europe/Berlin",
    "America/New_York",
    "Asia/Kolkata",
    "Australia/Lord_Howe",
    "Pacific/Apia",
]
# Around these something happens in one of the zones: the clocks change, Apia has a day less,
# there are holidays, a year ends, February has a 29th.
MOMENTS = [
    datetime(2026, 3, 28, 20, tzinfo=UTC),
    datetime(2026, 10, 24, 20, tzinfo=UTC),
    datetime(2026, 3, 8, 2, tzinfo=UTC),
    datetime(2026, 11, 1, 1, tzinfo=UTC),
    datetime(2026, 4, 4, 10, tzinfo=UTC),
    datetime(2026, 10, 3, 10, tzinfo=UTC),
    datetime(2011, 12, 29, 20, tzinfo=UTC),
    datetime(2011, 4, 2, 0, tzinfo=UTC),
    datetime(2026, 12, 23, 12, tzinfo=UTC),
    datetime(2024, 2, 28, 12, tzinfo=UTC),
    datetime(2026, 8, 14, 12, tzinfo=UTC),
    datetime(2026, 6, 3, 14, tzinfo=UTC),
]
# Times at and around which clocks change.
MARKS = [0, 30, 60, 90, 105, 120, 135, 150, 180, 481, 720]
LATER = ["12:00-17:00", "13:00-24:00", "19:59-24:00"]


def clock(minute: int) -> str:
    return "{:02}:{:02}".format(*divmod(minute, 60))


@st.composite
def windows(draw: st.DrawFn) -> list[str]:
    """Up to three windows around the clock changes, and one of some hours later in the day."""
    marks = sorted(draw(st.lists(st.sampled_from(MARKS), max_size=6, unique=True)))
    pairs = zip(marks[::2], marks[1::2], strict=False)
    return [*(f"{clock(a)}-{clock(b)}" for a, b in pairs), draw(st.sampled_from(LATER))]


@st.composite
def calendars(draw: st.DrawFn) -> Plain:
    """Calendars in the desk file's form, one key for each weekday, each open on some of them."""
    week = draw(st.lists(st.sampled_from(DAYS), min_size=4, max_size=7, unique=True))
    plain: Plain = {
        "timezone": draw(st.sampled_from(ZONES)),
        "hours": {day: draw(windows()) for day in week},
    }
    if draw(st.booleans()):
        plain["holidays"] = draw(st.sampled_from(HOLIDAYS))
    keys = ["12-24", "02-29", "10-25", "2026-12-24", "2026-03-29", "2026-10-20/2026-11-02"]
    chosen = draw(st.lists(st.sampled_from(keys), max_size=3, unique=True))
    if chosen:
        plain["special"] = {key: draw(st.just("closed") | windows()) for key in chosen}
    return plain


def moments(days: int = 6, *, whole_minutes: bool = False) -> st.SearchStrategy[datetime]:
    """Moments from two days before an interesting one up to `days` after it."""
    step = MINUTE if whole_minutes else timedelta(microseconds=1)
    steps = st.integers(-timedelta(days=2) // step, timedelta(days=days) // step)
    return st.builds(lambda at, n: at + n * step, st.sampled_from(MOMENTS), steps)


def allowances() -> st.SearchStrategy[timedelta]:
    whole = st.integers(1, 16 * 60).map(lambda minutes: timedelta(minutes=minutes))
    exact = st.integers(1, timedelta(hours=12) // timedelta(microseconds=1)).map(
        lambda microseconds: timedelta(microseconds=microseconds)
    )
    return whole | exact


@st.composite
def pauses_after(draw: st.DrawFn, start: datetime) -> list[Pair]:
    """Up to five pauses at whole minutes, some before the start, some over each other."""
    base = start.replace(second=0, microsecond=0)
    begins = draw(st.lists(st.integers(-600, 6000), max_size=5))
    lengths = [draw(st.integers(0, 2000)) for _ in begins]
    return [
        (base + begin * MINUTE, base + (begin + length) * MINUTE)
        for begin, length in zip(begins, lengths, strict=True)
    ]
