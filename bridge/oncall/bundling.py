"""Which pages leave a channel now, alone or together, and which wait to leave with others."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

# Source: docs/oncall.md, "R18".
WINDOW = timedelta(seconds=60)


@dataclass(frozen=True)
class Candidate:
    """A page that is due on a channel.

    entry_id: what carries it. is_high: of high urgency. is_retry: it was tried before, and failed.
    is_repeat: it was tried before, and may have arrived.
    is_urgent: the first page of a P1 ticket for its person, while no storm is on.
    """

    entry_id: int
    is_high: bool = True
    is_retry: bool = False
    is_repeat: bool = False
    is_urgent: bool = False


@dataclass(frozen=True)
class Parting:
    """What becomes of the pages that are due on a channel; by the entries that carry them.

    messages: what leaves; those of one message together, its first carries the others.
    taking_all: the first of the message that takes along all that waits, and opens a window;
    taking_failed: of the one that takes along what has failed before; None where none does.
    held, until: what waits.
    """

    messages: tuple[tuple[int, ...], ...]
    taking_all: int | None = None
    taking_failed: int | None = None
    held: tuple[int, ...] = ()
    until: datetime | None = None


def parting(
    due: Sequence[Candidate], paged_at: datetime | None, now: datetime, window: timedelta = WINDOW
) -> Parting:
    """Return what becomes of the pages that are `due` on one channel.

    paged_at: when a page that counts last left; until a window later the next ones wait, except
    first pages of P1 tickets, which leave at once and together. So does what is tried again; what
    may have arrived is repeated alone, because it is marked. Without a window each leaves alone.
    Source: docs/oncall.md, "R18".
    """
    if not window:
        return Parting(tuple((one.entry_id,) for one in due))
    repeats = tuple((one.entry_id,) for one in due if one.is_repeat)
    others = sorted((one for one in due if not one.is_repeat), key=lambda one: not one.is_high)
    until = paged_at + window if paged_at is not None else now
    if until <= now and any(not one.is_retry for one in others):
        together = tuple(one.entry_id for one in others)
        return Parting((*repeats, together), taking_all=together[0])
    again = tuple(one.entry_id for one in others if one.is_retry)
    urgent = tuple(one.entry_id for one in others if one.is_urgent and not one.is_retry)
    held = tuple(one.entry_id for one in others if not (one.is_urgent or one.is_retry))
    return Parting(
        (*repeats, *(one for one in (again, urgent) if one)),
        taking_failed=again[0] if again else None,
        held=held,
        until=until if held else None,
    )
