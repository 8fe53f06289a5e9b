"""The link in a page-out: look, take, and be told how it stands; all without a log-in."""

import re
from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from bridge.flows import links
from bridge.flows.links import PageLink
from bridge.installation import Installation
from bridge.keys import Keys
from bridge.oncall.models import Delivery, Run
from bridge.outbox.models import OutboxEntry
from bridge.staff import queries as staff
from bridge.tickets import queries as tickets
from tests import builders
from tests.builders import MONDAY_9_UTC as NOW
from tests.builders import later
from tests.dashboard import world


@pytest.fixture
def number(desk: Installation) -> int:
    """A ticket for which Anna was paged."""
    found = world.open_problem(desk, later(-25), later(-24))
    builders.fire(desk, later(-22))
    return found


@pytest.fixture
def stranger(desk: Installation, app: Flask) -> FlaskClient:
    """A phone on which nobody has logged in."""
    return app.test_client()


def path_for(desk: Installation, number: int, label: str = "anna", keys: Keys | None = None) -> str:
    with builders.looking(desk) as session:
        person = staff.person(session, label)
        run = session.scalars(select(Run).where(Run.ticket_number == number)).one()
        assert person is not None
        link = PageLink(number, person.id, run.id, run.generation, run.step)
    return links.url(keys or desk.keys, "", link)


def text(answer: TestResponse) -> str:
    html = re.sub(r"</?bdi>", "", answer.get_data(as_text=True))
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


def test_the_page_says_in_the_persons_language_what_it_is_and_has_its_buttons(
    desk: Installation, stranger: FlaskClient, number: int
) -> None:
    german = stranger.get(path_for(desk, number, "anna"), headers={"Accept-Language": "en"})
    english = stranger.get(path_for(desk, number, "ben"), headers={"Accept-Language": "de"})

    assert german.status_code == 200
    for piece in (
        "P2 hoch CRITICAL web01 / http",
        f"[Ticket #{number}] · ACME GmbH",
        "Seit Mo 23.11. 09:35 MEZ",
        "Reagieren bis Mo 23.11. 10:35 MEZ (in 35 min)",
        "CRITICAL - as made for a test",
        "Ich habe es als Anna Beispiel; dann wird niemand sonst alarmiert",
    ):
        assert piece in text(german)
    assert german.get_data(as_text=True).count("<button") == 3
    assert "I have it as Ben Beispiel; nobody else is paged then" in text(english)


def test_looking_changes_nothing(desk: Installation, stranger: FlaskClient, number: int) -> None:
    path = path_for(desk, number)
    for _ in range(3):
        stranger.get(path)
        stranger.head(path)

    with builders.looking(desk) as session:
        assert tickets.ticket(session, number).acknowledged_by is None


def test_the_button_takes_the_ticket_and_the_next_page_says_what_to_do(
    desk: Installation, stranger: FlaskClient, number: int
) -> None:
    path = path_for(desk, number)

    answer = stranger.post(path)
    after = stranger.get(answer.headers["Location"])

    assert (answer.status_code, answer.headers["Location"]) == (303, path)
    assert "Sie haben es. Seit 10:00. Die Alarmierung ist gestoppt." in text(after)
    assert f'href="/tickets/{number}"' in after.get_data(as_text=True)
    assert "<button" not in after.get_data(as_text=True)
    with builders.looking(desk) as session:
        assert tickets.ticket(session, number).acknowledged_by == "Anna Beispiel"
        assert builders.journal_kinds(session, number).count("acknowledged") == 1


def test_twice_is_once(desk: Installation, stranger: FlaskClient, number: int) -> None:
    path = path_for(desk, number)

    codes = [stranger.post(path).status_code for _ in range(3)]

    assert codes == [303, 303, 303]
    with builders.looking(desk) as session:
        assert builders.journal_kinds(session, number).count("acknowledged") == 1


def test_whoever_is_second_reads_who_has_it(
    desk: Installation, stranger: FlaskClient, number: int
) -> None:
    stranger.post(path_for(desk, number, "anna"))
    path = path_for(desk, number, "ben")

    stranger.post(path)
    after = stranger.get(path)

    assert "Anna Beispiel has it. Since 10:00: you need not do anything" in text(after)
    with builders.looking(desk) as session:
        assert tickets.ticket(session, number).acknowledged_by == "Anna Beispiel"


def test_what_is_over_says_so(desk: Installation, stranger: FlaskClient, number: int) -> None:
    path = path_for(desk, number, "ben")
    builders.hear(desk, builders.notification("RECOVERY", at=later(-3)))

    posted = stranger.post(path)
    after = stranger.get(path)

    assert posted.status_code == 303
    assert "It is over. Resolved 09:57: nothing is left to do" in text(after)
    assert "<button" not in after.get_data(as_text=True)
    with builders.looking(desk) as session:
        assert "acknowledged" not in builders.journal_kinds(session, number)


