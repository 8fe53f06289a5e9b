"""An answer that came back was never one."""

import pytest

from tests.sla.courses import (
    told,
)

P1_FAULT = "mon 09:00 opened class=fault priority=P1"


class TestWithdrawal:
    """R18."""

    BOUNCED = "mon 09:00 opened; mon 10:00 answered answer=1; mon 10:05 answer_withdrawn answer=1"

    @pytest.mark.parametrize(
        ("later", "expected"),
        [
            pytest.param("", "running mon 09:00, due mon 13:00", id="nobody was reached"),
            pytest.param(
                "mon 12:00 answered answer=2", "kept mon 09:00, due mon 13:00, mon 12:00",
                id="a second one in time",
            ),
            pytest.param(
                "mon 12:00 answered answer=1", "kept mon 09:00, due mon 13:00, mon 12:00",
                id="the same one, sent again",
            ),
            pytest.param(
                "mon 12:00 answered answer=2; mon 12:05 answer_withdrawn answer=2; "
                "mon 14:00 answered answer=3", "missed mon 09:00, due mon 13:00, mon 14:00",
                id="two came back",
            ),
            pytest.param(
                "mon 11:00 priority_raised to=P1", "running mon 09:00, due mon 12:00",
                id="it runs for what comes later",
            ),
        ],
    )  # fmt: skip
    def test_the_stop_is_withdrawn(self, later: str, expected: str) -> None:
        assert told(f"{self.BOUNCED}; {later}", only="response") == [f"response {expected}"]

    def test_a_later_answer_that_got_through_counts_at_its_time(self) -> None:
        late = "mon 09:00 opened; mon 10:00 answered answer=1; mon 13:30 answered answer=2; "
        late += "mon 14:00 answer_withdrawn answer=1"

        assert told(late, only="response") == [
            "response missed mon 09:00, due mon 13:00, mon 13:30"
        ]

    def test_the_withdrawal_of_another_answer_changes_nothing(self) -> None:
        ticket = "mon 09:00 opened; mon 10:00 answered answer=1"

        assert told(f"{ticket}; mon 11:00 answer_withdrawn answer=2") == told(ticket)
        assert told(f"{ticket}; mon 11:00 answer_withdrawn") == told(ticket)
        nameless = "mon 09:00 opened; mon 10:00 answered"
        assert told(f"{nameless}; mon 11:00 answer_withdrawn") == told(nameless)

    def test_a_reply_to_the_answer_was_written_all_the_same(self) -> None:
        ticket = "mon 09:00 opened; mon 09:30 answered answer=1; "
        ticket += "mon 10:00 customer_wrote answer=2; mon 11:00 answer_withdrawn answer=2"

        assert told(ticket, only="update") == ["message running mon 10:00, due mon 13:00"]

    def test_an_update_runs_on_as_well(self) -> None:
        ticket = "mon 09:00 opened; mon 09:30 answered answer=1; mon 10:00 customer_wrote; "
        ticket += "mon 11:00 answered answer=2; mon 11:30 customer_wrote; "

        assert told(f"{ticket}; mon 12:00 answer_withdrawn answer=2", only="update") == [
            "message running mon 10:00, due mon 13:00"
        ]

    def test_waiting_for_a_reply_to_it_never_was(self) -> None:
        waiting = "mon 09:00 opened; mon 10:00 answered answer=1; "
        waiting += "mon 10:00 waiting for=customer answer=1; mon 12:00 answer_withdrawn answer=1"

        assert told(waiting, only="solution") == ["solution running mon 09:00, due mon 17:00"]

    def test_what_was_solved_stays_solved_though_the_customer_was_not_told(self) -> None:
        ticket = f"{P1_FAULT}; mon 09:10 acknowledged; mon 09:20 customer_wrote; "
        ticket += "mon 09:30 resolved answer=1; mon 09:40 answer_withdrawn answer=1"

        assert told(ticket)[1:] == [
            "solution kept mon 09:00, due mon 13:00, mon 09:30",
            "status kept mon 09:10, due mon 11:10, mon 09:30",
            "message running mon 09:20, due mon 10:20",
        ]

    def test_the_customer_who_was_not_told_still_waits_for_a_response(self) -> None:
        solved = "mon 09:00 opened; mon 09:30 resolved answer=1; "
        wrote = "mon 10:00 customer_wrote"

        assert told(f"{solved}; mon 09:40 answer_withdrawn answer=1; {wrote}") == [
            "response running mon 09:00, due mon 13:00",
            "solution kept mon 09:00, due mon 17:00, mon 09:30",
        ]
        # The one who was told has been answered, and asks again.
        assert told(f"{solved}; {wrote}", only="update") == [
            "message running mon 10:00, due mon 13:00"
        ]
