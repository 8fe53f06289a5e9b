"""Other processes of a test: started, talked to line by line, and never left behind."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import NoReturn

NOBODY = 65534
Process = subprocess.Popen[str]


@contextmanager
def running(script: str, *arguments: str) -> Iterator[Process]:
    """Run a Python script in a process of its own, killed when the block ends."""
    process = subprocess.Popen(
        [sys.executable, "-c", script, *arguments],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        bufsize=1,
    )
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def heard(process: Process) -> str:
    """Return the next line the process prints."""
    assert process.stdout is not None
    return process.stdout.readline().strip()


def tell(process: Process, line: str = "") -> None:
    """Send the process a line."""
    assert process.stdin is not None
    process.stdin.write(line + "\n")
    process.stdin.flush()


def said_by_child(what: Callable[[], str], *, nobody: bool = False) -> str:
    """Return what `what` returns in a forked process, whose limits are its own.

    nobody: without the rights of root.
    """
    read, write = os.pipe()
    if (pid := os.fork()) == 0:
        _say(what, write, nobody)
    os.close(write)
    with os.fdopen(read) as pipe:
        said = pipe.read()
    os.waitpid(pid, 0)
    return said


def _say(what: Callable[[], str], pipe: int, nobody: bool) -> NoReturn:
    try:
        if nobody and os.geteuid() == 0:
            os.setgroups([])
            os.setgid(NOBODY)
            os.setuid(NOBODY)
        os.write(pipe, what().encode())
    finally:
        # Not the end of the test run, whose process this is a copy of.
        os._exit(0)
