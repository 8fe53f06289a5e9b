"""The circuit breaker of a channel: what fails again and again is left alone for a while."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

FAILURES = 5
FIRST_PAUSE = timedelta(seconds=60)
LONGEST_PAUSE = timedelta(minutes=10)
# Longer than any budget of a delivery: by then a trial is over, or its process was killed.
TRIAL = timedelta(seconds=30)


@dataclass(frozen=True)
class Circuit:
    """How a channel fares.

    failures: in a row. open_until: it is not tried before; None while it is used as always.
    """

    failures: int = 0
    open_until: datetime | None = None


def tried(circuit: Circuit, now: datetime) -> Circuit | None:
    """Return the circuit as it is while a delivery is tried, or None where none may be.

    After the pause one delivery at a time is a trial; the others wait until it is over.
    """
    if circuit.failures < FAILURES:
        return circuit
    if circuit.open_until is not None and now < circuit.open_until:
        return None
    return replace(circuit, open_until=now + TRIAL)


def ended(circuit: Circuit, now: datetime, *, worked: bool) -> Circuit:
    """Return the circuit after a delivery that was tried, and worked or not.

    What had left before the circuit opened, and fails soon after, says nothing new.
    """
    if worked:
        return Circuit()
    if circuit.open_until is not None and circuit.open_until - now > TRIAL:
        return circuit
    failures = circuit.failures + 1
    if failures < FAILURES:
        return Circuit(failures)
    # A channel may fail for years: no larger numbers than it takes.
    doublings = min(failures - FAILURES, 10)
    return Circuit(failures, now + min(FIRST_PAUSE * 2**doublings, LONGEST_PAUSE))
