"""The distribution of response times: who stands where, and how long half of them took."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridge.sla.response_times import MINUTES, SHARES, at_most, buckets, times_of


@pytest.mark.parametrize(
    ("values", "percent", "found"),
    [
        pytest.param([], 50, None, id="nobody"),
        pytest.param([7], 50, 7, id="half of one"),
        pytest.param([7], 90, 7, id="nine tenths of one"),
        pytest.param([1, 2], 50, 1, id="half of two"),
        pytest.param([1, 2, 3], 50, 2, id="half of three"),
        pytest.param(list(range(1, 11)), 90, 9, id="nine of ten"),
        pytest.param(list(range(1, 12)), 90, 10, id="ten of eleven"),
        pytest.param(list(range(1, 111)), 90, 99, id="where floats would say one more"),
    ],
)
def test_so_long_at_most_took_that_many(
    values: list[float], percent: int, found: float | None
) -> None:
    assert at_most(values, percent) == found


@given(st.lists(st.floats(0, 1e6), min_size=1), st.integers(1, 100))
def test_it_is_the_least_value_that_enough_do_not_exceed(values: list[float], percent: int) -> None:
    found = at_most(sorted(values), percent)

    def enough(limit: float) -> bool:
        return sum(one <= limit for one in values) * 100 >= percent * len(values)

    assert found == min(one for one in values if enough(one))


@pytest.mark.parametrize(
    ("percent", "bucket"),
    [(0, 0), (25, 0), (25.01, 1), (75, 2), (100, 3), (100.0001, 4), (150, 4), (200, 5), (201, 6)],
)
def test_each_end_belongs_to_the_bucket_it_closes(percent: float, bucket: int) -> None:
    counts = [one.count for one in buckets([percent], SHARES)]

    assert counts == [int(at == bucket) for at in range(7)]


@given(st.lists(st.tuples(st.floats(0, 1e6), st.floats(0, 50))), st.integers(0, 9))
def test_both_distributions_add_up(answered: list[tuple[float, float]], unanswered: int) -> None:
    times = times_of(answered, unanswered)

    assert sum(one.count for one in times.by_share) == times.answered == len(answered)
    assert sum(one.count for one in times.by_minutes) == times.answered
    assert times.unanswered == unanswered
    assert [one.up_to for one in times.by_share] == [*SHARES, None]
    assert [one.up_to for one in times.by_minutes] == [*MINUTES, None]
