"""Whom and what the webhook refuses as a whole, and in which words."""

import json

import pytest
from flask.testing import FlaskClient

from bridge.installation import Installation
from bridge.webhooks import MAX_BODY_BYTES
from tests.builders import notification
from tests.webhooks.conftest import JSON, Post, kept, make_token, refusal

PATH = "/webhooks/icinga"


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
    assert answer.headers["Allow"] == "OPTIONS, POST"


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
