"""Many random histories: whatever people, customers and Icinga do, the journal gives the clocks."""

import random
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta

import pytest
from sqlalchemy import delete, select, update

from bridge.errors import NotFound, Refused
from bridge.flows import (
    answers,
    catching_up,
    changes,
    conversation,
    corrections,
    listening,
    merging,
    requests,
    verifying,
    waiting,
    waiting_ends,
)
from bridge.flows.requests import NewRequest
from bridge.installation import Installation
from bridge.sla import queries
from bridge.sla.models import Clock
from bridge.sla.rows import Row
from bridge.tickets.models import Ticket
from tests.builders import (
    MONDAY_9_UTC,
    act,
    all_tickets,
    apply_desk,
    differing,
    full_desk,
    hear,
    looking,
    notification,
    person,
)

ADDRESSES = ("full@desk.example", "acme-247@desk.example", "nordlicht@desk.example", None)
CONTRACTS = ("acme-full", "acme-care", "nordlicht-office")
STATES = ("CRITICAL", "WARNING", "UNKNOWN")
STEPS = 150


class Walk:
    """Somebody does something at random, again and again, and time goes by."""

    def __init__(self, desk: Installation, seed: int) -> None:
        self.desk = desk
        self.random = random.Random(seed)
        self.now = MONDAY_9_UTC
        self.anna = person(desk)
        self.texts = [full_desk()]
        self.steps: list[Callable[[], object]] = [
            *[self.alarm] * 4,
            *[self.recovery] * 3,
            self.icinga_acknowledges,
            *[self.request] * 3,
            self.acknowledge,
            *[self.answer] * 3,
            *[self.mail] * 2,
            self.bounce,
            *[self.customer] * 4,
            *[self.wait] * 2,
            self.go_on,
            *[self.resolve] * 2,
            self.reopen,
            self.close,
            self.priority,
            self.ticket_class,
            self.contract,
            *[self.merge] * 3,
            *[self.correct] * 2,
            *[self.configure] * 2,
            *[self.timers] * 2,
        ]

    def go(self) -> None:
        for _ in range(STEPS):
            self.now += timedelta(minutes=self.random.expovariate(1 / 40))
            with suppress(Refused, NotFound):
                self.random.choice(self.steps)()

    def ticket(self) -> int:
        with looking(self.desk) as session:
            numbers = session.scalars(select(Ticket.number)).all()
        return self.random.choice(numbers) if numbers else 1

    def ago(self) -> datetime:
        return self.now - timedelta(minutes=self.random.choice([0, 0, 0, 5, 90, 20000]))

    def _heard(self, kind: str, state: str | None = None, **more: object) -> None:
        host = f"h{self.random.randrange(4)}"
        address = self.random.choice(ADDRESSES)
        wishes = {"address": address} if address else {"customer": "1001"}
        since = self.now - timedelta(minutes=self.random.choice([0, 1, 30]))
        said = notification(kind, self.now, host=host, since=since, vars=wishes, state=state)
        hear(self.desk, said | more)

    def alarm(self) -> None:
        self._heard("PROBLEM", self.random.choice(STATES))

    def recovery(self) -> None:
        self._heard("RECOVERY")

    def icinga_acknowledges(self) -> None:
        self._heard("ACKNOWLEDGEMENT", author="anna")

    def request(self) -> None:
        new = NewRequest(
            "Printer",
            "does not print",
            self.random.choice(["1001", "1002", None]),
            address=self.random.choice(ADDRESSES),
            priority=self.random.choice([None, "P1", "P2"]),
            ticket_class=self.random.choice(["request", "fault"]),
            called_at=self.ago(),
        )
        act(self.desk, requests.open_request, new, self.anna, self.now)

    def acknowledge(self) -> None:
        act(self.desk, answers.acknowledge, self.ticket(), self.anna, "page", self.now)

    def answer(self) -> None:
        number, at = self.ticket(), self.ago()
        act(self.desk, conversation.answer, number, self.anna, "so", "phone", self.now, at=at)

    def mail(self) -> None:
        answer = self.random.randrange(10)
        number = self.ticket()
        act(self.desk, conversation.answer_accepted, number, answer, self.ago(), self.now)

    def bounce(self) -> None:
        number, answer = self.ticket(), self.random.randrange(10)
        act(self.desk, conversation.answer_undeliverable, number, answer, "5.1.1", self.now)

    def customer(self) -> None:
        act(
            self.desk,
            listening.customer_wrote,
            self.ticket(),
            f"<{self.random.random()}>",
            "mail",
            self.random.choice(ADDRESSES),
            "and now?",
            self.ago(),
            self.now,
        )

    def wait(self) -> None:
        for_ = self.random.choice(["customer", "third_party"])
        until = self.random.choice([None, self.now + timedelta(hours=3)])
        given = (self.ticket(), self.anna, for_, self.now)
        act(self.desk, waiting.wait, *given, until=until, text="which?")

    def go_on(self) -> None:
        act(self.desk, waiting.go_on, self.ticket(), self.anna, self.now)

    def resolve(self) -> None:
        act(self.desk, answers.resolve, self.ticket(), self.anna, "done", self.now)

    def reopen(self) -> None:
        act(self.desk, answers.reopen, self.ticket(), self.anna, self.now)

    def close(self) -> None:
        number = self.ticket()
        with self.desk.database.transaction() as session:
            answers.close(session, number, self.anna, self.now)

    def priority(self) -> None:
        wanted = self.random.choice(["P1", "P2", "P3", "P4"])
        act(self.desk, changes.change_priority, self.ticket(), self.anna, wanted, "so", self.now)

    def ticket_class(self) -> None:
        wanted = self.random.choice(["fault", "request"])
        priority = self.random.choice([None, "P1", "P3"])
        given = (self.ticket(), self.anna, wanted, self.now)
        act(self.desk, changes.change_class, *given, priority=priority)

    def contract(self) -> None:
        label, guaranteed = self.random.choice(CONTRACTS), self.random.random() < 0.5
        given = (self.ticket(), self.anna, label, self.now)
        act(self.desk, changes.change_contract, *given, guaranteed=guaranteed)

    def merge(self) -> None:
        act(self.desk, merging.merge, self.ticket(), self.anna, self.ticket(), self.now)

    def correct(self) -> None:
        kind, what = self.random.choice(["response", "update", "solution"]), self.random.random()
        more: dict[str, object] = {"cancel": True}
        if what > 0.6:
            more = {"stopped_at": self.ago()}
        elif what > 0.3:
            more = {"started_at": self.ago()}
        given = (self.ticket(), self.anna, kind, 1, "it was so", self.now)
        act(self.desk, corrections.correct_clock, *given, **more)

    def configure(self) -> None:
        hours = self.random.choice(["08:00-17:00", "07:00-19:00", "09:00-12:00"])
        minutes = self.random.choice(["30m", "45m", "2h"])
        third = self.random.choice(["true", "false"])
        text = full_desk().replace("08:00-17:00", hours).replace("{P1: 30m", f"{{P1: {minutes}")
        text = text.replace(
            "addresses: [full@desk.example]",
            f"addresses: [full@desk.example]\n        third_party_pauses: {third}",
        )
        apply_desk(self.desk, text, self.now)

    def timers(self) -> None:
        act(self.desk, waiting_ends.end_due, self.now, 100)
        with self.desk.database.transaction() as session:
            answers.close_quiet(session, self.now, 100)
        with looking(self.desk) as session:
            directory = self.desk.directories.current(session)
            behind = catching_up.behind(session, directory, self.now, 100)
        act(self.desk, catching_up.catch_up, self.now, behind)
        with looking(self.desk) as session:
            assert catching_up.behind(session, directory, self.now, 100) == []


