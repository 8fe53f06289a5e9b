"""A channel that fails again and again is left alone for a while, over all couriers."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from bridge.flows import channel_health
from bridge.installation import Installation
from bridge.oncall.circuit import FAILURES, TRIAL
from bridge.oncall.models import ChannelHealth
from bridge.outbox.actions import INTERRUPTED
from bridge.outbox.outcome import Outcome
from bridge.staff.models import Channel
from tests.builders import apply_desk, later, looking

MINUTE = timedelta(seconds=60)
START = later(1)


@pytest.fixture
def channels(installation: Installation) -> list[int]:
    """The channels of an installation with a desk file, by their ids."""
    apply_desk(installation)
    with looking(installation) as session:
        return list(session.scalars(select(Channel.id).order_by(Channel.id)))


def noted(
    installation: Installation, channel: int, outcome: Outcome, times: int = 1, reason: str = "no"
) -> None:
    with installation.database.transaction() as session:
        for _ in range(times):
            channel_health.note(session, channel, outcome, reason, START)


def may_try(installation: Installation, channel: int, after: timedelta = timedelta()) -> bool:
    with installation.database.transaction() as session:
        return channel_health.may_try(session, [channel], START + after)[channel]


def test_a_channel_nobody_used_may_be_tried(
    installation: Installation, channels: list[int]
) -> None:
    with installation.database.transaction() as session:
        found = channel_health.may_try(session, reversed(channels), START)

    assert found == dict.fromkeys(channels, True)


@pytest.mark.parametrize(
    "outcome", [Outcome.FAILED_FOR_NOW, Outcome.FAILED_FOR_GOOD, Outcome.MAYBE]
)
def test_after_five_failures_in_a_row_a_channel_is_left_alone_and_the_others_are_not(
    installation: Installation, channels: list[int], outcome: Outcome
) -> None:
    ours, other = channels[:2]
    noted(installation, ours, outcome, FAILURES - 1)
    assert may_try(installation, ours)
    noted(installation, ours, outcome)

    assert not may_try(installation, ours, MINUTE - timedelta(seconds=1))
    assert may_try(installation, other)


def test_couriers_that_end_in_the_middle_say_nothing_about_a_channel(
    installation: Installation, channels: list[int]
) -> None:
    noted(installation, channels[0], INTERRUPTED.outcome, FAILURES, INTERRUPTED.reason)

    assert may_try(installation, channels[0])


def test_what_works_in_between_counts_anew_and_says_when(
    installation: Installation, channels: list[int]
) -> None:
    ours = channels[0]
    noted(installation, ours, Outcome.FAILED_FOR_NOW, FAILURES - 1, "refused")
    noted(installation, ours, Outcome.ACCEPTED)
    noted(installation, ours, Outcome.FAILED_FOR_NOW, FAILURES - 1, "refused")

    assert may_try(installation, ours)
    with looking(installation) as session:
        health = session.get_one(ChannelHealth, ours)
        assert (health.worked_at, health.failed_at, health.reason) == (START, START, "refused")


def test_after_the_pause_one_delivery_at_a_time_is_a_trial(
    installation: Installation, channels: list[int]
) -> None:
    ours = channels[0]
    noted(installation, ours, Outcome.FAILED_FOR_NOW, FAILURES)

    assert may_try(installation, ours, MINUTE)
    assert not may_try(installation, ours, MINUTE + timedelta(seconds=1))
    assert may_try(installation, ours, MINUTE + TRIAL)


def test_what_is_not_tried_fails_for_now_until_the_next_trial_and_counts_for_nothing(
    installation: Installation, channels: list[int]
) -> None:
    ours = channels[0]
    noted(installation, ours, Outcome.FAILED_FOR_NOW, FAILURES)

    with installation.database.transaction() as session:
        ended = channel_health.not_tried(session, ours, START + timedelta(seconds=20))
    noted(installation, ours, ended.outcome, 3, ended.reason)

    assert (ended.outcome, ended.retry_after_seconds) == (Outcome.FAILED_FOR_NOW, 40)
    assert ended.reason == "not tried: the channel has failed 5 times"
    with looking(installation) as session:
        health = session.get_one(ChannelHealth, ours)
        assert (health.failures, health.reason) == (FAILURES, "no")
