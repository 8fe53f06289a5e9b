"""The words of the journal: what can happen to a ticket, and who did it."""

from dataclasses import dataclass
from enum import Enum


class Event(Enum):
    """What can happen to a ticket."""

    OPENED = "opened"
    STATE_CHANGED = "state_changed"
    PRIORITY_RAISED = "priority_raised"
    PRIORITY_CHANGED = "priority_changed"
    CLASS_CHANGED = "class_changed"
    CONTRACT_CHANGED = "contract_changed"
    TERMS_CHANGED = "terms_changed"
    HOURS_CHANGED = "hours_changed"
    ANSWERED = "answered"
    ANSWER_WITHDRAWN = "answer_withdrawn"
    CUSTOMER_WROTE = "customer_wrote"
    WAITING = "waiting"
    WAITING_ENDED = "waiting_ended"
    MERGED = "merged"
    ABSORBED = "absorbed"
    RECOVERED = "recovered"
    REOPENED = "reopened"
    ACKNOWLEDGED = "acknowledged"
    UNACKNOWLEDGED = "unacknowledged"
    ASSIGNED = "assigned"
    RESOLVED = "resolved"
    CLOSED = "closed"
    NOTE = "note"
    COMMENT = "comment"
    FLAPPING_STARTED = "flapping_started"
    FLAPPING_ENDED = "flapping_ended"
    DOWNTIME_STARTED = "downtime_started"
    DOWNTIME_ENDED = "downtime_ended"
    UNKNOWN_NOTIFICATION = "unknown_notification"
    OBJECT_GONE = "object_gone"
    CLOCK_STARTED = "clock_started"
    CLOCK_CHANGED = "clock_changed"
    CLOCK_STOPPED = "clock_stopped"
    CLOCK_PAUSED = "clock_paused"
    CLOCK_RESUMED = "clock_resumed"
    CLOCK_REVIVED = "clock_revived"
    CLOCK_CORRECTED = "clock_corrected"
    CLOCK_WARNED = "clock_warned"
    ESCALATION_STARTED = "escalation_started"
    ESCALATION_HELD = "escalation_held"
    ESCALATION_ENDED = "escalation_ended"
    ESCALATION_RESTARTED = "escalation_restarted"
    PAGED = "paged"
    FALLBACK_PAGED = "fallback_paged"
    STEP_UNDELIVERABLE = "step_undeliverable"
    CONFIRMED = "confirmed"
    ESCALATED = "escalated"
    DECLINED = "declined"
    HANDOVER_ASKED = "handover_asked"
    TOLD = "told"
    NOBODY_ON_CALL = "nobody_on_call"
    DELIVERED = "delivered"
    DELIVERY_FAILED = "delivery_failed"
    DELIVERY_REPEATED = "delivery_repeated"
    ICINGA_ACKNOWLEDGED = "icinga_acknowledged"
    ICINGA_REFUSED = "icinga_refused"
    ICINGA_FORGOT = "icinga_forgot"
    MAIL_ACCEPTED = "mail_accepted"
    MAIL_FAILED = "mail_failed"


@dataclass(frozen=True)
class Actor:
    """Who did it: `key` is for the machine, `name` only for people who are none of ours."""

    key: str
    name: str | None = None

    @property
    def staff_id(self) -> int | None:
        """Return the id of our own person who did it, if it was one."""
        kind, _, number = self.key.partition(":")
        return int(number) if kind == "staff" else None


# The key of whoever writes for the customer; the name stands beside it.
CUSTOMER = "customer"
BRIDGE = Actor("bridge")
ICINGA = Actor("icinga")


def staff(member_id: int) -> Actor:
    """Return a person of ours as an actor."""
    return Actor(f"staff:{member_id}")


def icinga(author: str) -> Actor:
    """Return a person who works in Icinga and is none that we know."""
    return Actor("icinga", author or None)


def token(name: str) -> Actor:
    """Return a program that acts with the token of this name."""
    return Actor("token", name)
