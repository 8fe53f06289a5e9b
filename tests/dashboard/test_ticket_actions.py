"""What people do with a ticket on its page and on the board."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from bridge.installation import Installation
from bridge.tickets import queries as tickets
from bridge.tickets.models import Ticket
from tests import builders
from tests.builders import MONDAY_9_UTC as NOW
from tests.builders import later
from tests.dashboard import world

SCRIPT = {"HX-Request": "true"}


@pytest.fixture
def number(desk: Installation) -> int:
    """A ticket that nobody has."""
    return world.open_problem(desk, later(-5), NOW)


def ticket(desk: Installation, number: int) -> Ticket:
    with builders.looking(desk) as session:
        return tickets.ticket(session, number)


def kinds(desk: Installation, number: int) -> list[str]:
    with builders.looking(desk) as session:
        return builders.journal_kinds(session, number)


def send(client: FlaskClient, number: int, action: str, **form: str) -> TestResponse:
    """Send a form of the ticket's page as the page's script does."""
    form |= {"csrf_token": world.csrf(client, f"/tickets/{number}")}
    return client.post(f"/tickets/{number}/{action}", data=form, headers=SCRIPT)


def test_one_click_on_the_board_takes_the_ticket(
    anna: FlaskClient, desk: Installation, number: int
) -> None:
    form = {"csrf_token": world.csrf(anna, "/"), "back": "/?show=waiting"}

    answer = anna.post(f"/tickets/{number}/acknowledge", data=form, headers=SCRIPT)

    html = answer.get_data(as_text=True)
    assert answer.status_code == 200
    assert f"You have ticket #{number} now." in html
    assert "<html" not in html
    assert "No open ticket fits this choice." in html
    assert ticket(desk, number).acknowledged_by == "Anna Beispiel"


def test_without_a_script_the_page_comes_back_and_says_the_same(
    anna: FlaskClient, number: int
) -> None:
    answer = world.post(anna, f"/tickets/{number}/acknowledge", "/", back="/?show=mine")

    assert (answer.status_code, answer.headers["Location"]) == (303, "/?show=mine")
    assert f"You have ticket #{number} now." in anna.get("/?show=mine").get_data(as_text=True)
    assert f"You have ticket #{number} now." not in anna.get("/").get_data(as_text=True)


def test_whoever_was_faster_keeps_it_and_is_named(
    anna: FlaskClient, desk: Installation, number: int
) -> None:
    world.take(desk, number, "ben", NOW)

    answer = send(anna, number, "acknowledge", back=f"/tickets/{number}")

    assert f"Ben Beispiel has ticket #{number} already." in answer.get_data(as_text=True)
    assert ticket(desk, number).acknowledged_by == "Ben Beispiel"
    assert kinds(desk, number).count("acknowledged") == 1


def test_what_is_over_cannot_be_taken(anna: FlaskClient, desk: Installation, number: int) -> None:
    form = {"csrf_token": world.csrf(anna, "/"), "back": "/"}
    builders.hear(desk, builders.notification("RECOVERY", at=NOW))

    answer = anna.post(f"/tickets/{number}/acknowledge", data=form, headers=SCRIPT)

    assert answer.status_code == 200
    assert f"Ticket #{number} is over already" in answer.get_data(as_text=True)


def test_a_note_is_kept_and_its_form_comes_back_empty(
    anna: FlaskClient, desk: Installation, number: int
) -> None:
    answer = send(anna, number, "note", text="Disk is full.\x00\nRotated the log.")

    html = answer.get_data(as_text=True)
    assert answer.status_code == 200
    assert 'id="form-note"' in html
    assert "></textarea>" in html
    assert '<div id="live" hx-swap-oob="innerHTML">' in html
    assert "Disk is full.\nRotated the log." in html
    assert kinds(desk, number)[-1] == "note"


def test_an_empty_note_is_refused_beside_the_form(
    anna: FlaskClient, desk: Installation, number: int
) -> None:
    answer = send(anna, number, "note", text=" \n ")

    assert answer.status_code == 400
    assert "Write a few words: an empty note helps nobody." in answer.get_data(as_text=True)
    assert answer.headers["HX-Retarget"] == "#form-note"
    assert "note" not in kinds(desk, number)


def test_resolving_needs_a_text_and_ends_the_ticket(
    anna: FlaskClient, desk: Installation, number: int
) -> None:
    empty = send(anna, number, "resolve", text="")
    done = send(anna, number, "resolve", text="Restarted <nginx>.")

    assert (empty.status_code, done.status_code) == (400, 200)
    assert ticket(desk, number).state == "resolved"
    html = done.get_data(as_text=True)
    assert "Close it now" in html
    assert "Restarted &lt;nginx&gt;." in html
    assert "It closes by itself 10:05 CET" in html


def test_resolving_too_late_gives_the_text_back(
    anna: FlaskClient, desk: Installation, number: int
) -> None:
    form = {"csrf_token": world.csrf(anna, f"/tickets/{number}"), "text": "It was the <cable>."}
    builders.hear(desk, builders.notification("RECOVERY", at=NOW))

    by_script = anna.post(f"/tickets/{number}/resolve", data=form, headers=SCRIPT)
    by_hand = anna.post(f"/tickets/{number}/resolve", data=form)

    for answer in (by_script, by_hand):
        assert answer.status_code == 409
        assert "It was the &lt;cable&gt;.</textarea>" in answer.get_data(as_text=True)
        assert "Somebody was faster" in answer.get_data(as_text=True)


def test_a_resolved_ticket_can_be_closed_at_once(
    anna: FlaskClient, desk: Installation, number: int
) -> None:
    send(anna, number, "resolve", text="done")

    answer = world.post(anna, f"/tickets/{number}/close", f"/tickets/{number}")

    assert answer.headers["Location"] == f"/tickets/{number}"
    assert ticket(desk, number).state == "closed"


def test_an_open_ticket_cannot_be_closed(
    anna: FlaskClient, desk: Installation, number: int
) -> None:
    answer = send(anna, number, "close")

    assert "cannot be closed as it stands now" in answer.get_data(as_text=True)
    assert ticket(desk, number).state == "open"


@pytest.mark.parametrize("action", ["acknowledge", "note", "resolve", "close"])
def test_readers_change_nothing(
    reader: FlaskClient, desk: Installation, number: int, action: str
) -> None:
    before = kinds(desk, number)

    answer = world.post(reader, f"/tickets/{number}/{action}", "/", text="something")

    assert answer.status_code == 403
    assert "You may look, but not change this" in answer.get_data(as_text=True)
    assert kinds(desk, number) == before


@pytest.mark.parametrize("action", ["acknowledge", "note", "resolve", "close"])
def test_a_form_from_elsewhere_changes_nothing(
    anna: FlaskClient, desk: Installation, number: int, action: str
) -> None:
    before = kinds(desk, number)

    answer = anna.post(f"/tickets/{number}/{action}", data={"text": "something"})

    assert answer.status_code == 400
    assert kinds(desk, number) == before


@pytest.mark.parametrize("action", ["note", "resolve"])
def test_a_text_survives_a_page_that_was_open_for_too_long(
    anna: FlaskClient, number: int, action: str
) -> None:
    form = {"text": "typed for half an hour", "csrf_token": "of yesterday"}

    by_script = anna.post(f"/tickets/{number}/{action}", data=form, headers=SCRIPT)
    by_hand = anna.post(f"/tickets/{number}/{action}", data=form)

    for answer in (by_script, by_hand):
        html = answer.get_data(as_text=True)
        assert answer.status_code == 400
        assert "typed for half an hour</textarea>" in html
        assert "Please try once more." in html
    again = {"text": "typed for half an hour", "csrf_token": _mark(by_script)}
    assert anna.post(f"/tickets/{number}/{action}", data=again).status_code == 303


def _mark(answer: TestResponse) -> str:
    html = answer.get_data(as_text=True)
    return html.split('name="csrf_token" value="')[1].split('"')[0]


def test_a_text_survives_being_logged_out_and_can_be_sent_after_the_next_login(
    anna: FlaskClient, desk: Installation, number: int, app: Flask
) -> None:
    form = {"text": "typed for half an hour", "csrf_token": world.csrf(anna, f"/tickets/{number}")}
    world.post(anna, "/logout", "/")

    given_back = anna.post(f"/tickets/{number}/note", data=form, headers=SCRIPT)
    entered = world.log_in(anna)
    sent = anna.post(f"/tickets/{number}/note", data=form | {"csrf_token": _mark(given_back)})

    assert given_back.status_code == 401
    assert "typed for half an hour</textarea>" in given_back.get_data(as_text=True)
    assert "Log in in a new tab" in given_back.get_data(as_text=True)
    assert (entered.status_code, sent.status_code) == (303, 303)
    assert kinds(desk, number)[-1] == "note"


def test_a_stale_button_loads_the_page_again(anna: FlaskClient, number: int) -> None:
    answer = anna.post(f"/tickets/{number}/acknowledge", data={"back": "/"}, headers=SCRIPT)

    assert (answer.status_code, answer.headers["HX-Refresh"]) == (400, "true")


@pytest.mark.parametrize("back", ["https://evil.example/", "//evil.example", "/\\evil.example"])
def test_nobody_is_sent_elsewhere_afterwards(anna: FlaskClient, number: int, back: str) -> None:
    answer = world.post(anna, f"/tickets/{number}/acknowledge", "/", back=back)

    assert answer.headers["Location"] == f"/tickets/{number}"
