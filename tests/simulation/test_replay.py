"""The past, played again against another desk file, beside what really happened."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from bridge.flows import (
    answers,
    changes,
    conversation,
    corrections,
    listening,
    merging,
    waiting,
)
from bridge.flows.answers import Program
from bridge.inbox.actions import KEPT_FOR
from bridge.installation import Installation
from bridge.simulation.comparison import Comparison
from bridge.simulation.replay import NothingKept, compare
from tests import builders
from tests.builders import EXAMPLE, fire, later, notification
from tests.simulation.world import desk

BEGIN, END, NOW = later(-60), later(600), later(3 * 24 * 60)
SAME = EXAMPLE.read_text("utf8")
FASTER = SAME.replace("P2: 1h, P3: 4h, P4: 8h", "P2: 10m, P3: 4h, P4: 8h")
WITHOUT_BEN = SAME.replace("id: ben", "id: bert").replace("/ben", "/bert")
OTHERS = SAME.replace("people: [anna]", "people: [ben]")


def _lived(installation: Installation) -> None:
    """Live through a morning: Ben takes one ticket after half an hour, nobody the other."""
    builders.apply_desk(installation)
    builders.hear(installation, notification(at=later(0)))
    builders.hear(installation, notification(at=later(0), host="db01", service=None))
    fire(installation, later(1))
    with installation.database.transaction() as session:
        directory = installation.directories.current(session)
        ben = directory.people["ben"]
        answers.note(session, directory, 10001, ben, "I look", later(29))
        answers.acknowledge(session, directory, 10001, ben, "page", later(30))
        answers.assign(session, directory, 10001, Program("planner"), "lead", later(31))
    builders.hear(installation, notification("RECOVERY", at=later(50)))
    builders.hear(installation, notification("RECOVERY", at=later(90), host="db01", service=None))


def _compared(
    installation: Installation,
    text: str = SAME,
    begin: datetime = BEGIN,
    end: datetime = END,
    now: datetime = NOW,
) -> Comparison:
    return compare(installation.database, desk(text), begin, end, now)


def _plain(comparison: Comparison) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = comparison.plain()["tickets"]
    return found


def test_the_same_desk_file_promises_the_same(installation: Installation) -> None:
    _lived(installation)

    found = _compared(installation)

    for pair in _plain(found):
        assert pair["then"]["clocks"] == pair["now"]["clocks"]
        assert pair["then"]["priority"] == pair["now"]["priority"]
        assert pair["then"]["state"] in {pair["now"]["state"], "resolved"}
    assert [pair["host"] for pair in _plain(found)] == ["db01", "web01"]
    assert (found.range.notifications, found.range.actions, found.range.not_done) == (4, 3, 0)


def test_a_shorter_promise_would_have_been_broken(installation: Installation) -> None:
    _lived(installation)

    comparison = _compared(installation, FASTER)

    (web01,) = [pair for pair in _plain(comparison) if pair["host"] == "web01"]
    assert [(one["due_at"], one["verdict"]) for one in web01["then"]["clocks"]] == [
        ("2026-11-23T10:00:00Z", "kept")
    ]
    assert [(one["due_at"], one["verdict"]) for one in web01["now"]["clocks"]] == [
        ("2026-11-23T09:10:00Z", "missed")
    ]
    sums = comparison.plain()["sums"]
    assert (sums["then"]["missed"], sums["now"]["missed"]) == ({"response": 1}, {"response": 2})
    text = comparison.text()
    assert "[Ticket #10001] web01 / http, 2026-11-23T09:00:00Z" in text
    assert "then  P2; response within 60 min, due 2026-11-23T10:00:00Z: kept" in text
    assert "now   P2; response within 10 min, due 2026-11-23T09:10:00Z: MISSED" in text


def test_another_schedule_would_have_paged_another(installation: Installation) -> None:
    _lived(installation)

    (_, web01) = _compared(installation, OTHERS).pairs

    assert web01.now is not None
    assert web01.now.people[0] == "ben"
    assert web01.is_changed


def test_who_is_no_longer_there_acts_like_a_program(installation: Installation) -> None:
    _lived(installation)

    comparison = _compared(installation, WITHOUT_BEN)

    (_, web01) = comparison.pairs
    assert comparison.range.not_done == 0
    assert web01.now is not None
    assert web01.now.ticket.acknowledged_by == "ben"


def test_an_action_that_fits_no_more_is_counted(installation: Installation) -> None:
    _lived(installation)
    without_lead = SAME.replace("id: lead", "id: boss").replace("[lead]", "[boss]")

    comparison = _compared(installation, without_lead)

    assert comparison.plain()["not_replayed"] == {"tickets": 0, "actions": 1}
    assert "1 action fitted no more" in comparison.text()


def test_only_tickets_of_the_range_are_compared(installation: Installation) -> None:
    _lived(installation)
    builders.hear(installation, notification(at=later(700), host="late"))

    found = _compared(installation, begin=later(600), end=later(1000))

    assert [pair["host"] for pair in _plain(found)] == ["late"]
    assert _plain(found)[0]["then"]["ticket"] == 10003


def test_a_range_that_begins_before_what_is_kept_is_cut_and_says_so(
    installation: Installation,
) -> None:
    _lived(installation)
    now = later(60) + KEPT_FOR - timedelta(hours=2)

    comparison = _compared(installation, begin=later(-24 * 60), now=now)

    plain = comparison.plain()
    assert (plain["incomplete"], plain["from"]) == (True, "2026-11-23T08:00:00Z")
    assert comparison.text().startswith("Incomplete: notifications are kept for 30 days")
    assert len(comparison.pairs) == 2


@pytest.mark.parametrize(
    ("begin", "end", "now", "sentence"),
    [
        pytest.param(later(-60), later(60), later(61) + KEPT_FOR, "ask for a later", id="too old"),
        pytest.param(later(60), later(120), later(0), "ask for a later", id="to come"),
        pytest.param(later(-900), later(-600), later(-500), "nothing came in", id="quiet"),
    ],
)
def test_where_nothing_is_kept_nothing_is_played(
    installation: Installation, begin: datetime, end: datetime, now: datetime, sentence: str
) -> None:
    _lived(installation)

    with pytest.raises(NothingKept, match=sentence):
        _compared(installation, begin=begin, end=end, now=now)


def test_what_goes_on_from_before_is_not_a_new_ticket(installation: Installation) -> None:
    """The notification that opened it is forgotten, and Icinga says it once more."""
    builders.apply_desk(installation)
    long_ago = later(0) - KEPT_FOR
    builders.hear(installation, notification(at=long_ago, host="old"))
    builders.hear(
        installation, notification(at=later(0), host="old", state="CRITICAL"), now=later(0)
    )
    builders.hear(installation, notification(at=later(1), host="new"))

    found = _compared(installation)

    assert [pair["host"] for pair in _plain(found)] == ["new"]


def test_everything_that_people_did_is_done_again(installation: Installation) -> None:
    builders.apply_desk(installation)
    for host in ("web01", "web02", "web03"):
        builders.hear(installation, notification(at=later(0), host=host))
    with installation.database.transaction() as session:
        directory = installation.directories.current(session)
        ben = directory.people["ben"]
        about = (session, directory, 10001, ben)
        answers.acknowledge(*about, "api", later(1))
        conversation.answer(*about, "we are on it", "phone", later(2))
        waiting.wait(*about, "customer", later(3), text="please restart", until=later(200))
        listening.customer_wrote(
            session, directory, 10001, "<1@acme>", "mail", None, "done", later(4), later(4)
        )
        waiting.wait(*about, "third_party", later(5))
        waiting.go_on(*about, later(6))
        changes.change_priority(*about, "P1", "all of them", later(7))
        changes.change_class(*about, "request", later(8))
        changes.change_contract(*about, "nordlicht-office", later(9))
        corrections.correct_clock(
            *about, "response", 1, "it was not us", later(10), stopped_at=later(1.5)
        )
        answers.resolve(*about, "a new disk", later(11))
        answers.close(session, 10001, ben, later(12))
        answers.reopen(*about, later(13))
        merging.merge(session, directory, 10002, ben, 10003, later(14))

    comparison = _compared(installation, end=later(30), now=later(40))

    assert (comparison.range.actions, comparison.range.not_done) == (15, 0)
    for pair in comparison.pairs:
        assert pair.then is not None
        assert pair.now is not None
        assert pair.now.promises == pair.then.promises
        assert pair.now.ticket.state == pair.then.ticket.state
        assert pair.now.ticket.contract == pair.then.ticket.contract


def test_nothing_of_the_installation_is_changed(installation: Installation) -> None:
    _lived(installation)
    with installation.database.reading() as session:
        before = builders.all_tickets(session)
        journal = [builders.journal_kinds(session, one.number) for one in before]

    _compared(installation, FASTER)

    with installation.database.reading() as session:
        after = builders.all_tickets(session)
        assert [(t.number, t.state, t.updated_at) for t in after] == [
            (t.number, t.state, t.updated_at) for t in before
        ]
        assert [builders.journal_kinds(session, one.number) for one in after] == journal
