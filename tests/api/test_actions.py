"""What programs do with a ticket, and what it does to clocks, escalations and the journal."""

from typing import Any

import pytest
import time_machine
from flask.testing import FlaskClient
from sqlalchemy import select, update

from bridge.flows import links
from bridge.flows.links import PageLink
from bridge.installation import Installation
from bridge.outbox.models import OutboxEntry
from bridge.tickets.models import Ticket
from tests.api.world import ACTED, Caller, act, journal, last_run, refused
from tests.builders import EXAMPLE, apply_desk, fire, hear, later, looking, notification


def test_acknowledging_stops_the_clock_and_the_pages(
    desk: Installation, ticket: int, writer: Caller
) -> None:
    fire(desk, later(2))

    found = act(writer, "acknowledge", 3)

    assert found["acknowledged_by"] == "chatbot"
    assert found["acknowledged_at"] == found["updated_at"] == "2026-11-23T09:03:00Z"
    assert (found["state"], found["owner"]) == ("open", None)
    [clock] = found["clocks"]
    assert (clock["state"], clock["stopped_at"]) == ("kept", "2026-11-23T09:03:00Z")
    assert last_run(desk).state == "acknowledged"
    with looking(desk) as session:
        assert {entry.state for entry in session.scalars(select(OutboxEntry))} == {"cancelled"}


def test_the_journal_says_which_program_it_was(ticket: int, writer: Caller) -> None:
    act(writer, "acknowledge", 3)

    [told] = [one for one in journal(writer) if one["event"] == "acknowledged"]
    assert told["actor"] == ACTED
    assert told["data"] == {"via": "api", "revision": 1}
    assert told["at"] == "2026-11-23T09:03:00Z"


def test_acknowledging_twice_changes_nothing_and_says_who_has_it(
    desk: Installation, ticket: int, writer: Caller
) -> None:
    hear(desk, notification("ACKNOWLEDGEMENT", later(1), author="anna"))
    before = journal(writer)

    found = act(writer, "acknowledge", 5)

    assert (found["acknowledged_by"], found["owner"]) == ("Anna Beispiel", "anna")
    assert found["acknowledged_at"] == "2026-11-23T09:01:00Z"
    assert journal(writer) == before


def test_a_program_leaves_the_ticket_to_its_owner(ticket: int, writer: Caller) -> None:
    act(writer, "assign", 1, owner="ben")

    found = act(writer, "acknowledge", 2)

    assert (found["owner"], found["acknowledged_by"]) == ("ben", "chatbot")


def test_icinga_is_told_which_program_has_it(desk: Installation, writer: Caller) -> None:
    api = 'sources:\n  - {id: icinga-main, api: "https://icinga.test:5665", user: bridge, '
    api += 'password: "env:PW", ca: "file:/ca.crt"}\n'
    apply_desk(desk, EXAMPLE.read_text().partition("sources:")[0] + api)
    hear(desk, notification())

    act(writer, "acknowledge", 3)

    with looking(desk) as session:
        [entry] = session.scalars(select(OutboxEntry).where(OutboxEntry.door == "icinga"))
        assert (entry.payload["action"], entry.payload["author"]) == ("acknowledge", "chatbot")


def test_nothing_is_left_to_acknowledge_when_it_is_over(
    desk: Installation, ticket: int, writer: Caller
) -> None:
    hear(desk, notification("RECOVERY", later(5)))

    assert "resolved" in refused(writer, "acknowledge", 409)


def test_the_link_in_a_page_still_acts_and_the_program_hears_who_was_faster(
    desk: Installation, ticket: int, client: FlaskClient, writer: Caller
) -> None:
    with looking(desk) as session:
        anna = desk.directories.current(session).people["anna"]
    with time_machine.travel(later(1), tick=False):
        url = links.url(desk.keys, "", PageLink(ticket, anna.id, last_run(desk).id, 1, 1))
        assert client.post(url).status_code == 303

    found = act(writer, "acknowledge", 5)

    assert (found["acknowledged_by"], found["owner"]) == ("Anna Beispiel", "anna")


def test_a_note_stands_in_the_journal_and_moves_no_clock(ticket: int, writer: Caller) -> None:
    text = "  Netzteil getauscht \U0001f50c\n<b>&amp;</b>  "

    found = act(writer, "note", 4, text=text)

    told = journal(writer)[-1]
    assert (told["event"], told["actor"], told["text"]) == ("note", ACTED, text.strip())
    assert found["clocks"][0]["state"] == "running"
    assert found["updated_at"] == "2026-11-23T09:04:00Z"


def test_a_note_may_be_written_on_a_ticket_that_is_over(
    desk: Installation, ticket: int, writer: Caller
) -> None:
    hear(desk, notification("RECOVERY", later(5)))

    assert act(writer, "note", 9, text="It was the fan.")["state"] == "resolved"


