"""One delivery process: forked warm, told a job at a time, killed when it takes too long."""

import ctypes
import gc
import json
import logging
import os
import signal
import socket
import sys
import traceback
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn

from bridge.outbox.outcome import Delivered, Outcome

Payload = dict[str, Any]
Door = Callable[[Payload], Delivered]

PR_SET_PDEATHSIG = 1
# A service manager and a terminal signal the whole group. When a delivery may not finish, it is
# the parent who says so, with a signal nobody can refuse.
IGNORED = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)
# Looked up before the fork, where loading a library is safe.
LIBC = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None


@dataclass(frozen=True)
class Forked:
    """A new child as its parent knows it."""

    pid: int
    line: socket.socket


def forked(doors: Mapping[str, Door]) -> Forked:
    """Fork a child that waits for jobs, and return it.

    The caller runs no other threads: a lock one of them holds would stay held in the child.
    """
    ours, theirs = socket.socketpair()
    parent = os.getpid()
    # A signal between the fork and `_forget_parent` would run the parent's handler in the child.
    before = signal.pthread_sigmask(signal.SIG_BLOCK, signal.valid_signals())
    try:
        pid = os.fork()
        if pid == 0:
            _live(theirs, doors, parent)
    except OSError:
        ours.close()
        raise
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
        theirs.close()
    return Forked(pid, ours)


def message(document: object) -> bytes:
    """Return one JSON document as one line."""
    return json.dumps(document, separators=(",", ":")).encode() + b"\n"


def outcome_of(line: bytes) -> Delivered:
    """Return what a child said."""
    said = json.loads(line)
    outcome, after = Outcome(said["outcome"]), said["retry_after_seconds"]
    return Delivered(outcome, said["reason"], after, said["told"])


def _live(line: socket.socket, doors: Mapping[str, Door], parent: int) -> NoReturn:
    status = os.EX_SOFTWARE
    try:
        # What was there before the fork is not looked at by the garbage collector, whose notes
        # in each object would copy the pages that are shared with the parent.
        gc.freeze()
        _forget_parent(line, parent)
        _serve(line, doors)
        status = os.EX_OK
    finally:
        # Without the exit handlers and buffers, which are the parent's.
        os._exit(status)


def _forget_parent(line: socket.socket, parent: int) -> None:
    if LIBC is not None:
        LIBC.prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        # It died before the kernel knew that we follow.
        os._exit(os.EX_OK)
    logging.disable(logging.CRITICAL)
    _reset_signals()
    _drop_files(keep=line.fileno())


def _reset_signals() -> None:
    signal.set_wakeup_fd(-1)
    for number in signal.valid_signals():
        if callable(signal.getsignal(number)) and number not in IGNORED:
            signal.signal(number, signal.SIG_DFL)
    for number in IGNORED:
        signal.signal(number, signal.SIG_IGN)
    signal.pthread_sigmask(signal.SIG_SETMASK, ())


def _drop_files(keep: int) -> None:
    """Lead every inherited file, the standard streams too, to nowhere.

    Not closed: their numbers stay taken, so that an object of the parent that is finalised here
    closes or writes nothing of ours, and says no good-bye to the parent's database.
    """
    nowhere = os.open(os.devnull, os.O_RDWR)
    for number in [int(entry.name) for entry in Path("/dev/fd").iterdir()]:
        if number not in (keep, nowhere) and _is_open(number):
            os.dup2(nowhere, number, inheritable=False)
    os.close(nowhere)


def _is_open(number: int) -> bool:
    try:
        os.fstat(number)
    except OSError:
        return False
    return True


def _serve(line: socket.socket, doors: Mapping[str, Door]) -> None:
    """Do one job after the other, until the parent closes the line."""
    with line.makefile("rb") as jobs:
        for job in jobs:
            asked = json.loads(job)
            told = _told(doors[asked["door"]], asked["payload"])
            line.sendall(
                message(
                    {
                        "outcome": told.outcome.value,
                        "reason": told.reason,
                        "retry_after_seconds": told.retry_after_seconds,
                        "told": dict(told.told),
                    }
                )
            )


def _told(door: Door, payload: Payload) -> Delivered:
    try:
        return door(payload)
    # The edge of the process: whatever it was, the parent has to hear of it, and without the
    # text of the error, which may hold the address and its secrets.
    except Exception as error:  # noqa: BLE001
        place = traceback.extract_tb(error.__traceback__)[-1]
        where = f"{Path(place.filename).name}:{place.lineno}"
        return Delivered(Outcome.MAYBE, f"the door broke: {type(error).__name__} at {where}")
