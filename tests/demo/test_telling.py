"""Each line of the story says in a sentence what happened and what the desk made of it."""

from dataclasses import replace

import pytest

from bridge import language
from bridge.demo.day import DAY
from bridge.demo.standing import Standing
from bridge.demo.story import Change, Kind, Line
from bridge.demo.telling import Teller, Told
from bridge.moments import Moments
from tests import builders
from tests.demo.test_story import OPEN

NOW = builders.MONDAY_9_UTC
QUIET = replace(OPEN, paging="", pages=0, people=(), due_at=None)
DELAYED = replace(OPEN, priority="P2", pages=0, people=(), page_at=builders.later(1))
TAKEN = replace(OPEN, taken_by="Ben Beispiel", paging="acknowledged")
RESOLVED = replace(OPEN, state="resolved", paging="ended", due_at=None)
STORM = [Change(None, replace(DELAYED, number=number)) for number in range(10010, 10022)]


def scene_of(kind: str, count: int = 1) -> int:
    """Return the first scene with so many notices of this kind, or in which somebody helps."""
    for number, scene in enumerate(DAY):
        if kind == "takes" and scene.takes:
            return number
        if len(scene.notices) == count and scene.notices[0].kind == kind:
            return number
    raise AssertionError(f"no scene has {count} {kind}")


def told(line: Line, speaks: str = "en") -> Told:
    teller = Teller(language.say(speaks), Moments(speaks, "Europe/Berlin", NOW))
    found = teller.told(line)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("kind", "change", "came"),
    [
        pytest.param(
            "PROBLEM",
            Change(None, OPEN),
            "Ticket 10003 (P1) opened for ACME GmbH, answer due in 30 min, Anna Beispiel is paged.",
            id="opened and paged",
        ),
        pytest.param(
            "PROBLEM",
            Change(None, DELAYED),
            "Ticket 10003 (P2) opened for ACME GmbH, answer due in 30 min,"
            " whoever is on call is paged at 10:01.",
            id="opened, paged later",
        ),
        pytest.param(
            "PROBLEM",
            Change(None, replace(QUIET, customer=None)),
            "Ticket 10003 (P1) opened for nobody, no answer is promised for it, nobody is paged.",
            id="nobody's",
        ),
        pytest.param(
            "PROBLEM",
            Change(None, replace(QUIET, due_at=builders.later(60 * 26))),
            "Ticket 10003 (P1) opened for ACME GmbH, answer due Tue 24 Nov 12:00, nobody is paged.",
            id="due on another day",
        ),
        pytest.param(
            "PROBLEM",
            Change(RESOLVED, replace(OPEN, pages=2, due_at=None)),
            "Ticket 10003 is open again, Anna Beispiel is paged.",
            id="opened again",
        ),
        pytest.param(
            "PROBLEM",
            Change(replace(QUIET, priority="P4"), replace(DELAYED, due_at=builders.later(60))),
            "Ticket 10003 rises from P4 to P2, answer due in 1 h,"
            " whoever is on call is paged at 10:01.",
            id="worse",
        ),
        pytest.param(
            "RECOVERY",
            Change(DELAYED, replace(RESOLVED, pages=0)),
            "Ticket 10003 is resolved, nobody was paged.",
            id="over in time",
        ),
        pytest.param(
            "RECOVERY",
            Change(OPEN, RESOLVED),
            "Ticket 10003 is resolved, paging stops.",
            id="over",
        ),
        pytest.param(
            "CUSTOM",
            Change(TAKEN, TAKEN),
            "It is written down in ticket 10003.",
            id="a note on a ticket that somebody has",
        ),
        pytest.param(
            "ACKNOWLEDGEMENT",
            Change(DELAYED, replace(TAKEN, pages=0)),
            "Ben Beispiel has ticket 10003, nobody was paged.",
            id="taken in Icinga",
        ),
        pytest.param(
            "DOWNTIMESTART",
            Change(DELAYED, replace(DELAYED, paging="held", page_at=None)),
            "It is written down in ticket 10003, nobody is paged during the downtime.",
            id="downtime",
        ),
        pytest.param(
            "DOWNTIMESTART",
            Change(None, None),
            "No ticket is open for it, so nothing else happens.",
            id="downtime of what is well",
        ),
        pytest.param(
            "takes",
            Change(OPEN, TAKEN),
            "Ben Beispiel has ticket 10003, paging stops.",
            id="taken on the board",
        ),
        pytest.param(
            "takes",
            Change(replace(TAKEN, taken_by="Demo guest"), replace(TAKEN, taken_by="Demo guest")),
            "Demo guest has ticket 10003, paging stops.",
            id="the visitor was faster",
        ),
    ],
)
def test_what_came_of_a_scene(kind: str, change: Change, came: str) -> None:
    assert told(Line(Kind.SCENE, NOW, scene_of(kind), [change])).came == came


@pytest.mark.parametrize(
    ("kind", "change", "said"),
    [
        ("PROBLEM", Change(None, OPEN), "Icinga: disk on file01 is WARNING."),
        ("RECOVERY", Change(OPEN, RESOLVED), "Icinga: https on web01 is OK again."),
        ("takes", Change(OPEN, TAKEN), "Ben presses “I have it” on the board."),
        ("takes", Change(TAKEN, TAKEN), "Ben wants to help, but somebody was faster."),
    ],
)
def test_what_happened_in_a_scene(kind: str, change: Change, said: str) -> None:
    assert told(Line(Kind.SCENE, NOW, scene_of(kind), [change])).said == said


def test_a_storm_is_one_sentence() -> None:
    line = told(Line(Kind.SCENE, NOW, scene_of("PROBLEM", 12), STORM))

    assert line.said == "Icinga: till on 12 hosts is CRITICAL."
    assert line.came.startswith("12 tickets (P2) opened for ACME GmbH, answer due in 30 min, ")


@pytest.mark.parametrize(
    ("kind", "after", "text"),
    [
        (
            Kind.PAGED,
            OPEN,
            "Nobody has taken ticket 10003 yet. Anna Beispiel is paged.",
        ),
        (
            Kind.TAKEN,
            TAKEN,
            "Somebody has pressed “I have it”. Ben Beispiel has ticket 10003, paging stops.",
        ),
    ],
)
def test_what_happens_by_itself_is_told_too(kind: Kind, after: Standing, text: str) -> None:
    line = told(Line(kind, NOW, None, [Change(None, after)]))

    assert f"{line.said} {line.came}" == text


def test_it_is_told_in_german() -> None:
    line = told(Line(Kind.SCENE, NOW, scene_of("PROBLEM"), [Change(None, OPEN)]), "de")

    assert line.said == "Icinga: disk auf file01 ist WARNING."
    assert line.came == (
        "Ticket 10003 (P1) für ACME GmbH eröffnet, Reaktion fällig in 30 min,"
        " Anna Beispiel wird alarmiert."
    )
    assert line.aside == "Eine Warnung kann warten: Sie hat eine Uhr und weckt niemanden."


def test_beginning_and_end_are_no_lines() -> None:
    teller = Teller(language.say("en"), Moments("en", "Europe/Berlin", NOW))

    assert teller.told(Line(Kind.BEGUN, NOW)) is None
    assert teller.told(Line(Kind.OVER, NOW)) is None
