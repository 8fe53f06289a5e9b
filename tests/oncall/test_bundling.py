"""Which pages leave a channel alone, which together, and which wait."""

from datetime import timedelta

import pytest

from bridge.oncall.bundling import Candidate, Parting, parting
from tests.builders import MONDAY_9_UTC

NOW = MONDAY_9_UTC
SECOND = timedelta(seconds=1)

ONE, TWO = Candidate(1), Candidate(2)
P1 = Candidate(3, is_urgent=True)
ANOTHER_P1 = Candidate(4, is_urgent=True)
AGAIN = Candidate(5, is_retry=True)
AGAIN_TOO = Candidate(7, is_retry=True)
REPEAT = Candidate(8, is_retry=True, is_repeat=True)
LOW = Candidate(6, is_high=False)
UNTIL = NOW + 20 * SECOND


@pytest.mark.parametrize(
    ("due", "seconds_ago", "expected"),
    [
        pytest.param([ONE], None, Parting(((1,),), 1), id="the first page leaves at once"),
        pytest.param([ONE], 60, Parting(((1,),), 1), id="and so does one a minute later"),
        pytest.param([ONE], 40, Parting((), held=(1,), until=UNTIL), id="one in between waits"),
        pytest.param([ONE, TWO, P1], None, Parting(((1, 2, 3),), 1), id="those due leave together"),
        pytest.param([LOW, ONE], 60, Parting(((1, 6),), 1), id="the loud one carries the others"),
        pytest.param([P1], 40, Parting(((3,),)), id="the first page of a P1 is never held"),
        pytest.param([P1, ANOTHER_P1], 40, Parting(((3, 4),)), id="nor are two, in one message"),
        pytest.param(
            [ONE, P1], 40, Parting(((3,),), held=(1,), until=UNTIL), id="others still wait"
        ),
        pytest.param([AGAIN, AGAIN_TOO], 40, Parting(((5, 7),), None, 5), id="a retry never waits"),
        pytest.param([AGAIN], 60, Parting(((5,),), None, 5), id="nor does it open a window"),
        pytest.param([AGAIN, ONE], 60, Parting(((5, 1),), 5), id="it leaves with a new page"),
        pytest.param([REPEAT, ONE], 60, Parting(((8,), (1,)), 1), id="a repeat leaves alone"),
    ],
)
def test_pages_of_a_channel_part_by_rule(
    due: list[Candidate], seconds_ago: int | None, expected: Parting
) -> None:
    paged_at = None if seconds_ago is None else NOW - seconds_ago * SECOND

    assert parting(due, paged_at, NOW) == expected


def test_without_a_window_each_page_leaves_alone() -> None:
    found = parting([LOW, P1, AGAIN, REPEAT], NOW - SECOND, NOW, timedelta(0))

    assert found == Parting(((6,), (3,), (5,), (8,)))
