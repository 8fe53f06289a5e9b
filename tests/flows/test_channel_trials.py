"""Of all couriers that ask at once, one gets the trial of a channel that has failed."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

from sqlalchemy import select

from bridge.flows import channel_health
from bridge.installation import Installation
from bridge.oncall.circuit import FAILURES
from bridge.outbox.outcome import Outcome
from bridge.staff.models import Channel
from tests.builders import apply_desk, later, looking

COURIERS = 4
START = later(1)


def test_of_couriers_that_ask_at_once_one_gets_the_trial(installation: Installation) -> None:
    apply_desk(installation)
    with looking(installation) as session:
        channel = session.scalars(select(Channel.id).order_by(Channel.id)).first()
    assert channel is not None
    with installation.database.transaction() as session:
        for _ in range(FAILURES):
            channel_health.note(session, channel, Outcome.FAILED_FOR_NOW, "no", START)
    together = Barrier(COURIERS)

    def ask(_: int) -> bool:
        together.wait(10)
        with installation.database.transaction() as session:
            now = START + timedelta(seconds=60)
            return channel_health.may_try(session, [channel], now)[channel]

    with ThreadPoolExecutor(COURIERS) as couriers:
        answers = list(couriers.map(ask, range(COURIERS)))

    assert sorted(answers) == [False] * (COURIERS - 1) + [True]
