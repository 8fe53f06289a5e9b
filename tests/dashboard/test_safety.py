"""What holds for every page: who may see it, what it may load, and what may change things."""

import json
import re
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.routing import Rule

from bridge.flows import links
from bridge.flows.links import PageLink
from bridge.installation import Installation
from bridge.staff import queries as staff
from tests.builders import MONDAY_9_UTC as NOW
from tests.builders import later
from tests.dashboard import world

ROOT = Path(__file__).parents[2]
ANYBODYS = {"static", "login", "try_login", "logout", "choose_language", "setup", "set_up"} | {
    "link",
    "take_by_link",
    "steer_by_link",
    "feed",
}
# Scripts from elsewhere, in the page, or in attributes; styles in the page or in attributes.
FORBIDDEN = re.compile(
    r"<script(?![^>]*\bsrc=\"/static/)|<style|\bstyle=|\bon[a-z]+=\"|javascript:|https?://", re.I
)


def rules(app: Flask, method: str) -> list[Rule]:
    """Return the addresses of the pages that take this method."""
    found = [
        rule
        for rule in app.url_map.iter_rules()
        if rule.endpoint.startswith("dashboard.") and method in (rule.methods or ())
    ]
    assert found
    return found


def address(rule: Rule) -> str:
    path = re.sub(r"<int[^>]*>", "10001", rule.rule)
    return re.sub(r"<[^>]+>", "x", path)


def test_strangers_see_only_what_is_for_anybody(desk: Installation, app: Flask) -> None:
    stranger = app.test_client()

    for rule in rules(app, "GET"):
        if rule.endpoint.removeprefix("dashboard.") not in ANYBODYS:
            answer = stranger.get(address(rule))
            assert answer.status_code == 303, rule
            assert answer.headers["Location"].startswith("/login"), rule


def test_strangers_change_nothing(desk: Installation, app: Flask) -> None:
    stranger = app.test_client()

    for rule in rules(app, "POST"):
        if rule.endpoint.removeprefix("dashboard.") not in ANYBODYS:
            form = {"csrf_token": world.csrf(stranger)}
            assert stranger.post(address(rule), data=form).status_code in {303, 401}, rule


def test_every_form_needs_the_mark_of_our_pages_but_the_signed_link(
    anna: FlaskClient, app: Flask
) -> None:
    for rule in rules(app, "POST"):
        if rule.endpoint not in {"dashboard.take_by_link", "dashboard.steer_by_link"}:
            assert anna.post(address(rule)).status_code == 400, rule


@pytest.fixture
def pages(desk: Installation) -> list[str]:
    """Every kind of page, with strange contents."""
    number = world.strange(desk, NOW)
    with desk.database.reading() as session:
        person = staff.person(session, "ben")
        assert person is not None
        token = links.url(desk.keys, "", PageLink(number, person.id, 1, 1, 1))
    paths = ["/", "/board", f"/tickets/{number}", f"/tickets/{number}/live", "/inbox", token]
    return [*paths, "/a/wrong", "/setup/wrong", "/nothing"]


@pytest.mark.parametrize("language", ["de", "en"])
def test_no_page_brings_scripts_or_styles_of_its_own_or_from_elsewhere(
    anna: FlaskClient, pages: list[str], language: str
) -> None:
    world.post(anna, "/language", "/", language=language)
    for path in pages:
        answer = anna.get(path)
        found = FORBIDDEN.findall(answer.get_data(as_text=True))
        policy = answer.headers["Content-Security-Policy"]
        assert found == [], path
        assert "unsafe" not in policy
        assert answer.headers["Referrer-Policy"] == "no-referrer"


def test_pages_are_asked_for_anew_and_static_files_are_kept(
    anna: FlaskClient, pages: list[str]
) -> None:
    html = anna.get("/").get_data(as_text=True)
    style = re.search(r'href="(/static/base\.css\?v=\w+)"', html)
    assert style

    for path in pages[:-1]:
        assert anna.get(path).headers["Cache-Control"] == "private, no-cache", path
    assert "immutable" in anna.get(style[1]).headers["Cache-Control"]
    assert "immutable" not in anna.get("/static/base.css").headers["Cache-Control"]


def test_over_https_forms_work_though_pages_send_no_referrer(
    desk: Installation, app: Flask
) -> None:
    world.let_in(desk, "anna")
    app.config["SESSION_COOKIE_SECURE"] = True
    browser = app.test_client()
    page = browser.get("/login", base_url="https://desk.example").get_data(as_text=True)
    mark = page.split('name="csrf_token" value="')[1].split('"')[0]
    form = {"login": "anna", "password": world.PASSWORD, "csrf_token": mark}

    answer = browser.post("/login", data=form, base_url="https://desk.example")

    assert answer.status_code == 303


def test_a_page_knows_nothing_of_what_it_does_not_need(
    anna: FlaskClient, desk: Installation
) -> None:
    number = world.open_problem(desk, later(-5), NOW)

    for path in ("/", f"/tickets/{number}"):
        html = anna.get(path).get_data(as_text=True)
        assert "json://" not in html
        assert world.PASSWORD_HASH not in html


def test_the_lock_of_npm_holds_no_address_and_one_library() -> None:
    lock = (ROOT / "package-lock.json").read_text("utf8")

    packages = json.loads(lock)["packages"]
    assert "http" not in lock
    assert set(packages) == {"", "node_modules/htmx.org"}
    assert packages["node_modules/htmx.org"]["version"] == "2.0.11"
    assert packages["node_modules/htmx.org"]["integrity"].startswith("sha512-")
