"""Names for processes: whoever reads one on the same node can tell whether that process lives."""

import os
import socket
from dataclasses import dataclass
from functools import cache

import psutil

# A process that has ended and waits for its parent to ask how: it will never do anything more.
GONE = frozenset({psutil.STATUS_ZOMBIE, psutil.STATUS_DEAD})


def process_name() -> str:
    """Return a name for this process that no other one has: node, process id and start."""
    return _name_of(os.getpid())


@cache
def _name_of(pid: int) -> str:
    return f"{socket.gethostname()}:{pid}:{_started(pid)}"


@dataclass(frozen=True)
class _Named:
    node: str
    pid: int
    started: int


def _read(name: str) -> _Named | None:
    match name.rsplit(":", 2):
        case [node, pid, started] if pid.isdecimal() and started.isdecimal():
            return _Named(node, int(pid), int(started))
    return None


def pid_of(name: str) -> int | None:
    """Return the process id in a name, or None where it is no name that we give."""
    named = _read(name)
    return named.pid if named else None


def is_dead(name: str) -> bool:
    """Return whether this is the name of a process of this node that is no more.

    Of another node's processes, and of a name that is none of ours, nothing is known: False.
    """
    named = _read(name)
    if named is None or named.node != socket.gethostname():
        return False
    try:
        is_gone = psutil.Process(named.pid).status() in GONE
        return is_gone or _started(named.pid) != named.started
    except psutil.NoSuchProcess:
        return True
    except psutil.AccessDenied:
        return False


def _started(pid: int) -> int:
    """Return when a process began, in hundredths of a second since the machine did.

    Counted from there, because the wall clock may be set while the process runs: both moments
    then change alike. Raises psutil.NoSuchProcess and psutil.AccessDenied.
    """
    while True:
        boot = psutil.boot_time()
        began = psutil.Process(pid).create_time()
        # Otherwise the clock was set in between.
        if psutil.boot_time() == boot:
            return round((began - boot) * 100)