def test_an_overdue_answer_is_said_to_be_overdue(
    desk: Installation, stranger: FlaskClient, number: int, clock: time_machine.Traveller
) -> None:
    clock.shift(timedelta(minutes=46))

    answer = stranger.get(path_for(desk, number, "ben"))

    assert "Respond by Mon 23 Nov 10:35 CET (overdue for 11 min)" in text(answer)


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize(
    "wrong", ["changed", "old", "foreign", "left", "gone", "other", "nonsense"]
)
def test_a_link_that_no_longer_acts_says_what_to_do(
    desk: Installation,
    stranger: FlaskClient,
    number: int,
    clock: time_machine.Traveller,
    wrong: str,
    method: str,
) -> None:
    path = path_for(desk, number)
    match wrong:
        case "changed":
            path = path.replace("/a/", "/a/x")
        case "old":
            clock.shift(timedelta(hours=24, seconds=1))
        case "foreign":
            path = path_for(desk, number, keys=Keys(("another installation's key, as long",)))
        case "left":
            with desk.database.transaction() as session:
                person = staff.person(session, "anna")
                assert person is not None
                person.retired_at = NOW
        case "gone":
            path = links.url(desk.keys, "", PageLink(99999, 1, 1, 1, 1))
        case "other":
            path = links.url(desk.keys, "", PageLink(number, 1, 1, 1, 1, "escalate"))
        case _nonsense:
            path = "/a/" + desk.keys.sign("page", "nonsense")

    answer = getattr(stranger, method)(path, headers={"Accept-Language": "de"})

    assert answer.status_code == 410
    assert "Dieser Link wirkt nicht mehr" in text(answer)
    assert "Es wurde nichts quittiert." in text(answer)
    with builders.looking(desk) as session:
        assert tickets.ticket(session, number).acknowledged_by is None


def test_a_link_works_to_its_last_second(
    desk: Installation, stranger: FlaskClient, number: int, clock: time_machine.Traveller
) -> None:
    path = path_for(desk, number)
    clock.shift(timedelta(hours=24))

    assert stranger.get(path).status_code == 200


def test_a_link_for_something_else_does_not_act(
    desk: Installation, stranger: FlaskClient, number: int
) -> None:
    token = desk.keys.sign("setup", [number, 1, 1, 1, 1, "acknowledge"])

    assert stranger.post(f"/a/{token}").status_code == 410


def bundle(desk: Installation, numbers: list[int], label: str = "anna") -> str:
    """Return the path of the link in a message that listed these tickets."""
    with desk.database.transaction() as session:
        person = staff.person(session, label)
        entry = session.scalars(select(OutboxEntry).order_by(OutboxEntry.id)).first()
        run = session.scalars(select(Run).where(Run.ticket_number == numbers[0])).one()
        assert person is not None
        assert entry is not None
        links.remember(entry, 2, numbers)
        link = PageLink(
            numbers[0], person.id, run.id, run.generation, run.step, entry_id=entry.id, attempt=2
        )
    return links.url(desk.keys, "", link)


def test_the_link_of_a_bundle_takes_exactly_the_tickets_it_listed(
    desk: Installation, stranger: FlaskClient, number: int
) -> None:
    listed, other = (world.open_problem(desk, later(-5), host=host) for host in ("db01", "db02"))
    path = bundle(desk, [number, listed])

    before = stranger.get(path)
    stranger.post(path)
    after = stranger.get(path)

    assert "2 Tickets" in text(before)
    assert "Ich habe alle 2" in text(before)
    assert f"#{listed}" in text(before)
    assert f"#{other}" not in text(before)
    assert "<button" not in after.get_data(as_text=True)
    with builders.looking(desk) as session:
        owners = [tickets.ticket(session, one).acknowledged_by for one in (number, listed, other)]
    assert owners == ["Anna Beispiel", "Anna Beispiel", None]


def test_of_a_bundle_only_what_nobody_has_is_taken(
    desk: Installation, stranger: FlaskClient, number: int
) -> None:
    listed = world.open_problem(desk, later(-5), host="db01")
    world.take(desk, number, "ben", later(-1))
    path = bundle(desk, [number, listed])

    before = stranger.get(path)
    stranger.post(path)

    assert "Ben Beispiel hat es." in text(before)
    assert "Ich habe es" in text(before)
    with builders.looking(desk) as session:
        owners = [tickets.ticket(session, one).acknowledged_by for one in (number, listed)]
    assert owners == ["Ben Beispiel", "Anna Beispiel"]


def test_an_owner_who_is_asked_again_has_a_button(
    desk: Installation, stranger: FlaskClient, number: int
) -> None:
    world.take(desk, number, "anna", later(-20))
    with desk.database.transaction() as session:
        run = session.scalars(select(Run).where(Run.ticket_number == number)).one()
        run.owner_until = later(4)

    answer = stranger.get(path_for(desk, number))

    assert "Haben Sie es noch?" in text(answer)
    assert "Ich habe es" in text(answer)


def test_who_presses_the_button_has_seen_the_page(
    desk: Installation, stranger: FlaskClient, number: int
) -> None:
    path = bundle(desk, [number])
    world.settle_pages(desk, "accepted", later(-20))
    with desk.database.transaction() as session:
        for one in session.scalars(select(Delivery)):
            one.sent_at = later(-21)

    stranger.get(path)
    with builders.looking(desk) as session:
        assert "seen" not in set(session.scalars(select(Delivery.state)))
    stranger.post(path)

    with builders.looking(desk) as session:
        assert "seen" in set(session.scalars(select(Delivery.state)))


@pytest.mark.parametrize(
    ("wish", "event", "words"),
    [
        ("decline", "declined", "Für diese Stufe werden Sie nicht mehr alarmiert."),
        ("escalate", "escalated", "Die nächste Stufe wird sofort alarmiert."),
    ],
)
def test_whoever_cannot_take_it_lets_others_be_called(
    desk: Installation, stranger: FlaskClient, number: int, wish: str, event: str, words: str
) -> None:
    path = path_for(desk, number)

    answer = stranger.post(f"{path}/{wish}")
    again = stranger.post(f"{path}/{wish}")
    after = stranger.get(answer.headers["Location"])

    assert (answer.status_code, again.status_code) == (303, 303)
    assert words in text(after)
    assert "Ich habe es" in text(after)
    with builders.looking(desk) as session:
        assert event in builders.journal_kinds(session, number)
        assert tickets.ticket(session, number).acknowledged_by is None
    assert stranger.get(f"{path}/{wish}").status_code in {404, 405}
    assert stranger.post(f"{path}x/{wish}").status_code == 410
