"""Warm delivery processes that can be killed: what hangs at a provider never hangs the courier."""

import contextlib
import gc
import logging
import os
import selectors
import signal
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Self

from bridge.errors import NotFound
from bridge.outbox.outcome import Delivered, Outcome
from bridge.worker.bulkhead import Bulkhead
from bridge.worker.child import Door, Forked, Payload, forked, message, outcome_of

log = logging.getLogger(__name__)

# A warm child takes a job at once; one that does not is broken, and has not begun.
HAND_OVER_SECONDS = 2.0
GRACE_SECONDS = 5.0


class UnknownDoor(NotFound):
    """No door has this name."""


@dataclass(frozen=True)
class Job:
    """One delivery to make; `words` is what the child is told, secrets included."""

    key: str
    destination: str
    budget_seconds: float
    words: bytes = field(repr=False)


@dataclass(eq=False)
class Child:
    """A process, what it is doing, and until when."""

    process: Forked
    job: Job | None = None
    until: float = 0.0
    heard: bytearray = field(default_factory=bytearray)


class ChildPool:
    """`size` processes that deliver, one job each at a time.

    For one thread, which also owns the fork: load what the doors need before. At most size - 1
    jobs of one destination run at once, so that another one always finds a child. Every key that
    is submitted comes back exactly once, from `collect` or from `close`.
    Source: docs/oncall.md, "Apprise 2.2, measured".
    """

    def __init__(self, size: int, doors: Mapping[str, Door]) -> None:
        self._size = size
        self._doors = doors
        self._line: Bulkhead[Job] = Bulkhead(max(1, size - 1))
        self._children: list[Child] = []
        self._done: list[tuple[str, Delivered]] = []
        self._dead: list[int] = []
        self._selector = selectors.DefaultSelector()
        # What is loaded by now stays: set apart, it is not written to, and stays shared.
        gc.collect()
        gc.freeze()
        self._refill()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def pids(self) -> list[int]:
        """The processes of the living children."""
        return [child.process.pid for child in self._children]

    @property
    def running(self) -> int:
        """How many jobs a child is busy with."""
        return sum(child.job is not None for child in self._children)

    @property
    def waiting(self) -> int:
        """How many jobs wait for a child; their budget has not begun."""
        return len(self._line)

    def submit(
        self, key: str, door: str, payload: Payload, budget_seconds: float, destination: str
    ) -> None:
        """Deliver `payload` through a door, as soon as a child is free.

        key: comes back with the outcome. payload: JSON values only.
        budget_seconds: counted from the moment a child has the job; then it is killed.
        destination: jobs with the same one may hang together; never shown or logged.
        Raises UnknownDoor.
        """
        if door not in self._doors:
            raise UnknownDoor(door)
        words = message({"door": door, "payload": payload})
        self._line.put(Job(key, destination, budget_seconds, words))
        self._hand_out()

    def collect(self, timeout_seconds: float) -> list[tuple[str, Delivered]]:
        """Return the keys whose delivery is over, with their outcomes.

        Waits for the first of them, at most `timeout_seconds`; with nothing to wait for it
        returns at once. A child over its budget, or dead, makes its job a maybe.
        """
        end = time.monotonic() + timeout_seconds
        self._refill()
        while True:
            self._hand_out()
            if not (self.running or self.waiting):
                end = 0.0
            self._listen(end)
            self._bury()
            if self._done or time.monotonic() >= end:
                done, self._done = self._done, []
                return done

    def close(self, grace_seconds: float = GRACE_SECONDS) -> list[tuple[str, Delivered]]:
        """End every child within about `grace_seconds`, and return what was still open.

        What waits has failed for now, what runs may finish in time and is a maybe otherwise.
        """
        for job in self._line.clear():
            self._done.append(
                (job.key, Delivered(Outcome.FAILED_FOR_NOW, "not begun: shutting down"))
            )
        end = time.monotonic() + grace_seconds
        while self.running and time.monotonic() < end:
            self._listen(end)
        for child in list(self._children):
            self._end(child, "the delivery was ended: shutting down")
        self._bury(wait=True)
        self._selector.close()
        done, self._done = self._done, []
        return done

    def _refill(self) -> None:
        while len(self._children) < self._size:
            try:
                child = Child(forked(self._doors))
            except OSError as error:
                # Too many processes, too little memory: the others go on, and we try again.
                log.warning("no delivery process to be had", extra={"error": error.strerror})
                return
            child.process.line.setblocking(False)
            self._selector.register(child.process.line, selectors.EVENT_READ, child)
            self._children.append(child)

    def _hand_out(self) -> None:
        for child in [each for each in self._children if each.job is None]:
            job = self._line.take()
            if job is None:
                return
            if self._hand_over(child, job):
                child.job, child.until = job, time.monotonic() + job.budget_seconds
            else:
                # A child begins when it has the whole line, so nothing has left the house.
                self._line.put_back(job)
                self._end(child, "")

    def _hand_over(self, child: Child, job: Job) -> bool:
        line = child.process.line
        try:
            line.settimeout(HAND_OVER_SECONDS)
            line.sendall(job.words)
            line.setblocking(False)
        except OSError:
            return False
        return True

    def _listen(self, end: float) -> None:
        """Wait until something is said, a budget is used up, or `end`."""
        moments = [child.until for child in self._children if child.job is not None]
        wait = max(0.0, min([end, *moments]) - time.monotonic())
        for ready, _ in self._selector.select(wait):
            self._hear(ready.data)
        now = time.monotonic()
        for child in [each for each in self._children if each.job and each.until <= now]:
            self._end(child, "no answer within its budget")

    def _hear(self, child: Child) -> None:
        said = b""
        with contextlib.suppress(ConnectionError):
            said = child.process.line.recv(65536)
        if not said:
            self._end(child, "the delivery process died")
            return
        child.heard += said
        if child.heard.endswith(b"\n") and child.job is not None:
            self._finish(child, outcome_of(bytes(child.heard)))

    def _finish(self, child: Child, delivered: Delivered) -> None:
        if child.job is not None:
            self._line.release(child.job)
            self._done.append((child.job.key, delivered))
        child.job = None
        child.heard.clear()

    def _end(self, child: Child, reason: str) -> None:
        """Kill a child and settle what it was doing; `_refill` puts a new one in its place."""
        with contextlib.suppress(ProcessLookupError):
            os.kill(child.process.pid, signal.SIGKILL)
        if child.job is not None:
            log.warning("delivery process ended", extra={"key": child.job.key, "reason": reason})
        self._dead.append(child.process.pid)
        self._selector.unregister(child.process.line)
        child.process.line.close()
        self._children.remove(child)
        self._finish(child, Delivered(Outcome.MAYBE, reason))

    def _bury(self, *, wait: bool = False) -> None:
        self._dead = [pid for pid in self._dead if not _gone(pid, wait=wait)]


def _gone(pid: int, *, wait: bool) -> bool:
    try:
        return os.waitpid(pid, 0 if wait else os.WNOHANG)[0] == pid
    except ChildProcessError:
        # Somebody else has asked for it already.
        return True
