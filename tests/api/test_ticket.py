"""One ticket: with its journal, and with the sums behind its clocks."""

import pytest
import time_machine

from bridge.installation import Installation
from tests.api.world import Caller, sentence, statements
from tests.builders import MONDAY_9_UTC, apply_desk, fire, hear, later, notification


def test_a_ticket_comes_with_its_clocks_and_its_journal(desk: Installation, reader: Caller) -> None:
    hear(desk, notification(since=later(-2)), now=later(0))
    in_list = reader.get("/tickets").get_json()["items"][0]

    answer = reader.get("/tickets/10001")

    found = answer.get_json()
    journal = found.pop("journal")
    assert answer.status_code == 200
    assert found == in_list
    assert [one["event"] for one in journal] == ["opened", "clock_started", "escalation_started"]
    opened = journal[0]
    assert opened["at"] == "2026-11-23T08:58:00Z"
    assert opened["recorded_at"] == "2026-11-23T09:00:00Z"
    assert opened["actor"] == {"kind": "icinga", "id": None, "name": None}
    assert opened["text"] == "CRITICAL - as made for a test"
    assert opened["data"]["host"] == "web01"
    assert journal[1]["data"]["due_at"] == "2026-11-23T09:58:00Z"


def test_the_journal_names_people_by_their_ids(desk: Installation, reader: Caller) -> None:
    hear(desk, notification())
    fire(desk, later(2))
    hear(desk, notification("ACKNOWLEDGEMENT", later(3), author="anna", comment="mine"))
    hear(desk, notification("CUSTOM", later(4), author="somebody", comment="look here"))

    journal = reader.get("/tickets/10001").get_json()["journal"]

    by_event = {one["event"]: one for one in journal}
    assert by_event["paged"]["data"]["people"] == ["anna"]
    assert by_event["paged"]["actor"] == {"kind": "bridge", "id": None, "name": None}
    assert by_event["acknowledged"]["actor"] == {
        "kind": "staff",
        "id": "anna",
        "name": "Anna Beispiel",
    }
    assert by_event["comment"]["actor"] == {"kind": "icinga", "id": None, "name": "somebody"}
    assert by_event["comment"]["text"] == "look here"


def test_the_journal_alone_comes_in_pages(desk: Installation, reader: Caller) -> None:
    hear(desk, notification())
    whole = reader.get("/tickets/10001").get_json()["journal"]

    first = reader.get("/tickets/10001/journal", limit=2).get_json()
    second = reader.get(first["next"]).get_json()

    assert first["items"] + second["items"] == whole
    assert second["next"] is None


def test_another_tickets_journal_is_not_mixed_in(desk: Installation, reader: Caller) -> None:
    hear(desk, notification())
    hear(desk, notification(host="web02"))

    journal = reader.get("/tickets/10002").get_json()["journal"]

    assert [one["event"] for one in journal] == ["opened", "clock_started", "escalation_started"]
    assert journal[0]["data"]["host"] == "web02"


def test_a_longer_journal_costs_no_more_statements(desk: Installation, reader: Caller) -> None:
    hear(desk, notification())
    with statements(desk) as short:
        reader.get("/tickets/10001")
    for minute in range(1, 20):
        hear(desk, notification("CUSTOM", later(minute), comment=f"the {minute}th"))

    with statements(desk) as long:
        found = reader.get("/tickets/10001").get_json()

    assert len(found["journal"]) == 22
    assert len(short) == len(long)


OFFICE_START = MONDAY_9_UTC.replace(day=27, hour=15)  # Friday, 16:00 in Berlin


def test_a_clock_shows_the_sum_behind_its_due_time(desk: Installation, reader: Caller) -> None:
    apply_desk(desk)
    said = notification(at=OFFICE_START, vars={"address": "nordlicht@desk.example"})
    said["service"]["state"] = "UNKNOWN"
    hear(desk, said)

    with time_machine.travel(later(30, OFFICE_START), tick=False):
        answer = reader.get("/tickets/10001/clocks")

    [clock] = answer.get_json()["items"]
    assert clock["due_at"] == "2026-11-30T14:00:00Z"
    assert clock["calendar"] == "office"
    assert clock["used_seconds"] == 1800
    # Eight hours: one on Friday, seven on Monday.
    explanation = clock["explanation"]
    sentences = explanation.pop("sentences")
    assert sentences[0].startswith(
        "Promised: a response within 8 h of open time (calendar “office”"
    )
    assert "Due Mon 30 Nov 15:00 CET." in sentences
    assert explanation == {
        "counted_from": "2026-11-27T15:00:00Z",
        "counted_minutes": 480,
        "pieces": [
            {"from": "2026-11-27T15:00:00Z", "to": "2026-11-27T16:00:00Z", "seconds": 3600},
            {"from": "2026-11-30T07:00:00Z", "to": "2026-11-30T14:00:00Z", "seconds": 25200},
        ],
        "pauses": [],
        "calendar_versions": [{"calendar": "office", "valid_from": None, "counts_from": None}],
        "contract_versions": [{"contract": "nordlicht-office", "valid_from": None}],
    }


def test_a_stopped_clock_shows_what_was_used_up_to_its_stop(
    desk: Installation, reader: Caller, writer: Caller
) -> None:
    hear(desk, notification())
    with time_machine.travel(later(10), tick=False):
        writer.post("/tickets/10001/acknowledge")

    with time_machine.travel(later(300), tick=False):
        [clock] = reader.get("/tickets/10001/clocks").get_json()["items"]

    assert (clock["state"], clock["stopped_at"]) == ("kept", "2026-11-23T09:10:00Z")
    assert clock["used_seconds"] == 600
    assert sum(piece["seconds"] for piece in clock["explanation"]["pieces"]) == 3600


def test_the_sum_is_told_in_the_language_that_is_asked_for(
    desk: Installation, reader: Caller
) -> None:
    hear(desk, notification())

    with time_machine.travel(later(15), tick=False):
        german = reader.get("/tickets/10001/clocks", language="de").get_json()["items"][0]
    refused = reader.get("/tickets/10001/clocks", language="fr")

    assert "Fällig Mo 23.11. 11:00 MEZ." in german["explanation"]["sentences"]
    assert refused.status_code == 400
    assert "language" in sentence(refused)


@pytest.mark.parametrize("part", ["", "/journal", "/clocks"])
def test_a_ticket_that_is_none_is_404(reader: Caller, part: str) -> None:
    answer = reader.get(f"/tickets/10001{part}")

    assert answer.status_code == 404
    assert sentence(answer) == "there is no ticket 10001"


@pytest.mark.parametrize(
    "number",
    [
        pytest.param(str(2**63), id="more than a database holds"),
        pytest.param("-1", id="less than nothing"),
        pytest.param("web01", id="a word"),
        pytest.param("1.0", id="a fraction"),
    ],
)
def test_what_is_no_number_is_404(reader: Caller, number: str) -> None:
    assert reader.client.get(f"/api/v1/tickets/{number}").status_code == 404
    assert reader.get(f"/tickets/{2**63 - 1}").status_code == 404


def test_a_ticket_takes_no_parameters(desk: Installation, reader: Caller) -> None:
    hear(desk, notification())

    answer = reader.get("/tickets/10001", journal="no")

    assert answer.status_code == 400
    assert "takes none" in sentence(answer)
