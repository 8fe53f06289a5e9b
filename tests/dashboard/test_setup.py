"""The one-time link for a first password."""

from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient

from bridge.dashboard.setup import setup_url
from bridge.installation import Installation
from bridge.keys import Keys
from bridge.staff import queries as staff
from tests import builders
from tests.dashboard import world

FORM = {
    "login": "olga",
    "name": "Olga Beispiel",
    "password": world.PASSWORD,
    "again": world.PASSWORD,
}


@pytest.fixture
def browser(installation: Installation, app: Flask, clock: time_machine.Traveller) -> FlaskClient:
    """A browser of an installation in which nobody can log in yet."""
    return app.test_client()


def path_for(installation: Installation, login: str | None = None) -> str:
    return setup_url(installation.keys, "", login)


def test_the_link_begins_with_the_public_address() -> None:
    keys = Keys(("a key for tests only, long enough to be one",))

    assert setup_url(keys, "https://desk.example", None).startswith("https://desk.example/setup/")


def test_the_first_person_becomes_the_admin_and_is_logged_in(
    installation: Installation, browser: FlaskClient
) -> None:
    path = path_for(installation)

    shown = browser.get(path)
    done = world.post(browser, path, path, **FORM)

    assert shown.status_code == 200
    assert (done.status_code, done.headers["Location"]) == (303, "/")
    assert "Olga Beispiel" in browser.get("/").get_data(as_text=True)
    with builders.looking(installation) as session:
        person = staff.person(session, "olga")
        assert person is not None
        assert person.roles == ["admin"]


def test_the_link_works_only_once(installation: Installation, browser: FlaskClient) -> None:
    path = path_for(installation)
    world.post(browser, path, path, **FORM)

    shown = browser.get(path)
    again = world.post(browser, path, "/", **(FORM | {"login": "eve"}))

    assert (shown.status_code, again.status_code) == (410, 410)
    with builders.looking(installation) as session:
        assert staff.person(session, "eve") is None


@pytest.mark.parametrize("wrong", ["old", "changed", "foreign", "another purpose", "nonsense"])
def test_a_link_that_is_not_ours_or_too_old_shows_no_form(
    installation: Installation, browser: FlaskClient, clock: time_machine.Traveller, wrong: str
) -> None:
    path = path_for(installation)
    match wrong:
        case "old":
            clock.shift(timedelta(hours=24, seconds=1))
        case "changed":
            path = path[:-3] + "xyz"
        case "foreign":
            path = setup_url(Keys(("another installation's key, as long",)), "", None)
        case "another purpose":
            path = "/setup/" + installation.keys.sign("page", {"login": None})
        case _nonsense:
            path = "/setup/" + installation.keys.sign("setup", ["login"])

    answer = browser.get(path)

    assert answer.status_code == 410
    assert "This link has done its work" in answer.get_data(as_text=True)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"again": "something else"}, "The two passwords are not the same"),
        ({"password": "short", "again": "short"}, "A password has 10 to 200 characters."),
        ({"password": "x" * 201, "again": "x" * 201}, "A password has 10 to 200 characters."),
        ({"login": " "}, "Choose a log-in."),
        ({"login": "olga b"}, "A log-in is letters, digits"),
    ],
    ids=["another again", "too short", "too long", "no log-in", "a log-in with a blank"],
)
def test_what_is_wrong_is_said_and_what_was_typed_stays(
    installation: Installation, browser: FlaskClient, changes: dict[str, str], words: str
) -> None:
    path = path_for(installation)

    answer = world.post(browser, path, path, **(FORM | changes))

    html = answer.get_data(as_text=True)
    assert answer.status_code == 400
    assert words in html
    assert 'value="Olga Beispiel"' in html
    assert world.PASSWORD not in html
    with builders.looking(installation) as session:
        assert not staff.has_credentials(session)


def test_a_person_of_the_desk_file_sets_only_a_password_and_keeps_the_roles(
    desk: Installation, app: Flask
) -> None:
    browser = app.test_client()
    path = path_for(desk, "ben")

    shown = browser.get(path, headers={"Accept-Language": "en"}).get_data(as_text=True)
    done = world.post(browser, path, path, **FORM)

    assert 'value="ben"' in shown
    assert 'name="name"' not in shown
    assert done.status_code == 303
    with builders.looking(desk) as session:
        person = staff.person(session, "ben")
        assert person is not None
        assert person.roles == ["engineer"]
        assert staff.credential(session, "ben") is not None
        assert staff.person(session, "olga") is None


def test_a_personal_link_works_though_others_can_log_in(desk: Installation, app: Flask) -> None:
    world.let_in(desk, "anna")

    assert app.test_client().get(path_for(desk, "ben")).status_code == 200
    assert app.test_client().get(path_for(desk, "anna")).status_code == 410
    assert app.test_client().get(path_for(desk, None)).status_code == 410


def test_a_form_from_elsewhere_makes_nobody_admin(
    installation: Installation, browser: FlaskClient
) -> None:
    answer = browser.post(path_for(installation), data=FORM)

    assert answer.status_code == 400
    with builders.looking(installation) as session:
        assert not staff.has_credentials(session)
