"""A contract, two calendars and the facts of a ticket, written short for the tests of sums."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from bridge import utc
from bridge.calendars.desk_form import calendar_from_plain
from bridge.calendars.open_time import DatedDefinition
from bridge.customers.terms import Terms, class_terms
from bridge.sla.book import CalendarText, PromiseBook
from bridge.sla.facts import Fact, FactKind
from bridge.sla.story import ClockStory, stories

BERLIN = "Europe/Berlin"
OFFICE = {
    "timezone": BERLIN,
    "hours": {"mon-fri": ["08:00-17:00"]},
    "holidays": "DE-NW",
    "special": {"12-24": ["08:00-12:00"], "2026-11-25": "closed"},
}
LATER_OFFICE = OFFICE | {"hours": {"mon-fri": ["10:00-17:00"]}}
ALWAYS = {"timezone": BERLIN, "hours": {"mon-sun": ["00:00-24:00"]}}
FAULT = {
    "calendar": "always",
    "response": {"P1": "30m", "P2": "1h", "P3": "4h", "P4": "8h"},
    "solution": {"P1": "8h"},
    "status_every": {"P1": "2h"},
}
REQUEST = {
    "calendar": "office",
    "response": {"P1": "1h", "P2": "2h", "P3": "4h", "P4": "8h"},
    "solution": {"P2": "8h", "P3": "16h"},
    "update": {"P3": "8h"},
}
CONTRACT, NEW_YEAR = 7, datetime(2025, 12, 31, 23, tzinfo=UTC)
ADDRESS = "acme-247@desk.example"


def at(text: str, zone: str = BERLIN) -> datetime:
    """Return a local time as a moment: `at("11-23 09:00")`, in 2026."""
    moment = datetime.fromisoformat(f"2026-{text}" if text[4] != "-" else text)
    return moment.replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)


def terms(version_id: int = 1, since: datetime = NEW_YEAR, **changed: Any) -> Terms:
    """Return a version of the contract."""
    plain: dict[str, Any] = {"fault": FAULT, "request": REQUEST} | changed
    return Terms(
        contract_id=CONTRACT,
        version_id=version_id,
        customer_id=1,
        label="acme-care",
        effective_from=since,
        valid_from=None,
        valid_to=None,
        fault=class_terms(plain["fault"]),
        request=class_terms(plain["request"]),
        priorities={},
        policy=None,
        response_met_by={},
        revision=version_id,
    )


def calendar(
    version_id: int, plain: Mapping[str, Any], since: datetime | None, label: str = "office"
) -> CalendarText:
    """Return a version of a calendar, known from the revision of its own number on."""
    definition = calendar_from_plain(plain)
    named = DatedDefinition(since, definition, f"{label}:{version_id}")
    return CalendarText(version_id, version_id, None, named)


def book(*versions: Terms, office: tuple[CalendarText, ...] = ()) -> PromiseBook:
    """Return the contract in these versions, by default in one, and the calendars."""
    calendars = {
        "office": (calendar(1, OFFICE, None), *office),
        "always": (calendar(1, ALWAYS, None, "always"),),
    }
    return PromiseBook({CONTRACT: versions or (terms(),)}, calendars, {"office": 1, "always": 2})


def fact(kind: FactKind, moment: str, revision: int = 1, **data: Any) -> Fact:
    """Return a fact of a local time in 2026."""
    return Fact(kind, at(moment), revision, {"revision": revision} | data)


def opened(moment: str, priority: str = "P3", ticket_class: str = "request", **more: Any) -> Fact:
    """Return the beginning of a ticket, guaranteed by default."""
    data: dict[str, Any] = {
        "class": ticket_class,
        "priority": priority,
        "contract": CONTRACT,
        "customer": 1,
        "guaranteed": True,
        "address": ADDRESS,
        "flagged": None,
    }
    return fact(FactKind.OPENED, moment, **(data | more))


def iso(moment: str) -> str:
    """Return a local time in 2026 as the journal keeps it."""
    return utc.iso(at(moment))


def story(
    facts: list[Fact], kind: str, nth: int = 1, known: PromiseBook | None = None
) -> ClockStory:
    """Return the story of one clock of a ticket."""
    found = stories(facts, known or book())
    return next(one for one in found if (one.course.kind.value, one.course.nth) == (kind, nth))
