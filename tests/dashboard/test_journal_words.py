"""The journal in plain words: everything that can happen has a sentence in both languages."""

from datetime import UTC, datetime
from typing import Any

import pytest

from bridge import utc
from bridge.dashboard.journal_told import Told, actor_name
from bridge.dashboard.journal_words import SENTENCES, sentence
from bridge.language import LANGUAGES, say
from bridge.moments import Moments
from bridge.tickets.journal import Event

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
NAMES = {1: "Anna Beispiel", 2: "Ben Beispiel"}
EVERYTHING: dict[str, Any] = {
    "host": "web01",
    "service": "http",
    "state": "CRITICAL",
    "priority": "P2",
    "from": "P3",
    "to": "P2",
    "via": "link",
    "type": "QUANTUMLEAP",
    "clock": "response",
    "target_minutes": 60,
    "calendar": "always",
    "guaranteed": True,
    "due_at": utc.iso(NOW),
    "verdict": "kept",
    "reason": "recovered",
    "people": [1, 2],
    "step": 1,
    "person": 1,
    "channel": "push",
    "outcome": "failed",
    "again_at": utc.iso(NOW),
    "owner": 2,
    "percent": 75,
    "for": "customer",
    "number": 10002,
    "into": 10003,
    "contract": 1,
}


def told(event: Event, language: str = "en", **data: Any) -> str:
    speak = say(language)
    moments = Moments(language, "Europe/Berlin", NOW)
    return sentence(Told(event, "Anna Beispiel", data, NAMES, moments, None, speak))


@pytest.mark.parametrize("event", Event, ids=lambda event: event.value)
def test_every_event_has_a_sentence_in_both_languages(event: Event) -> None:
    german, english = (told(event, language, **EVERYTHING) for language in LANGUAGES)

    assert event in SENTENCES
    assert len(english.split()) > 2
    assert german != english
    assert "%(" not in german + english
    assert "%%" not in german + english


@pytest.mark.parametrize("event", Event, ids=lambda event: event.value)
def test_an_event_of_which_nothing_more_is_known_still_has_one(event: Event) -> None:
    for language in LANGUAGES:
        assert told(event, language).strip()


@pytest.mark.parametrize(
    ("event", "data", "words"),
    [
        (Event.OPENED, {"unassigned": "no_address"}, "neither a contract address nor a customer"),
        (Event.OPENED, {"unassigned": "unknown_customer"}, "no customer has the number"),
        (Event.OPENED, {"unassigned": "contract_not_valid"}, "was not valid then"),
        (Event.OPENED, {"found_by": "reconcile"}, "found by comparing"),
        (Event.ACKNOWLEDGED, {"via": "link"}, "Anna Beispiel has it (by the link in a page)."),
        (Event.ACKNOWLEDGED, {"via": "page"}, "Anna Beispiel has it."),
        (Event.ASSIGNED, {}, "Anna Beispiel assigned it to Ben Beispiel."),
        (Event.REOPENED, {"state": None}, "Anna Beispiel reopened it: nobody has it now."),
        (Event.CLOSED, {"after": "quiet_time"}, "because it stayed quiet"),
        (Event.CLOSED, {}, "Anna Beispiel closed it."),
        (Event.CLOCK_STARTED, {"guaranteed": False}, "a target without guarantee"),
        (Event.CLOCK_STARTED, {"flagged": "implausible_time"}, "counts from arrival"),
        (Event.CLOCK_STOPPED, {"verdict": "missed"}, "missed. It was due 10:00 CET."),
        (Event.CLOCK_STOPPED, {"verdict": "cancelled"}, "Response: cancelled, and in no report."),
        (Event.CLOCK_STOPPED, {"verdict": "withdrawn"}, "taken back"),
        (Event.CLOCK_STOPPED, {"clock": "update", "nth": 2}, "Update 2: kept."),
        (Event.CLOCK_PAUSED, {"clock": "update", "rule": "status"}, "Status: the clock is paused."),
        (Event.CLOCK_CHANGED, {"due_at": None}, "when it is due, the pause decides"),
        (Event.CLOCK_CORRECTED, {"cancel": True}, "cancelled the clock Response as a correction:"),
        (Event.CLOCK_CORRECTED, {"started_at": utc.iso(NOW)}, "the start of the clock Response"),
        (
            Event.CLOCK_CORRECTED,
            {"stopped_at": utc.iso(NOW)},
            "the stop of the clock Response to 10:00 CET:",
        ),
        (
            Event.CLOCK_WARNED,
            {},
            "75 % of the time are used, due 10:00 CET. Warned: Anna Beispiel, Ben Beispiel.",
        ),
        (Event.CLOCK_WARNED, {"people": []}, "nobody to warn"),
        (Event.OPENED, {"host": None, "source": "mail"}, "A mail came in: ticket opened with"),
        (Event.OPENED, {"host": None, "source": "phone"}, "Anna Beispiel took a call:"),
        (Event.OPENED, {"host": None}, "Anna Beispiel opened the ticket with priority P2."),
        (Event.CLASS_CHANGED, {"from": "fault", "to": "request"}, "from fault to request"),
        (Event.CONTRACT_CHANGED, {}, "whose promises are guaranteed"),
        (Event.CONTRACT_CHANGED, {"guaranteed": False}, "targets and no guarantee"),
        (Event.CONTRACT_CHANGED, {"contract": None}, "nothing is promised for it now"),
        (Event.ANSWERED, {"via": "phone"}, "answered the customer by phone:"),
        (Event.ANSWERED, {"via": None}, "answered the customer:"),
        (Event.CUSTOMER_WROTE, {"via": "mail"}, "The customer wrote by mail:"),
        (Event.WAITING, {"for": "third_party"}, "Now it waits for a third party."),
        (Event.WAITING, {"until": utc.iso(NOW)}, "That is looked at again 10:00 CET."),
        (Event.MERGED, {}, "merged it into ticket #10003"),
        (Event.ABSORBED, {}, "Ticket #10002 was merged into this one"),
        (Event.PAGED, {"people": [1, 2, 9]}, "Paged Anna Beispiel, Ben Beispiel, #9 (step 1)."),
        (Event.PAGED, {"late": True}, "This was late."),
        (Event.DELIVERED, {"repeat": True}, "It was a repeat"),
        (Event.DELIVERY_FAILED, {"outcome": "maybe"}, "Nobody knows whether"),
        (Event.DELIVERY_FAILED, {"again_at": None}, "failed for good:"),
        (Event.DELIVERY_FAILED, {}, "is tried again 10:00 CET:"),
    ],
)
def test_a_sentence_tells_what_matters(event: Event, data: dict[str, Any], words: str) -> None:
    assert words in told(event, **(EVERYTHING | data))


@pytest.mark.parametrize(
    ("actor", "author", "name"),
    [
        ("staff:1", None, "Anna Beispiel"),
        ("staff:99", None, "somebody who has left"),
        ("icinga", "carl", "carl in Icinga"),
        ("icinga", None, "Icinga"),
        ("token", "robot", "the program robot"),
        ("bridge", None, "Bridge"),
        ("staff:x", None, "Bridge"),
    ],
)
def test_who_did_it_is_named(actor: str, author: str | None, name: str) -> None:
    assert actor_name(actor, author, NAMES, say("en")) == name
