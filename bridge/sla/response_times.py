"""How response times are distributed: in shares of the target, and in minutes of open time."""

from collections.abc import Sequence
from dataclasses import dataclass

# Upper ends of the buckets; what is above the last one has a bucket of its own.
SHARES = (25, 50, 75, 100, 150, 200)
MINUTES = (15, 30, 60, 120, 240, 480)


@dataclass(frozen=True, slots=True)
class Bucket:
    """How many were at most `up_to`, and more than that of the bucket before; None: no end."""

    up_to: int | None
    count: int


@dataclass(frozen=True, slots=True)
class Times:
    """Response times in open time.

    answered: how many there are; unanswered: how many were missed without an answer, which have
    no time. median_seconds, p90_seconds: so long at most took half, and nine of ten, of those that
    were answered; None where none was. by_share: in per cent of the target. Both add up to
    `answered`.
    """

    answered: int
    unanswered: int
    median_seconds: float | None
    p90_seconds: float | None
    by_share: tuple[Bucket, ...]
    by_minutes: tuple[Bucket, ...]


def times_of(answered: Sequence[tuple[float, float]], unanswered: int) -> Times:
    """Return the distribution of responses.

    answered: of each its seconds of open time and its share of the target, where 1 is all of it.
    """
    seconds = sorted(one for one, _ in answered)
    return Times(
        answered=len(seconds),
        unanswered=unanswered,
        median_seconds=at_most(seconds, 50),
        p90_seconds=at_most(seconds, 90),
        by_share=buckets([share * 100 for _, share in answered], SHARES),
        by_minutes=buckets([one / 60 for one in seconds], MINUTES),
    )


def at_most(ordered: Sequence[float], percent: int) -> float | None:
    """Return the least of these values that `percent` of them do not exceed; None of none."""
    # In whole numbers, because 110 * 0.9 is a little more than 99.
    return ordered[-(-len(ordered) * percent // 100) - 1] if ordered else None


def buckets(values: Sequence[float], ends: Sequence[int]) -> tuple[Bucket, ...]:
    """Return how many of the values lie in each bucket; each end belongs to the one it closes."""
    counts = [0] * (len(ends) + 1)
    for value in values:
        counts[next((at for at, end in enumerate(ends) if value <= end), len(ends))] += 1
    return tuple(Bucket(end, count) for end, count in zip((*ends, None), counts, strict=True))
