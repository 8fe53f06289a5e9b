"""The lock between processes: one at a time, in turn, and never for ever."""

import os
import signal
import threading
import time
from contextlib import ExitStack
from pathlib import Path

import pytest

from bridge import fair_lock
from bridge.errors import Temporary
from bridge.fair_lock import LockBusy, LockUnusable, held
from tests.lab.processes import heard, running, said_by_child, tell

# Holds the lock until it is told to let go.
HOLDER = """
import sys
from pathlib import Path
from bridge.fair_lock import held
with held(Path(sys.argv[1]), 5):
    print("in", flush=True)
    sys.stdin.readline()
print("out", flush=True)
"""
# Leaves the room and wants back in at once, again and again.
HOG = """
import sys, time
from pathlib import Path
from bridge.fair_lock import held
print("ready", flush=True)
while True:
    with held(Path(sys.argv[1]), 30, hurried=sys.argv[2:] == ["hurried"]):
        time.sleep(0.02)
"""
# Says so before it waits for the lock, in a hurry or not, and when it has had it.
WAITER = """
import sys, time
from pathlib import Path
from bridge.fair_lock import held
print("waits", flush=True)
with held(Path(sys.argv[1]), 30, hurried=sys.argv[2:] == ["hurried"]):
    print(time.monotonic(), flush=True)
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "bridge.db.lock"


def test_one_thread_at_a_time_is_in(path: Path) -> None:
    inside: list[int] = []
    most: list[int] = []

    def go_in() -> None:
        for _ in range(5):
            with held(path, 10):
                inside.append(1)
                most.append(len(inside))
                time.sleep(0.001)
                inside.pop()

    threads = [threading.Thread(target=go_in) for _ in range(6)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()

    assert most == [1] * 30


def test_who_waits_too_long_is_told_and_can_come_back(path: Path) -> None:
    with running(HOLDER, str(path)) as holder:
        assert heard(holder) == "in"
        began = time.monotonic()
        with pytest.raises(LockBusy, match="try again"), held(path, 0.2):
            pytest.fail("it was not ours")
        assert 0.2 <= time.monotonic() - began < 1.0

        tell(holder)
        assert heard(holder) == "out"
        with held(path, 0.2):
            pass


def test_who_stands_in_the_door_too_long_leaves_it_free(path: Path) -> None:
    with running(HOLDER, str(path)) as holder:
        assert heard(holder) == "in"
        with pytest.raises(LockBusy), held(path, 0.05):
            pass
        tell(holder)
        assert heard(holder) == "out"

        with held(path, 0.05), pytest.raises(LockBusy), held(path, 0.05):
            pass


def test_the_lock_of_a_killed_process_is_free(path: Path) -> None:
    with running(HOLDER, str(path)) as holder:
        assert heard(holder) == "in"
        holder.kill()
        with held(path, 2):
            pass


def test_who_waits_gets_in_beside_processes_that_hardly_ever_leave(path: Path) -> None:
    waits = []
    with running(HOG, str(path)) as one, running(HOG, str(path)) as other:
        assert heard(one) == heard(other) == "ready"
        for _ in range(15):
            time.sleep(0.005)
            began = time.monotonic()
            with held(path, 10):
                waits.append(time.monotonic() - began)

    # In turn means one stay of 20 ms of each of the two, and the machine is busy with other tests.
    assert sorted(waits)[len(waits) // 2] < 0.1
    assert max(waits) < 1.0


@pytest.mark.parametrize(
    "hurried_before",
    [
        pytest.param(False, id="before those who wait"),
        pytest.param(True, id="but not after another one in a hurry"),
    ],
)
def test_who_is_in_a_hurry_goes_in_first(path: Path, hurried_before: bool) -> None:
    with ExitStack() as stack:
        with held(path, 10, hurried=hurried_before):
            calm = stack.enter_context(running(WAITER, str(path)))
            assert heard(calm) == "waits"
            # By then it stands in the door, which nobody outside can see.
            time.sleep(0.3)
            quick = stack.enter_context(running(WAITER, str(path), "hurried"))
            assert heard(quick) == "waits"
            time.sleep(0.3)
        calm_at, quick_at = float(heard(calm)), float(heard(quick))

    assert (quick_at < calm_at) is not hurried_before


@pytest.mark.parametrize("hogs", [1, 2])
def test_who_waits_gets_in_beside_those_who_are_always_in_a_hurry(path: Path, hogs: int) -> None:
    waits = []
    with ExitStack() as stack:
        for _ in range(hogs):
            assert heard(stack.enter_context(running(HOG, str(path), "hurried"))) == "ready"
        for _ in range(15):
            time.sleep(0.005)
            began = time.monotonic()
            with held(path, 10):
                waits.append(time.monotonic() - began)

    assert sorted(waits)[len(waits) // 2] < 0.1
    assert max(waits) < 1.0


def test_who_is_in_a_hurry_and_stopped_holds_nobody_up_for_long(path: Path) -> None:
    with running(WAITER, str(path), "hurried") as stopped:
        with held(path, 10):
            assert heard(stopped) == "waits"
            time.sleep(0.3)
            os.kill(stopped.pid, signal.SIGSTOP)

        began = time.monotonic()
        with held(path, 10):
            waited = time.monotonic() - began
    assert waited < fair_lock.POLITE_SECONDS + 0.5


def test_an_error_in_the_block_is_the_blocks_own_and_frees_the_lock(path: Path) -> None:
    with pytest.raises(FileNotFoundError), held(path, 1):
        raise FileNotFoundError

    with held(path, 0.1):
        pass


def test_a_lock_that_cannot_be_made_is_temporary_trouble(tmp_path: Path) -> None:
    with pytest.raises(LockUnusable, match="No such file"), held(tmp_path / "no" / "lock", 1):
        pytest.fail("it was not ours")
    assert issubclass(LockUnusable, Temporary)


def test_a_lock_in_a_read_only_folder_is_temporary_trouble() -> None:
    def take() -> str:
        try:
            with held(Path("/nowhere.lock"), 1):
                return "held"
        except LockUnusable as error:
            return str(error)

    assert said_by_child(take, nobody=True) in {
        "nowhere.lock cannot be opened: Permission denied",
        "nowhere.lock cannot be opened: Read-only file system",
    }


def test_a_lock_file_is_private(path: Path) -> None:
    with held(path, 1):
        assert {one.name for one in path.parent.iterdir()} == {
            "bridge.db.lock",
            "bridge.db.lock-bell",
            "bridge.db.lock-door",
        }
        assert {one.stat().st_mode & 0o777 for one in path.parent.iterdir()} == {0o600}
    assert fair_lock.POLL_SECONDS < 0.01
