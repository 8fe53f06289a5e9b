"""How clocks start, stand still and run on."""

import pytest

from tests.sla.courses import (
    at,
    book,
    clocks,
    terms,
    told,
)

THIRD_PARTY = book(terms(third_party_pauses=True))


class TestStart:
    """R6 and R7."""

    def test_why_a_start_was_replaced_stays_with_the_clocks(self) -> None:
        found = clocks("mon 09:00 opened flagged=in_the_future; mon 10:00 answered")

        assert [one.flagged for one in found] == ["in_the_future"] * 2

    @pytest.mark.parametrize(
        "opened",
        [
            pytest.param("contract=null", id="no contract"),
            pytest.param("contract=9", id="an unknown contract"),
            pytest.param("priority=P4", id="a priority without promise"),
            pytest.param("class=other", id="a class without terms"),
        ],
    )
    def test_nothing_promised_is_no_clock(self, opened: str) -> None:
        by = book(terms(request=None)) if "other" in opened else book()

        assert told(f"mon 09:00 opened {opened}", by) == []

    def test_a_stop_told_for_a_moment_before_the_start_is_one_at_the_start(self) -> None:
        assert told("mon 09:00 opened; mon 08:50 answered", only="response") == [
            "response kept mon 09:00, due mon 13:00, mon 09:00"
        ]

    def test_a_verdict_stays_as_it_is(self) -> None:
        answered = "mon 09:00 opened; mon 10:00 answered answer=1"
        later = "; mon 11:00 answered answer=2; mon 12:00 priority_raised to=P1; "
        later += "mon 13:00 class_changed to=fault; tue 09:00 resolved; tue 10:00 recovered"

        assert clocks(answered + later)[0] == clocks(answered)[0]


class TestPauses:
    """R11 and R15."""

    @pytest.mark.parametrize(
        ("later", "by", "expected"),
        [
            pytest.param(
                "mon 10:00 waiting for=third_party", book(), "running mon 09:00, due mon 17:00",
                id="a third party",
            ),
            pytest.param(
                "mon 10:00 waiting for=third_party", THIRD_PARTY, "paused mon 09:00, due ?",
                id="a third party, by contract",
            ),
            pytest.param(
                "mon 10:00 waiting for=third_party; mon 11:00 customer_wrote", THIRD_PARTY,
                "paused mon 09:00, due ?", id="the customer does not end it for a third party",
            ),
            pytest.param(
                "mon 10:00 waiting for=customer; mon 11:00 waiting for=third_party", book(),
                "running mon 09:00, due tue 09:00", id="another one follows that is no pause",
            ),
            pytest.param(
                "mon 10:00 waiting for=customer; mon 11:00 waiting for=customer; "
                "mon 12:00 waiting_ended", book(), "running mon 09:00, due tue 10:00", id="twice",
            ),
            pytest.param(
                "mon 10:00 waiting for=customer; mon 11:00 resolved", book(),
                "kept mon 09:00, due tue 09:00, mon 11:00", id="solved while waiting",
            ),
            pytest.param(
                "tue 10:00 waiting for=customer", book(), "paused mon 09:00, due mon 17:00",
                id="a due that was missed before stays",
            ),
            pytest.param(
                "mon 10:00 waiting for=customer; mon 09:30 waiting_ended", book(),
                "running mon 09:00, due mon 17:00", id="ended before it began",
            ),
            pytest.param(
                "mon 08:00 waiting for=customer; mon 10:00 customer_wrote", book(),
                "running mon 09:00, due tue 09:00", id="told for a moment before the start",
            ),
            pytest.param(
                "mon 10:00 resolved; mon 11:00 waiting for=customer; mon 12:00 reopened", book(),
                "running mon 09:00, due tue 10:00", id="what is solved does not wait",
            ),
            pytest.param(
                "mon 10:00 waiting for=customer; mon 12:00 recovered; mon 13:00 reopened; "
                "mon 14:00 waiting_ended", book(), "running mon 09:00, due tue 11:00",
                id="reopened it waits for nobody",
            ),
            pytest.param(
                "mon 10:00 waiting for=customer; mon 12:00 priority_changed to=P4", book(),
                "cancelled mon 09:00, due tue 10:00, mon 12:00", id="not promised any more",
            ),
            pytest.param(
                "mon 10:00 waiting for=customer; mon 12:00 merged into=7; mon 13:00 waiting_ended",
                book(), "merged mon 09:00, due tue 10:00, mon 12:00", id="merged while waiting",
            ),
        ],
    )  # fmt: skip
    def test_the_solution_clock(self, later: str, by: object, expected: str) -> None:
        found = told(f"mon 09:00 opened; {later}", by, "solution")  # type: ignore[arg-type]

        assert found == [f"solution {expected}"]

    def test_the_pause_that_lasts_has_no_end(self) -> None:
        solution = clocks("mon 09:00 opened; mon 10:00 waiting for=customer")[1]

        assert [(one.begin, one.end) for one in solution.pauses] == [(at("mon 10:00"), None)]
        assert solution.falls_at is None

    def test_a_solution_that_begins_while_the_ticket_waits_waits_too(self) -> None:
        waiting = "mon 09:00 opened priority=P4; mon 10:00 waiting for=customer; "
        waiting += "mon 11:00 priority_raised to=P3; mon 12:00 customer_wrote"

        assert told(waiting, only="solution") == ["solution running mon 11:00, due tue 11:00"]
