"""Who is on call, and changes to it, by program."""

from typing import Any

import pytest
import time_machine
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from bridge.installation import Installation
from tests.api.world import Caller, assert_documented, make_token, sentence
from tests.builders import EXAMPLE, MONDAY_9_UTC, apply_desk

SCHEDULES = """
schedules:
  primary:
    timezone: Europe/Berlin
    layers:
      - {rotation: weekly, handover: "mon 09:00", starts: 2026-01-05, people: [anna, ben]}
  nights: {timezone: America/New_York, layers: []}
"""
SUNDAY = {"from": "2026-11-29T09:00", "to": "2026-11-29T18:00"}


@pytest.fixture
def writer(installation: Installation, client: FlaskClient) -> Caller:
    """A program that may write, at a desk where anna and ben take turns."""
    before, _, after = EXAMPLE.read_text().partition("schedules:")
    apply_desk(installation, before + SCHEDULES + "policies:" + after.partition("policies:")[2])
    return Caller(client, make_token(installation, "chatbot", "api:write"))


@pytest.fixture(autouse=True)
def _clock() -> Any:
    with time_machine.travel(MONDAY_9_UTC, tick=False):
        yield


def on_call(writer: Caller, at: str) -> list[str]:
    found: list[str] = writer.get(f"/schedules/primary/on-call?at={at}").get_json()["on_call"]
    return found


def made_in(writer: Caller, label: str, fields: dict[str, Any]) -> TestResponse:
    return writer.post(f"/schedules/{label}/overrides", **fields)


def withdrawn(writer: Caller, number: int) -> TestResponse:
    path = f"/api/v1/schedules/primary/overrides/{number}"
    headers = {"Authorization": f"Bearer {writer.token}"}
    answer = writer.client.delete(path, headers=headers)
    assert_documented(answer)
    return answer


def test_the_list_says_who_is_on_call_now_and_next(writer: Caller) -> None:
    nights, primary = writer.get("/schedules").get_json()["items"]

    assert primary["people"] == ["anna", "ben"]
    assert {*primary["on_call"], *primary["next"]} == {"anna", "ben"}
    assert primary["until"] == "2026-11-30T08:00:00Z"
    assert (nights["on_call"], nights["until"], nights["overrides"]) == ([], None, [])


def test_the_list_comes_in_pages(writer: Caller) -> None:
    first = writer.get("/schedules?limit=1").get_json()
    rest = writer.get("/schedules?limit=1&cursor=1").get_json()

    assert [one["id"] for one in first["items"] + rest["items"]] == ["nights", "primary"]
    assert first["next"].endswith("cursor=1")
    assert rest["next"] is None


def test_an_override_is_in_force_at_once_and_gone_when_withdrawn(writer: Caller) -> None:
    regular = on_call(writer, "2026-11-29T12:00")

    made = made_in(writer, "primary", SUNDAY | {"cover": "lead"})
    during = on_call(writer, "2026-11-29T12:00")
    listed = writer.get("/schedules").get_json()["items"][1]["overrides"]
    number = made.get_json()["id"]
    gone = withdrawn(writer, number)

    assert (made.status_code, gone.status_code) == (201, 200)
    assert made.get_json() == listed[0]
    assert made.get_json()["from"] == "2026-11-29T08:00:00Z"
    assert (during, regular) == (["lead"], on_call(writer, "2026-11-29T12:00"))


def test_one_is_replaced_and_another_one_added(writer: Caller) -> None:
    (regular,) = on_call(writer, "2026-11-29T12:00")

    made_in(writer, "primary", SUNDAY | {"replace": regular, "with": ["lead"]})
    made_in(writer, "primary", SUNDAY | {"add": regular})

    assert on_call(writer, "2026-11-29T12:00") == ["lead", regular]


@pytest.mark.parametrize(
    ("fields", "status", "words"),
    [
        pytest.param({"cover": "anne"}, 400, "nobody called 'anne'", id="nobody we know"),
        pytest.param({"cover": "anna", "to": "2026-11-29T09:00"}, 400, "not after", id="empty"),
        pytest.param({}, 400, "has one of", id="no kind"),
        pytest.param({"cover": "ben", "add": "ben"}, 400, "has one of", id="two kinds"),
        pytest.param({"replace": "ben"}, 400, "replace needs with", id="replaced by nobody"),
        pytest.param({"cover": "ben", "from": "soon"}, 400, "is no moment", id="no moment"),
        pytest.param({"cover": "ben", "to": "2028-11-29"}, 400, "400 days", id="too long"),
        pytest.param(
            {"cover": "ben", "from": "2027-03-28T02:30", "to": "2027-03-29"},
            400,
            "does not exist",
            id="skipped hour",
        ),
        pytest.param(
            {"cover": "ben", "from": "2026-11-01", "to": "2026-11-02"}, 400, "ended", id="over"
        ),
        pytest.param({"cover": "ben", "who": "ben"}, 400, "who", id="unknown field"),
    ],
)
def test_a_wrong_override_is_refused_with_what_to_do(
    writer: Caller, fields: dict[str, str], status: int, words: str
) -> None:
    answer = made_in(writer, "primary", SUNDAY | fields)

    assert answer.status_code == status
    assert words in sentence(answer)
    assert writer.get("/schedules").get_json()["items"][1]["overrides"] == []


def test_what_is_not_there_is_a_404(writer: Caller) -> None:
    no_schedule = made_in(writer, "primry", SUNDAY | {"cover": "ben"})
    no_override = withdrawn(writer, 4711)

    assert (no_schedule.status_code, no_override.status_code) == (404, 404)
    assert "primary" in sentence(no_schedule)
