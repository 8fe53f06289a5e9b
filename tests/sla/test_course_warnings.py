"""Which warning is to be sent next."""

import pytest

from bridge.sla.course import course
from tests.sla.courses import (
    at,
    book,
    clocks,
    fact,
    facts,
    terms,
)


class TestWarnings:
    """R17."""

    def pending(self, text: str, by: object = None) -> list[object]:
        found = clocks(text, by or book())[0]  # type: ignore[arg-type]
        return [found.warn_percent, found.warn_at]

    @pytest.mark.parametrize(
        ("later", "percent", "moment"),
        [
            pytest.param("", 50, "mon 11:00", id="the first"),
            pytest.param("mon 11:00 WARNED percent=50", 75, "mon 12:00", id="the next"),
            pytest.param("mon 12:30 WARNED percent=75", 100, "mon 13:00", id="slept through one"),
            pytest.param("mon 12:30 WARNED percent=50", 75, "mon 12:00", id="a late one"),
            pytest.param("mon 13:00 WARNED percent=100", None, None, id="all"),
            pytest.param(
                "mon 11:00 WARNED percent=50; mon 11:30 priority_raised to=P1", 50, "mon 12:00",
                id="an upgrade",
            ),
            pytest.param(
                "mon 13:00 WARNED percent=100; mon 13:00 priority_changed to=P2", None, None,
                id="an upgrade that leaves the due",
            ),
            pytest.param("mon 10:00 answered", None, None, id="stopped"),
            pytest.param("mon 10:59 WARNED percent=50", 50, "mon 11:00", id="one before its time"),
        ],
    )  # fmt: skip
    def test_what_is_to_be_sent_next(
        self, later: str, percent: int | None, moment: str | None
    ) -> None:
        happened = later.replace("WARNED", "clock_warned clock=response nth=1")

        assert self.pending(f"mon 09:00 opened; {happened}") == [percent, moment and at(moment)]

    def test_a_downgrade_that_makes_room_warns_anew(self) -> None:
        warned = "mon 09:00 opened priority=P1; mon 09:30 clock_warned clock=response nth=1"

        assert self.pending(f"{warned} percent=50; mon 09:40 priority_changed to=P3") == [
            50,
            at("mon 11:00"),
        ]

    def test_a_pause_repeats_nothing(self) -> None:
        ticket = facts(
            "mon 09:00 opened; mon 13:00 clock_warned clock=solution nth=1 percent=50; "
            "mon 13:30 waiting for=customer"
        )

        paused = course(ticket, book())[1]
        going_on = course([*ticket, fact("mon 14:30 customer_wrote")], book())[1]

        assert paused.warn_at is None
        assert (going_on.warn_percent, going_on.warn_at) == (75, at("mon 16:00"))

    def test_the_contract_says_when(self) -> None:
        assert self.pending("mon 09:00 opened", book(terms(warn_at=(25,)))) == [25, at("mon 10:00")]
        assert self.pending("mon 09:00 opened", book(terms(warn_at=()))) == [None, None]

    def test_a_warning_of_another_clock_counts_for_that_one(self) -> None:
        other = "mon 11:00 clock_warned clock=solution nth=1 percent=100"
        lost = "mon 11:00 clock_warned clock=response nth=2 percent=100"

        assert self.pending(f"mon 09:00 opened; {other}; {lost}") == [50, at("mon 11:00")]
