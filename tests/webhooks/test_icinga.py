"""What the webhook answers, and what it keeps."""

import json
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from bridge import utc
from bridge.inbox.models import WAITING, InboxEntry
from bridge.installation import Installation
from bridge.webhooks import MAX_BODY_BYTES
from bridge.webhooks.icinga import MOST_ENTRIES
from tests.builders import SOURCE, notification
from tests.webhooks.conftest import JSON, Post, make_token

PATH = "/webhooks/icinga"


def kept(installation: Installation) -> list[InboxEntry]:
    with installation.database.reading() as session:
        return list(session.scalars(select(InboxEntry).order_by(InboxEntry.id)))


def refusal(answer: TestResponse, status: int) -> str:
    """Check a refusal of the whole, and return its sentence."""
    assert answer.status_code == status
    assert answer.mimetype == JSON
    (error,) = answer.json["errors"]
    assert (answer.json["kept"], answer.json["duplicates"], error["index"]) == (0, 0, None)
    return str(error["message"])


def test_one_notification_is_kept_as_it_came(post: Post, installation: Installation) -> None:
    said = notification(unknown_field={"kept": "and ignored"}, output="schön ☃")
    began = utc.now()

    answer = post(said)

    assert (answer.status_code, answer.json) == (202, {"kept": 1, "duplicates": 0})
    assert answer.mimetype == JSON
    (entry,) = kept(installation)
    assert (entry.source, entry.kind, entry.event_id) == (SOURCE, "icinga", said["id"])
    assert entry.state == WAITING
    assert json.loads(entry.payload) == said
    assert began <= entry.received_at <= utc.now()


def test_what_was_kept_before_is_a_duplicate_and_stays_as_it_was(
    post: Post, installation: Installation
) -> None:
    said = notification(output="first")
    post(said)

    answer = post(said | {"output": "second"})

    assert (answer.status_code, answer.json) == (202, {"kept": 0, "duplicates": 1})
    (entry,) = kept(installation)
    assert json.loads(entry.payload)["output"] == "first"


def test_a_batch_counts_its_own_duplicates_and_those_of_before(
    post: Post, installation: Installation
) -> None:
    a, b, c = (notification() for _ in range(3))
    post(a)

    answer = post({"notifications": [a, b, c, b, b]})

    assert (answer.status_code, answer.json) == (202, {"kept": 2, "duplicates": 3})
    assert [entry.event_id for entry in kept(installation)] == [a["id"], b["id"], c["id"]]


def test_a_batch_of_nothing_is_nothing(post: Post) -> None:
    answer = post({"notifications": []})

    assert (answer.status_code, answer.json) == (202, {"kept": 0, "duplicates": 0})


def test_an_id_is_of_its_source(
    post: Post, client: FlaskClient, installation: Installation
) -> None:
    other = make_token(installation, "other", "webhook", "icinga-other")
    said = notification()

    first = post(said)
    second = client.post(PATH, json=said, headers={"Authorization": f"Bearer {other}"})

    assert first.json == second.json == {"kept": 1, "duplicates": 0}
    assert [entry.source for entry in kept(installation)] == [SOURCE, "icinga-other"]


def without(*path: str) -> dict[str, Any]:
    said: dict[str, Any] = notification()
    inner = said
    for name in path[:-1]:
        inner = inner[name]
    del inner[path[-1]]
    return said


