"""What changes in a frozen month, and what was told of it already."""

from datetime import UTC, datetime, timedelta

import pytest

from bridge.sla.corrections import Change, Standing, correction, overlaid, standings
from bridge.sla.report import Outcome

DUE = datetime(2026, 10, 20, 12, tzinfo=UTC)
EARLY, LATE = DUE - timedelta(minutes=5), DUE + timedelta(minutes=5)
KEPT = Standing(Outcome.KEPT, DUE, EARLY)
MISSED = Standing(Outcome.MISSED, DUE, LATE)
UNANSWERED = Standing(Outcome.MISSED, DUE, None)
KEY = (7, "response", 1)


@pytest.mark.parametrize(
    ("before", "after", "differs"),
    [
        pytest.param(KEPT, KEPT, False, id="as it was told"),
        pytest.param(KEPT, MISSED, True, id="the answer came back"),
        pytest.param(KEPT, UNANSWERED, True, id="the only answer came back"),
        pytest.param(UNANSWERED, MISSED, False, id="answered since, and missed all the same"),
        pytest.param(UNANSWERED, KEPT, True, id="an answer was written down later"),
        pytest.param(MISSED, Standing(Outcome.CANCELLED, DUE, LATE), True, id="cancelled since"),
        pytest.param(KEPT, Standing(Outcome.KEPT, DUE, DUE), True, id="another stop"),
        pytest.param(KEPT, Standing(Outcome.KEPT, LATE, EARLY), True, id="another due"),
        pytest.param(KEPT, None, True, id="belongs to another month now"),
        pytest.param(None, MISSED, True, id="belongs to this month now"),
    ],
)
def test_a_correction_is_what_was_told_otherwise(
    before: Standing | None, after: Standing | None, differs: bool
) -> None:
    told = {KEY: before} if before else {}
    now = {KEY: after} if after else {}

    found = correction("2026-10", told, now, {7: "web01"})

    assert (found is not None) is differs
    if found is not None:
        assert found.changes == (Change(7, "response", 1, "web01", before, after),)


def test_a_correction_says_the_counts_before_and_after() -> None:
    told = {(n, "response", 1): KEPT for n in range(4)}
    now = told | {(0, "response", 1): MISSED}

    found = correction("2026-10", told, now, {})

    assert found is not None
    assert (found.before.kept, found.before.missed, found.before.percentage) == (4, 0, 100.0)
    assert (found.after.kept, found.after.missed, found.after.percentage) == (3, 1, 75.0)


def test_what_a_later_report_corrected_is_not_corrected_again() -> None:
    told, now = {KEY: KEPT, (8, "update", 1): KEPT}, {KEY: MISSED}
    first = correction("2026-10", told, now, {})

    assert first is not None
    known = overlaid(told, first.changes)

    assert known == now
    assert correction("2026-10", known, now, {}) is None


def test_what_is_kept_of_a_report_is_read_back() -> None:
    plain = [[7, "response", 1, "kept", "2026-10-20T12:00:00Z", "2026-10-20T11:55:00Z"]]

    assert standings(plain) == {KEY: KEPT}
