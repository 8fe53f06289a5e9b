"""Logging in and out."""

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient

from bridge import utc
from bridge.installation import Installation
from bridge.staff import queries as staff
from tests.dashboard import world


def test_a_stranger_is_sent_to_the_login_and_back_again(desk: Installation, app: Flask) -> None:
    world.let_in(desk, "anna")
    client = app.test_client()

    sent = client.get("/tickets/10001?x=1")
    form = {"login": "anna", "password": world.PASSWORD, "next": "/tickets/10001?x=1"}
    entered = client.post("/login", data=form | {"csrf_token": world.csrf(client)})

    assert (sent.status_code, sent.headers["Location"]) == (
        303,
        "/login?next=/tickets/10001?x%3D1",
    )
    assert (entered.status_code, entered.headers["Location"]) == (303, "/tickets/10001?x=1")


def test_a_script_that_asks_for_a_part_is_told_to_log_in(
    client: FlaskClient,
) -> None:
    answer = client.get(
        "/board", headers={"HX-Request": "true", "HX-Current-URL": "http://bridge.test/?show=mine"}
    )

    assert answer.status_code == 401
    assert answer.headers["HX-Redirect"] == "/login?next=/?show%3Dmine"


@pytest.mark.parametrize(
    ("login", "password"),
    [
        pytest.param("anna", "wrong password", id="a wrong password"),
        pytest.param("nobody", world.PASSWORD, id="an unknown name"),
        pytest.param("ben", world.PASSWORD, id="somebody without a password"),
        pytest.param("", "", id="nothing"),
    ],
)
def test_every_wrong_try_gets_the_same_answer(
    desk: Installation, app: Flask, login: str, password: str
) -> None:
    world.let_in(desk, "anna")
    client = app.test_client()

    answer = world.log_in(client, login, password)

    assert answer.status_code == 401
    assert "That log-in and password do not go together." in answer.get_data(as_text=True)
    assert client.get("/").status_code == 303


def test_tries_for_one_name_are_limited_but_not_those_for_another(
    desk: Installation, app: Flask
) -> None:
    world.let_in(desk, "anna")
    world.let_in(desk, "ben")
    client = app.test_client()

    codes = [world.log_in(client, "anna", "wrong password").status_code for _ in range(11)]
    right_too_late = world.log_in(client, "anna")
    other = world.log_in(app.test_client(), "ben")

    assert codes == [401] * 10 + [429]
    assert right_too_late.status_code == 429
    assert "wait five minutes" in right_too_late.get_data(as_text=True)
    assert other.status_code == 303


def test_tries_from_one_address_are_limited_whatever_the_name(
    desk: Installation, app: Flask
) -> None:
    client = app.test_client()

    codes = [world.log_in(client, f"guess{n}", "wrong password").status_code for n in range(31)]

    assert codes == [401] * 30 + [429]


def test_right_tries_do_not_count(desk: Installation, app: Flask) -> None:
    world.let_in(desk, "anna")

    codes = {world.log_in(app.test_client()).status_code for _ in range(12)}

    assert codes == {303}


def test_logging_out_ends_it(anna: FlaskClient) -> None:
    answer = world.post(anna, "/logout", "/")

    assert answer.status_code == 303
    assert anna.get("/").status_code == 303


def test_a_new_password_ends_the_old_logins(
    anna: FlaskClient, desk: Installation, clock: time_machine.Traveller
) -> None:
    clock.shift(60)
    world.let_in(desk, "anna", now=utc.now())

    assert anna.get("/").status_code == 303


def test_whoever_has_left_is_out(anna: FlaskClient, desk: Installation) -> None:
    with desk.database.transaction() as session:
        person = staff.person(session, "anna")
        assert person is not None
        person.retired_at = utc.now()

    assert anna.get("/").status_code == 303
    assert world.log_in(anna).status_code == 401


@pytest.mark.parametrize(
    "elsewhere",
    ["https://evil.example/", "//evil.example/", "/\\evil.example", "javascript:alert(1)", "/\t/x"],
)
def test_nobody_is_sent_elsewhere_after_the_login(
    desk: Installation, app: Flask, elsewhere: str
) -> None:
    world.let_in(desk, "anna")
    client = app.test_client()
    form = {"login": "anna", "password": world.PASSWORD, "next": elsewhere}

    answer = client.post("/login", data=form | {"csrf_token": world.csrf(client)})

    assert answer.headers["Location"] == "/"


def test_a_form_without_the_mark_of_our_page_logs_nobody_in(desk: Installation, app: Flask) -> None:
    world.let_in(desk, "anna")
    client = app.test_client()

    answer = client.post("/login", data={"login": "anna", "password": world.PASSWORD})

    assert answer.status_code == 400
    assert client.get("/").status_code == 303
