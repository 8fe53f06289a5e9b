"""Who may call the API: programs, by their tokens."""

import pytest
from flask.testing import FlaskClient

from bridge.installation import Installation
from tests.api.world import ON_ONE_ENGINE, Caller, make_token, sentence


@pytest.mark.parametrize(
    "header",
    [
        pytest.param(None, id="nothing"),
        pytest.param("Bearer", id="no token"),
        pytest.param("Bearer  ", id="blanks for a token"),
        pytest.param("Basic YW5uYTp4", id="another scheme"),
        pytest.param("Bearer bridge_nobody-made-this", id="a token nobody made"),
        pytest.param("Bearer \u00e4\u00f6\u00fc", id="a token that is none"),
    ],
)
def test_without_a_good_token_the_answer_is_401_and_names_the_scheme(
    desk: Installation, client: FlaskClient, header: str | None
) -> None:
    answer = client.get("/api/v1/tickets", headers={"Authorization": header} if header else {})

    assert answer.status_code == 401
    assert answer.mimetype == "application/problem+json"
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")
    assert "token" in sentence(answer)


@ON_ONE_ENGINE
def test_the_scheme_may_be_written_in_any_case(reader: Caller) -> None:
    answer = reader.client.get(
        "/api/v1/tickets", headers={"Authorization": f"bEARER {reader.token}"}
    )

    assert answer.status_code == 200


@pytest.mark.parametrize(
    ("scope", "get", "post"),
    [
        pytest.param("webhook", 403, 403, id="webhook: nothing"),
        pytest.param("api:read", 404, 403, id="api:read: reading"),
        pytest.param("api:write", 404, 404, id="api:write: everything"),
    ],
)
def test_a_token_is_good_for_its_scope(
    desk: Installation, client: FlaskClient, scope: str, get: int, post: int
) -> None:
    caller = Caller(client, make_token(desk, "some program", scope))

    assert caller.get("/tickets/1").status_code == get
    refused = caller.post("/tickets/1/acknowledge")
    assert refused.status_code == post
    if post == 403:
        assert "--scope api:write" in sentence(refused)


def test_a_refused_caller_changes_nothing_and_learns_nothing(
    desk: Installation, client: FlaskClient, reader: Caller
) -> None:
    assert client.post("/api/v1/tickets/1/note", json={"text": "x"}).status_code == 401
    assert reader.post("/tickets/1/note", text="x").status_code == 403


@ON_ONE_ENGINE
def test_a_log_in_for_pages_opens_nothing_here(desk: Installation, client: FlaskClient) -> None:
    with client.session_transaction() as kept:
        kept["_user_id"] = "1 2026-11-23T09:00:00Z"

    assert client.get("/api/v1/tickets").status_code == 401


@ON_ONE_ENGINE
def test_answers_are_not_to_be_kept_by_anybody_between(reader: Caller) -> None:
    assert reader.get("/tickets").headers["Cache-Control"] == "no-store"
    assert reader.get("/tickets/1").headers["Cache-Control"] == "no-store"


@ON_ONE_ENGINE
@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        pytest.param("DELETE", "/tickets/1", {"GET", "HEAD", "OPTIONS"}, id="a ticket"),
        pytest.param("POST", "/customers", {"GET", "HEAD", "OPTIONS"}, id="a list"),
        pytest.param("GET", "/tickets/1/close", {"POST", "OPTIONS"}, id="an action"),
    ],
)
def test_a_wrong_method_is_405_and_the_right_ones_are_named(
    writer: Caller, method: str, path: str, allowed: set[str]
) -> None:
    answer = writer.client.open(f"/api/v1{path}", method=method)

    assert answer.status_code == 405
    assert answer.mimetype == "application/problem+json"
    assert set(answer.headers["Allow"].split(", ")) == allowed


@ON_ONE_ENGINE
def test_a_path_that_is_none_is_404_in_the_same_form(reader: Caller) -> None:
    answer = reader.get("/tikets")

    assert answer.status_code == 404
    assert answer.mimetype == "application/problem+json"
    assert sentence(answer)
