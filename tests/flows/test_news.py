"""News of an escalation: told once, and only while they are true."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from bridge.flows import answers, deliveries, news
from bridge.installation import Installation
from bridge.oncall.models import Run
from bridge.oncall.moves import News, Tell
from bridge.outbox import actions as outbox
from bridge.outbox.models import OutboxEntry
from tests.builders import act, apply_desk, fire, hear, later, looking, notification, person
from tests.builders import the_ticket as one_ticket


def told(installation: Installation, what: News) -> list[int]:
    with installation.database.transaction() as session:
        directory = installation.directories.current(session)
        run = session.scalars(select(Run)).one()
        tell = Tell("R6", what, ("anna",), "ben")
        return news.queue(session, directory, one_ticket(session), run, tell, later(2))


def titles(installation: Installation) -> list[str]:
    with installation.database.transaction() as session:
        directory = installation.directories.current(session)
        claims = outbox.claim(session, "c", 10, timedelta(seconds=60), later(3), ("notice",))
        ready = deliveries.make_ready(
            session, directory, installation.keys, "http://bridge.test", claims, later(3)
        )
        return [one.payload["title"] for one in ready]


@pytest.fixture
def paged(installation: Installation) -> Installation:
    apply_desk(installation)
    hear(installation, notification())
    fire(installation, later(1))
    return installation


def test_the_same_is_told_once(paged: Installation) -> None:
    first, second = told(paged, News.TAKEN), told(paged, News.TAKEN)

    assert (len(first), second) == (1, [])


def test_what_is_not_true_any_more_does_not_leave(paged: Installation) -> None:
    told(paged, News.TAKEN)

    assert titles(paged) == []
    with looking(paged) as session:
        entry = session.scalars(select(OutboxEntry).where(OutboxEntry.door == "notice")).one()
        assert (entry.state, entry.reason) == ("cancelled", "no longer true")


def test_a_summary_lists_what_stays_with_others(paged: Installation) -> None:
    act(paged, answers.acknowledge, 10001, person(paged, "ben"), "page", later(1.5))
    told(paged, News.SUMMARY)

    summary = [one for one in titles(paged) if "Bereitschaft" in one]
    assert summary == ["Du hast jetzt Bereitschaft. 1 Tickets bleiben bei anderen"]
