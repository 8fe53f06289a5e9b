"""Measure how many due times a second one core works out, beside adding the target to the start.

    python bench/due.py [--seconds 2]

Each due time is of its own start, target and five pauses, in office hours (8x5) with public
holidays and special days; the pauses are values made before. `pauses_made_anew` counts with
the pauses made anew each time, as after reading them from a database.
"""

import argparse
import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from random import Random
from time import process_time
from typing import NamedTuple

from bridge.calendars.desk_form import calendar_from_plain
from bridge.calendars.open_time import OpenTime
from bridge.sla.clock import Pause, deadline

OFFICE = {
    "timezone": "Europe/Berlin",
    "hours": {"mon-fri": ["08:00-17:00"]},
    "holidays": "DE-NW",
    "special": {"12-24": ["08:00-12:00"], "12-31": ["08:00-12:00"]},
}
PAUSES = 5
CASES = 5000


class Case(NamedTuple):
    """One clock."""

    start: datetime
    target: timedelta
    pauses: tuple[Pause, ...]


def cases(random: Random) -> list[Case]:
    """Return clocks that start in 2026, with one to forty hours and five pauses on their way."""
    found = []
    for _ in range(CASES):
        start = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(seconds=random.randrange(365 * 86400))
        target = timedelta(minutes=random.randrange(60, 2400))
        begins = [start + target * random.random() * 4 for _ in range(PAUSES)]
        pauses = (Pause(at, at + timedelta(minutes=random.randrange(5, 600))) for at in begins)
        found.append(Case(start, target, tuple(pauses)))
    return found


def per_second(work: Callable[[Case], object], clocks: list[Case], seconds: float) -> int:
    """Return how often `work` is done in a second of one core's time, over at least `seconds`."""
    for clock in clocks:
        work(clock)
    done = 0
    begin = process_time()
    while (passed := process_time() - begin) < seconds:
        for clock in clocks:
            work(clock)
        done += len(clocks)
    return round(done / passed)


def main() -> None:
    """Print the figures as one JSON object."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=2.0, help="for each of the three figures")
    seconds = parser.parse_args().seconds
    hours = OpenTime.of(calendar_from_plain(OFFICE))
    clocks = cases(Random(1))

    def with_new_pauses(clock: Case) -> datetime:
        pauses = [Pause(pause.begin, pause.end) for pause in clock.pauses]
        return deadline(clock.start, clock.target, hours, pauses)

    baseline = per_second(lambda clock: clock.start + clock.target, clocks, seconds)
    due = per_second(lambda c: deadline(c.start, c.target, hours, c.pauses), clocks, seconds)
    print(
        json.dumps(
            {
                "name": "due",
                "unit": "due times of 8x5 with holidays and five pauses, one core",
                "per_second": due,
                "pauses_made_anew_per_second": per_second(with_new_pauses, clocks, seconds),
                "baseline": {"name": "start + target", "per_second": baseline},
                "times_slower_than_baseline": round(baseline / due, 1),
            }
        )
    )


if __name__ == "__main__":
    main()
