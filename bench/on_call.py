"""How long it takes to know who is on call: 50 schedules, 400 days ahead, beside a minute scan.

Run it with `python bench/on_call.py`; it prints one JSON object.
"""

import json
import sys
from datetime import UTC, datetime, timedelta
from time import perf_counter
from typing import Any

from bridge.oncall.coverage import outlook
from bridge.oncall.rotation import gaps, on_call, shifts, until
from bridge.oncall.schedule import Schedule, Shift
from bridge.oncall.schedule_form import schedule_from_plain

SCHEDULES = 50
DAYS = 400
SCANNED_DAYS = 1
RUNS = 3
BEGIN = datetime(2026, 1, 1, tzinfo=UTC)
DAY = timedelta(days=1)
MINUTE = timedelta(minutes=1)
DAY_MINUTES = 24 * 60

ZONES = ["Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kolkata", "Pacific/Apia"]
BASES: list[dict[str, Any]] = [
    {"rotation": "weekly", "handover": "mon 09:00"},
    {"rotation": "daily", "handover": "02:30"},
    {"rotation": {"every": 12, "unit": "hours"}, "handover": "08:00"},
    {"rotation": {"every": 2, "unit": "weeks"}, "handover": "fri 12:00"},
    {"rotation": "monthly", "handover": "31 09:00"},
]


def a_schedule(number: int) -> Schedule:
    """Return a schedule as a larger provider has it: a base, evenings, nights, ten overrides."""
    people = [f"person{number}{letter}" for letter in "abcdefg"]
    start: dict[str, Any] = {"starts": "2025-12-01"}
    base = {**BASES[number // len(ZONES) % len(BASES)], **start, "people": people[:5]}
    evening = {"rotation": "daily", "handover": "18:00", **start, "people": people[2:]}
    night = {"rotation": "weekly", "handover": "sat 00:00", **start, "people": people[4:]}
    plain: dict[str, Any] = {
        "timezone": ZONES[number % len(ZONES)],
        "layers": [
            base,
            {**evening, "only": {"mon-fri": ["18:00-22:00"]}},
            {**night, "only": {"mon-sun": ["22:00-06:00"], "sat,sun": ["12:00-14:00"]}},
        ],
        "overrides": [an_override(number + 36 * n, people) for n in range(10)],
    }
    return schedule_from_plain(plain)


def an_override(day: int, people: list[str]) -> dict[str, str]:
    """Return an absence of three days that begins `day` days after the begin."""
    begin = (BEGIN + day * DAY).date()
    span = {"from": f"{begin}T09:00", "to": f"{begin + 3 * DAY}T09:00"}
    return {**span, "replace": people[day % 7], "with": people[(day + 1) % 7]}


def all_shifts(schedules: list[Schedule], days: int) -> list[list[Shift]]:
    return [list(shifts(schedule, BEGIN, BEGIN + days * DAY)) for schedule in schedules]


def scanned(schedules: list[Schedule], days: int) -> list[list[tuple[str, ...]]]:
    """Return the same by asking once for every minute."""
    moments = [BEGIN + n * MINUTE for n in range(days * DAY_MINUTES)]
    return [[on_call(schedule, moment) for moment in moments] for schedule in schedules]


def by_the_minute(found: list[Shift]) -> list[tuple[str, ...]]:
    return [
        shift.people
        for shift in found
        for _ in range(int((shift.ends_at - shift.starts_at) / MINUTE))
    ]


def timed(work: Any, *args: Any) -> tuple[float, Any]:
    """Return the seconds a call took, and what it returned."""
    before = perf_counter()
    result = work(*args)
    return perf_counter() - before, result


def main() -> None:
    schedules = [a_schedule(number) for number in range(SCHEDULES)]
    runs = [timed(all_shifts, schedules, DAYS) for _ in range(RUNS)]
    gap_seconds, _ = timed(lambda: list(gaps(schedules, BEGIN, BEGIN + DAYS * DAY)))
    point_seconds, _ = timed(lambda: [on_call(schedule, BEGIN + DAY) for schedule in schedules])
    until_seconds, _ = timed(lambda: [until(schedule, BEGIN + DAY) for schedule in schedules])
    outlook_seconds, _ = timed(lambda: [outlook([schedule], BEGIN) for schedule in schedules])
    again_seconds, _ = timed(lambda: [outlook([schedule], BEGIN) for schedule in schedules])
    scan_seconds, answers = timed(scanned, schedules, SCANNED_DAYS)
    agree = answers == [by_the_minute(found) for found in all_shifts(schedules, SCANNED_DAYS)]
    seconds = min(taken for taken, _ in runs)
    naive_seconds = scan_seconds * DAYS / SCANNED_DAYS
    report = {
        "schedules": SCHEDULES,
        "days": DAYS,
        "runs": RUNS,
        "seconds": round(seconds, 3),
        "slowest_seconds": round(max(taken for taken, _ in runs), 3),
        "shifts": sum(len(found) for found in runs[0][1]),
        "together_gaps_seconds": round(gap_seconds, 3),
        "outlook_of_each_seconds": round(outlook_seconds, 3),
        "outlook_again_seconds": round(again_seconds, 4),
        "on_call_microseconds": round(point_seconds / SCHEDULES * 1e6),
        "until_microseconds": round(until_seconds / SCHEDULES * 1e6),
        "naive": "on_call() asked once for every minute",
        "naive_days_measured": SCANNED_DAYS,
        "naive_seconds_measured": round(scan_seconds, 3),
        "naive_seconds_scaled_to_all_days": round(naive_seconds, 1),
        "times_faster": round(naive_seconds / seconds),
        "same_answers_on_the_days_measured": agree,
        "python": sys.version.split()[0],
    }
    print(json.dumps(report, indent=2))


if __name__ == "__main__":
    main()