def test_control_characters_do_not_get_into_the_journal(ticket: int, writer: Caller) -> None:
    act(writer, "note", 4, text="a\0b\x1b[31mc\u202ed\ne")

    assert journal(writer)[-1]["text"] == "abcd\ne"


def test_resolving_stops_clocks_and_pages_until_the_quiet_time_is_over(
    desk: Installation, ticket: int, writer: Caller
) -> None:
    found = act(writer, "resolve", 30, text="Restarted it.")

    assert (found["state"], found["resolved_at"]) == ("resolved", "2026-11-23T09:30:00Z")
    assert found["clocks"][0]["state"] == "kept"
    assert last_run(desk).end_reason == "resolved"
    with looking(desk) as session:
        assert session.scalars(select(Ticket.close_due_at)).one() == later(35)
    [told] = [one for one in journal(writer) if one["event"] == "resolved"]
    assert (told["actor"], told["text"]) == (ACTED, "Restarted it.")


def test_resolving_after_the_due_time_is_a_missed_response(ticket: int, writer: Caller) -> None:
    assert act(writer, "resolve", 61, text="Late.")["clocks"][0]["state"] == "missed"


@pytest.mark.parametrize("action", ["note", "resolve"])
@pytest.mark.parametrize("text", ["", "  \n\t ", "\0"])
def test_an_empty_text_is_400_and_says_what_to_write(
    ticket: int, writer: Caller, action: str, text: str
) -> None:
    assert refused(writer, action, 400, text=text).startswith("write ")
    assert journal(writer)[-1]["event"] == "escalation_started"


def test_closing_ends_the_quiet_time(desk: Installation, ticket: int, writer: Caller) -> None:
    act(writer, "resolve", 30, text="Done.")

    assert act(writer, "close", 31)["state"] == "closed"
    assert journal(writer)[-1]["actor"] == ACTED
    with looking(desk) as session:
        assert session.scalars(select(Ticket.close_due_at)).one() is None


@pytest.mark.parametrize(
    ("before", "action", "fields"),
    [
        pytest.param("open", "close", {}, id="close: not resolved yet"),
        pytest.param("closed", "close", {}, id="close: twice"),
        pytest.param("resolved", "resolve", {"text": "x"}, id="resolve: twice"),
        pytest.param("merged", "resolve", {"text": "x"}, id="resolve: merged"),
        pytest.param("open", "reopen", {}, id="reopen: open"),
        pytest.param("waiting", "reopen", {}, id="reopen: waiting"),
        pytest.param("merged", "reopen", {}, id="reopen: merged"),
        pytest.param("closed", "assign", {"owner": "ben"}, id="assign: closed"),
        pytest.param("closed", "acknowledge", {}, id="acknowledge: closed"),
    ],
)
def test_what_the_state_does_not_allow_is_409_and_names_the_state(
    desk: Installation,
    ticket: int,
    writer: Caller,
    before: str,
    action: str,
    fields: dict[str, Any],
) -> None:
    with desk.database.transaction() as session:
        session.execute(update(Ticket).values(state=before))

    said = refused(writer, action, 409, **fields)

    assert said.startswith(f"[Ticket #10001] is {before}")
    assert writer.get("/tickets/10001").get_json()["state"] == before


def test_an_assigned_ticket_has_an_owner_and_still_pages(
    desk: Installation, ticket: int, writer: Caller
) -> None:
    found = act(writer, "assign", 1, owner="ben")

    assert (found["owner"], found["acknowledged_by"]) == ("ben", None)
    assert found["clocks"][0]["state"] == "running"
    assert last_run(desk).state == "live"
    told = journal(writer)[-1]
    assert (told["event"], told["actor"]) == ("assigned", ACTED)
    assert told["data"] == {"owner": "ben", "before": None}


def test_assigning_twice_is_once_and_another_owner_is_journalled(
    ticket: int, writer: Caller
) -> None:
    act(writer, "assign", 1, owner="ben")
    act(writer, "assign", 2, owner="ben")
    act(writer, "assign", 3, owner="lead")

    told = [one["data"] for one in journal(writer) if one["event"] == "assigned"]
    assert told == [{"owner": "ben", "before": None}, {"owner": "lead", "before": "ben"}]


def test_somebody_we_do_not_know_is_400_with_the_nearest_name(ticket: int, writer: Caller) -> None:
    assert "did you mean anna?" in refused(writer, "assign", 400, owner="ana")


@pytest.mark.parametrize(
    ("action", "fields"),
    [
        ("acknowledge", {}),
        ("note", {"text": "x"}),
        ("resolve", {"text": "x"}),
        ("close", {}),
        ("reopen", {}),
        ("assign", {"owner": "ben"}),
    ],
)
def test_an_action_on_a_ticket_that_is_none_is_404(
    writer: Caller, action: str, fields: dict[str, str]
) -> None:
    assert refused(writer, action, 404, **fields) == "there is no ticket 10001"
