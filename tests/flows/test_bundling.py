"""Many tickets for one person: few messages, each true when it leaves, and nothing lost."""

import threading
from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta

import pytest
from sqlalchemy import func, select

from bridge.flows import answers, deliveries, links
from bridge.flows.ready import Ready
from bridge.installation import Installation
from bridge.oncall.models import Delivery, Storm
from bridge.outbox import actions as outbox
from bridge.outbox.models import OutboxEntry
from bridge.outbox.outcome import Delivered, Outcome
from bridge.tickets.models import JournalEntry
from tests.builders import (
    EXAMPLE,
    act,
    apply_desk,
    fire,
    hear,
    later,
    looking,
    notification,
    person,
)

LEASE = timedelta(seconds=60)
# Anna has one channel only, and carl comes after her.
ONE_CHANNEL = EXAMPLE.read_text().replace("page: [push 0m, sms 2m]", "page: [push 0m]")


def at(seconds: float) -> datetime:
    return later(seconds / 60)


def claimed(
    installation: Installation, now: datetime, limit: int = 100, courier: str = "courier"
) -> list[Ready]:
    with installation.database.transaction() as session:
        directory = installation.directories.current(session)
        claims = outbox.claim(session, courier, limit, LEASE, now, ("page", "quiet_page"))
        url = installation.settings.public_url
        return deliveries.make_ready(session, directory, installation.keys, url, claims, now)


def recorded(
    installation: Installation, ready: Sequence[Ready], now: datetime, outcome: Outcome
) -> None:
    with installation.database.transaction() as session:
        directory = installation.directories.current(session)
        ended = [(one.claim, Delivered(outcome, "so")) for one in ready]
        deliveries.record(session, directory, ended, now)


def sent(
    installation: Installation, now: datetime, outcome: Outcome = Outcome.ACCEPTED
) -> list[Ready]:
    """Let what is due leave, and end so."""
    ready = claimed(installation, now)
    recorded(installation, ready, now, outcome)
    return ready


def listed(installation: Installation, ready: Ready) -> list[int]:
    """Return the tickets that acting on a message acts on."""
    link = links.read(installation.keys, ready.payload["link"].rsplit("/", 1)[1])
    with looking(installation) as session:
        return links.listed(session, link)


def states(installation: Installation) -> Counter[str]:
    with looking(installation) as session:
        rows = session.execute(select(Delivery.state, func.count()).group_by(Delivery.state))
        return Counter({state: count for state, count in rows})  # noqa: C416 - rows are not pairs


def alarm(installation: Installation, number: int, seconds: float, state: str = "CRITICAL") -> None:
    """Let a problem begin, whose first page is due a minute later (at once for a host)."""
    told = notification(at=at(seconds), service=f"disk{number:04}", state=state)
    hear(installation, told, now=at(seconds))


def acknowledged(installation: Installation, number: int, now: datetime) -> None:
    ben = person(installation, "ben")
    act(installation, answers.acknowledge, number, ben, "page", now)


@pytest.fixture
def desk(installation: Installation) -> Installation:
    apply_desk(installation, ONE_CHANNEL)
    return installation


def test_five_tickets_within_forty_seconds_are_two_messages(desk: Installation) -> None:
    for number in range(5):
        alarm(desk, number, number * 10)
    messages: list[list[int]] = []
    for second in range(60, 150, 5):
        fire(desk, at(second))
        if second == 100:
            acknowledged(desk, 10004, at(second))
        messages += [listed(desk, one) for one in sent(desk, at(second))]

    assert messages == [[10001], [10002, 10003, 10005]]
    assert states(desk) == {"accepted": 4, "cancelled": 1}


def test_a_bundle_says_how_many_and_lists_the_worst_first(desk: Installation) -> None:
    alarm(desk, 1, 0)
    alarm(desk, 2, 0)
    fire(desk, at(60))

    (one,) = sent(desk, at(60))

    assert one.payload["title"] == "2 Tickets brauchen eine Antwort, das schlimmste P2"
    assert one.payload["listed"] == [
        "#10001 P2 CRITICAL ACME GmbH web01 / disk0001",
        "#10002 P2 CRITICAL ACME GmbH web01 / disk0002",
    ]
    assert one.payload["link"].startswith("http://bridge.test/a/")
    with looking(desk) as session:
        told = select(JournalEntry.ticket_number).where(JournalEntry.kind == "delivered")
        assert sorted(session.scalars(told)) == [10001, 10002]


def test_a_bundle_of_which_nothing_is_left_does_not_leave(desk: Installation) -> None:
    for number in range(3):
        alarm(desk, number, 0)
        fire(desk, at(60 + number))
        sent(desk, at(60 + number))
    acknowledged(desk, 10002, at(90))
    acknowledged(desk, 10003, at(90))

    assert sent(desk, at(130)) == []
    assert states(desk) == {"accepted": 1, "cancelled": 2}


