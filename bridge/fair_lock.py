"""A lock between processes that serves waiting writers in turn, and gives up after a while."""

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bridge.errors import Temporary

POLL_SECONDS = 0.001


class LockBusy(Temporary):
    """Somebody else has held the lock for longer than we wait."""


class LockUnusable(Temporary):
    """The lock's file cannot be opened, because the disk is full, read-only or gone."""


def _opened(path: Path) -> int:
    try:
        return os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError as error:
        raise LockUnusable(f"{path.name} cannot be opened: {error.strerror}") from error


def _acquire(descriptor: int, deadline: float) -> None:
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() > deadline:
                raise LockBusy("the database is busy: try again in a few seconds") from None
            time.sleep(POLL_SECONDS)
        else:
            return


@contextmanager
def held(path: Path, timeout_seconds: float) -> Iterator[None]:
    """Hold the lock at `path` for the block; raises LockBusy after a while, and LockUnusable.

    Who waits stands in the door (a second lock) until the room is free, so that a process that
    leaves the room and wants back in queues behind it: SQLite alone would let it in at once,
    again and again. A dead holder's lock is released by the kernel.
    """
    deadline = time.monotonic() + timeout_seconds
    room = _opened(path)
    try:
        door = _opened(path.with_name(path.name + "-door"))
        try:
            _acquire(door, deadline)
            _acquire(room, deadline)
        finally:
            os.close(door)
        yield
    finally:
        os.close(room)
