"""What the desk file says: customers, contracts, and who is on call."""

from datetime import UTC, datetime
from typing import Any

import pytest
import time_machine
from flask.testing import FlaskClient

from bridge.installation import Installation
from tests.api.world import ON_ONE_ENGINE, Caller, make_token, sentence, statements
from tests.builders import EXAMPLE, apply_desk

SCHEDULES = """
schedules:
  primary:
    timezone: Europe/Berlin
    layers:
      - {rotation: weekly, handover: "mon 09:00", starts: 2026-01-05, people: [anna, ben]}
  always: {timezone: America/New_York, layers: [
      {rotation: daily, handover: "09:00", starts: 2026-01-05, people: [lead]}]}
  nobody: {timezone: Europe/Berlin, layers: []}
"""


@pytest.fixture
def on_duty(installation: Installation, client: FlaskClient) -> Caller:
    """A program that may read, at a desk where anna and ben take turns."""
    before, _, after = EXAMPLE.read_text().partition("schedules:")
    apply_desk(installation, before + SCHEDULES + "policies:" + after.partition("policies:")[2])
    return Caller(client, make_token(installation, "report", "api:read"))


def test_customers_come_with_their_contracts(reader: Caller) -> None:
    answer = reader.get("/customers")

    acme, nordlicht = answer.get_json()["items"]
    assert answer.get_json()["next"] is None
    assert acme == {
        "number": "1001",
        "name": "ACME GmbH",
        "language": "de",
        "timezone": "Europe/Berlin",
        "domains": [],
        "manager": None,
        "team": None,
        "contracts": ["acme-care"],
    }
    assert (nordlicht["number"], nordlicht["language"]) == ("1002", "en")


def test_a_contract_says_what_is_promised_now(reader: Caller) -> None:
    acme, nordlicht = reader.get("/contracts").get_json()["items"]

    assert acme == {
        "id": "acme-care",
        "customer": {"number": "1001", "name": "ACME GmbH"},
        "addresses": ["acme-247@desk.example"],
        "valid_from": "2026-01-01",
        "valid_to": None,
        "policy": "standby",
        "fault": {
            "calendar": "always",
            "response_minutes": {"P1": 30, "P2": 60, "P3": 240, "P4": 480},
            "solution_minutes": {},
            "update_minutes": {},
            "page": {"P1": "now", "P2": "now", "P3": "service-hours"},
        },
        "request": {
            "calendar": "office",
            "response_minutes": {"P1": 60, "P2": 120, "P3": 240, "P4": 480},
            "solution_minutes": {},
            "update_minutes": {},
            "page": {},
        },
    }
    assert (nordlicht["valid_from"], nordlicht["request"]) == (None, None)


def test_contracts_are_those_of_one_customer_where_it_is_named(reader: Caller) -> None:
    def ids(**filters: Any) -> list[str]:
        return [one["id"] for one in reader.get("/contracts", **filters).get_json()["items"]]

    assert ids(customer="1002") == ["nordlicht-office"]
    assert ids(customer="none") == []


def test_a_changed_contract_counts_from_its_day(desk: Installation, reader: Caller) -> None:
    text = EXAMPLE.read_text().replace(
        "P1: 30m, P2: 1h, P3: 4h, P4: 8h}\n          page", "P1: 10m}\n          page"
    )
    with time_machine.travel(datetime(2026, 11, 30, tzinfo=UTC), tick=False):
        apply_desk(desk, text, now=datetime(2026, 11, 30, tzinfo=UTC))

    def promised(day: int) -> dict[str, int]:
        with time_machine.travel(datetime(2026, 11, day, tzinfo=UTC), tick=False):
            acme = reader.get("/contracts").get_json()["items"][0]
        found: dict[str, int] = acme["fault"]["response_minutes"]
        return found

    assert promised(29)["P1"] == 30
    assert promised(30) == {"P1": 10}


@pytest.mark.parametrize("path", ["/customers", "/contracts"])
def test_lists_of_the_desk_come_in_pages(reader: Caller, path: str) -> None:
    whole = reader.get(path).get_json()["items"]

    first = reader.get(path, limit=1).get_json()
    second = reader.get(first["next"]).get_json()

    assert first["items"] + second["items"] == whole
    assert second["next"] is None


