"""The journal in plain words: a sentence for everything that can happen to a ticket."""

from collections.abc import Callable, Mapping

from bridge.dashboard import journal_mail, journal_paging, journal_promises, journal_tickets
from bridge.dashboard.journal_told import Told
from bridge.tickets.journal import Event

SENTENCES: Mapping[Event, Callable[[Told], str]] = {
    Event.OPENED: journal_tickets.opened,
    Event.STATE_CHANGED: journal_tickets.state_changed,
    Event.PRIORITY_RAISED: journal_tickets.priority_raised,
    Event.PRIORITY_CHANGED: journal_tickets.priority_changed,
    Event.CLASS_CHANGED: journal_tickets.class_changed,
    Event.CONTRACT_CHANGED: journal_tickets.contract_changed,
    Event.TERMS_CHANGED: journal_promises.terms_changed,
    Event.HOURS_CHANGED: journal_promises.hours_changed,
    Event.ANSWERED: journal_tickets.answered,
    Event.ANSWER_WITHDRAWN: journal_tickets.answer_withdrawn,
    Event.CUSTOMER_WROTE: journal_tickets.customer_wrote,
    Event.WAITING: journal_tickets.waiting,
    Event.WAITING_ENDED: journal_tickets.waiting_ended,
    Event.MERGED: journal_tickets.merged,
    Event.ABSORBED: journal_tickets.absorbed,
    Event.RECOVERED: journal_tickets.recovered,
    Event.REOPENED: journal_tickets.reopened,
    Event.ACKNOWLEDGED: journal_tickets.acknowledged,
    Event.UNACKNOWLEDGED: journal_tickets.unacknowledged,
    Event.ASSIGNED: journal_tickets.assigned,
    Event.RESOLVED: journal_tickets.resolved,
    Event.CLOSED: journal_tickets.closed,
    Event.NOTE: journal_tickets.noted,
    Event.COMMENT: journal_tickets.commented,
    Event.FLAPPING_STARTED: journal_tickets.flapping_started,
    Event.FLAPPING_ENDED: journal_tickets.flapping_ended,
    Event.DOWNTIME_STARTED: journal_tickets.downtime_started,
    Event.DOWNTIME_ENDED: journal_tickets.downtime_ended,
    Event.UNKNOWN_NOTIFICATION: journal_tickets.unknown_notification,
    Event.OBJECT_GONE: journal_tickets.object_gone,
    Event.CLOCK_STARTED: journal_promises.clock_started,
    Event.CLOCK_CHANGED: journal_promises.clock_changed,
    Event.CLOCK_STOPPED: journal_promises.clock_stopped,
    Event.CLOCK_PAUSED: journal_promises.clock_paused,
    Event.CLOCK_RESUMED: journal_promises.clock_resumed,
    Event.CLOCK_REVIVED: journal_promises.clock_revived,
    Event.CLOCK_CORRECTED: journal_promises.clock_corrected,
    Event.CLOCK_WARNED: journal_promises.clock_warned,
    Event.ESCALATION_STARTED: journal_paging.escalation_started,
    Event.ESCALATION_HELD: journal_paging.escalation_held,
    Event.ESCALATION_ENDED: journal_paging.escalation_ended,
    Event.ESCALATION_RESTARTED: journal_paging.escalation_restarted,
    Event.PAGED: journal_paging.paged,
    Event.FALLBACK_PAGED: journal_paging.fallback_paged,
    Event.STEP_UNDELIVERABLE: journal_paging.step_undeliverable,
    Event.CONFIRMED: journal_paging.confirmed,
    Event.ESCALATED: journal_paging.escalated,
    Event.DECLINED: journal_paging.declined,
    Event.HANDOVER_ASKED: journal_paging.handover_asked,
    Event.TOLD: journal_paging.told,
    Event.NOBODY_ON_CALL: journal_paging.nobody_on_call,
    Event.DELIVERED: journal_paging.delivered,
    Event.DELIVERY_FAILED: journal_paging.delivery_failed,
    Event.DELIVERY_REPEATED: journal_paging.delivery_repeated,
    Event.ICINGA_ACKNOWLEDGED: journal_tickets.icinga_acknowledged,
    Event.ICINGA_REFUSED: journal_tickets.icinga_refused,
    Event.ICINGA_FORGOT: journal_tickets.icinga_forgot,
    Event.MAIL_ACCEPTED: journal_mail.mail_accepted,
    Event.MAIL_FAILED: journal_mail.mail_failed,
}


def sentence(told: Told) -> str:
    """Return what happened, as a sentence; what nobody has words for is told by its name."""
    tell = SENTENCES.get(told.event)
    return tell(told) if tell else told.event.value
