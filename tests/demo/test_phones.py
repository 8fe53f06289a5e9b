"""The phones take what a provider would push, from anybody, and show the newest first."""

import json
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from bridge.demo.phones import LARGEST_BYTES, MOST_MESSAGES, Phones
from bridge.oncall import paging
from bridge.oncall.message import PageMessage
from bridge.outbox.outcome import Outcome
from tests import builders
from tests.lab.sink import Sink

PAGE = {"title": "P1 DOWN fw01", "message": "[Ticket #10003]\nhttp://x/a/abc.d-e_f\n\nlost"}


def test_a_page_is_shown_with_its_link_apart_from_its_text(tmp_path: Path) -> None:
    phones = Phones(tmp_path / "phones")

    phones.take("anna", PAGE | {"channel": "sms"}, builders.MONDAY_9_UTC)

    (message,) = phones.messages("anna")
    assert (message.title, message.channel) == ("P1 DOWN fw01", "sms")
    assert (message.text, message.token) == ("[Ticket #10003]\nlost", "abc.d-e_f")
    assert message.at == builders.MONDAY_9_UTC


def test_the_newest_come_first_and_each_on_its_phone(tmp_path: Path) -> None:
    phones = Phones(tmp_path / "phones")

    for number in range(MOST_MESSAGES + 5):
        phones.take("anna", {"title": str(number)}, builders.later(number))
    phones.take("ben", {"title": "for Ben"}, builders.MONDAY_9_UTC)

    titles = [message.title for message in phones.messages("anna")]
    assert len(titles) == MOST_MESSAGES
    assert titles[0] == str(MOST_MESSAGES + 4)
    assert [message.title for message in phones.messages("ben")] == ["for Ben"]


@pytest.mark.parametrize(
    ("path", "body", "mimetype", "status"),
    [
        pytest.param("anna", json.dumps(PAGE), "application/json", 204, id="a page"),
        pytest.param("anna", "{", "application/json", 400, id="broken JSON"),
        pytest.param("anna", "[]", "application/json", 400, id="no object"),
        pytest.param("carl", json.dumps(PAGE), "application/json", 404, id="nobody's phone"),
        pytest.param("anna", json.dumps(PAGE), "text/plain", 415, id="from another site"),
        pytest.param("anna", " " * (LARGEST_BYTES + 1), "application/json", 413, id="too much"),
    ],
)
def test_a_phone_answers_as_a_provider_does(
    visitor: FlaskClient, path: str, body: str, mimetype: str, status: int
) -> None:
    answer = visitor.post(f"/demo/phone/{path}", data=body, content_type=mimetype)

    assert answer.status_code == status


def test_what_is_in_a_page_is_text_and_nothing_else(visitor: FlaskClient) -> None:
    visitor.get("/demo")
    visitor.post("/demo/phone/ben", json={"title": "<b>x</b>", "message": "<script>"})

    page = visitor.get("/demo/phone/ben").get_data(as_text=True)

    assert "&lt;b&gt;x&lt;/b&gt;" in page
    assert "<script>" not in page


def test_apprise_brings_a_page_as_the_phone_expects_it(tmp_path: Path) -> None:
    with Sink() as sink:
        channel = f"json://127.0.0.1:{sink.port}/demo/phone/anna?:channel=push"
        delivered = paging.deliver(channel, PageMessage("title", "first", "http://x/a/abc"))
        told = json.loads(sink.requests[0].body)

    phones = Phones(tmp_path / "phones")
    phones.take("anna", told, builders.MONDAY_9_UTC)

    assert delivered.outcome is Outcome.ACCEPTED
    (message,) = phones.messages("anna")
    assert (message.channel, message.title, message.text) == ("push", "title", "first")
    assert message.token == "abc"
