"""Which pages leave a channel now, alone or together, and which wait to leave with others."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

# Source: docs/oncall.md, "R18".
WINDOW = timedelta(seconds=60)


@dataclass(frozen=True)
class Candidate:
    """A page that is due on a channel.

    entry_id: what carries it. is_high: of high urgency. is_retry: it was tried before.
    is_urgent: the first page of a P1 ticket for its person, while no storm is on.
    """

    entry_id: int
    is_high: bool = True
    is_retry: bool = False
    is_urgent: bool = False


@dataclass(frozen=True)
class Parting:
    """What becomes of the pages that are due on a channel; by the entries that carry them.

    messages: what leaves; those of one message together, its first carries the others.
    taking_along: the message that takes along what waits, and opens a window; None where none.
    held, until: what waits.
    """

    messages: tuple[tuple[int, ...], ...]
    taking_along: int | None = None
    held: tuple[int, ...] = ()
    until: datetime | None = None


def parting(due: Sequence[Candidate], paged_at: datetime | None, now: datetime) -> Parting:
    """Return what becomes of the pages that are `due` on one channel.

    paged_at: when a page that counts last left; until a window later the next ones wait, except
    first pages of P1 tickets, which leave at once and together. What is tried again leaves as it
    was, and opens no window.
    Source: docs/oncall.md, "R18".
    """
    again = tuple((one.entry_id,) for one in due if one.is_retry)
    new = sorted((one for one in due if not one.is_retry), key=lambda one: not one.is_high)
    if not new:
        return Parting(again)
    until = paged_at + WINDOW if paged_at is not None else now
    if until <= now:
        together = tuple(one.entry_id for one in new)
        return Parting((*again, together), taking_along=together[0])
    urgent = tuple(one.entry_id for one in new if one.is_urgent)
    held = tuple(one.entry_id for one in new if not one.is_urgent)
    messages = (*again, urgent) if urgent else again
    return Parting(messages, None, held, until if held else None)
