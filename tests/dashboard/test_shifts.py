"""The pages of shifts: who is on call, changes to it, calendars to subscribe to, absences."""

import io
import logging
import re
from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from bridge.flows.directory import read
from bridge.installation import Installation
from bridge.oncall.rotation import on_call
from bridge.utc import from_iso
from tests import builders
from tests.dashboard import world

WEEK = "people: [anna]}"
BUSY = """people: [anna, ben]}
      - {rotation: daily, handover: "18:00", starts: 2026-01-05, people: [lead], only: {sat: ["18:00-24:00"]}}
  holes:
    timezone: America/New_York
    layers:
      - {rotation: daily, handover: "09:00", starts: 2026-01-05, people: [ben], only: {mon-sun: ["09:00-21:00"]}}
    overrides:
      - {from: "2026-12-24T10:00", to: "2026-12-24T12:00", add: anna}"""  # noqa: E501
ICS = (
    "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nBEGIN:VEVENT\r\nUID:h\r\nDTSTART;VALUE=DATE:20261221\r\n"
    "DTEND;VALUE=DATE:20261224\r\nSUMMARY:<b>Holiday</b>\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
)


@pytest.fixture
def desk(installation: Installation, clock: time_machine.Traveller) -> Installation:
    """Anna and Ben take turns; a second schedule has holes each night."""
    text = builders.EXAMPLE.read_text()
    assert WEEK in text
    builders.apply_desk(installation, text.replace(WEEK, BUSY), builders.later(-60 * 24 * 30))
    world.beat(installation)
    return installation


def text(answer: TestResponse) -> str:
    html = re.sub(r"</?bdi>", "", answer.get_data(as_text=True))
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


def who(desk: Installation, moment: str, schedule: str = "primary") -> tuple[str, ...]:
    with builders.looking(desk) as session:
        return on_call(read(session).schedules[schedule], from_iso(moment))


def change(client: FlaskClient, **form: str) -> TestResponse:
    usual = {
        "schedule": "primary", "zone": "Europe/Berlin", "kind": "cover", "who": "lead",
        "from": "2026-12-25T08:00", "to": "2026-12-25T20:00",
    }  # fmt: skip
    return world.post(client, "/on-call/overrides", "/on-call", **{**usual, **form})


def test_the_page_says_who_is_on_call_until_when_and_who_is_next(anna: FlaskClient) -> None:
    answer = anna.get("/on-call?zone=Europe/Berlin")

    assert answer.status_code == 200
    assert re.search(
        r"primary (Anna Beispiel you|Ben Beispiel) until Sat 28 Nov 18:00 CET then Lea Leitung",
        text(answer),
    )


def test_gaps_and_overlaps_of_the_next_400_days_are_told_in_red(anna: FlaskClient) -> None:
    html = anna.get("/on-call?zone=Europe/Berlin").text

    assert re.search(
        r'class="troubles".*class="alarm">Mon 23 Nov 10:00 – 15:00; Tue 24', html, re.S
    )
    assert "within 400 days" in html
    assert re.search(r'class="overlaps alarm">\s*Two or more .*24 Dec', html)


@pytest.mark.parametrize(
    "query",
    [
        pytest.param("?from=2026-03-23&days=28", id="the clocks change"),
        pytest.param("?from=1999-12-31", id="too early"),
        pytest.param("?from=9999-12-31&days=28", id="too late"),
        pytest.param("?from=x&days=x&zone=x&person=x", id="garbage"),
        pytest.param("?person=me&zone=America/New_York", id="mine, elsewhere"),
    ],
)
def test_whatever_is_asked_for_the_page_answers(anna: FlaskClient, query: str) -> None:
    assert anna.get(f"/on-call{query}").status_code == 200


def test_the_live_part_says_nothing_new_until_the_minute_is_over(
    anna: FlaskClient, clock: time_machine.Traveller
) -> None:
    first = anna.get("/on-call/live")
    tag = {"If-None-Match": first.headers["ETag"]}
    same = anna.get("/on-call/live", headers=tag)
    clock.shift(timedelta(minutes=1))

    assert (first.status_code, same.status_code) == (200, 304)
    assert anna.get("/on-call/live", headers=tag).status_code == 200


