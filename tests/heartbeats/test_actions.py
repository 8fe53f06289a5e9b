"""Heartbeats: the last of each kind, and none of those long gone."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from bridge.heartbeats import actions, queries
from bridge.heartbeats.models import Heartbeat

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)


def test_there_is_no_beat_before_the_first(session: Session) -> None:
    assert queries.last_beat(session, "worker") is None


def test_the_last_beat_of_a_kind_is_that_of_its_liveliest_process(session: Session) -> None:
    actions.beat(session, "worker@a:1", "worker", NOW)
    actions.beat(session, "worker@b:1", "worker", NOW + timedelta(seconds=3))
    actions.beat(session, "worker@a:1", "worker", NOW + timedelta(seconds=1))
    actions.beat(session, "courier@a:2", "courier", NOW + timedelta(seconds=9))

    assert queries.last_beat(session, "worker") == NOW + timedelta(seconds=3)
    assert queries.last_beat(session, "courier") == NOW + timedelta(seconds=9)
    assert queries.last_beat(session, "watcher") is None


def test_a_process_long_gone_is_forgotten_when_a_new_one_begins(session: Session) -> None:
    actions.beat(session, "worker@a:1", "worker", NOW)
    later = NOW + actions.FORGOTTEN_AFTER + timedelta(seconds=1)

    actions.beat(session, "worker@a:2", "worker", later)

    assert session.scalars(select(Heartbeat.name)).all() == ["worker@a:2"]