@pytest.mark.parametrize(
    ("entry", "fields"),
    [
        pytest.param(without("id"), ["id"], id="no id"),
        pytest.param(notification() | {"id": "x" * 129}, ["id"], id="a long id"),
        pytest.param(notification() | {"id": 5}, ["id"], id="an id that is a number"),
        pytest.param(notification() | {"id": "a\0b"}, ["id"], id="an id nobody can store"),
        pytest.param(without("type"), ["type"], id="no type"),
        pytest.param(without("time"), ["time"], id="no time"),
        pytest.param(notification() | {"time": "now"}, ["time"], id="a time that is a text"),
        pytest.param(notification() | {"time": True}, ["time"], id="a time that is a truth"),
        pytest.param(without("host"), ["host"], id="no host"),
        pytest.param(without("host", "name"), ["host.name"], id="no host's name"),
        pytest.param(without("service", "name"), ["service.name"], id="no service's name"),
        pytest.param(without("service", "state"), ["service.state"], id="a problem without state"),
        pytest.param({}, ["id", "type", "time", "host"], id="an empty object"),
        pytest.param("text", [""], id="a text"),
        pytest.param(None, [""], id="null"),
        pytest.param([notification()], [""], id="a list"),
    ],
)
def test_a_wrong_entry_is_named_and_the_others_are_kept(
    post: Post, installation: Installation, entry: object, fields: list[str]
) -> None:
    before, after = notification(), notification()

    answer = post({"notifications": [before, entry, after]})

    assert answer.status_code == 400
    assert (answer.json["kept"], answer.json["duplicates"]) == (2, 0)
    errors = answer.json["errors"]
    assert {error["index"] for error in errors} == {1}
    assert sorted(error["field"] for error in errors) == sorted(fields)
    assert all(error["message"] for error in errors)
    assert [one.event_id for one in kept(installation)] == [before["id"], after["id"]]


def test_a_single_wrong_entry_is_named_and_not_kept(post: Post, installation: Installation) -> None:
    answer = post(without("time"))

    assert answer.status_code == 400
    assert (answer.json["kept"], answer.json["duplicates"]) == (0, 0)
    assert [(one["index"], one["field"]) for one in answer.json["errors"]] == [(0, "time")]
    assert kept(installation) == []


def test_every_wrong_entry_is_named_however_many_there_are(
    post: Post, installation: Installation
) -> None:
    """The sender takes the entries that are not named for kept, and throws them away."""
    entries = [notification() if number % 3 == 0 else {} for number in range(3000)]

    answer = post({"notifications": entries})

    assert answer.status_code == 400
    assert answer.json["kept"] == 1000
    named = {error["index"] for error in answer.json["errors"]}
    assert named == {number for number in range(3000) if number % 3}
    assert len(kept(installation)) == 1000


def test_no_more_entries_are_taken_than_fit_into_a_body(post: Post) -> None:
    smallest = {"id": "1", "type": "A", "time": 1, "host": {"name": "h"}}
    assert (len(json.dumps(smallest, separators=(",", ":"))) + 1) * MOST_ENTRIES > MAX_BODY_BYTES

    answer = post(b'{"notifications":[' + b",".join([b"1"] * (MOST_ENTRIES + 1)) + b"]}")

    assert str(MOST_ENTRIES) in refusal(answer, 400)


@pytest.mark.parametrize(
    "header",
    [
        pytest.param(None, id="none"),
        pytest.param("", id="empty"),
        pytest.param("Bearer", id="no token"),
        pytest.param("Bearer  ", id="spaces"),
        pytest.param("Bearer bridge_wrong", id="an unknown token"),
        pytest.param("Basic dXNlcjpwYXNz", id="another scheme"),
        pytest.param("bridge_wrong", id="no scheme"),
        pytest.param("Bearer \xe4\xf6\xfc", id="no ASCII"),
        pytest.param("Bearer " + "x" * 20_000, id="very long"),
    ],
)
def test_without_a_token_of_ours_nothing_is_looked_at(
    client: FlaskClient, installation: Installation, header: str | None
) -> None:
    headers = {} if header is None else {"Authorization": header}

    answer = client.post(PATH, data=b"x" * 1000, headers=headers)

    assert refusal(answer, 401)
    assert answer.headers["WWW-Authenticate"] == "Bearer"
    assert kept(installation) == []


def test_a_token_may_be_called_bearer_in_small_letters(client: FlaskClient, token: str) -> None:
    headers = {"Authorization": f"bearer {token} "}

    assert client.post(PATH, json=notification(), headers=headers).status_code == 202


