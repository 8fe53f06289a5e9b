"""What a contract promises, as values: targets, calendars, priorities and who is paged when."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Any

from bridge import durations

WARN_AT = (50, 75, 100)


class PageWhen(Enum):
    """When a fault of a priority may wake people."""

    NOW = "now"
    SERVICE_HOURS = "service-hours"


@dataclass(frozen=True)
class ClassTerms:
    """What is promised for faults, or for requests.

    calendar: the label of the calendar that all targets run in.
    response_minutes, solution_minutes, update_minutes, status_minutes: by priority; none means no
    promise. An update answers a message; a status comes by itself while a fault is open.
    page: by priority; none means that nobody is paged.
    """

    calendar: str
    response_minutes: Mapping[str, int]
    solution_minutes: Mapping[str, int]
    update_minutes: Mapping[str, int]
    status_minutes: Mapping[str, int]
    page: Mapping[str, PageWhen]


@dataclass(frozen=True)
class Terms:
    """One version of a contract.

    effective_from: from then on it is this version that counts. valid_from, valid_to: outside
    them the contract promises nothing (None: no bound).
    response_met_by: by class, `acknowledge` or `answer`. warn_at: percents of the open time.
    third_party_pauses: waiting for a third party pauses the solution clock too.
    revision: the change of the configuration that brought it; replaces: the id of the version
    whose place it took before that one began.
    """

    contract_id: int
    version_id: int
    customer_id: int
    label: str
    effective_from: datetime
    valid_from: datetime | None
    valid_to: datetime | None
    fault: ClassTerms | None
    request: ClassTerms | None
    priorities: Mapping[str, str]
    policy: str | None
    response_met_by: Mapping[str, str]
    warn_at: tuple[int, ...] = WARN_AT
    third_party_pauses: bool = False
    revision: int = 0
    replaces: int | None = None

    def of_class(self, ticket_class: str) -> ClassTerms | None:
        """Return the terms for `fault` or `request`, or None where nothing is promised."""
        return self.fault if ticket_class == "fault" else self.request

    def is_valid(self, at: datetime) -> bool:
        """Return whether the contract promises anything at `at`."""
        begun = self.valid_from is None or at >= self.valid_from
        return begun and (self.valid_to is None or at < self.valid_to)

    @property
    def service_calendar(self) -> str | None:
        """Return the label of the calendar that `service-hours` means.

        It is the one for requests, because that is when the desk is staffed; the one for faults
        is often always open, and would make the two words mean the same.
        """
        terms = self.request or self.fault
        return terms.calendar if terms else None


def _minutes(by_priority: Mapping[str, str] | None) -> dict[str, int]:
    return {
        priority: int(durations.parse(text).total_seconds() // 60)
        for priority, text in (by_priority or {}).items()
    }


def class_terms(document: Mapping[str, Any] | None) -> ClassTerms | None:
    """Return the terms in the `fault` or `request` part of a contract's document."""
    if not document or not document.get("calendar"):
        return None
    return ClassTerms(
        calendar=document["calendar"],
        response_minutes=_minutes(document.get("response")),
        solution_minutes=_minutes(document.get("solution")),
        update_minutes=_minutes(document.get("update")),
        status_minutes=_minutes(document.get("status_every")),
        page={p: PageWhen(when) for p, when in (document.get("page") or {}).items()},
    )
