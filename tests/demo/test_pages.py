"""The demo's pages: open to everybody there, marked as a demo, and nowhere else."""

from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from bridge.demo.app import NoPlaceForPhones, create_app_with_phones, phones_file
from bridge.demo.player import OPENED
from bridge.demo.stage import Stage, reached_at
from bridge.demo.story import Kind, Line, Story
from bridge.flows import links
from bridge.flows.links import PageLink
from bridge.installation import Installation
from bridge.settings import Settings
from bridge.staff import queries as staff
from tests import builders

BANNER = "demo-banner"
IN_FRAME = {"Sec-Fetch-Dest": "iframe"}


@pytest.fixture
def guest(visitor: FlaskClient) -> FlaskClient:
    """The browser of somebody who has opened the demo."""
    assert visitor.get("/demo").status_code == 200
    return visitor


def problem(stage: Stage, **more: object) -> str:
    """Open ticket 10001, and return the path of the link that Anna's page about it has."""
    installation = Installation.open(stage.settings)
    builders.hear(installation, builders.notification(host="fw01", service=None, **more))  # type: ignore[arg-type]
    with installation.database.reading() as session:
        anna = staff.person(session, "anna")
        assert anna is not None
        link = PageLink(10001, anna.id, 1, 1, 1)
    installation.database.close()
    return links.url(installation.keys, "", link)


def page_to_anna(visitor: FlaskClient, link: str) -> None:
    message = f"[Ticket #10001]\nhttp://127.0.0.1:8080{link}"
    visitor.post("/demo/phone/anna", json={"title": "P1 DOWN fw01", "message": message})


def test_a_visitor_needs_no_password_and_may_act(visitor: FlaskClient, stage: Stage) -> None:
    problem(stage)

    page = visitor.get("/demo").get_data(as_text=True)
    board = visitor.get("/").get_data(as_text=True)

    assert "Demo guest" in page
    assert 'id="take-10001"' in board


def test_a_phone_is_shown_to_nobody_who_has_not_come_in(visitor: FlaskClient) -> None:
    assert visitor.get("/demo/phone/anna").status_code == 303


@pytest.mark.parametrize(
    ("languages", "text"),
    [("de-DE,de;q=0.9,en;q=0.8", "Der Tag beginnt gleich."), ("en", "The day begins in a moment.")],
)
def test_the_guest_is_spoken_to_as_the_browser_wishes(
    visitor: FlaskClient, languages: str, text: str
) -> None:
    headers = {"Accept-Language": languages}

    visitor.get("/demo", headers=headers)

    assert text in visitor.get("/demo", headers=headers).get_data(as_text=True)


def test_opening_the_demo_begins_the_day(visitor: FlaskClient, stage: Stage) -> None:
    assert not (stage.folder / OPENED).exists()

    visitor.get("/demo")

    assert (stage.folder / OPENED).exists()


@pytest.mark.parametrize("path", ["/demo", "/", "/inbox", "/tickets/10001", "/login", "/a/forged"])
def test_every_page_of_the_demo_says_that_it_is_one(
    guest: FlaskClient, stage: Stage, path: str
) -> None:
    problem(stage)
    if path == "/login":
        guest.delete_cookie("session")

    assert BANNER in guest.get(path).get_data(as_text=True)


def test_the_link_in_a_page_says_so_too(visitor: FlaskClient, stage: Stage) -> None:
    assert BANNER in visitor.get(problem(stage)).get_data(as_text=True)


def test_a_page_that_is_not_there_says_so_too(visitor: FlaskClient) -> None:
    assert BANNER in visitor.get("/nowhere").get_data(as_text=True)


def test_what_is_shown_inside_the_demo_is_not_marked_twice(guest: FlaskClient) -> None:
    assert BANNER not in guest.get("/", headers=IN_FRAME).get_data(as_text=True)


@pytest.mark.parametrize("path", ["/demo", "/demo/story", "/demo/phones", "/demo/phone/anna"])
def test_a_real_desk_has_no_demo(client: FlaskClient, path: str) -> None:
    answer = client.get(path)

    assert answer.status_code == 404
    assert BANNER not in answer.get_data(as_text=True)


def test_a_real_desk_has_no_phones_to_be_paged(client: FlaskClient) -> None:
    answer = client.post("/demo/phone/anna", json={"title": "x"})

    assert answer.status_code in {303, 400, 404}


def test_a_page_that_came_is_shown_with_a_button_that_acts(
    guest: FlaskClient, stage: Stage
) -> None:
    link = problem(stage)
    page_to_anna(guest, link)

    shown = guest.get("/demo/phone/anna").get_data(as_text=True)
    taken = guest.post(link)
    after = guest.get("/demo/phone/anna").get_data(as_text=True)

    assert f'action="{link}"' in shown
    assert taken.status_code == 303
    assert f'action="{link}"' not in after
    assert "<bdi>Anna Beispiel</bdi> has it." in after


def test_a_phone_that_has_not_changed_is_not_sent_again(guest: FlaskClient, stage: Stage) -> None:
    shown = guest.get("/demo/phone/anna").get_data(as_text=True)
    tag = shown.partition("seen=")[2].partition('"')[0]

    assert guest.get(f"/demo/phone/anna?seen={tag}").status_code == 204
    page_to_anna(guest, problem(stage))
    assert guest.get(f"/demo/phone/anna?seen={tag}").status_code == 200


def test_a_link_of_another_desk_gets_no_button(guest: FlaskClient) -> None:
    page_to_anna(guest, "/a/forged")

    answer = guest.get("/demo/phone/anna")

    assert answer.status_code == 200
    assert "P1 DOWN fw01" in answer.get_data(as_text=True)


def test_nobody_else_has_a_phone_here(guest: FlaskClient) -> None:
    assert guest.get("/demo/phone/carl").status_code == 404


def test_the_end_is_told_and_only_once(guest: FlaskClient, stage: Stage) -> None:
    story = Story(stage.folder)
    story.tell(Line(Kind.BEGUN, builders.MONDAY_9_UTC))
    story.tell(Line(Kind.OVER, builders.later(2)))

    shown = guest.get("/demo/story").get_data(as_text=True)
    tag = shown.partition("seen=")[2].partition('"')[0]

    assert "The day is over, the demo stays open." in shown
    assert guest.get(f"/demo/story?seen={tag}").status_code == 204


@pytest.mark.parametrize(
    ("host", "reached"),
    [
        ("127.0.0.1", "127.0.0.1:81"),
        ("0.0.0.0", "127.0.0.1:81"),
        ("::", "[::1]:81"),
        ("::1", "[::1]:81"),
        ("desk.example", "desk.example:81"),
    ],
)
def test_the_demo_knows_how_it_reaches_itself(host: str, reached: str) -> None:
    assert reached_at(host, 81) == reached


def test_phones_beside_a_real_desk_are_for_those_who_have_logged_in(
    installation: Installation, tmp_path: Path
) -> None:
    builders.apply_desk(installation)
    beside = create_app_with_phones(installation, tmp_path / "phones")

    answer = beside.test_client().get("/demo/phones")

    assert answer.status_code == 303
    assert "/login" in answer.headers["Location"]


def test_phones_beside_a_real_desk_open_no_door(installation: Installation, tmp_path: Path) -> None:
    beside: Flask = create_app_with_phones(installation, tmp_path / "phones")

    assert beside.test_client().get("/demo").status_code == 404


def test_a_desk_on_postgresql_gets_no_sample_phones() -> None:
    with pytest.raises(NoPlaceForPhones):
        phones_file(Settings(database_url="postgresql://desk@db.example/bridge"))
