"""The states of hosts and services, and the names Icinga has for them."""

from enum import Enum


class State(Enum):
    """A state as Icinga names it; a host is UP or DOWN, a service one of the others."""

    UP = "UP"
    OK = "OK"
    WARNING = "WARNING"
    UNKNOWN = "UNKNOWN"
    CRITICAL = "CRITICAL"
    DOWN = "DOWN"

    @property
    def rank(self) -> int:
        """Return how bad it is: 0 is well, then WARNING, UNKNOWN, CRITICAL, DOWN."""
        return _RANKS[self]

    @property
    def is_problem(self) -> bool:
        """Tell whether somebody has to do something: it is neither UP nor OK."""
        return self.rank > 0


_RANKS = {
    State.UP: 0,
    State.OK: 0,
    State.WARNING: 1,
    State.UNKNOWN: 2,
    State.CRITICAL: 3,
    State.DOWN: 4,
}

# Old plugins and scripts call a host UNREACHABLE that is down behind another one.
HOST_STATES = {"UP": State.UP, "DOWN": State.DOWN, "UNREACHABLE": State.DOWN}
SERVICE_STATES = {
    "OK": State.OK,
    "WARNING": State.WARNING,
    "CRITICAL": State.CRITICAL,
    "UNKNOWN": State.UNKNOWN,
}