def rows(desk: Installation) -> dict[int, list[Row]]:
    with looking(desk) as session:
        return queries.rows_between(session, 0, 10**9)


@pytest.mark.parametrize(
    "seed", [*range(3), *(pytest.param(n, marks=pytest.mark.proof) for n in range(3, 40))]
)
def test_after_any_history_the_clocks_are_what_the_journal_says(
    installation: Installation, seed: int
) -> None:
    apply_desk(installation, full_desk())
    walk = Walk(installation, seed)

    walk.go()

    with looking(installation) as session:
        assert len(all_tickets(session)) > 5
    before = rows(installation)
    assert sum(map(len, before.values())) > 5
    assert differing(installation) == []
    with installation.database.transaction() as session:
        session.execute(delete(Clock))
    verifying.rebuild_all(installation.database, installation.directories, before)
    assert rows(installation) == before


def test_a_clock_that_was_damaged_is_found_and_mended(installation: Installation) -> None:
    apply_desk(installation, full_desk())
    Walk(installation, 1).go()
    with installation.database.transaction() as session:
        damaged = session.scalars(select(Clock).where(Clock.stopped_at.is_not(None))).first()
        assert damaged is not None
        name = f"ticket {damaged.ticket_number}, {damaged.kind} {damaged.nth}"
        number, was = damaged.ticket_number, damaged.target_minutes
        wrong = update(Clock).where(Clock.id == damaged.id).values(target_minutes=7)
        session.execute(wrong)

    assert differing(installation) == [f"{name}, target_minutes: stored 7, worked out {was}"]

    verifying.rebuild_all(installation.database, installation.directories, [number])
    assert differing(installation) == []