def test_a_bundle_that_fails_lists_anew_when_it_is_tried_again(desk: Installation) -> None:
    for number in range(3):
        alarm(desk, number, 0)
    fire(desk, at(60))
    (first,) = sent(desk, at(60), Outcome.FAILED_FOR_NOW)
    acknowledged(desk, 10002, at(65))
    (second,) = sent(desk, at(75))

    assert (listed(desk, first), listed(desk, second)) == ([10001, 10002, 10003], [10001, 10003])
    assert states(desk) == {"accepted": 2, "cancelled": 1}


def test_taking_one_ticket_of_a_waiting_bundle_leaves_the_others(desk: Installation) -> None:
    alarm(desk, 1, 0)
    alarm(desk, 2, 0)
    fire(desk, at(60))
    sent(desk, at(60), Outcome.FAILED_FOR_NOW)
    # The entry of the bundle is of the first ticket.
    acknowledged(desk, 10001, at(65))

    (again,) = sent(desk, at(75))

    assert listed(desk, again) == [10002]
    assert again.payload["title"] == "P2 CRITICAL web01 / disk0002"


def test_a_channel_that_fails_for_good_holds_nobody_up(desk: Installation) -> None:
    alarm(desk, 1, 0)
    alarm(desk, 2, 1)
    fire(desk, at(60))
    (first,) = claimed(desk, at(60))
    fire(desk, at(61))
    claimed(desk, at(61))
    recorded(desk, [first], at(62), Outcome.FAILED_FOR_GOOD)

    assert [listed(desk, one) for one in sent(desk, at(62))] == [[10002]]


@pytest.mark.parametrize(
    ("storm", "expected"),
    [
        pytest.param(False, [[10002]], id="the first page of a P1 is not held back"),
        pytest.param(True, [], id="but in a storm it is bundled, too"),
    ],
)
def test_a_p1_in_between(desk: Installation, storm: bool, expected: list[list[int]]) -> None:
    alarm(desk, 1, 0)
    fire(desk, at(60))
    sent(desk, at(60))
    hear(desk, notification(at=at(70), host="db01", service=None), now=at(70))
    if storm:
        with desk.database.transaction() as session:
            session.add(Storm(scope="all", ticket_number=10001, started_at=at(70)))
    fire(desk, at(70))

    assert [listed(desk, one) for one in sent(desk, at(70))] == expected


def test_two_thousand_tickets_are_a_handful_of_messages(desk: Installation) -> None:
    count, messages, seen = 2000, [], 0
    said = [
        notification(at=at(n * 60 / count), service=f"disk{n:04}", state="CRITICAL")
        for n in range(count)
    ]
    for n in range(0, count, 200):
        hear(desk, *said[n : n + 200], now=at((n + 199) * 60 / count))
    for second in range(60, 260, 5):
        with desk.database.transaction() as session:
            session.expire_all()
        for _ in range(3):
            fire(desk, at(second))
        ready = sent(desk, at(second))
        messages += ready
        seen += sum(len(listed(desk, one)) for one in ready)

    assert len(messages) <= 5
    assert seen == count
    assert states(desk) == {"accepted": count}
    with looking(desk) as session:
        left = select(func.count()).where(OutboxEntry.state.in_(("waiting", "claimed")))
        assert session.scalar(left.where(OutboxEntry.door == "page")) == 0


def test_of_overdue_channels_only_the_loudest_is_used(installation: Installation) -> None:
    apply_desk(installation)
    alarm(installation, 1, 0)
    fire(installation, at(60))

    ready = sent(installation, at(60 + 300))

    assert [one.payload["channel_url"].rpartition("=")[2] for one in ready] == ["sms"]
    assert states(installation) == {"accepted": 1, "cancelled": 1}


def test_opening_the_link_marks_what_the_message_carried_as_seen(desk: Installation) -> None:
    alarm(desk, 1, 0)
    alarm(desk, 2, 0)
    fire(desk, at(60))
    (one,) = sent(desk, at(60))
    link = links.read(desk.keys, one.payload["link"].rsplit("/", 1)[1])

    with desk.database.transaction() as session:
        first = len(links.opened(session, link, at(70)))
        second = len(links.opened(session, link, at(80)))

    assert (first, second) == (2, 0)
    assert states(desk) == {"seen": 2}


def test_couriers_at_once_never_take_the_same_moment_for_the_first(desk: Installation) -> None:
    count = 24
    for number in range(count):
        alarm(desk, number, 0)
    fire(desk, at(60))
    leaving: list[Ready] = []
    start = threading.Barrier(6)

    def courier(name: str) -> None:
        start.wait()
        for _ in range(6):
            leaving.extend(claimed(desk, at(60), limit=1, courier=name))

    threads = [threading.Thread(target=courier, args=(f"courier{n}",)) for n in range(6)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    recorded(desk, leaving, at(61), Outcome.ACCEPTED)
    late = sent(desk, at(121))

    assert len(leaving) == 1
    together = [number for one in [*leaving, *late] for number in listed(desk, one)]
    assert sorted(together) == list(range(10001, 10001 + count))
    assert states(desk) == {"accepted": count}