@pytest.mark.parametrize("scope", ["api:read", "api:write"])
def test_a_token_for_something_else_is_refused(
    client: FlaskClient, installation: Installation, scope: str
) -> None:
    api = make_token(installation, "api", scope, None)

    answer = client.post(PATH, json=notification(), headers={"Authorization": f"Bearer {api}"})

    assert "--scope webhook" in refusal(answer, 403)
    assert kept(installation) == []


@pytest.mark.parametrize(
    ("content_type", "status"),
    [
        pytest.param("application/json", 202, id="JSON"),
        pytest.param("application/json; charset=utf-8", 202, id="with a charset"),
        pytest.param("Application/JSON;charset=ISO-8859-1", 202, id="JSON is always UTF-8"),
        pytest.param("text/json", 415, id="something like it"),
        pytest.param("application/vnd.api+json", 415, id="something derived from it"),
        pytest.param("application/x-www-form-urlencoded", 415, id="a form"),
        pytest.param("", 415, id="nothing"),
        pytest.param(";;;", 415, id="nonsense"),
    ],
)
def test_it_speaks_json_only(post: Post, content_type: str, status: int) -> None:
    answer = post(notification(), content_type)

    assert answer.status_code == status
    if status == 415:
        assert "application/json" in refusal(answer, 415)


@pytest.mark.parametrize(
    ("encoding", "status"),
    [("gzip", 415), ("br", 415), ("nonsense", 415), ("identity", 202), ("Identity", 202)],
)
def test_it_does_not_unpack(post: Post, encoding: str, status: int) -> None:
    assert post(notification(), Content_Encoding=encoding).status_code == status


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(b"", id="nothing"),
        pytest.param(b"not JSON", id="text"),
        pytest.param(b'{"id": "a"', id="cut off"),
        pytest.param(b"{} {}", id="two"),
        pytest.param(b"\x1f\x8b\x08\x00", id="packed"),
        pytest.param(b"[" * 100_000, id="nested without an end"),
        pytest.param(b'{"id": ' + b"9" * 5000 + b"}", id="a number without an end"),
        pytest.param('{"id": "a"}'.encode("utf-16"), id="UTF-16"),
    ],
)
def test_what_is_no_json_is_refused(post: Post, installation: Installation, body: bytes) -> None:
    assert "not JSON" in refusal(post(body), 400)
    assert kept(installation) == []


@pytest.mark.parametrize("body", [[], [notification()], "text", 5, None, {"notifications": {}}])
def test_json_of_another_shape_is_refused(post: Post, body: object) -> None:
    assert "notifications" in refusal(post(body), 400)


@pytest.mark.parametrize(("more", "status"), [(0, 202), (1, 413)])
def test_a_body_has_four_mebibytes_at_most(
    post: Post, installation: Installation, more: int, status: int
) -> None:
    body = json.dumps(notification()).encode().ljust(4 * 1024 * 1024 + more)

    answer = post(body)

    assert answer.status_code == status
    assert answer.mimetype == JSON
    assert len(kept(installation)) == (1 if status == 202 else 0)


def test_without_a_token_a_large_body_is_not_read(client: FlaskClient) -> None:
    assert client.post(PATH, data=b" " * (MAX_BODY_BYTES + 1)).status_code == 401


@pytest.mark.parametrize("method", ["get", "put", "delete", "patch"])
def test_it_is_posted_to(client: FlaskClient, method: str) -> None:
    answer = getattr(client, method)(PATH)

    assert answer.status_code == 405
    assert answer.mimetype == JSON


def test_no_token_is_in_an_answer_or_a_log(
    post: Post, client: FlaskClient, caplog: pytest.LogCaptureFixture, token: str
) -> None:
    caplog.set_level("DEBUG")
    wrong = "bridge_" + "w" * 43

    said = [
        post(b"not JSON").get_data(as_text=True),
        post(notification()).get_data(as_text=True),
        client.post(PATH, headers={"Authorization": f"Bearer {wrong}"}).get_data(as_text=True),
        caplog.text,
    ]

    assert token not in "".join(said)
    assert wrong not in "".join(said)
