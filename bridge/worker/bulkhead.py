"""Who is served next, so that one hanging destination does not keep every child busy."""

from collections import Counter, OrderedDict, deque
from typing import Generic, Protocol, TypeVar


class Addressed(Protocol):
    """Anything that goes to one destination."""

    @property
    def destination(self) -> str:
        """Whom it depends on."""


J = TypeVar("J", bound=Addressed)


class Bulkhead(Generic[J]):
    """The waiting line in front of the children.

    In order per destination, destinations in turn, and never more than `limit` of one
    destination at once.
    """

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._lines: OrderedDict[str, deque[J]] = OrderedDict()
        self._running: Counter[str] = Counter()

    def __len__(self) -> int:
        return sum(map(len, self._lines.values()))

    def put(self, job: J) -> None:
        """Let a job wait at the end of its line."""
        self._lines.setdefault(job.destination, deque()).append(job)

    def put_back(self, job: J) -> None:
        """Let a job that was taken and never began wait at the front of its line."""
        self.release(job)
        self._lines.setdefault(job.destination, deque()).appendleft(job)

    def take(self) -> J | None:
        """Return the job that may run now, counted as running until its release, or None."""
        for destination, line in self._lines.items():
            if self._running[destination] < self._limit:
                job = line.popleft()
                self._running[destination] += 1
                self._lines.move_to_end(destination)
                if not line:
                    del self._lines[destination]
                return job
        return None

    def release(self, job: J) -> None:
        """Say that a job is over."""
        self._running[job.destination] -= 1
        if not self._running[job.destination]:
            del self._running[job.destination]

    def clear(self) -> list[J]:
        """Return all that still waited, and let nothing wait any more."""
        left = [job for line in self._lines.values() for job in line]
        self._lines.clear()
        return left
