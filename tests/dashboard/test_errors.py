"""What a visitor reads when something went wrong."""

from pathlib import Path

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient

from bridge.dashboard import error_page
from bridge.installation import Installation
from tests.dashboard import world


@pytest.mark.parametrize(
    ("language", "headline", "advice"),
    [
        ("en", "There is nothing here", "Check the address"),
        ("de", "Hier ist nichts", "Prüfen Sie die Adresse"),
        ("fr", "There is nothing here", "Check the address"),
    ],
)
def test_a_missing_page_is_told_in_the_visitors_language(
    anna: FlaskClient, app: Flask, language: str, headline: str, advice: str
) -> None:
    stranger = app.test_client()
    with stranger.session_transaction() as session:
        session.update(_user_id="nobody")

    answer = stranger.get("/static/nothing", headers={"Accept-Language": language})

    html = answer.get_data(as_text=True)
    assert answer.status_code == 404
    assert headline in html
    assert advice in html
    assert "The requested URL was not found" not in html


@pytest.mark.parametrize("status", [400, 401, 403, 404, 405, 409, 410, 413, 429, 500, 503, 418])
def test_every_status_has_a_page_with_a_way_on(app: Flask, status: int) -> None:
    with app.test_request_context("/", headers={"Accept-Language": "de"}):
        html = error_page(status, "the exact reason")

    assert f">{status}<" in html
    assert '<p class="hint" lang="en">' in html
    assert "the exact reason" in html
    assert 'href="/"' in html


def test_what_went_wrong_is_text_and_nothing_more(app: Flask) -> None:
    with app.test_request_context("/"):
        html = error_page(400, "<script>alert(1)</script>")

    assert "<script>" not in html


def test_a_database_that_is_gone_is_told_in_the_language_of_whoever_is_logged_in(
    anna: FlaskClient, desk: Installation, app: Flask, clock: time_machine.Traveller
) -> None:
    world.post(anna, "/language", "/", language="de")
    if not desk.database.is_sqlite:
        pytest.skip("a file can be taken away, a server of the whole test run cannot")
    path = Path(str(desk.database.engine.url.database))
    desk.database.close()
    path.write_bytes(b"this is no database at all" * 100)
    for beside in path.parent.glob(path.name + "-*"):
        beside.unlink()

    answer = anna.get("/")

    assert answer.status_code == 503
    assert "Bridge erreicht seine Datenbank nicht" in answer.get_data(as_text=True)