def test_one_click_takes_the_shift_over_until_its_end(
    desk: Installation, anna: FlaskClient, lea: FlaskClient
) -> None:
    before = who(desk, "2026-11-23T09:00:00Z")

    answer = world.post(lea, "/on-call/take-over", "/on-call", schedule="primary")

    assert answer.status_code == 303
    assert before != ("lead",)
    assert who(desk, "2026-11-23T09:00:00Z") == ("lead",)
    assert "made by Lea Leitung" in text(anna.get("/on-call"))
    assert "Lea Leitung is on call in primary now." in text(lea.get("/on-call"))


def test_a_shift_is_given_away_only_by_whoever_has_it_still(
    desk: Installation, anna: FlaskClient
) -> None:
    mine = who(desk, "2026-11-23T09:00:00Z")[0]

    form = {"schedule": "primary", "to": "lead", "relieved": mine}
    world.post(anna, "/on-call/take-over", "/on-call", **form)
    world.post(anna, "/on-call/take-over", "/on-call", **form)

    assert "has changed hands meanwhile" in text(anna.get("/on-call"))
    assert who(desk, "2026-11-23T09:00:00Z") == ("lead",)


@pytest.mark.parametrize(
    ("zone", "inside", "outside"),
    [
        pytest.param("Europe/Berlin", "2026-12-25T07:00:00Z", "2026-12-25T06:59:00Z", id="Berlin"),
        pytest.param(
            "America/New_York", "2026-12-25T13:00:00Z", "2026-12-25T12:59:00Z", id="New York"
        ),
    ],
)
def test_the_form_changes_who_is_on_call_by_the_clocks_of_its_zone(
    desk: Installation, anna: FlaskClient, zone: str, inside: str, outside: str
) -> None:
    answer = change(anna, zone=zone)

    assert answer.status_code == 303
    assert who(desk, inside) == ("lead",)
    assert who(desk, outside) != ("lead",)


def test_a_change_is_withdrawn_once(desk: Installation, anna: FlaskClient) -> None:
    change(anna)
    path = re.search(r"/on-call/overrides/\d+/withdraw", anna.get("/on-call").text)
    assert path is not None

    world.post(anna, path[0], "/on-call", schedule="primary")
    world.post(anna, path[0], "/on-call", schedule="primary")

    assert who(desk, "2026-12-25T12:00:00Z") != ("lead",)
    assert "withdrawn already" in text(anna.get("/on-call"))


@pytest.mark.parametrize(
    ("form", "said"),
    [
        pytest.param({"schedule": "none"}, "Choose a schedule", id="no schedule"),
        pytest.param({"who": "nobody"}, "Choose one of our people", id="nobody of ours"),
        pytest.param({"from": ""}, "Say from when", id="no begin"),
        pytest.param({"from": "soon"}, "Say from when", id="garbage"),
        pytest.param({"to": "2026-12-25T08:00"}, "must end after", id="no length"),
        pytest.param({"kind": "swap"}, "must end after", id="no such kind"),
        pytest.param({"to": "2029-01-01T00:00"}, "400 days", id="too long"),
        pytest.param(
            {"from": "2026-01-01T00:00", "to": "2026-01-02T00:00"}, "over already", id="over"
        ),
        pytest.param({"from": "2027-03-28T02:30", "to": "2027-03-29T02:30"}, "skip", id="skipped"),
    ],
)
def test_what_cannot_be_is_refused_with_the_form_as_it_was_typed(
    desk: Installation, anna: FlaskClient, form: dict[str, str], said: str
) -> None:
    answer = change(anna, **form)

    assert answer.status_code == 400
    assert said in text(answer)
    assert '<details class="work-form" id="change" open>' in answer.text
    assert f'value="{form.get("to", "2026-12-25T20:00")}"' in answer.text


def test_a_reader_looks_and_changes_nothing(desk: Installation, reader: FlaskClient) -> None:
    page = reader.get("/on-call")

    assert page.status_code == 200
    assert '<form method="post"\n                  action="/on-call' not in page.text
    assert change(reader).status_code == 403
    taken = world.post(reader, "/on-call/take-over", "/on-call", schedule="primary")
    assert taken.status_code == 403
    assert reader.get("/on-call/absences").status_code == 403


def made_address(client: FlaskClient) -> str:
    answer = world.post(client, "/on-call/calendars", "/on-call/calendars", schedule="primary")
    found = re.search(r"http://bridge\.test(/feeds/[\w-]{43}\.ics)", answer.text)
    assert found is not None
    assert answer.headers["Cache-Control"] == "no-store"
    return found[1]


