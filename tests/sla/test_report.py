"""The figures of a month: what counts, on which side of its due it stands, and that it adds up."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridge.calendars.desk_form import calendar_from_plain
from bridge.calendars.open_time import OpenTime
from bridge.sla.report import (
    ClockFact,
    Counts,
    Line,
    Outcome,
    figures,
    line_of,
    outcome,
    percentage,
)

MONDAY = datetime(2026, 11, 23, 8, tzinfo=UTC)
ALWAYS = OpenTime.of(
    calendar_from_plain({"timezone": "Europe/Berlin", "hours": {"mon-sun": ["00:00-24:00"]}})
)
OFFICE = OpenTime.of(
    calendar_from_plain({"timezone": "Europe/Berlin", "hours": {"mon-fri": ["08:00-17:00"]}})
)
RUNNING = ClockFact(
    ticket=1, title="web01", kind="response", nth=1, rule=None, contract="acme-care",
    calendar_id=1, ticket_class="fault", priority="P2", guaranteed=True, started_at=MONDAY,
    due_at=MONDAY + timedelta(hours=1), stopped_at=None, state="running", target_minutes=60,
    counted_from=MONDAY, counted_minutes=60, pauses=(), consumed_seconds=None, ended_by=None,
)  # fmt: skip


def minutes(count: float) -> datetime:
    return MONDAY + timedelta(minutes=count)


def stopped(after: float, state: str, by: str = "acknowledged", consumed: float = 0) -> ClockFact:
    return replace(
        RUNNING,
        stopped_at=minutes(after),
        state=state,
        ended_by=by,
        consumed_seconds=(consumed or after) * 60,
    )


@pytest.mark.parametrize(
    ("state", "due", "now", "found"),
    [
        pytest.param("running", 60, 59, Outcome.NOT_DUE, id="the minute before"),
        pytest.param("running", 60, 60, Outcome.NOT_DUE, id="exactly at due"),
        pytest.param("running", 60, 60 + 1e-6, Outcome.MISSED, id="the first instant after"),
        pytest.param("paused", None, 900, Outcome.NOT_DUE, id="paused, nobody knows when"),
        pytest.param("paused", 60, 61, Outcome.MISSED, id="was due before it was paused"),
        pytest.param("kept", 60, 900, Outcome.KEPT, id="kept stays kept"),
        pytest.param("missed", 60, 61, Outcome.MISSED, id="missed"),
        pytest.param("cancelled", 60, 900, Outcome.CANCELLED, id="cancelled"),
        pytest.param("merged", 60, 900, Outcome.MERGED, id="merged"),
    ],
)
def test_what_became_of_a_clock(state: str, due: float | None, now: float, found: Outcome) -> None:
    at = minutes(now) if now != 60 + 1e-6 else minutes(60) + timedelta(microseconds=1)

    assert outcome(state, minutes(due) if due else None, at) is found


@pytest.mark.parametrize(
    ("kept", "missed", "found"),
    [(0, 0, None), (1, 0, 100.0), (0, 1, 0.0), (2, 1, 66.6), (1999, 1, 99.9), (9999, 1, 99.9)],
)
def test_a_percentage_is_rounded_down(kept: int, missed: int, found: float | None) -> None:
    assert percentage(kept, missed) == found


def test_a_clock_that_runs_has_used_what_was_open_until_now() -> None:
    line = line_of(RUNNING, OFFICE, MONDAY + timedelta(days=1))

    assert (line.outcome, line.consumed_seconds) == (Outcome.MISSED, 9 * 3600)
    assert line.is_answered is False


def test_a_clock_that_stopped_has_used_what_was_frozen() -> None:
    line = line_of(stopped(30, "kept", consumed=17), OFFICE, MONDAY + timedelta(days=9))

    assert line.consumed_seconds == 17 * 60


def shares(*facts: ClockFact, hours: OpenTime = ALWAYS) -> list[int]:
    found = figures([line_of(one, hours, minutes(99999)) for one in facts])
    return [one.count for one in found.response_times.by_share]


@pytest.mark.parametrize(
    ("fact", "place"),
    [
        pytest.param(stopped(15, "kept"), 0, id="a quarter"),
        pytest.param(stopped(60, "kept"), 3, id="exactly at due"),
        pytest.param(stopped(61, "missed"), 4, id="a minute late"),
        pytest.param(stopped(999, "missed", consumed=60), 4, id="late, outside service hours"),
        pytest.param(stopped(121, "missed"), 6, id="more than twice"),
        pytest.param(
            # Mon 9:00, 8 h promised; after 5 h it rose to 1 h: after half of that it is answered.
            replace(stopped(330, "kept"), counted_from=minutes(300), due_at=minutes(360)),
            1,
            id="of the new target since it rose",
        ),
    ],
)
def test_a_response_stands_by_its_share_of_the_target(fact: ClockFact, place: int) -> None:
    assert shares(fact) == [int(at == place) for at in range(7)]


def test_a_recovery_is_no_answer() -> None:
    recovered = line_of(stopped(100, "missed", "recovered"), ALWAYS, minutes(900))

    found = figures([recovered]).response_times

    assert (found.answered, found.unanswered, found.median_seconds) == (0, 1, None)


def test_what_has_no_guarantee_or_is_not_due_counts_for_nothing() -> None:
    facts = [
        stopped(10, "kept"),
        replace(stopped(90, "missed"), guaranteed=False),
        replace(RUNNING, due_at=minutes(5000)),
        replace(RUNNING, due_at=minutes(5000), guaranteed=False),
    ]

    found = figures([line_of(one, ALWAYS, minutes(200)) for one in facts])

    assert found.total == Counts(1, 1, 0, 0, 0, 100.0)
    assert found.without_guarantee == Counts(1, 0, 1, 0, 0, 0.0)
    assert found.not_due == 1
    assert found.response_times.answered == 1


lines = st.builds(
    Line,
    ticket=st.integers(1, 99), title=st.just("x"), nth=st.just(1), rule=st.none(),
    kind=st.sampled_from(["response", "update", "solution"]),
    contract=st.sampled_from(["a", "b"]),
    ticket_class=st.sampled_from(["fault", "request"]),
    priority=st.sampled_from(["P1", "P2", "P3", "P4"]),
    guaranteed=st.booleans(),
    outcome=st.sampled_from(list(Outcome)),
    started_at=st.just(MONDAY), due_at=st.just(minutes(60)),
    stopped_at=st.sampled_from([None, minutes(30)]),
    target_minutes=st.just(60), consumed_seconds=st.floats(0, 1e5), counted_from=st.just(MONDAY),
    counted_minutes=st.just(60), count_seconds=st.floats(0, 1e5),
    ended_by=st.sampled_from(["answered", "recovered"]),
)  # fmt: skip


@given(st.lists(lines, max_size=40))
def test_every_table_adds_up_to_the_total(found: list[Line]) -> None:
    told = figures(found)

    for table in (told.by_priority, told.by_kind, told.by_class, told.by_contract):
        for part in ("promised", "kept", "missed", "cancelled", "merged"):
            assert sum(getattr(one.counts, part) for one in table) == getattr(told.total, part)
    total = told.total
    assert total.promised == total.kept + total.missed + total.cancelled + total.merged
    assert total.promised == sum(one.guaranteed and one.outcome != "not_due" for one in found)
    responses = next((one.counts for one in told.by_kind if one.name == "response"), None)
    times = told.response_times
    asked = responses.kept + responses.missed if responses else 0
    assert times.answered + times.unanswered == asked
    assert sum(one.times.answered for one in told.response_times_by_priority) == times.answered
