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
    return said_by_children(1, what, nobody=nobody)[0]


def said_by_children(count: int, what: Callable[[], str], *, nobody: bool = False) -> list[str]:
    """Return what `what` returns in each of `count` forked processes that begin at once."""
    wait, go = os.pipe()
    pipes = [os.pipe() for _ in range(count)]
    pids = []
    for _, write in pipes:
        if (pid := os.fork()) == 0:
            os.close(go)
            # It ends when the last one that could write has closed its end.
            os.read(wait, 1)
            _say(what, write, nobody)
        pids.append(pid)
        os.close(write)
    os.close(wait)
    os.close(go)
    said = []
    for (read, _), pid in zip(pipes, pids, strict=True):
        with os.fdopen(read) as pipe:
            said.append(pipe.read())
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