@pytest.mark.parametrize("path", ["/customers", "/contracts"])
def test_more_customers_cost_no_more_statements(
    desk: Installation, reader: Caller, path: str
) -> None:
    reader.get(path)  # the configuration is read once
    with statements(desk) as for_one:
        reader.get(path, limit=1)
    with statements(desk) as for_all:
        reader.get(path)

    # The token, the configuration's revision, the page.
    assert len(for_one) == len(for_all) == 3


@ON_ONE_ENGINE
@pytest.mark.parametrize(
    ("at", "shown"),
    [
        pytest.param(
            "2026-11-23T07:59:59Z",
            {"at": "2026-11-23T07:59:59Z", "on_call": ["ben"], "until": "2026-11-23T08:00:00Z"},
            id="the second before the handover",
        ),
        pytest.param(
            "2026-11-23T09:00",
            {"at": "2026-11-23T08:00:00Z", "on_call": ["anna"], "until": "2026-11-30T08:00:00Z"},
            id="a naive time is the schedule's own",
        ),
        pytest.param(
            "2026-11-23T10:00:00+02:00",
            {"at": "2026-11-23T08:00:00Z", "on_call": ["anna"], "until": "2026-11-30T08:00:00Z"},
            id="with an offset",
        ),
        pytest.param(
            "2026-10-25T02:30",
            {"at": "2026-10-25T00:30:00Z", "on_call": ["ben"], "until": "2026-10-26T08:00:00Z"},
            id="a repeated hour means the first",
        ),
        pytest.param(
            "2020-01-01T00:00Z",
            {"at": "2020-01-01T00:00:00Z", "on_call": [], "until": "2026-01-05T08:00:00Z"},
            id="before the schedule began",
        ),
    ],
)
def test_who_is_on_call_is_told_for_a_moment(
    on_duty: Caller, at: str, shown: dict[str, Any]
) -> None:
    assert on_duty.get("/schedules/primary/on-call", at=at).get_json() == shown


@ON_ONE_ENGINE
def test_a_plus_that_nobody_escaped_is_still_an_offset(on_duty: Caller) -> None:
    answer = on_duty.get("/schedules/primary/on-call?at=2026-11-23T10:00:00+02:00")

    assert answer.get_json()["at"] == "2026-11-23T08:00:00Z"


@ON_ONE_ENGINE
def test_without_a_moment_it_is_now(on_duty: Caller) -> None:
    with time_machine.travel(datetime(2026, 11, 24, 12, 30, 15, tzinfo=UTC), tick=False):
        answer = on_duty.get("/schedules/primary/on-call")

    assert answer.get_json() == {
        "at": "2026-11-24T12:30:15Z",
        "on_call": ["anna"],
        "until": "2026-11-30T08:00:00Z",
    }


@ON_ONE_ENGINE
@pytest.mark.parametrize(("schedule", "people"), [("always", ["lead"]), ("nobody", [])])
def test_what_never_changes_has_no_end(on_duty: Caller, schedule: str, people: list[str]) -> None:
    found = on_duty.get(f"/schedules/{schedule}/on-call", at="2026-11-23T10:00Z").get_json()

    assert (found["on_call"], found["until"]) == (people, None)


@ON_ONE_ENGINE
@pytest.mark.parametrize(
    ("at", "hint"),
    [
        pytest.param("2026-03-29T02:30", "does not exist in Europe/Berlin", id="a skipped hour"),
        pytest.param("tomorrow", "no moment", id="a word"),
        pytest.param("", "no moment", id="nothing"),
        pytest.param("9999-12-31T23:59:59Z", "out of range", id="the end of time"),
        pytest.param("0001-01-01T00:00", "out of range", id="its beginning"),
        pytest.param("x" * 65, "64", id="too long"),
    ],
)
def test_what_is_no_moment_is_400(on_duty: Caller, at: str, hint: str) -> None:
    answer = on_duty.get("/schedules/primary/on-call", at=at)

    assert answer.status_code == 400
    assert hint in sentence(answer)


def test_an_unknown_schedule_is_404_with_the_nearest_name(on_duty: Caller) -> None:
    answer = on_duty.get("/schedules/primry/on-call")

    assert answer.status_code == 404
    assert "did you mean primary?" in sentence(answer)
