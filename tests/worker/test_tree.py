"""The process tree: parts run, come back when they die, and all end together."""

import os
import signal
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.lab.processes import Process, running

PATIENCE_SECONDS = 20.0
# Parts write their process id whenever they begin, one line each.
TREE = """
import os, signal, sys, time
from pathlib import Path
from bridge.worker import tree
from bridge.worker.rounds import Stop, forever
from bridge.worker.tree import Tree

folder = Path(sys.argv[1])
tree.STOP_SECONDS = 1.0

def begun(name):
    with (folder / name).open("a") as file:
        file.write(f"{os.getpid()}\\n")

def steady():
    begun("steady")
    stop, parent = Stop(), os.getppid()
    forever(stop, lambda: 0, parent)
    begun("steady-ended-well")

def ending():
    begun("ending")

def failing():
    begun("failing")
    raise RuntimeError("cannot go on")

def stubborn():
    begun("stubborn")
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    parent = os.getppid()
    while os.getppid() == parent:
        time.sleep(0.01)

Tree({name: globals()[name] for name in sys.argv[2:]}).run()
print("stopped", flush=True)
"""


def begun(folder: Path, name: str) -> list[int]:
    path = folder / name
    return [int(line) for line in path.read_text().split()] if path.exists() else []


def wait_for(condition: Callable[[], bool]) -> None:
    end = time.monotonic() + PATIENCE_SECONDS
    while not condition():
        assert time.monotonic() < end, "waited too long"
        time.sleep(0.01)


def is_gone(pid: int) -> bool:
    status = Path(f"/proc/{pid}/stat")
    try:
        return status.read_text().rpartition(")")[2].split()[0] == "Z"
    except (FileNotFoundError, ProcessLookupError):
        return True


@pytest.fixture
def steady(tmp_path: Path) -> Iterator[Process]:
    with running(TREE, str(tmp_path), "steady") as process:
        wait_for(lambda: bool(begun(tmp_path, "steady")))
        yield process


def test_a_part_that_is_killed_is_started_again(tmp_path: Path, steady: Process) -> None:
    (first,) = begun(tmp_path, "steady")

    os.kill(first, signal.SIGKILL)

    wait_for(lambda: len(begun(tmp_path, "steady")) == 2)
    assert steady.poll() is None
    assert is_gone(first)


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT])
def test_told_to_stop_it_lets_its_parts_end_and_ends(
    tmp_path: Path, steady: Process, how: signal.Signals
) -> None:
    # Whatever the moment: a part that has just begun is not forgotten.
    steady.send_signal(how)

    said, _ = steady.communicate(timeout=PATIENCE_SECONDS)
    assert said == "stopped\n"
    assert steady.returncode == 0
    assert all(is_gone(pid) for pid in begun(tmp_path, "steady"))


def test_told_to_stop_while_parts_begin_it_stops_soon(tmp_path: Path) -> None:
    for pause in (0.0, 0.004, 0.012):
        with running(TREE, str(tmp_path), "steady") as process:
            known = len(begun(tmp_path, "steady"))
            wait_for(lambda known=known: len(begun(tmp_path, "steady")) > known)  # type: ignore[misc]
            os.kill(begun(tmp_path, "steady")[-1], signal.SIGKILL)
            time.sleep(pause)
            began = time.monotonic()
            process.send_signal(signal.SIGTERM)
            assert process.wait(PATIENCE_SECONDS) == 0
            # Not the second after which it would have killed what does not listen.
            assert time.monotonic() - began < 0.9


def test_a_part_that_does_not_listen_is_killed_in_the_end(tmp_path: Path) -> None:
    with running(TREE, str(tmp_path), "stubborn", "steady") as process:
        wait_for(lambda: bool(begun(tmp_path, "stubborn") and begun(tmp_path, "steady")))
        process.send_signal(signal.SIGTERM)
        assert process.wait(PATIENCE_SECONDS) == 0

    (stubborn,) = begun(tmp_path, "stubborn")
    wait_for(lambda: is_gone(stubborn))
    assert begun(tmp_path, "steady-ended-well")


@pytest.mark.parametrize("part", ["steady", "stubborn"])
def test_parts_do_not_outlive_a_tree_that_is_killed(tmp_path: Path, part: str) -> None:
    with running(TREE, str(tmp_path), part) as process:
        wait_for(lambda: bool(begun(tmp_path, part)))
        process.kill()
        process.wait()

    (pid,) = begun(tmp_path, part)
    wait_for(lambda: is_gone(pid))


@pytest.mark.parametrize("part", ["ending", "failing"])
def test_a_part_that_cannot_live_is_started_ever_more_slowly_and_disturbs_nobody(
    tmp_path: Path, part: str
) -> None:
    with running(TREE, str(tmp_path), part, "steady") as process:
        wait_for(lambda: len(begun(tmp_path, part)) == 4)
        began = time.monotonic()
        wait_for(lambda: len(begun(tmp_path, part)) == 5)

        assert time.monotonic() - began > 0.6
        assert len(begun(tmp_path, "steady")) == 1
        process.send_signal(signal.SIGTERM)
        assert process.wait(PATIENCE_SECONDS) == 0


def test_a_stopped_part_is_killed_too(tmp_path: Path, steady: Process) -> None:
    (pid,) = begun(tmp_path, "steady")
    os.kill(pid, signal.SIGSTOP)

    steady.send_signal(signal.SIGTERM)

    assert steady.wait(PATIENCE_SECONDS) == 0
    wait_for(lambda: is_gone(pid))
