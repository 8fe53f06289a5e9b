"""What `bridge sla due` prints for people: the sum in the words of the ticket's page."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from bridge.calendars.open_time import OpenTime
from bridge.moments import Moments
from bridge.sla import sum_parts
from bridge.sla.clock import ClockKind, Explanation
from bridge.sla.fact_words import class_words
from bridge.sla.sentence import Sentence, Value, value_written, words, written
from bridge.sla.story import known_since
from bridge.sla.sum_parts import Basis
from bridge.sla.sum_words import counting, in_calendar, in_contract, kind_words, promised


@dataclass(frozen=True)
class Asked:
    """What was asked: a promise of a contract, or only so much time in a calendar.

    contract, ticket_class, priority: None where nothing but a calendar was named.
    """

    calendar: str
    allowance: timedelta
    hours: OpenTime
    guaranteed: bool
    contract: str | None = None
    ticket_class: str | None = None
    priority: str | None = None


def told(asked: Asked, found: Explanation, language: str, zone: str) -> str:
    """Return the sum, a sentence in each line; moments in `zone`, with their years."""
    # As if nobody knew which year it is, so that the year is said.
    at = Moments(language, zone, datetime(1, 1, 2, tzinfo=UTC))
    lines = [written(one, at) for one in _sentences(asked, found)]
    if len(found.pieces) > sum_parts.MOST_PIECES:
        # The sentence leaves some out.
        lines += [f"  {value_written(one, at)}" for one in map(sum_parts.piece, found.pieces)]
    return "\n".join(lines)


def _sentences(asked: Asked, found: Explanation) -> Iterator[Sentence]:
    yield _answer(found)
    yield from _asked(asked)
    yield from sum_parts.outside(found.start, asked.hours)
    basis = Basis(found.start, asked.allowance, asked.hours, asked.calendar, found)
    yield from counting(basis, [None] * len(found.pauses))
    for version in found.versions:
        yield sum_parts.calendar_version(asked.calendar, known_since(version.valid_from))


def _answer(found: Explanation) -> Sentence:
    if found.due is None:
        return Sentence(words("Due some time after the pause."))
    return next(sum_parts.due(found))


def _asked(asked: Asked) -> Iterator[Sentence]:
    if asked.contract is None:
        values: dict[str, Value] = {"target": asked.allowance, "calendar": asked.calendar}
        yield Sentence(words("%(target)s of open time in calendar “%(calendar)s”."), values)
        return
    scope: list[Value] = [in_calendar(asked.calendar), in_contract(asked.contract)]
    scope += [class_words(asked.ticket_class or ""), asked.priority or ""]
    what = kind_words(ClockKind.RESPONSE)
    yield promised(what, asked.allowance, scope, guaranteed=asked.guaranteed)
    if not asked.guaranteed:
        yield Sentence(
            words("It is a target, no guarantee: the contract is not valid at that moment.")
        )
