"""What an answer of Icinga's API means; the answers are those of a real one."""

from typing import Any

import pytest

from bridge.errors import BridgeError
from bridge.icinga import answers
from bridge.icinga.answers import (
    ActionRefused,
    AlreadyAcknowledged,
    Busy,
    NotAProblem,
    NotIcinga,
    ObjectMissing,
    QueryRefused,
    Unauthorised,
)

NOTHING_FOUND = {"error": 404, "status": "No objects found."}
BAD_LOGIN = {"error": 401, "status": "Unauthorized. Please check your user credentials."}
RELOADING = {"error": 503, "status": "Icinga is reloading"}


def one(code: int, status: str, **more: Any) -> dict[str, Any]:
    return {"results": [{"code": code, "status": status, **more}]}


ALREADY = one(409, "Service web01!disk is already acknowledged.")
WELL = one(409, "Host web01 is UP.")
PAST = one(409, "Acknowledgement 'expiry' timestamp must be in the future for object web01!disk")
INCOMPLETE = one(400, "Acknowledgements require author and comment.")


def test_an_action_that_is_done_gives_its_result() -> None:
    body = one(200, "Successfully added comment", name="web01!6f2e", legacy_id=6)

    assert answers.done(200, body)["name"] == "web01!6f2e"


ACTIONS = [
    pytest.param(401, BAD_LOGIN, Unauthorised, id="wrong password"),
    pytest.param(404, NOTHING_FOUND, ObjectMissing, id="no such object, or not permitted"),
    pytest.param(500, {"results": []}, ObjectMissing, id="no object met the filter"),
    pytest.param(200, {"results": []}, ObjectMissing, id="nothing done"),
    pytest.param(409, ALREADY, AlreadyAcknowledged, id="already acknowledged"),
    pytest.param(409, WELL, NotAProblem, id="host is UP"),
    pytest.param(409, one(409, "Service web01!d is OK."), NotAProblem, id="service is OK"),
    pytest.param(409, PAST, ActionRefused, id="expiry in the past"),
    pytest.param(400, INCOMPLETE, ActionRefused, id="author missing"),
    pytest.param(403, one(403, "Missing permission"), Unauthorised, id="forbidden"),
    pytest.param(500, one(500, "Exception"), Busy, id="failed inside Icinga"),
    pytest.param(503, RELOADING, Busy, id="reloading"),
    pytest.param(503, None, Busy, id="a proxy's page while it is down"),
    pytest.param(200, ALREADY, AlreadyAcknowledged, id="200 around a result that says 409"),
    pytest.param(200, one(200, "ok") | {"results": [{"status": "?"}]}, ActionRefused, id="no code"),
    pytest.param(200, None, NotIcinga, id="a page that is no JSON"),
    pytest.param(302, None, NotIcinga, id="a redirect to a login"),
]


@pytest.mark.parametrize(("status", "body", "error"), ACTIONS)
def test_an_action_that_is_not_done_says_why(
    status: int, body: object, error: type[BridgeError]
) -> None:
    with pytest.raises(error):
        answers.done(status, body)


def test_a_refusal_carries_icingas_own_words() -> None:
    with pytest.raises(ActionRefused, match="require author and comment"):
        answers.done(400, INCOMPLETE)


def test_one_bad_result_among_good_ones_is_not_overlooked() -> None:
    body = {"results": one(200, "done")["results"] + ALREADY["results"]}

    with pytest.raises(AlreadyAcknowledged):
        answers.done(200, body)


def test_an_empty_list_is_an_answer_to_a_question() -> None:
    assert answers.results(200, {"results": []}) == []


QUESTIONS = [
    pytest.param(404, NOTHING_FOUND, QueryRefused, id="no permission, or an error in the filter"),
    pytest.param(400, {"error": 400, "status": "Invalid field"}, QueryRefused, id="wrong field"),
    pytest.param(403, {"error": 403, "status": "Forbidden"}, QueryRefused, id="forbidden"),
    pytest.param(401, BAD_LOGIN, Unauthorised, id="wrong password"),
    pytest.param(503, RELOADING, Busy, id="reloading"),
    pytest.param(200, {"status": "fine"}, NotIcinga, id="JSON of something else"),
    pytest.param(200, ["results"], NotIcinga, id="a list"),
    pytest.param(200, {"results": ["x"]}, NotIcinga, id="results that are no objects"),
    pytest.param(200, None, NotIcinga, id="a page that is no JSON"),
    pytest.param(404, None, NotIcinga, id="404 of something else"),
]


@pytest.mark.parametrize(("status", "body", "error"), QUESTIONS)
def test_a_refused_question_is_never_an_empty_list(
    status: int, body: object, error: type[BridgeError]
) -> None:
    with pytest.raises(error):
        answers.results(status, body)
