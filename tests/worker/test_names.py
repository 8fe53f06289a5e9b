"""Names of processes: by one, another process of the node can tell whether its owner lives."""

import os
import signal
from pathlib import Path

import psutil
import pytest

from bridge.worker.names import is_dead, pid_of, process_name
from tests.lab.processes import heard, running, said_by_child, tell

SAYS_ITS_NAME = """
import sys
from bridge.worker.names import process_name
print(process_name(), flush=True)
sys.stdin.readline()
"""


def test_a_process_has_one_name_and_no_other_has_it() -> None:
    mine = process_name()

    assert process_name() == mine
    assert said_by_child(process_name) != mine
    assert pid_of(mine) == os.getpid()


@pytest.mark.parametrize("what", [None, signal.SIGSTOP], ids=["waits", "is stopped"])
def test_a_process_lives_that(what: signal.Signals | None) -> None:
    with running(SAYS_ITS_NAME) as process:
        name = heard(process)
        if what is not None:
            os.kill(process.pid, what)

        assert not is_dead(name)


@pytest.mark.parametrize("buried", [False, True], ids=["and is not buried", "and is buried"])
def test_a_process_is_dead_that_was_killed(buried: bool) -> None:
    with running(SAYS_ITS_NAME) as process:
        name = heard(process)
        os.kill(process.pid, signal.SIGKILL)
        os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOWAIT)
        if buried:
            process.wait()

        assert is_dead(name)


def test_a_process_is_dead_that_has_ended_by_itself() -> None:
    with running(SAYS_ITS_NAME) as process:
        name = heard(process)
        tell(process)
        process.wait()

        assert is_dead(name)


def test_a_process_is_dead_whose_number_is_somebody_elses_now() -> None:
    node_and_pid, _, started = process_name().rpartition(":")

    assert is_dead(f"{node_and_pid}:{int(started) - 1}")


@pytest.mark.parametrize(
    "name",
    [
        pytest.param("another-node:1:1", id="another node's"),
        pytest.param("{node}:1", id="without a start"),
        pytest.param("{node}:x:1", id="without a number"),
        pytest.param("{node}:1:-1", id="before the machine's start"),
        pytest.param("courier", id="a word"),
        pytest.param("", id="nothing"),
    ],
)
def test_of_a_name_that_is_none_of_ours_nothing_is_known(name: str) -> None:
    node = process_name().rsplit(":", 2)[0]

    assert not is_dead(name.format(node=node))


def test_a_clock_that_is_set_while_a_process_runs_does_not_end_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not psutil.LINUX:
        pytest.skip("only Linux shows its processes as files")
    mine, began = process_name(), psutil.Process().create_time()
    own = tmp_path / str(os.getpid())
    own.mkdir()
    for name in ("stat", "status"):
        (own / name).write_bytes(Path(f"/proc/self/{name}").read_bytes())
    # Where the clock is set, the moment changes at which the machine is said to have started.
    (tmp_path / "stat").write_text(f"btime {int(psutil.boot_time()) + 3600}\n")
    monkeypatch.setattr(psutil, "PROCFS_PATH", str(tmp_path))

    assert psutil.Process().create_time() - began == pytest.approx(3600)
    assert not is_dead(mine)
