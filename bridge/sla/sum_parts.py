"""The sum behind a due time in words: how it began, what counted, what did not, and why."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bridge.calendars.clock_changes import ClockChange, clock_changes
from bridge.calendars.closures import OddDay, odd_days
from bridge.calendars.open_time import OpenTime
from bridge.sla.clock import AppliedPause, Explanation, Piece
from bridge.sla.sentence import Holiday, Sentence, Stretch, Value, joined, words

# More pieces than this are told by the first ones, the last one, and how many lie between.
MOST_PIECES = 5
FIRST_PIECES = 3
MOST_DAYS = 8
NO_TIME = timedelta(0)


@dataclass(frozen=True, slots=True)
class Basis:
    """What a sum is counted by: so much open time from a moment on, in these hours.

    calendar: its label. explanation: what that gives.
    """

    since: datetime
    allowance: timedelta
    hours: OpenTime
    calendar: str
    explanation: Explanation


def outside(start: datetime, hours: OpenTime) -> Iterator[Sentence]:
    """Tell when counting began, if it did not begin at once."""
    opens = hours.next_opening(start)
    if opens is not None and opens > start:
        yield Sentence(
            words("That was outside the service hours: the first moment that counts is %(opens)s."),
            {"opens": opens},
        )


def counted(basis: Basis) -> Iterator[Sentence]:
    """Tell every piece of open time that counts, and what they are together."""
    pieces = basis.explanation.pieces
    if not pieces:
        yield Sentence(words("No open time has counted so far."))
        return
    values: dict[str, Value] = {"pieces": joined(_pieces(pieces), "; ")}
    if len(pieces) == 1:
        yield Sentence(words("Counted: %(pieces)s."), values)
        return
    values["together"] = _together(pieces)
    yield Sentence(words("Counted: %(pieces)s; together %(together)s."), values)


def _pieces(pieces: Sequence[Piece]) -> Iterator[Value]:
    if len(pieces) <= MOST_PIECES:
        yield from map(piece, pieces)
        return
    yield from map(piece, pieces[:FIRST_PIECES])
    between = pieces[FIRST_PIECES:-1]
    yield Sentence(
        words("%(count)s more stretches = %(length)s"),
        {"count": len(between), "length": _together(between)},
    )
    yield piece(pieces[-1])


def piece(one: Piece) -> Value:
    """Return a stretch of open time and how long it is."""
    return joined([Stretch(one.begin, one.end), one.end - one.begin], " = ")


def _together(pieces: Sequence[Piece]) -> timedelta:
    return sum((one.end - one.begin for one in pieces), NO_TIME)


def paused(basis: Basis, whys: Sequence[Value | None]) -> Iterator[Sentence]:
    """Tell every pause the clock met, why it was (in the order of the pauses), and what it cost."""
    for pause, why in zip(basis.explanation.pauses, whys, strict=True):
        reason: Value = joined([" (", why, ")"], "") if why is not None else ""
        if pause.end is None:
            yield _endless(basis, pause, reason)
        else:
            yield Sentence(
                words("Paused %(stretch)s%(why)s: %(taken)s of open time did not count."),
                {
                    "stretch": Stretch(pause.begin, pause.end),
                    "why": reason,
                    "taken": pause.taken,
                },
            )


def _endless(basis: Basis, pause: AppliedPause, reason: Value) -> Sentence:
    used = _together(basis.explanation.pieces)
    return Sentence(
        words(
            "Paused since %(begin)s%(why)s, after %(used)s: nobody can say when it is due until"
            " the pause ends; then %(left)s are left."
        ),
        {"begin": pause.begin, "why": reason, "used": used, "left": basis.allowance - used},
    )


def closed(hours: OpenTime, begin: datetime, end: datetime) -> Iterator[Sentence]:
    """Tell the days between two moments that were closed, or shorter, although a working day."""
    found = list(odd_days(hours, begin, end))
    shut = [one for one in found if not one.windows]
    if shut:
        yield Sentence(words("Closed: %(days)s."), {"days": joined(_some(shut))})
    other = [one for one in found if one.windows]
    if other:
        yield Sentence(words("Other service hours: %(days)s."), {"days": joined(_some(other))})


def _some(days: Sequence[OddDay]) -> Iterator[Value]:
    yield from map(_day, days[:MOST_DAYS])
    if len(days) > MOST_DAYS:
        count = len(days) - MOST_DAYS
        yield Sentence(words("and %(count)s more days"), {"count": count})


def _day(one: OddDay) -> Value:
    if one.windows:
        return joined([one.on, joined(one.windows)], " ")
    why = Holiday(one.holiday, one.on) if one.holiday else Sentence(words("special day"))
    return joined([one.on, " (", why, ")"], "")


def changed_clocks(hours: OpenTime, pieces: Sequence[Piece]) -> Iterator[Sentence]:
    """Tell that the clocks were changed while it counted, and what that means for the sum."""
    zones = {one.definition.timezone for one in hours.versions}
    for zone in sorted(zones) if len(zones) == 1 else ():
        for one in pieces:
            yield from map(_jump, clock_changes(zone, one.begin, one.end))


def _jump(change: ClockChange) -> Sentence:
    values: dict[str, Value] = {"at": change.at, "by": abs(change.by)}
    if change.by > NO_TIME:
        return Sentence(
            words(
                "The clocks were put forward by %(by)s, to %(at)s: the time between is no time and"
                " does not count."
            ),
            values,
        )
    return Sentence(
        words(
            "The clocks were put back by %(by)s, to %(at)s: the time that came twice counts twice."
        ),
        values,
    )


def calendar_version(
    calendar: str, since: datetime | None, counts_from: datetime | None = None
) -> Sentence:
    """Tell by which version of a calendar the sum is; since: None for ever since."""
    values: dict[str, Value] = {"calendar": calendar}
    text = words("Calendar “%(calendar)s” in its first version.")
    if since is not None:
        text, values = (
            words("Calendar “%(calendar)s” as valid since %(since)s."),
            values | {"since": since},
        )
    if counts_from is not None:
        values = {"version": Sentence(text, values), "from": counts_from}
        return Sentence(words("From %(from)s on: %(version)s"), values)
    return Sentence(text, values)


def contract_version(contract: str, since: datetime | None) -> Sentence:
    """Tell by which version of the contract the promise is; since: None for ever since."""
    if since is None:
        return Sentence(
            words("Contract “%(contract)s” in its first version."), {"contract": contract}
        )
    return Sentence(
        words("Contract “%(contract)s” as valid since %(since)s."),
        {"contract": contract, "since": since},
    )


def due(explanation: Explanation) -> Iterator[Sentence]:
    """Tell when it is due, if anybody can."""
    if explanation.due is not None:
        yield Sentence(words("Due %(due)s."), {"due": explanation.due})
