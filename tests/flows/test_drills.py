"""Tests of channels over the real path, and the weekly drill."""

from datetime import timedelta

from sqlalchemy import select

from bridge.flows import deliveries, drills
from bridge.installation import Installation
from bridge.oncall.models import ChannelHealth
from bridge.outbox import actions as outbox
from bridge.outbox.outcome import Delivered, Outcome
from tests.builders import act, apply_desk, later, person


def test_a_test_takes_the_way_of_pages_and_its_result_is_kept(installation: Installation) -> None:
    apply_desk(installation)
    anna = person(installation)
    channel_id = anna.channels[0].id
    act(installation, drills.test, channel_id, anna, later(1))

    with installation.database.transaction() as session:
        directory = installation.directories.current(session)
        claims = outbox.claim(session, "courier", 10, timedelta(seconds=60), later(1))
        (ready,) = deliveries.make_ready(
            session, directory, installation.keys, "http://bridge.test", claims, later(1)
        )
        session.flush()
        ended = [(ready.claim, Delivered(Outcome.ACCEPTED, "so"))]
        deliveries.record(session, directory, ended, later(2))

    assert ready.payload["title"] == "Ein Test dieses Kanals"
    with installation.database.reading() as session:
        assert drills.last_results(session, [channel_id])[channel_id].state == "accepted"
        health = session.scalars(select(ChannelHealth)).one()
        assert (health.channel_id, health.worked_at) == (channel_id, later(2))


def test_the_drill_tests_each_channel_of_who_is_on_duty_once_a_week(
    installation: Installation,
) -> None:
    apply_desk(installation)
    hours = [60 * n for n in (0, 1, 2, 24, 5 * 24, 7 * 24)]

    made = [act(installation, drills.drill, later(minutes)) for minutes in hours]

    # Monday 9 UTC is 10 in Berlin; Saturday is no day for it; the next Monday is another week.
    assert made == [2, 0, 0, 0, 0, 2]
