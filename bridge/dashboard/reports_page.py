"""How every customer's promises of the last months ended, as a table for a page."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from bridge.sla import report_queries as queries
from bridge.sla.month import Month
from bridge.sla.report import percentage
from bridge.sla.report_queries import Stretch
from bridge.sla.report_words import month_names, percent_text

MONTHS_SHOWN = 12


@dataclass(frozen=True, slots=True)
class Cell:
    """One customer's month; `percentage` is a dash where nothing was decided."""

    month: str
    percentage: str
    missed: int
    decided: int
    frozen: bool


@dataclass(frozen=True, slots=True)
class Row:
    """One customer, with a cell for each month."""

    number: str
    name: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Overview:
    """The months' names, the newest first, and a row for each customer."""

    months: tuple[str, ...]
    rows: tuple[Row, ...]


def read_overview(session: Session, desk_zone: str, language: str, now: datetime) -> Overview:
    """Return the last months of every customer in use, each in the customer's own zone.

    What is frozen shows as it was told.
    """
    newest = Month.at(now, ZoneInfo(desk_zone))
    months = [newest.later(-back) for back in range(MONTHS_SHOWN)]
    customers = queries.customers(session)
    stretches = list(_stretches(sorted({one.timezone for one in customers}), months))
    counts = {
        (one.customer_id, one.month): (one.kept, one.missed)
        for one in queries.tallies(session, stretches, now)
    }
    frozen = {
        (one.customer_id, one.month): (one.kept, one.missed)
        for one in queries.all_frozen(session, months[-1])
    }
    told = counts | frozen
    rows = tuple(
        Row(
            customer.number,
            customer.name or customer.number,
            tuple(
                _cell(
                    str(month),
                    told.get((customer.id, str(month)), (0, 0)),
                    language,
                    frozen=(customer.id, str(month)) in frozen,
                )
                for month in months
            ),
        )
        for customer in customers
    )
    names = month_names(language)
    return Overview(tuple(f"{names[one.month - 1][:3]} {one.year}" for one in months), rows)


def _stretches(zones: Sequence[str], months: Sequence[Month]) -> Iterator[Stretch]:
    for zone in zones:
        for month in months:
            place = ZoneInfo(zone)
            yield zone, str(month), month.begin(place), month.end(place)


def _cell(month: str, counts: tuple[int, int], language: str, *, frozen: bool) -> Cell:
    kept, missed = counts
    text = percent_text(percentage(kept, missed), language)
    return Cell(month, text, missed, kept + missed, frozen)
