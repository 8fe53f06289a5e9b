"""What the webhook answers, and what it keeps."""

import json
from typing import Any

import pytest
from flask.testing import FlaskClient

from bridge import utc
from bridge.inbox.models import WAITING
from bridge.installation import Installation
from bridge.webhooks import MAX_BODY_BYTES
from bridge.webhooks.icinga import MOST_ENTRIES
from tests.builders import SOURCE, notification
from tests.webhooks.conftest import JSON, Post, kept, make_token, refusal, told

PATH = "/webhooks/icinga"


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
    assert (told(answer)["kept"], told(answer)["duplicates"]) == (2, 0)
    errors = told(answer)["errors"]
    assert {error["index"] for error in errors} == {1}
    assert sorted(error["field"] for error in errors) == sorted(fields)
    assert all(error["message"] for error in errors)
    assert [one.event_id for one in kept(installation)] == [before["id"], after["id"]]


def test_a_single_wrong_entry_is_named_and_not_kept(post: Post, installation: Installation) -> None:
    answer = post(without("time"))

    assert answer.status_code == 400
    assert (told(answer)["kept"], told(answer)["duplicates"]) == (0, 0)
    assert [(one["index"], one["field"]) for one in told(answer)["errors"]] == [(0, "time")]
    assert kept(installation) == []


def test_every_wrong_entry_is_named_however_many_there_are(
    post: Post, installation: Installation
) -> None:
    """The sender takes the entries that are not named for kept, and throws them away."""
    entries = [notification() if number % 3 == 0 else {} for number in range(3000)]

    answer = post({"notifications": entries})

    assert answer.status_code == 400
    assert told(answer)["kept"] == 1000
    named = {error["index"] for error in told(answer)["errors"]}
    assert named == {number for number in range(3000) if number % 3}
    assert len(kept(installation)) == 1000


def test_no_more_entries_are_taken_than_fit_into_a_body(post: Post) -> None:
    smallest = {"id": "1", "type": "A", "time": 1, "host": {"name": "h"}}
    assert (len(json.dumps(smallest, separators=(",", ":"))) + 1) * MOST_ENTRIES > MAX_BODY_BYTES

    answer = post(b'{"notifications":[' + b",".join([b"1"] * (MOST_ENTRIES + 1)) + b"]}")

    assert str(MOST_ENTRIES) in refusal(answer, 400)
