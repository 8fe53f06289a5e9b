"""Milliseconds of the board among 100,000 tickets, beside a scan of the same table, as JSON.

    python -m bench.board [--tickets 100000] [--open 2000] [--times 60]

Everything is asked through the application, without a network: the whole page, the part that has
changed, the part of a filter, and the part that has not changed. The baseline reads the table of
tickets from end to end on the same connection, in turn with the rest.
"""

import argparse
import gc
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

from flask.testing import FlaskClient
from sqlalchemy import insert, select, text, update

from bench.installation import databases, percentile, show, world
from bridge import utc
from bridge.app import create_app
from bridge.customers.models import Contract, ContractVersion
from bridge.installation import Installation
from bridge.sla.models import Clock
from bridge.tickets.models import JournalEntry, Ticket
from tests.dashboard import world as dashboard

AT_ONCE = 5000
SCAN = text("SELECT count(*), max(length(title)), max(updated_at) FROM tickets WHERE title <> ''")
FIRST = 10001


def main() -> None:
    """Fill each engine once and measure."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--tickets", type=int, default=100_000)
    options.add_argument("--open", type=int, default=2000)
    options.add_argument("--times", type=int, default=60)
    chosen = options.parse_args()
    with tempfile.TemporaryDirectory() as folder, databases(Path(folder)) as urls:
        for engine, url in urls.items():
            with world(url) as made:
                began = time.perf_counter()
                fill(made.installation, chosen.tickets, chosen.open)
                filled = time.perf_counter() - began
                figures = measured(made.installation, chosen.times)
            show(
                name="board",
                engine=engine,
                tickets=chosen.tickets,
                open=chosen.open,
                filled_s=filled,
                **figures,
            )


def fill(installation: Installation, tickets: int, unfinished: int) -> None:
    """Put in tickets of a year with a response clock each, the last ones of them unfinished."""
    with installation.database.transaction() as session:
        contracts = list(
            session.execute(
                select(Contract.id, Contract.customer_id, ContractVersion.id).join(ContractVersion)
            )
        )
        calendars = list(session.scalars(text("SELECT id FROM calendars ORDER BY id")))
        rows = _rows(tickets, unfinished, contracts, calendars)
        while batch := [one for _, one in zip(range(AT_ONCE), rows, strict=False)]:
            session.execute(insert(Ticket), [ticket for ticket, _ in batch])
            session.execute(insert(Clock), [clock for _, clock in batch])
            session.execute(insert(JournalEntry), [_entry(ticket) for ticket, _ in batch])
    with installation.database.transaction() as session:
        session.execute(text("ANALYZE"))


def _rows(
    tickets: int, unfinished: int, contracts: list[Any], calendars: list[int]
) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
    now = utc.now()
    for each in range(tickets):
        is_open = each >= tickets - unfinished
        age = timedelta(minutes=3 + each % 700) if is_open else timedelta(days=365 - each % 365)
        contract_id, customer_id, version_id = contracts[each % len(contracts)]
        number, began = FIRST + each, now - age
        priority = f"P{each % 4 + 1}"
        due = began + timedelta(hours=12)
        ended = None if is_open else began + timedelta(minutes=each % 60)
        yield (
            {
                "number": number,
                "title": f"srv{each:06}.customer.example / service with a name {each % 97}",
                "state": "open" if is_open else "closed",
                "ticket_class": "fault",
                "priority": priority,
                "customer_id": customer_id,
                "contract_id": contract_id,
                "source": "icinga-main",
                "created_at": began,
                "opened_at": began,
                "updated_at": began,
                "resolved_at": ended,
                "closed_at": ended,
            },
            {
                "ticket_number": number,
                "kind": "response",
                "nth": 1,
                "customer_id": customer_id,
                "contract_id": contract_id,
                "contract_version_id": version_id,
                "calendar_id": calendars[each % len(calendars)],
                "ticket_class": "fault",
                "priority": priority,
                "target_minutes": 720,
                "guaranteed": True,
                "started_at": began,
                "counted_from": began,
                "counted_minutes": 720,
                "due_at": due,
                "stopped_at": ended,
                "falls_at": ended or due,
                "state": "running" if is_open else ("kept" if each % 10 else "missed"),
                "pauses": [],
                "revision": 1,
            },
        )


def _entry(ticket: dict[str, Any]) -> dict[str, Any]:
    return {
        "ticket_number": ticket["number"],
        "at": ticket["opened_at"],
        "recorded_at": ticket["opened_at"],
        "kind": "opened",
        "actor": "bridge",
        "data": {},
    }


def measured(installation: Installation, times: int) -> dict[str, float]:
    """Return the times of each thing, asked in turn, and what they are to the scan's.

    Before each of them a ticket changes, so that nothing but single rows is known from before.
    """
    client = dashboard.entered(create_app(installation), installation, "anna")
    # As in the web server, see bridge/server.py.
    gc.collect()
    gc.freeze()
    took: dict[str, list[float]] = {}
    asked: dict[str, Callable[[], None]] = {
        "scan": lambda: _scan(installation),
        "page": lambda: _get(client, "/"),
        "part": lambda: _get(client, "/board"),
        "filtered": lambda: _get(client, "/board?customer=1001&guarantee=guaranteed"),
        "wall": lambda: _get(client, "/board?wall=1"),
        "morning": lambda: _get(client, "/sla"),
    }
    for each in range(times):
        for name, ask in asked.items():
            _change(installation, each)
            wall, processor = _milliseconds(ask)
            took.setdefault(name, []).append(wall)
            took.setdefault(f"{name}_cpu", []).append(processor)
        took.setdefault("unchanged", []).append(_unchanged(client))
    figures = {}
    for name, values in took.items():
        figures[f"{name}_p50_ms"] = percentile(values, 0.5)
        figures[f"{name}_p95_ms"] = percentile(values, 0.95)
    figures["part_to_scan"] = figures["part_p50_ms"] / figures["scan_p50_ms"]
    return figures


def _change(installation: Installation, each: int) -> None:
    """Let something happen to one of the tickets that the board shows."""
    with installation.database.transaction() as session:
        number = session.scalars(text("SELECT max(number) FROM tickets")).one() - each % 2000
        session.execute(
            update(Ticket).where(Ticket.number == number).values(title=f"changed {each}")
        )
        session.execute(insert(JournalEntry), [_entry({"number": number, "opened_at": utc.now()})])
    dashboard.beat(installation)


def _milliseconds(ask: Callable[[], None]) -> tuple[float, float]:
    """Return how long it took by the clock, and how much of the processor it took."""
    began, used = time.perf_counter(), time.thread_time()
    ask()
    return (time.perf_counter() - began) * 1000, (time.thread_time() - used) * 1000


def _get(client: FlaskClient, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 200, answer.status


def _unchanged(client: FlaskClient) -> float:
    tag = client.get("/board").headers["ETag"]
    began = time.perf_counter()
    answer = client.get("/board", headers={"If-None-Match": tag})
    took = (time.perf_counter() - began) * 1000
    assert answer.status_code in {200, 304}, answer.status
    return took


def _scan(installation: Installation) -> None:
    with installation.database.reading() as session:
        session.execute(SCAN).one()


if __name__ == "__main__":
    main()
