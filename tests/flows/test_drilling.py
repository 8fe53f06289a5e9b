"""The part that tests channels each week."""

import pytest
import time_machine
from sqlalchemy import func, select

from bridge.installation import Installation
from bridge.oncall.models import ChannelTest
from bridge.worker.drilling import Drills
from tests.builders import EXAMPLE, apply_desk, later, looking

WANTED = EXAMPLE.read_text("utf8").replace("quiet_time: 5m", "quiet_time: 5m, drills: true")


def queued(installation: Installation) -> int:
    with looking(installation) as session:
        return session.scalar(select(func.count()).select_from(ChannelTest)) or 0


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(WANTED, 2, id="the desk file wants it"),
        pytest.param(EXAMPLE.read_text("utf8"), 0, id="nobody asked for it"),
    ],
)
def test_channels_are_tested_where_the_desk_file_wants_it(
    installation: Installation, monkeypatch: pytest.MonkeyPatch, text: str, expected: int
) -> None:
    apply_desk(installation, text)
    # The moment counts that the database's clock shows, on which no test can wait.
    monkeypatch.setattr("bridge.database.now", lambda _session: later(1))
    with time_machine.travel(later(1)):
        part, other = Drills(installation), Drills(installation)

        done = [part.step(), other.step(), part.step()]

    assert done == [expected, 0, 0]
    assert queued(installation) == expected
