"""How channels fare: what fails again and again is not tried for a while, and its page shows it."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from bridge.flows import bundling
from bridge.oncall import circuit
from bridge.oncall.circuit import Circuit
from bridge.oncall.models import ChannelHealth
from bridge.outbox.actions import INTERRUPTED
from bridge.outbox.outcome import Delivered, Outcome

NOT_TRIED = "not tried: the channel has failed"


def may_try(session: Session, channel_ids: Iterable[int], now: datetime) -> Mapping[int, bool]:
    """Return for each channel whether one delivery may be tried now.

    Locks their rows, in the order of their ids, after tickets and runs. Of a channel that failed
    too often one delivery at a time is tried, as a trial; whoever gets it has to `note` its end.
    Source: docs/oncall.md, "R13".
    """
    found: dict[int, bool] = {}
    for channel_id, health in bundling.health_of(session, channel_ids).items():
        trying = circuit.tried(_circuit(health), now)
        found[channel_id] = trying is not None
        if trying is not None:
            health.open_until = trying.open_until
    return found


def shut(session: Session, channel_ids: Iterable[int], now: datetime) -> Mapping[int, Delivered]:
    """Return how deliveries end through those channels that are left alone now; locks nothing."""
    statement = select(ChannelHealth).where(ChannelHealth.channel_id.in_(set(channel_ids)))
    found = {}
    for health in session.scalars(statement):
        until = health.open_until
        if until is not None and circuit.tried(_circuit(health), now) is None:
            pause = max(1, round((until - now).total_seconds()))
            reason = f"{NOT_TRIED} {health.failures} times"
            found[health.channel_id] = Delivered(Outcome.FAILED_FOR_NOW, reason, pause)
    return found


def not_tried(session: Session, channel_id: int, now: datetime) -> Delivered:
    """Return how a delivery ended for which `may_try` said no: for now, until the next trial."""
    health = bundling.health_of(session, [channel_id])[channel_id]
    pause = (health.open_until - now).total_seconds() if health.open_until is not None else 0.0
    reason = f"{NOT_TRIED} {health.failures} times"
    return Delivered(Outcome.FAILED_FOR_NOW, reason, max(1, round(pause)))


def note(
    session: Session, channel_id: int, sent_outcome: Outcome, reason: str, now: datetime
) -> None:
    """Write down how a delivery through a channel ended.

    Locks the channel's row: for several, call it in the order of their ids, and after everything
    that locks tickets and runs. What was not tried says nothing about the channel, nor does the
    end of a courier in the middle.
    """
    if reason.startswith(NOT_TRIED) or reason == INTERRUPTED.reason:
        return
    health = bundling.health_of(session, [channel_id])[channel_id]
    worked = sent_outcome is Outcome.ACCEPTED
    after = circuit.ended(_circuit(health), now, worked=worked)
    health.failures, health.open_until = after.failures, after.open_until
    if worked:
        health.worked_at = now
    else:
        health.failed_at, health.reason = now, reason


def _circuit(health: ChannelHealth) -> Circuit:
    return Circuit(health.failures, health.open_until)
