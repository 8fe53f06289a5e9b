"""The worked tables, each as the journal of a ticket and the clocks it makes."""

from typing import Any

import pytest

from bridge.sla.course import ClockCourse, course
from bridge.sla.facts import Fact, FactKind
from tests.sla.courses import (
    OFF,
    REQUEST,
    at,
    book,
    calendar,
    clocks,
    fact,
    facts,
    tell,
    terms,
    told,
)


def promising(calendar_label: str, **minutes: int) -> Any:
    """Return a book whose contract promises requests P3 so many minutes in a calendar."""
    durations = {kind: {"P3": f"{number}m"} for kind, number in minutes.items()}
    return book(terms(request={"calendar": calendar_label} | durations))


def opened(start: str) -> Fact:
    data = {"class": "request", "priority": "P3", "contract": 1, "guaranteed": True}
    return Fact(FactKind.OPENED, at(start), 1, data)


def one(*happened: Fact, by: Any) -> ClockCourse:
    found = course(happened, by)
    assert len(found) == 1
    return found[0]


@pytest.mark.parametrize(
    ("hours", "start", "target", "due"),
    [
        pytest.param("off", "2026-11-23 09:00", 240, "2026-11-23 13:00", id="S1"),
        pytest.param("off", "2026-11-23 08:00", 540, "2026-11-23 17:00", id="S2"),
        pytest.param("off", "2026-11-23 16:30", 60, "2026-11-24 08:30", id="S3"),
        pytest.param("off", "2026-11-27 18:12", 240, "2026-11-30 12:00", id="S4"),
        pytest.param("off", "2026-06-03 16:00 CEST", 120, "2026-06-05 09:00 CEST", id="S5"),
        pytest.param("off", "2026-04-02 16:00 CEST", 240, "2026-04-07 11:00 CEST", id="S6"),
        pytest.param("off", "2026-12-24 10:00", 240, "2026-12-28 10:00", id="S7"),
        pytest.param("lunch", "2026-11-23 11:30", 60, "2026-11-23 13:30", id="S8"),
        pytest.param("lunch", "2026-11-23 12:15", 30, "2026-11-23 13:30", id="S9"),
        pytest.param("off", "2026-03-27 16:00", 120, "2026-03-30 09:00 CEST", id="S10"),
        pytest.param("alw", "2026-03-29 00:30", 240, "2026-03-29 05:30 CEST", id="S11"),
        pytest.param("alw", "2026-10-25 00:30 CEST", 240, "2026-10-25 03:30", id="S12"),
        pytest.param("night", "2026-03-28 23:00", 360, "2026-03-29 06:00 CEST", id="S13"),
        pytest.param("night", "2026-10-24 23:00 CEST", 360, "2026-10-25 04:00", id="S14"),
    ],
)
def test_due(hours: str, start: str, target: int, due: str) -> None:
    for kind in ("response", "solution"):
        assert one(opened(start), by=promising(hours, **{kind: target})).due == at(due)


PAUSES: list[Any] = [
    pytest.param(
        "off", "2026-11-23 09:00", 480, ["2026-11-23 10:00 / 2026-11-23 12:00"],
        "2026-11-24 10:00", id="P1",
    ),
    pytest.param(
        "off", "2026-11-23 09:00", 480, ["2026-11-23 16:00 / 2026-11-24 09:00"],
        "2026-11-24 10:00", id="P2",
    ),
    pytest.param(
        "off", "2026-11-23 09:00", 480, ["2026-11-23 18:00 / 2026-11-24 07:00"],
        "2026-11-23 17:00", id="P3",
    ),
    pytest.param(
        "off", "2026-11-27 15:00", 240, ["2026-11-27 16:00 / 2026-11-30 08:30"],
        "2026-11-30 11:30", id="P4",
    ),
    pytest.param(
        "off", "2026-11-23 09:00", 480,
        ["2026-11-23 10:00 / 2026-11-23 12:00", "2026-11-23 11:00 / 2026-11-23 13:00"],
        "2026-11-24 11:00", id="P5",
    ),
    pytest.param(
        "alw", "2026-03-28 23:00", 240, ["2026-03-29 01:00 / 2026-03-29 04:00 CEST"],
        "2026-03-29 06:00 CEST", id="P6",
    ),
]  # fmt: skip


def waited(pauses: list[str], somebody: str) -> list[Fact]:
    """Return that the ticket waited, and went on."""
    found = []
    for begin, end in (pause.split(" / ") for pause in pauses):
        found += [
            Fact(FactKind.WAITING, at(begin), 1, {"for": somebody}),
            Fact(FactKind.WAITING_ENDED, at(end), 1, {"why": "by hand"}),
        ]
    return found


@pytest.mark.parametrize(("hours", "start", "target", "pauses", "due"), PAUSES)
def test_due_with_pauses(hours: str, start: str, target: int, pauses: list[str], due: str) -> None:
    ticket = [opened(start), *waited(pauses, "customer")]

    assert one(*ticket, by=promising(hours, solution=target)).due == at(due)


@pytest.mark.parametrize(("hours", "start", "target", "pauses", "due"), PAUSES)
def test_no_other_clock_has_pauses(
    hours: str, start: str, target: int, pauses: list[str], due: str
) -> None:
    by = promising(hours, response=target)
    waiting = one(opened(start), *waited(pauses, "customer"), by=by)

    assert waiting.due == one(opened(start), by=by).due
    assert waiting.pauses == ()


