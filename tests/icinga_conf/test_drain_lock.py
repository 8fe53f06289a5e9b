"""One drain at a time, and whoever is killed in between: what was spooled arrives."""

import os
import shutil
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.icinga_conf.node import SCRIPT, Node, notification, numbers
from tests.lab.sink import Answer, Sink

LATE_RM = """#!/bin/sh
case $* in
*work/failed*) BRIDGE_JSON='{"type":"PROBLEM","number":2}' "$SCRIPT" ;;
esac
exec "$RM" "$@"
"""


def test_two_hundred_at_once_arrive_once_each(node: Node, sink: Sink) -> None:
    processes = [node.start(**notification(number)) for number in range(200)]

    outcomes = [(process.wait(60), process.communicate()) for process in processes]

    assert outcomes == [(0, (b"", b""))] * 200
    assert sorted(numbers(sink.notifications())) == list(range(200))
    assert node.waiting() == []


def test_in_a_storm_few_of_them_run_curl(node: Node, sink: Sink) -> None:
    sink.always = lambda request: Answer(
        202, {"kept": len(request.notifications()), "duplicates": 0}, delay=0.2
    )
    processes = [node.start(**notification(number)) for number in range(100)]
    for process in processes:
        process.communicate()

    assert sorted(numbers(sink.notifications())) == list(range(100))
    assert len(sink.requests) < 30


def test_a_drain_killed_before_the_answer_leaves_everything(node: Node, sink: Sink) -> None:
    files = node.put(1, 2)
    sink.say(Answer(202, delay=2))
    process = node.start("--drain")
    _until(lambda: sink.requests)
    process.send_signal(signal.SIGKILL)
    process.communicate()

    assert node.waiting() == files
    assert node.drain() == (0, "")
    assert [found["id"] for found in sink.notifications()] == ["id-1", "id-2"] * 2
    assert node.waiting() == []


@pytest.mark.parametrize("flock", [True, False], ids=["with flock", "without flock"])
def test_whoever_is_killed_a_notification_that_was_spooled_arrives(
    node: Node, sink: Sink, flock: bool
) -> None:
    if not flock:
        node = node.with_tools(flock=None)
    sink.always = lambda _: Answer(202, delay=0.02)
    done = []
    for number in range(40):
        process = node.start(**notification(number))
        time.sleep(0.001 * (number % 17))
        if number % 3 == 0:
            process.kill()
        process.communicate()
        if process.returncode == 0:
            done.append(number)
    # Some may hold the lock for a moment longer: the curl of one that was killed.
    _until(lambda: node.drain()[0] == 0 and not node.waiting())

    assert len(done) >= 26
    assert set(done) <= set(numbers(sink.notifications()))


def test_while_one_drains_another_has_nothing_to_do(node: Node, sink: Sink) -> None:
    node.put(1)
    sink.say(Answer(202, delay=1.5))
    first = node.start("--drain")
    _until(lambda: sink.requests)

    began = time.monotonic()
    assert node.notify(2) == (0, "")
    assert node.drain() == (0, "")
    assert time.monotonic() - began < 1.2

    first.communicate()
    assert numbers(sink.notifications()) == [1, 2]


def test_what_comes_between_the_last_look_and_the_release_is_posted(node: Node, sink: Sink) -> None:
    node.put(1)
    (node.spool / "work/failed").write_text("1\n")
    # The drain's last act before the release is to forget its failures. Here comes, just then,
    # a second notification; it meets the lock and leaves.
    node = node.with_tools(rm=_program(node.folder / "late-rm", LATE_RM))

    assert node.run("--drain", SCRIPT=str(SCRIPT), RM=str(shutil.which("rm"))) == (0, "")

    assert numbers(sink.notifications()) == [1, 2]


def test_who_sees_a_drain_at_work_does_not_even_ask_for_the_lock(node: Node, sink: Sink) -> None:
    asked = node.folder / "asked"
    flock = f'#!/bin/sh\necho asked >>"{asked}"\nexec {shutil.which("flock")} "$@"\n'
    node = node.with_tools(flock=_program(node.folder / "loud-flock", flock))
    sink.say(Answer(202, delay=1))
    first = node.start(**notification(0))
    _until(lambda: sink.requests)

    for number in range(1, 6):
        assert node.notify(number) == (0, "")
    first.communicate()

    assert sorted(numbers(sink.notifications())) == list(range(6))
    # Once for the first request, and once for the one with the other five.
    assert asked.read_text().count("asked") <= 2


def test_a_lock_left_by_a_dead_process_is_none(node: Node, sink: Sink) -> None:
    node.put(1)
    (node.spool / "work/lock").write_text("999999999\n")

    assert node.notify(2) == (0, "")

    assert numbers(sink.notifications()) == [1, 2]


def test_without_flock_a_lock_left_by_a_dead_process_is_taken_over(node: Node, sink: Sink) -> None:
    node = node.with_tools(flock=None)
    node.put(1)
    link = node.spool / "work/lock.link"
    link.symlink_to("999999999")

    assert node.drain() == (0, "")

    assert numbers(sink.notifications()) == [1]
    assert not link.is_symlink()


def test_without_flock_a_hundred_at_once_arrive(node: Node, sink: Sink) -> None:
    node = node.with_tools(flock=None)
    processes = [node.start(**notification(number)) for number in range(100)]
    for process in processes:
        process.communicate()
    node.drain()

    assert sorted(set(numbers(sink.notifications()))) == list(range(100))
    assert node.waiting() == []


@pytest.mark.parametrize(
    ("content", "arrives"),
    [
        pytest.param('{"id": "x", "number": 9}\n', True, id="complete"),
        pytest.param('{"id": "x", "host": {"name": "a"}', False, id="cut off"),
    ],
)
def test_what_was_killed_before_the_renaming_is_found(
    node: Node, sink: Sink, content: str, arrives: bool
) -> None:
    node.put()
    part = node.spool / ".1795421240000009.x.part"
    part.write_text(content)
    fresh = node.spool / ".1795421240000010.y.part"
    fresh.write_text("")
    long_ago = time.time() - 300
    os.utime(part, (long_ago, long_ago))

    assert node.drain()[0] == 0

    assert len(sink.requests) == arrives
    assert len(node.rejected()) == (0 if arrives else 2)
    assert not part.exists()
    assert fresh.exists()


@pytest.mark.parametrize("shell", ["dash", "bash --posix", "busybox sh"])
def test_it_runs_in_other_shells(node: Node, sink: Sink, shell: str) -> None:
    program = shell.split()
    if subprocess.run(["which", program[0]], capture_output=True, check=False).returncode:
        pytest.skip(f"{program[0]} is not installed")
    node.put(1, 2)
    environment = {
        "PATH": node.path,
        "BRIDGE_NOTIFY_CONFIG": str(node.config),
        "BRIDGE_NOTIFY_SPOOL": str(node.spool),
        "BRIDGE_TYPE": "PROBLEM",
        "BRIDGE_HOST": "wéb01",
        "BRIDGE_NUMBER": "3",
    }

    done = subprocess.run(
        [*program, SCRIPT], env=environment, capture_output=True, text=True, check=False
    )

    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert numbers(sink.notifications()) == [1, 2, 3]


def _program(path: Path, text: str) -> str:
    path.write_text(text)
    path.chmod(0o755)
    return str(path)


def _until(happened: Callable[[], object], seconds: float = 15.0) -> None:
    end = time.monotonic() + seconds
    while not happened():
        assert time.monotonic() < end, "it did not happen"
        time.sleep(0.02)
