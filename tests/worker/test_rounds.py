"""The loops: told to stop they do, a database in trouble is waited for, and they say they live."""

import os
import signal
import time
from collections.abc import Iterator

import pytest
from sqlalchemy import select

from bridge.database import DatabaseUnavailable
from bridge.heartbeats.models import Heartbeat
from bridge.installation import Installation
from bridge.worker import rounds
from bridge.worker.names import process_name
from bridge.worker.rounds import Stop, forever, heartbeat


@pytest.fixture
def stop() -> Iterator[Stop]:
    before = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)}
    made = Stop()
    yield made
    for number, handler in before.items():
        signal.signal(number, handler)


def test_it_goes_on_until_it_is_told_to_stop(stop: Stop) -> None:
    done: list[int] = []

    def one_round() -> int:
        done.append(1)
        if len(done) == 3:
            os.kill(os.getpid(), signal.SIGTERM)
        return 1

    forever(stop, one_round, os.getppid())

    assert len(done) == 3


def test_it_ends_when_its_parent_is_gone(stop: Stop) -> None:
    forever(stop, lambda: pytest.fail("a round without a parent"), os.getppid() + 1)


def test_a_database_in_trouble_is_waited_for(stop: Stop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rounds, "PAUSE_SECONDS", 0.05)
    calls: list[float] = []

    def one_round() -> int:
        calls.append(time.monotonic())
        if len(calls) < 3:
            raise DatabaseUnavailable
        stop.asked = True
        return 1

    forever(stop, one_round, os.getppid())

    assert len(calls) == 3
    assert calls[2] - calls[0] >= 0.1


def test_any_other_error_ends_it(stop: Stop) -> None:
    def one_round() -> int:
        raise KeyError

    with pytest.raises(KeyError):
        forever(stop, one_round, os.getppid())


def test_a_heartbeat_is_written_now_and_then_only(installation: Installation) -> None:
    beat = heartbeat(installation.database, "worker")

    beats = []
    for _ in range(3):
        beat()
        with installation.database.reading() as session:
            beats.append(session.scalars(select(Heartbeat)).one())

    assert {one.name for one in beats} == {f"worker@{process_name()}"}
    assert len({one.beat_at for one in beats}) == 1
