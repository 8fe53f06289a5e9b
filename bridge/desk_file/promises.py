"""Promises that could never fall due: more open time than their calendar has in a year."""

from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, time, timedelta

from bridge.calendars.open_time import OpenTime
from bridge.desk_file.document import Document
from bridge.desk_file.document_customers import ContractForm
from bridge.desk_file.durations import duration_text
from bridge.desk_file.errors import TreePath
from bridge.desk_file.mistakes import Mistake

YEAR = timedelta(days=366)
# A contract without a begin is judged by a year from here.
SINCE = date(2026, 1, 1)


def never_due(document: Document) -> Iterator[Mistake]:
    """Yield the targets that a year of their calendar's openings does not use up.

    Only calendars in the document are looked at. Source: docs/sla.md, "R3".
    """
    calendars = document.calendars or {}
    open_time = {name: OpenTime.of(form.definition()) for name, form in calendars.items()}
    for at, customer in enumerate(document.customers or ()):
        for nth, contract in enumerate(customer.contracts):
            yield from _in_contract(contract, open_time, ("customers", at, "contracts", nth))


def targets_never_due(document: Document) -> Iterator[tuple[str, str]]:
    """Yield the same with the id of the contract instead of the place in the file."""
    for mistake in never_due(document):
        _, customer, _, contract, *_ = mistake.path
        contracts = (document.customers or ())[int(customer)].contracts
        yield contracts[int(contract)].id, mistake.sentence


def _in_contract(
    contract: ContractForm, open_time: Mapping[str, OpenTime], path: TreePath
) -> Iterator[Mistake]:
    begin = datetime.combine(contract.valid_from or SINCE, time(), UTC)
    for key, terms in (("fault", contract.fault), ("request", contract.request)):
        if terms is None or terms.calendar not in open_time:
            continue
        year = open_time[terms.calendar].open_between(begin, begin + YEAR)
        for promise in ("response", "solution", "update", "status_every"):
            for priority, target in getattr(terms, promise, {}).items():
                if target > year:
                    yield Mistake(
                        (*path, key, promise, priority),
                        f"{duration_text(target)} is more than the calendar {terms.calendar} is"
                        f" open in a year ({duration_text(year)}): promise less, or open longer",
                    )
