"""What becomes of the clocks of a ticket that is reopened."""

import pytest

from tests.sla.courses import (
    REQUEST,
    SHORT,
    at,
    book,
    calendar,
    clocks,
    terms,
    told,
)


class TestReopening:
    """R11, and what becomes of the response."""

    FAULT = "mon 09:00 opened class=fault"

    @pytest.mark.parametrize(
        ("later", "expected"),
        [
            pytest.param(
                "mon 10:00 recovered; mon 11:00 reopened",
                [
                    "cancelled mon 09:00, due mon 13:00, mon 10:00",
                    "running mon 11:00, due mon 15:00",
                ],
                id="by hand, cancelled: from now",
            ),
            pytest.param(
                "mon 10:00 recovered; mon 11:30 reopened began=mon-11:00 after=mon-10:00",
                [
                    "cancelled mon 09:00, due mon 13:00, mon 10:00",
                    "running mon 11:00, due mon 15:00",
                ],
                id="by monitoring: from the new start",
            ),
            pytest.param(
                "mon 10:00 recovered; mon 11:30 reopened began=mon-09:30 after=mon-10:00",
                [
                    "cancelled mon 09:00, due mon 13:00, mon 10:00",
                    "running mon 10:00, due mon 14:00",
                ],
                id="by monitoring: never before the recovery",
            ),
            pytest.param(
                "mon 14:00 recovered; mon 15:00 reopened after=mon-14:00",
                ["missed mon 09:00, due mon 13:00, mon 14:00"],
                id="by hand, missed: it stays",
            ),
            pytest.param(
                "mon 14:00 recovered; mon 15:00 reopened began=mon-15:00 after=mon-14:00",
                [
                    "missed mon 09:00, due mon 13:00, mon 14:00",
                    "running mon 15:00, due mon 19:00",
                ],
                id="by monitoring, missed and never answered",
            ),
            pytest.param(
                "mon 09:30 acknowledged; mon 10:00 recovered; mon 11:00 reopened began=mon-11:00",
                ["kept mon 09:00, due mon 13:00, mon 09:30"],
                id="by monitoring, answered: it stays",
            ),
            pytest.param(
                "mon 09:30 resolved; mon 11:00 reopened",
                ["kept mon 09:00, due mon 13:00, mon 09:30"],
                id="by hand, solved: it stays",
            ),
            pytest.param(
                "mon 11:00 reopened began=mon-11:00",
                ["running mon 09:00, due mon 13:00"],
                id="what runs goes on",
            ),
        ],
    )
    def test_response(self, later: str, expected: list[str]) -> None:
        found = told(f"{self.FAULT}; {later}", only="response")

        assert found == [f"response {one}" for one in expected]

    def test_a_response_is_promised_where_none_was(self) -> None:
        # At the opening the contract was not valid yet.
        by = book(terms(valid_from=at("mon 09:30"), request=REQUEST))
        ticket = "mon 09:00 opened; mon 09:10 recovered; mon 10:00 reopened flagged=old"

        assert told(ticket, by) == ["response running mon 10:00, due mon 14:00"]
        assert clocks(ticket, by)[0].flagged == "old"

    def test_what_was_cancelled_before_an_answer_is_not_promised_anew(self) -> None:
        ticket = "mon 09:00 opened; mon 09:10 priority_changed to=P4; mon 09:20 answered; "
        ticket += "mon 09:30 resolved; mon 09:40 priority_raised to=P3"

        assert told(f"{ticket}; mon 10:00 reopened") == told(ticket)

    def test_reopened_at_once_there_is_no_pause(self) -> None:
        solution = clocks("mon 09:00 opened; mon 10:00 resolved; mon 10:00 reopened")[1]

        assert solution.pauses == ()

    @pytest.mark.parametrize(
        ("later", "expected"),
        [
            pytest.param(
                "mon 10:00 resolved; mon 12:00 reopened", "running mon 09:00, due tue 10:00",
                id="the gap is a pause",
            ),
            pytest.param(
                "tue 10:00 resolved; tue 11:00 reopened; tue 12:00 resolved",
                "missed mon 09:00, due mon 17:00, tue 12:00", id="missed it stays",
            ),
            pytest.param(
                "mon 10:00 resolved; mon 12:00 reopened; mon 13:00 resolved; mon 14:00 reopened; "
                "tue 11:01 resolved", "missed mon 09:00, due tue 11:00, tue 11:01",
                id="twice, and too late",
            ),
            pytest.param(
                "mon 10:00 resolved; mon 11:00 priority_raised to=P1; mon 12:00 reopened",
                "running mon 09:00, due mon 16:00", id="with the priority it has got",
            ),
            pytest.param(
                "mon 10:00 resolved; mon 11:00 contract_changed contract=2 guaranteed=false; "
                "mon 12:00 reopened", "running unguaranteed mon 09:00, due mon 17:00",
                id="under the contract it has got",
            ),
            pytest.param(
                "mon 10:00 resolved; mon 09:30 reopened", "running mon 09:00, due mon 17:00",
                id="no gap",
            ),
        ],
    )  # fmt: skip
    def test_solution(self, later: str, expected: str) -> None:
        other = terms(2, version=2, request=REQUEST | {"solution": {"P3": "5h"}})
        found = told(f"mon 09:00 opened; {later}", book(terms(), other), "solution")

        assert found == [f"solution {expected}"]

    def test_hours_that_changed_meanwhile_count_after_it(self) -> None:
        by = book(off=[calendar(9, SHORT, begins=at("mon 11:00"), revision=2)])
        ticket = "mon 09:00 opened; mon 10:00 resolved; tue 08:00 reopened r=2"

        assert told(ticket, by, "solution") == ["solution running mon 09:00, due wed 11:00"]