@pytest.mark.parametrize(
    ("hours", "begin", "end", "minutes"),
    [
        pytest.param("off", "2026-11-27 16:30", "2026-11-30 08:45", 75, id="O1"),
        pytest.param("alw", "2026-10-25 01:00 CEST", "2026-10-25 05:00", 300, id="O2"),
        pytest.param("off", "2026-12-23 16:00", "2026-12-28 09:00", 360, id="O3"),
    ],
)
def test_consumed_is_frozen(hours: str, begin: str, end: str, minutes: int) -> None:
    solved = Fact(FactKind.RESOLVED, at(end), 1, {})

    stopped = one(opened(begin), solved, by=promising(hours, solution=600))

    assert stopped.frozen is not None
    assert stopped.frozen["consumed_seconds"] == minutes * 60


CHANGING = book(
    terms(
        request={
            "calendar": "off",
            "solution": {"P1": "60m", "P2": "480m", "P3": "960m"},
        }
    )
)


@pytest.mark.parametrize(
    ("change", "due"),
    [
        pytest.param("mon 14:00 priority_raised to=P1", "mon 15:00", id="C1 upgrade"),
        pytest.param("mon 15:50 priority_raised to=P1", "mon 16:00", id="C2 never later"),
        pytest.param("mon 14:00 priority_changed to=P3", "tue 15:00", id="C3 downgrade"),
        pytest.param("mon 16:01 priority_changed to=P3", "mon 16:00", id="already missed"),
    ],
)
def test_c1_to_c3_another_target(change: str, due: str) -> None:
    found = clocks(f"mon 08:00 opened priority=P2; {change}", CHANGING)

    assert [clock.due for clock in found] == [at(due)]


def test_c4_warnings_come_in_open_time() -> None:
    ticket = facts("mon 15:00 opened priority=P2")
    found = []
    for _ in range(4):
        clock = one(*ticket, by=CHANGING)
        found.append((clock.warn_percent, clock.warn_at))
        if clock.warn_at is not None:
            data = {"clock": "solution", "nth": 1, "percent": clock.warn_percent}
            ticket.append(Fact(FactKind.CLOCK_WARNED, clock.warn_at, 1, data))

    assert found == [
        (50, at("tue 10:00")),
        (75, at("tue 12:00")),
        (100, at("tue 14:00")),
        (None, None),
    ]


@pytest.mark.parametrize(
    ("stop", "state"),
    [
        pytest.param("mon 13:00", "kept", id="C5 exactly at due"),
        pytest.param("mon 13:00:01", "missed", id="C5 a second late"),
    ],
)
def test_c5_exactly_at_due_is_kept(stop: str, state: str) -> None:
    assert clocks(f"mon 09:00 opened; {stop} answered answer=1")[0].state == state


def test_c6_an_answer_that_came_back_stopped_nothing() -> None:
    bounced = """
        mon 09:00 opened
        mon 10:00 answered answer=1
        mon 10:05 answer_withdrawn answer=1 reason=5.1.1
    """

    assert told(bounced, only="response") == ["response running mon 09:00, due mon 13:00"]
    assert told(f"{bounced}; mon 13:30 answered answer=2", only="response") == [
        "response missed mon 09:00, due mon 13:00, mon 13:30"
    ]


def test_c7_reopened_it_runs_on_and_the_gap_is_a_pause() -> None:
    resolved = "mon 09:00 opened; mon 10:00 resolved"
    reopened = f"{resolved}; tue 09:00 reopened after=mon-10:00"

    clock = clocks(reopened)[1]

    assert told(resolved, only="solution") == ["solution kept mon 09:00, due mon 17:00, mon 10:00"]
    assert tell(clock) == "solution running mon 09:00, due tue 16:00"
    assert clock.promise.consumed(at("tue 09:00"), clock.pauses).total_seconds() == 60 * 60


def test_c8_a_holiday_entered_later_changes_no_finished_clock() -> None:
    slow = terms(request=REQUEST | {"solution": {"P3": "54h"}})
    closed = OFF | {"special": {"2026-11-17": "closed", "2026-11-24": "closed"}}
    holidays = calendar(9, closed, begins=at("mon 09:00"), revision=2)
    ticket = facts("2026-11-16 09:00 opened; 2026-11-18 09:00 answered answer=1")
    entered = fact("mon 09:00 hours_changed calendar=off r=2")

    before = course(ticket, book(slow))
    after = course([*ticket, entered], book(slow, off=[holidays]))

    assert after[0] == before[0]
    # For the one that runs last Tuesday stays open, and the next one does not.
    assert [clock.due for clock in (before[1], after[1])] == [at("tue 09:00"), at("wed 09:00")]


@pytest.mark.parametrize(
    ("ended", "falls_at"),
    [
        pytest.param("", "mon 13:00", id="running: when it is due"),
        pytest.param("mon 10:00 answered", "mon 10:00", id="kept: when it stopped"),
        pytest.param("mon 14:00 answered", "mon 13:00", id="missed: when it was due"),
    ],
)
def test_a_clock_falls_at_its_due_or_stop_whichever_is_earlier(ended: str, falls_at: str) -> None:
    assert clocks(f"mon 09:00 opened; {ended}")[0].falls_at == at(falls_at)


def test_a_clock_explains_its_due_with_its_pauses() -> None:
    waited_for = "mon 09:00 opened; mon 10:00 waiting for=customer; mon 12:00 waiting_ended"

    why = clocks(waited_for)[1].explain()

    assert why.due == at("tue 10:00")
    assert [pause.taken.total_seconds() for pause in why.pauses] == [2 * 3600]
