"""Clocks with pauses are due when a look at each minute says so."""

from datetime import datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from bridge.calendars.desk_form import calendar_from_plain
from bridge.calendars.open_time import OpenTime
from bridge.sla.clock import Pause, consumed, deadline, explain
from tests.calendars.naive import (
    NaiveCalendar,
    Plain,
    against_the_model,
    allowances,
    calendars,
    moments,
    pauses_after,
)


@against_the_model
@given(data=st.data(), plain=calendars(), start=moments(), allowance=allowances())
def test_with_pauses_it_is_due_when_the_model_says_so(
    data: st.DataObject, plain: Plain, start: datetime, allowance: timedelta
) -> None:
    pairs = data.draw(pauses_after(start))
    pauses = [Pause(begin, end) for begin, end in pairs]
    hours = OpenTime.of(calendar_from_plain(plain))

    due = deadline(start, allowance, hours, pauses)
    why = explain(start, allowance, hours, pauses)

    assert due == NaiveCalendar(plain).due(start, allowance, pairs)
    assert consumed(start, due, hours, pauses) == allowance
    assert why.due == due
    assert sum((p.end - p.begin for p in why.pieces), timedelta(0)) == allowance


@against_the_model
@given(data=st.data(), plain=calendars(), start=moments(), days=st.integers(0, 8))
def test_with_pauses_as_much_is_consumed_as_the_model_counts(
    data: st.DataObject, plain: Plain, start: datetime, days: int
) -> None:
    pairs = data.draw(pauses_after(start))
    pauses = [Pause(begin, end) for begin, end in pairs]
    hours = OpenTime.of(calendar_from_plain(plain))
    until = start + timedelta(days=days, seconds=7)

    assert consumed(start, until, hours, pauses) == NaiveCalendar(plain).consumed(
        start, until, pairs
    )
