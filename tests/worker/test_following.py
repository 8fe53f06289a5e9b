"""Running clocks follow the configuration by themselves, some at a time."""

import pytest
import time_machine
from sqlalchemy import select

from bridge.flows import catching_up
from bridge.installation import Installation
from bridge.sla.models import Clock
from bridge.worker import following
from bridge.worker.following import Following
from tests.builders import apply_desk, differing, full_desk, hear, later, looking, notification

# New databases, because these tests change the desk file.
from tests.conftest import database_url, installation

__all__ = ["database_url", "installation"]

SHORTER = full_desk().replace("{P1: 30m, P2: 1h, P3: 4h", "{P1: 10m, P2: 20m, P3: 4h", 1)


@pytest.fixture
def desk(installation: Installation, monkeypatch: pytest.MonkeyPatch) -> Installation:
    """A desk with five tickets, in a world where a second is over at once."""
    monkeypatch.setattr(following, "LOOK_EVERY_SECONDS", 0.0)
    apply_desk(installation)
    hear(installation, *(notification(host=f"h{n}") for n in range(5)))
    return installation


def targets(desk: Installation) -> set[int]:
    with looking(desk) as session:
        return set(session.scalars(select(Clock.target_minutes)))


def test_all_of_them_follow_some_at_a_time(
    desk: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(following, "AT_ONCE", 2)
    worker = Following(desk)
    with time_machine.travel(later(9), tick=False):
        assert worker.step() == 0
    apply_desk(desk, SHORTER, later(10))

    with time_machine.travel(later(11), tick=False):
        steps = [worker.step() for _ in range(5)]

    assert steps == [2, 2, 1, 0, 0]
    assert targets(desk) == {20}
    assert differing(desk) == []


def test_where_nothing_has_changed_no_clock_is_looked_at(
    desk: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    worker = Following(desk)
    with time_machine.travel(later(9), tick=False):
        worker.step()
        worker.step()
        monkeypatch.delattr(catching_up, "behind")

        assert [worker.step() for _ in range(5)] == [0] * 5
