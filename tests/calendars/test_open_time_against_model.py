"""Open time says what a look at each minute says, in zones with clock changes of all kinds."""

from datetime import datetime, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from bridge.calendars.desk_form import calendar_from_plain
from bridge.calendars.open_time import OpenTime
from tests.calendars.naive import (
    NOTHING,
    NaiveCalendar,
    Plain,
    against_the_model,
    allowances,
    calendars,
    moments,
)

MICROSECOND = timedelta(microseconds=1)


@against_the_model
@given(plain=calendars(), start=moments(), allowance=allowances())
def test_an_allowance_is_used_up_when_the_model_says_so(
    plain: Plain, start: datetime, allowance: timedelta
) -> None:
    hours = OpenTime.of(calendar_from_plain(plain))

    due = hours.add(start, allowance)

    assert due == NaiveCalendar(plain).due(start, allowance)
    assert hours.open_between(start, due) == allowance
    assert hours.open_between(start, due - MICROSECOND) == allowance - MICROSECOND


@against_the_model
@given(plain=calendars(), begin=moments(), length=st.timedeltas(NOTHING, timedelta(days=9)))
def test_open_time_is_what_the_model_counts(
    plain: Plain, begin: datetime, length: timedelta
) -> None:
    hours = OpenTime.of(calendar_from_plain(plain))
    end = begin + length

    intervals = list(hours.intervals(begin, end))

    assert hours.open_between(begin, end) == NaiveCalendar(plain).consumed(begin, end)
    assert sum((right - left for left, right in intervals), NOTHING) == hours.open_between(
        begin, end
    )
    assert all(a[1] < b[0] for a, b in pairwise(intervals))


@against_the_model
@given(plain=calendars(), moment=moments())
def test_it_is_open_when_the_model_is(plain: Plain, moment: datetime) -> None:
    hours = OpenTime.of(calendar_from_plain(plain))
    naive = NaiveCalendar(plain)
    first_cell = next(naive.open_cells(moment))

    assert hours.is_open(moment) == naive.is_open(moment)
    assert hours.next_opening(moment) == first_cell[0]


@against_the_model
@given(older=calendars(), newer=calendars(), start=moments(), change=moments(whole_minutes=True))
def test_each_instant_is_judged_by_the_version_valid_then(
    older: Plain, newer: Plain, start: datetime, change: datetime
) -> None:
    hours = OpenTime.of(calendar_from_plain(older)).until(
        change, OpenTime.of(calendar_from_plain(newer))
    )
    end = start + timedelta(days=4)
    middle = min(max(change, start), end)

    expected = NaiveCalendar(older).consumed(start, middle) if middle > start else NOTHING
    if middle < end:
        expected += NaiveCalendar(newer).consumed(middle, end)

    assert hours.open_between(start, end) == expected
