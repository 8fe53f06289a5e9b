"""Tickets and their clocks in short texts: what happened in, how each clock stands out."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from bridge import utc
from bridge.calendars.desk_form import calendar_from_plain
from bridge.calendars.open_time import DatedDefinition
from bridge.customers.terms import Terms, class_terms
from bridge.sla.book import CalendarText, PromiseBook
from bridge.sla.course import ClockCourse, course
from bridge.sla.facts import Fact, FactKind

BERLIN = ZoneInfo("Europe/Berlin")
DAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
OFFSETS = {"CET": "+01:00", "CEST": "+02:00"}
SINCE = datetime(2020, 1, 1, tzinfo=UTC)
MOMENTS = {"after", "began", "stopped_at", "started_at", "until"}

HOLIDAYS = {"timezone": "Europe/Berlin", "holidays": "DE-NW"}
OFF: dict[str, Any] = HOLIDAYS | {
    "hours": {"mon-fri": ["08:00-17:00"]},
    "special": {"12-24": ["08:00-12:00"], "12-31": ["08:00-12:00"]},
}
LUNCH = HOLIDAYS | {"hours": {"mon-fri": ["08:00-12:00", "13:00-17:00"]}}
NIGHT = {"timezone": "Europe/Berlin", "hours": {"mon-sun": ["00:00-06:00", "20:00-24:00"]}}
ALW = {"timezone": "Europe/Berlin", "hours": {"mon-sun": ["00:00-24:00"]}}
SHORT = HOLIDAYS | {"hours": {"mon-fri": ["08:00-12:00"]}}
RARE = {"timezone": "Europe/Berlin", "hours": {"mon": ["08:00-08:01"]}}

REQUEST = {
    "calendar": "off",
    "response": {"P1": "1h", "P2": "2h", "P3": "4h"},
    "solution": {"P1": "4h", "P2": "6h", "P3": "8h"},
    "update": {"P1": "1h", "P2": "2h", "P3": "3h"},
}
FAULT = REQUEST | {"calendar": "alw", "status_every": {"P1": "2h"}}

RESPONSE_ONLY = {"calendar": "off", "response": {"P1": "1h", "P2": "2h", "P3": "4h"}}


def at(text: str) -> datetime:
    """Read `mon 09:00` of the week of Monday, 2026-11-23, or `2026-03-29 05:30 CEST`."""
    day, clock, *zone = text.split()
    if day in DAYS:
        day = f"2026-11-{23 + DAYS.index(day)}"
    return datetime.fromisoformat(f"{day} {clock}{OFFSETS[zone[0] if zone else 'CET']}")


def when(moment: datetime | None) -> str:
    """Tell a moment as `at` reads it."""
    if moment is None:
        return "?"
    local = moment.astimezone(BERLIN)
    days = (local.date() - datetime(2026, 11, 23, tzinfo=UTC).date()).days
    clock = local.strftime("%H:%M:%S").removesuffix(":00")
    return f"{DAYS[days]} {clock}" if 0 <= days < 7 else f"{local:%Y-%m-%d} {clock}"


def fact(line: str) -> Fact:
    """Read `mon 09:00 answered answer=1`; `r=2` is the revision, 1 where none is said."""
    day, clock, kind, *rest = line.split()
    data: dict[str, Any] = {}
    for pair in rest:
        key, _, value = pair.partition("=")
        data[key] = utc.iso(at(value.replace("-", " ", 1))) if key in MOMENTS else _plain(value)
    revision = data.pop("r", 1)
    if kind == "opened":
        ours = {"class": "request", "priority": "P3", "contract": 1, "guaranteed": True}
        data = ours | data
    moment = at(f"{day} {clock}").astimezone(UTC)
    return Fact(FactKind(kind), moment, revision, data | {"revision": revision})


def _plain(value: str) -> Any:
    words = {"true": True, "false": False, "null": None}
    return words[value] if value in words else int(value) if value.isdecimal() else value


def facts(text: str) -> list[Fact]:
    """Read facts, one a line or between semicolons."""
    lines = (line.strip() for line in text.replace(";", "\n").splitlines())
    return [fact(line) for line in lines if line]


def terms(contract: int = 1, version: int = 1, **more: Any) -> Terms:
    """Return a version of a contract that has always been valid, known by its revision."""
    fault, request = more.pop("fault", FAULT), more.pop("request", REQUEST)
    fields: dict[str, Any] = {
        "customer_id": contract * 10,
        "label": f"contract-{contract}",
        "effective_from": SINCE,
        "valid_from": None,
        "valid_to": None,
        "priorities": {},
        "policy": None,
        "response_met_by": {},
        "revision": 1,
    } | more
    return Terms(
        contract_id=contract,
        version_id=version,
        fault=class_terms(fault),
        request=class_terms(request),
        **fields,
    )


CALENDARS: dict[str, dict[str, Any]] = {
    "off": OFF,
    "alw": ALW,
    "lunch": LUNCH,
    "night": NIGHT,
    "short": SHORT,
    "rare": RARE,
}


def calendar(
    version: int,
    plain: Mapping[str, Any],
    begins: datetime = SINCE,
    revision: int = 1,
    replaces: int | None = None,
) -> CalendarText:
    """Return a version of a calendar."""
    definition = calendar_from_plain(dict(plain))
    return CalendarText(version, revision, replaces, DatedDefinition(begins, definition))


def book(*versions: Terms, **calendars: Iterable[CalendarText]) -> PromiseBook:
    """Return a book of these versions of contracts, the usual calendars, and further versions."""
    by_contract: dict[int, list[Terms]] = {}
    for one in versions or (terms(),):
        by_contract.setdefault(one.contract_id, []).append(one)
    texts = {
        label: (calendar(100 + number, plain), *calendars.get(label, ()))
        for number, (label, plain) in enumerate(CALENDARS.items())
    }
    return PromiseBook(by_contract, texts, {label: n for n, label in enumerate(texts, 1)})


BOOK = book()
# Promises responses alone, so that there is one clock.
ONLY = book(terms(request=RESPONSE_ONLY, fault=RESPONSE_ONLY | {"calendar": "alw"}))


def clocks(text: str, by: PromiseBook = BOOK) -> tuple[ClockCourse, ...]:
    """Return the clocks of a ticket to which this happened."""
    return course(facts(text), by)


def told(text: str, by: PromiseBook = BOOK, only: str = "") -> list[str]:
    """Return how the clocks stand, such as `response kept mon 09:00, due mon 13:00, mon 10:00`.

    only: clocks of this kind.
    """
    return [tell(one) for one in clocks(text, by) if only in {"", one.kind.value}]


def tell(one: ClockCourse) -> str:
    """Tell a clock: kind and rule, state, start, due, and stop if it has one."""
    name = one.kind.value if one.rule is None else one.rule
    guarantee = "" if one.guaranteed else " unguaranteed"
    text = f"{name} {one.state}{guarantee} {when(one.promise.start)}, due {when(one.due)}"
    return text if one.stop is None else f"{text}, {when(one.stop)}"
