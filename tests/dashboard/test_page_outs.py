"""How the page-outs of a ticket stand."""

from datetime import UTC, datetime

import pytest

from bridge.dashboard.facts import PageFact
from bridge.dashboard.page_outs import Reached, Stage, page_out

AT_3 = datetime(2026, 11, 23, 3, tzinfo=UTC)
AT_4 = AT_3.replace(hour=4)


def fact(
    state: str | None = None,
    page_id: int | None = 1,
    name: str = "Anna",
    at: datetime = AT_3,
    run_state: str = "live",
    next_due_at: datetime | None = None,
) -> PageFact:
    paged = page_id is not None
    return PageFact(
        ticket_number=1,
        run_state=run_state,
        next_due_at=next_due_at,
        step=1,
        page_id=page_id,
        staff_name=name if paged else None,
        paged_at=at if paged else None,
        channel="push" if state else None,
        delivery_state=state,
    )


@pytest.mark.parametrize(
    ("states", "reached"),
    [
        pytest.param(["failed", "accepted"], Reached.ACCEPTED, id="one that got through is enough"),
        pytest.param(["failed", "scheduled"], Reached.UNDER_WAY, id="one is on its way"),
        pytest.param(["attempted"], Reached.UNDER_WAY, id="being tried"),
        pytest.param(["maybe", "failed"], Reached.MAYBE, id="perhaps one arrived"),
        pytest.param(["failed_for_now", "failed"], Reached.FAILS, id="one is tried again"),
        pytest.param(["failed", "failed"], Reached.FAILED, id="none got through"),
        pytest.param(["cancelled"], Reached.CANCELLED, id="somebody was faster"),
        pytest.param(["seen"], Reached.ACCEPTED, id="the link was opened"),
        pytest.param([None], Reached.NO_CHANNEL, id="no channel at all"),
    ],
)
def test_the_best_delivery_of_a_page_is_told(states: list[str | None], reached: Reached) -> None:
    found = page_out([fact(state) for state in states])

    assert (found.stage, found.people, found.at) == (Stage.PAGED, ("Anna",), AT_3)
    assert found.reached is reached


def test_only_the_newest_page_counts() -> None:
    found = page_out([fact("failed"), fact("accepted", page_id=2, name="Ben", at=AT_4)])

    assert (found.people, found.at, found.reached) == (("Ben",), AT_4, Reached.ACCEPTED)


def test_people_who_were_paged_together_are_told_together() -> None:
    found = page_out([fact("failed"), fact("accepted", page_id=2, name="Ben")])

    assert found.people == ("Anna", "Ben")


@pytest.mark.parametrize(
    ("only", "stage"),
    [
        pytest.param(fact(page_id=None, next_due_at=AT_4), Stage.PLANNED, id="not yet"),
        pytest.param(fact(page_id=None, run_state="held"), Stage.HELD, id="in a downtime"),
        pytest.param(fact(page_id=None), Stage.NOBODY, id="nobody was found"),
    ],
)
def test_without_a_page_it_is_said_why(only: PageFact, stage: Stage) -> None:
    assert page_out([only]).stage is stage
