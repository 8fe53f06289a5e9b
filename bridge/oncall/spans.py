"""Streams of spans of time, each with a value: cut, stacked, filled and joined.

A stream is in order of time and free of overlaps, and nothing here reads further ahead than it
is asked to.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import TypeVar

A = TypeVar("A")
B = TypeVar("B")

Span = tuple[datetime, datetime, A]


def crossed(left: Iterable[Span[A]], right: Iterable[Span[B]]) -> Iterator[Span[tuple[A, B]]]:
    """Yield where both streams have a span, cut at the edges of either, with both values."""
    lefts, rights = iter(left), iter(right)
    a, b = next(lefts, None), next(rights, None)
    while a is not None and b is not None:
        starts_at, ends_at = max(a[0], b[0]), min(a[1], b[1])
        if starts_at < ends_at:
            yield starts_at, ends_at, (a[2], b[2])
        if a[1] <= b[1]:
            a = next(lefts, None)
        else:
            b = next(rights, None)


def stacked(upper: Iterable[Span[A]], lower: Iterable[Span[A]]) -> Iterator[Span[A]]:
    """Yield the upper stream, and the lower one where the upper leaves room."""
    lowers = iter(lower)
    below = next(lowers, None)
    for above in upper:
        while below is not None and below[0] < above[0]:
            yield below[0], min(below[1], above[0]), below[2]
            below = _from(above[0], below) or next(lowers, None)
        yield above
        while below is not None and below[0] < above[1]:
            below = _from(above[1], below) or next(lowers, None)
    while below is not None:
        yield below
        below = next(lowers, None)


def filled(spans: Iterable[Span[A]], empty: A, begin: datetime, end: datetime) -> Iterator[Span[A]]:
    """Yield the spans, all of them between `begin` and `end`, and `empty` for the time between."""
    done = begin
    for span in spans:
        if done < span[0]:
            yield done, span[0], empty
        yield span
        done = span[1]
    if done < end:
        yield done, end, empty


def joined(spans: Iterable[Span[A]]) -> Iterator[Span[A]]:
    """Yield the spans, which leave no time between them, with neighbours of one value made one."""
    spans = iter(spans)
    held = next(spans, None)
    for span in spans:
        if held is not None and held[2] == span[2]:
            held = held[0], span[1], held[2]
        elif held is not None:
            yield held
            held = span
    if held is not None:
        yield held


def _from(moment: datetime, span: Span[A]) -> Span[A] | None:
    """Return what is left of `span` from `moment` on, or None."""
    return (max(span[0], moment), span[1], span[2]) if moment < span[1] else None
