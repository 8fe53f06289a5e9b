"""When to try a delivery again, by door and outcome."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from bridge.outbox.outcome import Outcome


@dataclass(frozen=True)
class Backoff:
    """The pauses after the 1st, 2nd … failure; the last one repeats.

    most: so many tries in all; None for as long as the matter lasts.
    repeats_maybe: how often what may have arrived is sent again, marked.
    """

    seconds: tuple[int, ...]
    most: int | None
    repeats_maybe: int

    def pause(self, failures: int) -> timedelta:
        """Return how long to wait after `failures` failures (one or more)."""
        return timedelta(seconds=self.seconds[min(failures, len(self.seconds)) - 1])


# Source: docs/oncall.md, "R13" and "R14"; docs/icinga.md, "I9"; docs/mail.md, "How a mail leaves".
BY_DOOR: Mapping[str, Backoff] = {
    "page": Backoff((10, 30, 90, 300), most=None, repeats_maybe=1),
    # Who is not to be woken does not get it twice either.
    "quiet_page": Backoff((10, 30, 90, 300), most=None, repeats_maybe=0),
    # Whether a channel works at this moment is what a test is to find out.
    "test": Backoff((10,), most=1, repeats_maybe=0),
    "notice": Backoff((30, 120, 600), most=6, repeats_maybe=0),
    "icinga": Backoff((2, 5, 15, 60), most=None, repeats_maybe=1_000_000),
    # Five days, as mail servers do. A repeat has the Message-ID of the first: twice is less bad
    # than never, and many servers notice.
    "mail": Backoff((60, 300, 900, 3600), most=120, repeats_maybe=1),
}


def next_try(
    door: str, outcome: Outcome, attempts: int, maybes: int, asked_seconds: int | None = None
) -> timedelta | None:
    """Return how long to wait before the next try, or None when this was the last.

    attempts, maybes: how many tries there were, and how many of them ended in a maybe, this one
    included. asked_seconds: what the receiver asked for; a longer pause is granted up to an hour.
    """
    backoff = BY_DOOR[door]
    match outcome:
        case Outcome.ACCEPTED | Outcome.FAILED_FOR_GOOD:
            return None
        case Outcome.MAYBE:
            return backoff.pause(maybes) if maybes <= backoff.repeats_maybe else None
        case Outcome.FAILED_FOR_NOW:
            if backoff.most is not None and attempts >= backoff.most:
                return None
            asked = timedelta(seconds=min(asked_seconds or 0, 3600))
            return max(backoff.pause(attempts), asked)
