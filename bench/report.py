"""Measure the report of one customer's month, beside a full scan of the same rows.

    python bench/report.py [--tickets 100000] [--customers 20] [--months 12]

Both are read in the same run on each engine; the scan reads every clock and chooses in Python.
`seconds` is for the whole report: clocks, figures and corrections of two frozen months; `pdf` and
`csv` for rendering it.
"""

import argparse
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import insert, select

from bench.installation import DESK, databases, show, world
from bridge import utc
from bridge.calendars.models import Calendar
from bridge.customers.models import Contract, Customer
from bridge.desk_file import keeping
from bridge.desk_file.loading import load_bytes
from bridge.flows import report_freezing, reports
from bridge.installation import Installation
from bridge.sla.models import Clock
from bridge.sla.month import Month
from bridge.sla.report_csv import csv_of
from bridge.sla.report_pdf import pdf_of
from bridge.tickets.models import Ticket

BERLIN = ZoneInfo("Europe/Berlin")
TRIES = 5
AT_ONCE = 5000
LAST = Month(2026, 11)
NOW = datetime(2026, 11, 24, tzinfo=UTC)


def add_customers(installation: Installation, count: int) -> list[tuple[int, int, int]]:
    """Add so many customers with a contract each; return their ids, contracts' and versions'."""
    text = DESK.read_text().replace(
        "customers:\n", "customers:\n" + "".join(map(_entry, range(count)))
    )
    with installation.database.transaction() as session:
        desk = load_bytes([("desk.yaml", text.encode())])
        keeping.apply(session, installation.keys, desk.document, utc.now())
        found = session.scalars(
            select(Contract).join(Customer).where(Customer.number.like("9%"))
        ).all()
        return [(one.customer_id, one.id, one.versions[0].id) for one in found]


def _entry(number: int) -> str:
    return (
        f'  - number: "9{number:03}"\n    contracts:\n      - id: bench-{number}\n'
        "        fault: {calendar: always, response: {P2: 1h}}\n"
    )


def rows(
    owners: list[tuple[int, int, int]], calendar_id: int, tickets: int, months: int
) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
    """Yield tickets with their clocks, spread over customers and months."""
    random, begin = Random(1), LAST.later(1 - months).begin(BERLIN)
    seconds = int((NOW - timedelta(hours=2) - begin).total_seconds())
    for number in range(1, tickets + 1):
        customer, contract, version = owners[number % len(owners)]
        started = begin + timedelta(seconds=random.randrange(seconds))
        due, stopped = (
            started + timedelta(hours=1),
            started + timedelta(minutes=random.random() * 66),
        )
        ticket = {
            "number": number, "title": f"host{number:06} / http: CRITICAL", "state": "closed",
            "ticket_class": "fault", "priority": "P2", "customer_id": customer,
            "contract_id": contract, "source": "bench", "created_at": started,
            "opened_at": started, "updated_at": stopped,
        }  # fmt: skip
        frozen = {
            "consumed_seconds": (stopped - started).total_seconds(), "target_minutes": 60,
            "started_at": utc.iso(started), "due_at": utc.iso(due), "stopped_at": utc.iso(stopped),
            "class": "fault", "priority": "P2", "guaranteed": True, "ended_by": "acknowledged",
        }  # fmt: skip
        clock = {
            "ticket_number": number, "kind": "response", "nth": 1, "customer_id": customer,
            "contract_id": contract, "contract_version_id": version, "calendar_id": calendar_id,
            "ticket_class": "fault", "priority": "P2", "target_minutes": 60, "guaranteed": True,
            "started_at": started, "counted_from": started, "counted_minutes": 60, "due_at": due,
            "stopped_at": stopped, "falls_at": min(due, stopped), "pauses": [], "frozen": frozen,
            "state": "kept" if stopped <= due else "missed", "revision": 1,
        }  # fmt: skip
        yield ticket, clock


def fill(installation: Installation, tickets: int, customers: int, months: int) -> str:
    """Fill the database; return the number of a customer."""
    owners = add_customers(installation, customers)
    with installation.database.reading() as session:
        calendar_id = session.scalars(select(Calendar.id).where(Calendar.label == "always")).one()
    made = list(rows(owners, calendar_id, tickets, months))
    for start in range(0, len(made), AT_ONCE):
        some = made[start : start + AT_ONCE]
        with installation.database.transaction() as session:
            session.execute(insert(Ticket), [one for one, _ in some])
            session.execute(insert(Clock), [one for _, one in some])
    if not installation.database.is_sqlite:
        with installation.database.engine.connect() as connection:
            autocommit = connection.execution_options(isolation_level="AUTOCOMMIT")
            autocommit.exec_driver_sql("ANALYZE")
    return "9000"


def freeze(installation: Installation, number: str, month: Month) -> None:
    """Freeze a month."""
    with installation.database.transaction() as session:
        directory = installation.directories.current(session)
        ready = report_freezing.prepare(session, directory, number, month, NOW)
        report_freezing.freeze(session, ready, None, NOW)


def best(work: Callable[[], object]) -> float:
    """Return the seconds of the quickest of a few tries."""
    took = []
    for _ in range(TRIES):
        began = time.perf_counter()
        work()
        took.append(time.perf_counter() - began)
    return min(took)


def scanned(installation: Installation, number: str) -> int:
    """Read every clock, and return how many fall into the month of this customer."""
    begin, end = LAST.begin(BERLIN), LAST.end(BERLIN)
    with installation.database.reading() as session:
        wanted = session.scalars(select(Customer.id).where(Customer.number == number)).one()
        statement = select(
            Clock.customer_id, Clock.falls_at, Clock.state, Clock.due_at, Clock.stopped_at,
            Clock.frozen,
        )  # fmt: skip
        return sum(
            row.customer_id == wanted and row.falls_at is not None and begin <= row.falls_at < end
            for row in session.execute(statement)
        )


def main() -> None:
    """Print the figures of each engine as a line of JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tickets", type=int, default=100_000)
    parser.add_argument("--customers", type=int, default=20)
    parser.add_argument("--months", type=int, default=12)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, databases(Path(folder)) as urls:
        for engine, url in urls.items():
            with world(url) as made:
                installation = made.installation
                number = fill(installation, given.tickets, given.customers, given.months)
                for back in (2, 1):
                    freeze(installation, number, LAST.later(-back))
                measure(installation, engine, number, given.tickets)


def measure(installation: Installation, engine: str, number: str, tickets: int) -> None:
    """Print how long the report takes, and how that compares to a scan."""
    with installation.database.reading() as session:
        directory = installation.directories.current(session)

    def made() -> reports.Shown:
        with installation.database.reading() as session:
            return reports.shown(session, directory, number, LAST, NOW)

    report = made().report
    seconds, scan = best(made), best(lambda: scanned(installation, number))
    show(
        name="report",
        engine=engine,
        tickets=tickets,
        lines=len(report.lines),
        seconds=seconds,
        scan_seconds=scan,
        times_faster_than_scan=scan / seconds,
        csv_seconds=best(lambda: csv_of(report, "de")),
        pdf_seconds=best(lambda: pdf_of(report, "de")),
    )


if __name__ == "__main__":
    main()