def test_a_calendar_is_read_without_a_log_in_until_it_is_withdrawn(
    app: Flask, desk: Installation, anna: FlaskClient
) -> None:
    path, stranger = made_address(anna), app.test_client()

    read_ = stranger.get(path)
    same = stranger.get(path, headers={"If-None-Match": read_.headers["ETag"]})
    number = re.search(r"/on-call/calendars/\d+/withdraw", anna.get("/on-call/calendars").text)
    assert number is not None
    world.post(anna, number[0], "/on-call/calendars")

    assert (read_.status_code, read_.mimetype) == (200, "text/calendar")
    assert read_.data.startswith(b"BEGIN:VCALENDAR")
    assert "private" in read_.headers["Cache-Control"]
    assert "Set-Cookie" not in read_.headers
    assert same.status_code == 304
    assert stranger.get(path).status_code == 404


def test_the_address_is_shown_once_and_stands_in_no_log(
    app: Flask, desk: Installation, anna: FlaskClient, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        path = made_address(anna)
        app.test_client().get(path)
    secret = path.removeprefix("/feeds/").removesuffix(".ics")

    assert secret not in anna.get("/on-call/calendars").text
    assert secret not in caplog.text


def test_who_guesses_addresses_is_made_to_wait(
    app: Flask, desk: Installation, anna: FlaskClient
) -> None:
    guesser = app.test_client()
    codes = [guesser.get(f"/feeds/{number:043}.ics").status_code for number in range(31)]

    assert codes[:30] == [404] * 30
    assert codes[30] == 429


def test_absences_are_shown_first_and_imported_then(desk: Installation, anna: FlaskClient) -> None:
    token = world.csrf(anna, "/on-call/absences")
    file = (io.BytesIO(ICS.encode()), "anna.ics")
    looked = anna.post(
        "/on-call/absences", data={"csrf_token": token, "person": "anna", "file": file}
    )
    still = who(desk, "2026-12-22T12:00:00Z")
    imported = anna.post(
        "/on-call/absences/import", data={"csrf_token": token, "person": "anna", "text": ICS}
    )

    assert looked.status_code == 200
    assert "What importing the absences of Anna Beispiel would do" in text(looked)
    assert "&lt;b&gt;" in looked.text
    assert "<b>Holiday" not in looked.text
    assert imported.status_code == 303
    assert "anna" in still or who(desk, "2026-12-22T12:00:00Z") == still
    assert "anna" not in who(desk, "2026-12-22T12:00:00Z")


@pytest.mark.parametrize(
    ("content", "person", "said"),
    [
        pytest.param("hello", "anna", "cannot be read", id="no calendar"),
        pytest.param("", "anna", "cannot be read", id="nothing"),
        pytest.param(ICS, "nobody", "Choose one of our people", id="nobody of ours"),
        pytest.param(
            ICS.replace("SUMMARY", "RRULE:FREQ=HOURLY\r\nSUMMARY"), "anna", "HOURLY", id="hourly"
        ),
    ],
)
def test_an_import_that_cannot_be_says_why(
    desk: Installation, anna: FlaskClient, content: str, person: str, said: str
) -> None:
    form = {"person": person, "text": content}

    for path in ("/on-call/absences", "/on-call/absences/import"):
        answer = world.post(anna, path, "/on-call/absences", **form)
        assert answer.status_code == 400
        assert said in text(answer)


def test_a_file_of_a_megabyte_can_be_looked_at_and_imported(
    desk: Installation, anna: FlaskClient
) -> None:
    token = world.csrf(anna, "/on-call/absences")
    large = ICS.replace("SUMMARY:", "DESCRIPTION:" + "x" * 900_000 + "\r\nSUMMARY:")
    form = {"csrf_token": token, "person": "anna", "text": large}

    answer = anna.post("/on-call/absences/import", data=form, content_type="multipart/form-data")

    assert answer.status_code == 303


def test_the_tabs_mark_the_page_that_is_shown(anna: FlaskClient, reader: FlaskClient) -> None:
    page = anna.get("/on-call/absences").text

    assert re.search(r'<a href="/on-call/absences" aria-current="page">Absences', page)
    assert ">Absences<" not in reader.get("/on-call").text
