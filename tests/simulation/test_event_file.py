"""Files of events: what a line may say, and what is wrong with it."""

import json
from typing import Any

import pytest

from bridge.simulation import event_file
from bridge.simulation.events import (
    Done,
    EventsRefused,
    Nth,
    Number,
    OfObject,
    Said,
    TicketWish,
)
from tests.builders import later, notification
from tests.simulation.world import FILE, action, desk, events, written

NO_ZONE = 'customers: [{number: "1", timezone: Europe/Vienna}, {number: "2"}]\nstaff: [{id: ben}]'


@pytest.mark.parametrize(
    ("ticket", "wish"),
    [
        pytest.param(10005, Number(10005), id="number"),
        pytest.param("[Ticket #10005]", Number(10005), id="reference"),
        pytest.param("10005", Number(10005), id="number as text"),
        pytest.param(2, Nth(2), id="below the first number"),
        pytest.param(-1, Nth(-1), id="from the last"),
        pytest.param("last", Nth(-1), id="last"),
        pytest.param("First", Nth(1), id="first"),
        pytest.param("3rd", Nth(3), id="third"),
        pytest.param("web01!http", OfObject("web01", "http"), id="service"),
        pytest.param("web01", OfObject("web01", ""), id="host"),
    ],
)
def test_a_ticket_has_many_names(ticket: object, wish: TicketWish) -> None:
    (event,) = events(action(later(0), "close", ticket))

    assert isinstance(event, Done)
    assert event.ticket == wish


def test_events_are_in_order_of_time_and_else_as_in_the_file() -> None:
    found = events(
        action(later(2), "close", 2),
        notification(at=later(1), host="second"),
        notification(at=later(0), host="first"),
        action(later(1), "close", 1),
    )

    assert [event.at for event in found] == [later(0), later(1), later(1), later(2)]
    assert [isinstance(event, Said) for event in found] == [True, True, False, False]


def test_a_notification_arrives_at_its_time_or_when_it_says() -> None:
    at_once, late = events(
        notification(at=later(0)), notification(at=later(0), received_at="2026-11-23T10:30:00Z")
    )

    assert (at_once.at, late.at) == (later(0), later(90))
    assert isinstance(late, Said)
    assert late.heard.received_at == later(90)


def test_a_notification_comes_from_the_first_source_or_from_the_one_it_names() -> None:
    sources = desk("sources: [{id: north}, {id: south}]")

    unnamed, named = events(notification(), notification(source="south"), document=sources)
    (nowhere,) = events(notification(), document=desk("desk: {name: Nobody}"))

    assert isinstance(unnamed, Said)
    assert isinstance(named, Said)
    assert isinstance(nowhere, Said)
    assert [one.heard.source for one in (unnamed, named, nowhere)] == ["north", "south", "icinga"]


def _without(key: str, **more: Any) -> dict[str, Any]:
    line = action(later(0), "close") | more
    return {name: value for name, value in line.items() if name != key}


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        pytest.param("{", "is not JSON", id="not JSON"),
        pytest.param("[1]", "is no JSON object", id="a list"),
        pytest.param("[" * 100_000, "is not JSON", id="nested too deeply"),
        pytest.param({"at": 1}, "is no event", id="neither of them"),
        pytest.param(_without("at"), "say when it happens: at", id="no time"),
        pytest.param(_without("", at="noon"), "at: 'noon' is no moment", id="a bad time"),
        pytest.param(_without("ticket"), "ticket: name the ticket", id="no ticket"),
        pytest.param(_without("", ticket=0), "ticket: name the ticket", id="ticket 0"),
        pytest.param(_without("", ticket=True), "ticket: name the ticket", id="ticket true"),
        pytest.param(_without("actor"), "actor: say who does it", id="nobody"),
        pytest.param(_without("", actor="bem"), "did you mean ben?", id="nobody of ours"),
        pytest.param(_without("", action="clsoe"), "did you mean close?", id="no action"),
        pytest.param(_without("", action=7), "there is no action 7", id="an action of numbers"),
        pytest.param(_without("", text="x"), "there is no field 'text'", id="a field too many"),
        pytest.param(_without("", action="note"), "the field 'text' is missing", id="no text"),
        pytest.param(_without("", action="note", text=5), "text: ", id="a text of numbers"),
        pytest.param({"at": 1, "outcome": "fine"}, "none of accepted", id="no outcome"),
        pytest.param(
            {"at": 1, "outcome": "failed", "person": "x"}, "has the id 'x'", id="whose outcome"
        ),
        pytest.param(
            {"at": 1, "outcome": "failed", "chanel": "x"}, "no field 'chanel'", id="mistyped"
        ),
        pytest.param(
            notification() | {"time": "x"}, "time: send the seconds since 1970", id="time of texts"
        ),
        pytest.param(notification() | {"time": 1e30}, "time: 1e+30 is no moment", id="time absurd"),
        pytest.param(
            notification() | {"received_at": "x"}, "received_at: 'x' is no moment", id="arrival"
        ),
        pytest.param(notification() | {"source": 5}, "source: name the source", id="no source"),
        pytest.param(notification() | {"host": {}}, "host.name", id="no host"),
    ],
)
def test_a_bad_line_is_refused_with_its_number(line: object, sentence: str) -> None:
    text = line if isinstance(line, str) else json.dumps(line)
    content = written([notification()]) + b"\n" + text.encode()

    with pytest.raises(EventsRefused) as refused:
        event_file.read(FILE, content, desk())

    assert str(refused.value).startswith(f"{FILE}:3: ")
    assert sentence in str(refused.value)


def test_every_bad_line_is_named_but_not_without_end() -> None:
    with pytest.raises(EventsRefused) as refused:
        event_file.read(FILE, b"{\n" * 30, desk())

    lines = str(refused.value).splitlines()
    assert len(refused.value.errors) == 30
    assert (len(lines), lines[-1]) == (21, "… and 10 more")


def test_a_time_without_a_zone_needs_customers_who_share_one() -> None:
    line = _without("", at="2026-11-23T09:00")

    (event,) = events(line)
    with pytest.raises(EventsRefused, match="has no zone"):
        events(line, document=desk(NO_ZONE))

    assert event.at == later(-60)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        pytest.param(b"", "there is no event in it", id="empty"),
        pytest.param(b"\n \n", "there is no event in it", id="blank"),
        pytest.param(b"{}\n\xff\n", f"{FILE}:2: this is not UTF-8", id="not UTF-8"),
    ],
)
def test_a_file_without_events_is_refused(content: bytes, sentence: str) -> None:
    with pytest.raises(EventsRefused, match=sentence):
        event_file.read(FILE, content, desk())


def test_a_text_may_hold_what_other_programs_take_for_the_end_of_a_line() -> None:
    line = json.dumps(action(later(0), "note", text="one\u2028two"), ensure_ascii=False)

    (event,) = event_file.read(FILE, line.encode(), desk())

    assert isinstance(event, Done)
    assert event.form.model_dump() == {"text": "one\u2028two"}
