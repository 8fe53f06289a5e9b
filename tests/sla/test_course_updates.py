"""Answers to messages, and the status of an open fault."""

import pytest

from tests.sla.courses import (
    book,
    clocks,
    terms,
    told,
)

P1_FAULT = "mon 09:00 opened class=fault priority=P1"


class TestUpdates:
    """R10."""

    ANSWERED = "mon 09:00 opened; mon 10:00 answered"

    @pytest.mark.parametrize(
        ("later", "expected"),
        [
            pytest.param(
                "mon 11:00 customer_wrote; mon 12:00 answered; mon 13:00 customer_wrote",
                [
                    "message kept mon 11:00, due mon 14:00, mon 12:00",
                    "message running mon 13:00, due mon 16:00",
                ],
                id="one after the other",
            ),
            pytest.param(
                "mon 12:00 answered; mon 11:00 answered; mon 11:30 customer_wrote",
                [],
                id="the last answer is the latest, not the one written down last",
            ),
            pytest.param("mon 09:59 customer_wrote", [], id="read late, written before the answer"),
            pytest.param(
                "mon 10:00 customer_wrote",
                ["message running mon 10:00, due mon 13:00"],
                id="at the moment of the answer",
            ),
            pytest.param(
                "mon 11:00 customer_wrote; mon 10:30 answered",
                ["message running mon 11:00, due mon 14:00"],
                id="a call before it, written down late, answers nothing",
            ),
            pytest.param(
                "mon 11:00 customer_wrote; mon 12:00 customer_wrote; mon 13:00 customer_wrote; "
                "mon 11:30 answered",
                [
                    "message kept mon 11:00, due mon 14:00, mon 11:30",
                    "message running mon 12:00, due mon 15:00",
                ],
                id="a call between two of them, written down late, answers the first",
            ),
            pytest.param(
                "mon 11:00 customer_wrote; mon 10:30 resolved; mon 12:00 reopened; "
                "mon 12:10 priority_raised to=P1",
                ["message kept mon 11:00, due mon 14:00, mon 11:00"],
                id="solved before, written down late: it is answered",
            ),
            pytest.param(
                "mon 11:00 customer_wrote; mon 11:00 answered",
                ["message kept mon 11:00, due mon 14:00, mon 11:00"],
                id="answered at once",
            ),
            pytest.param(
                "mon 11:00 customer_wrote; mon 12:00 waiting for=third_party; mon 15:00 answered",
                ["message missed mon 11:00, due mon 14:00, mon 15:00"],
                id="no pause",
            ),
            pytest.param(
                "mon 11:00 customer_wrote; mon 12:00 recovered; mon 13:00 priority_raised to=P1",
                ["message cancelled mon 11:00, due mon 14:00, mon 12:00"],
                id="the problem went away",
            ),
            pytest.param(
                "mon 11:00 customer_wrote; mon 14:01 recovered",
                ["message missed mon 11:00, due mon 14:00, mon 14:01"],
                id="the problem went away too late",
            ),
            pytest.param(
                "mon 11:00 customer_wrote; mon 12:00 merged into=7; mon 13:00 customer_wrote",
                ["message merged mon 11:00, due mon 14:00, mon 12:00"],
                id="the ticket went into another one",
            ),
        ],
    )
    def test_an_answer_to_a_message(self, later: str, expected: list[str]) -> None:
        assert told(f"{self.ANSWERED}; {later}", only="update") == expected

    @pytest.mark.parametrize(
        ("later", "expected"),
        [
            pytest.param(
                "mon 10:00 acknowledged", ["running mon 10:00, due mon 12:00"], id="first"
            ),
            pytest.param(
                "mon 10:00 acknowledged; mon 11:00 answered",
                ["kept mon 10:00, due mon 12:00, mon 11:00", "running mon 11:00, due mon 13:00"],
                id="each answer begins the next",
            ),
            pytest.param(
                "mon 10:00 answered; mon 10:30 acknowledged",
                ["running mon 10:00, due mon 12:00"],
                id="taking it is no status",
            ),
            pytest.param(
                "mon 10:00 answered; mon 12:01 answered; mon 12:30 resolved",
                [
                    "missed mon 10:00, due mon 12:00, mon 12:01",
                    "kept mon 12:01, due mon 14:01, mon 12:30",
                ],
                id="solved",
            ),
            pytest.param(
                "mon 10:00 answered; mon 11:00 resolved; mon 11:30 answered",
                ["kept mon 10:00, due mon 12:00, mon 11:00"],
                id="none after it was solved",
            ),
            pytest.param(
                "mon 10:00 answered; mon 11:00 recovered",
                ["cancelled mon 10:00, due mon 12:00, mon 11:00"],
                id="recovered",
            ),
            pytest.param(
                "mon 10:00 answered; mon 12:01 recovered",
                ["missed mon 10:00, due mon 12:00, mon 12:01"],
                id="recovered too late",
            ),
            pytest.param(
                "mon 10:00 answered; mon 11:00 resolved; mon 12:00 reopened",
                ["kept mon 10:00, due mon 12:00, mon 11:00", "running mon 12:00, due mon 14:00"],
                id="reopened",
            ),
            pytest.param(
                "mon 10:00 answered; mon 11:00 class_changed to=request",
                ["cancelled mon 10:00, due mon 12:00, mon 11:00"],
                id="no fault any more",
            ),
            pytest.param("mon 09:30 recovered; mon 10:00 answered", [], id="over before anything"),
        ],
    )
    def test_a_status_of_an_open_fault(self, later: str, expected: list[str]) -> None:
        found = told(f"{P1_FAULT}; {later}", only="update")

        assert found == [f"status {one}" for one in expected]

    def test_without_a_response_the_status_begins_with_the_fault(self) -> None:
        by = book(terms(fault={"calendar": "alw", "status_every": {"P1": "2h"}}))

        assert told(P1_FAULT, by) == ["status running mon 09:00, due mon 11:00"]
        assert told("mon 09:00 opened priority=P1", by, "update") == []

    def test_a_request_that_becomes_a_fault_needs_a_status(self) -> None:
        ticket = (
            "mon 09:00 opened priority=P1; mon 09:10 answered; mon 10:00 class_changed to=fault"
        )

        assert told(ticket, only="update") == ["status running mon 10:00, due mon 12:00"]

    def test_both_rules_count_side_by_side(self) -> None:
        ticket = f"{P1_FAULT}; mon 09:10 acknowledged; mon 09:30 customer_wrote; mon 10:00 answered"

        found = clocks(ticket)

        assert [(one.rule, one.nth) for one in found if one.kind.value == "update"] == [
            ("status", 1),
            ("message", 2),
            ("status", 3),
        ]
