"""The facts of a ticket's journal that its clocks depend on; everything else changes no clock."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from bridge import utc

REVISION = "revision"


class FactKind(StrEnum):
    """What can happen to a ticket that a clock may start, change or stop by.

    The values are those of the journal.
    """

    OPENED = "opened"
    REOPENED = "reopened"
    PRIORITY_RAISED = "priority_raised"
    PRIORITY_CHANGED = "priority_changed"
    CLASS_CHANGED = "class_changed"
    CONTRACT_CHANGED = "contract_changed"
    ACKNOWLEDGED = "acknowledged"
    ANSWERED = "answered"
    ANSWER_WITHDRAWN = "answer_withdrawn"
    CUSTOMER_WROTE = "customer_wrote"
    WAITING = "waiting"
    WAITING_ENDED = "waiting_ended"
    RECOVERED = "recovered"
    RESOLVED = "resolved"
    MERGED = "merged"
    ABSORBED = "absorbed"
    TERMS_CHANGED = "terms_changed"
    HOURS_CHANGED = "hours_changed"
    CLOCK_CORRECTED = "clock_corrected"
    CLOCK_WARNED = "clock_warned"


FACT_KINDS = frozenset(kind.value for kind in FactKind)


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing that happened: `at` in UTC, `data` as the journal keeps it (moments as texts).

    revision: what of the configuration was known when it was recorded; None: all of it, for
    entries that are older than this number.
    """

    kind: FactKind
    at: datetime
    revision: int | None
    data: Mapping[str, Any]

    def moment(self, key: str) -> datetime | None:
        """Return the moment that `data` keeps under `key`, or None."""
        text = self.data.get(key)
        return utc.from_iso(text) if text else None


def fact_of(kind: str, at: datetime, data: Mapping[str, Any]) -> Fact | None:
    """Return an entry of the journal as a fact; None where clocks do not care for it."""
    if kind not in FACT_KINDS:
        return None
    return Fact(FactKind(kind), at, data.get(REVISION), data)
