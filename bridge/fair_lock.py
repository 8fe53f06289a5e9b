"""A lock between processes that serves waiting writers in turn, and gives up after a while."""

import contextlib
import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bridge.errors import Temporary

POLL_SECONDS = 0.001
# So long who stands in the door lets those in a hurry pass: they may be stopped, or very slow.
POLITE_SECONDS = 0.25
# Who listens for the bell holds it for a moment.
RINGS = 5
HURRIED, CALM = b"h", b"c"


class LockBusy(Temporary):
    """Somebody else has held the lock for longer than we wait."""


class LockUnusable(Temporary):
    """The lock's file cannot be opened, because the disk is full, read-only or gone."""


@contextmanager
def held(path: Path, timeout_seconds: float, *, hurried: bool = False) -> Iterator[None]:
    """Hold the lock at `path` for the block; raises LockBusy after a while, and LockUnusable.

    Who waits stands in the door (a second lock) until the room is free, so that a process that
    leaves the room and wants back in queues behind it: SQLite alone would let it in at once,
    again and again. A dead holder's lock is released by the kernel.
    hurried: ring the bell (a third lock) and go in before whoever waits, unless the last one in
    was in a hurry too: then somebody from the door comes first.
    """
    deadline = time.monotonic() + timeout_seconds
    with _opened(path) as room, _opened(path.with_name(path.name + "-bell")) as bell:
        if hurried and not _last_was_hurried(room) and _rings(bell):
            try:
                _acquire(room, deadline)
            finally:
                fcntl.flock(bell, fcntl.LOCK_UN)
        else:
            with _opened(path.with_name(path.name + "-door")) as door:
                _acquire(door, deadline)
                _acquire_politely(room, bell, deadline)
        _remember(room, HURRIED if hurried else CALM)
        yield


@contextmanager
def _opened(path: Path) -> Iterator[int]:
    try:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError as error:
        raise LockUnusable(f"{path.name} cannot be opened: {error.strerror}") from error
    try:
        yield descriptor
    finally:
        # Which frees what was locked by it.
        os.close(descriptor)


def _is_locked(descriptor: int, how: int) -> bool:
    try:
        fcntl.flock(descriptor, how | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _acquire(descriptor: int, deadline: float) -> None:
    while not _is_locked(descriptor, fcntl.LOCK_EX):
        if time.monotonic() > deadline:
            raise LockBusy("the database is busy: try again in a few seconds")
        time.sleep(POLL_SECONDS)


def _acquire_politely(room: int, bell: int, deadline: float) -> None:
    """Lock the room, but let somebody in a hurry go in before."""
    _acquire(room, deadline)
    patience = time.monotonic() + POLITE_SECONDS
    while not _last_was_hurried(room) and _is_rung(bell) and time.monotonic() < patience:
        fcntl.flock(room, fcntl.LOCK_UN)
        time.sleep(POLL_SECONDS)
        _acquire(room, deadline)


def _rings(bell: int) -> bool:
    for _ in range(RINGS):
        if _is_locked(bell, fcntl.LOCK_SH):
            return True
        time.sleep(POLL_SECONDS)
    return False


def _is_rung(bell: int) -> bool:
    if _is_locked(bell, fcntl.LOCK_EX):
        fcntl.flock(bell, fcntl.LOCK_UN)
        return False
    return True


def _last_was_hurried(room: int) -> bool:
    return os.pread(room, 1, 0) == HURRIED


def _remember(room: int, who: bytes) -> None:
    # On a disk that is full the order suffers, and nothing else.
    with contextlib.suppress(OSError):
        os.pwrite(room, who, 0)
