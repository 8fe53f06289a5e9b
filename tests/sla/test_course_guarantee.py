"""A guarantee begins with what comes through a contract address."""

import pytest

from tests.sla.courses import (
    ONLY,
    RESPONSE_ONLY,
    at,
    book,
    clocks,
    terms,
    told,
)


class TestGuarantee:
    """R7: a guarantee begins with the message that comes through a contract address."""

    OPENED = "mon 09:00 opened guaranteed=false"

    def test_without_the_address_the_same_times_are_no_guarantee(self) -> None:
        assert told(self.OPENED, ONLY) == ["response running unguaranteed mon 09:00, due mon 13:00"]

    def test_it_begins_anew_with_the_message(self) -> None:
        wrote = f"{self.OPENED}; mon 11:00 customer_wrote contract=1 guaranteed=true"

        assert told(wrote, ONLY) == [
            "response cancelled unguaranteed mon 09:00, due mon 13:00, mon 11:00",
            "response running mon 11:00, due mon 15:00",
        ]
        ended = clocks(wrote, ONLY)[0]
        assert ended.frozen is not None
        assert ended.frozen["ended_by"] == "guaranteed_anew"
        assert ended.frozen["guaranteed"] is False

    def test_without_a_contract_in_the_message_it_is_that_of_the_ticket(self) -> None:
        wrote = f"{self.OPENED}; mon 11:00 customer_wrote guaranteed=true"

        assert told(wrote, ONLY)[1] == "response running mon 11:00, due mon 15:00"

    def test_it_begins_once(self) -> None:
        wrote = f"{self.OPENED}; mon 11:00 customer_wrote contract=1 guaranteed=true"

        assert told(f"{wrote}; mon 12:00 customer_wrote contract=1 guaranteed=true", ONLY) == told(
            wrote, ONLY
        )

    def test_what_was_missed_without_it_is_missed(self) -> None:
        wrote = f"{self.OPENED}; mon 14:00 customer_wrote contract=1 guaranteed=true"

        assert told(wrote, ONLY)[0] == (
            "response missed unguaranteed mon 09:00, due mon 13:00, mon 14:00"
        )

    def test_every_clock_begins_anew(self) -> None:
        asked = f"{self.OPENED} class=fault priority=P1; mon 09:10 acknowledged; "
        asked += "mon 09:20 customer_wrote; mon 09:30 customer_wrote contract=1 guaranteed=true"

        assert told(asked) == [
            "response kept unguaranteed mon 09:00, due mon 10:00, mon 09:10",
            "solution cancelled unguaranteed mon 09:00, due mon 13:00, mon 09:30",
            "status cancelled unguaranteed mon 09:10, due mon 11:10, mon 09:30",
            "message cancelled unguaranteed mon 09:20, due mon 10:20, mon 09:30",
            "solution running mon 09:30, due mon 13:30",
            "status running mon 09:30, due mon 11:30",
            "message running mon 09:30, due mon 10:30",
        ]

    def test_later_clocks_are_guaranteed_too(self) -> None:
        wrote = f"{self.OPENED}; mon 10:00 answered; "
        wrote += "mon 11:00 customer_wrote contract=1 guaranteed=true; mon 12:00 answered; "

        assert told(f"{wrote}; mon 13:00 customer_wrote", only="update")[-1] == (
            "message running mon 13:00, due mon 16:00"
        )

    def test_a_ticket_of_nobody_gets_the_contract_of_the_message(self) -> None:
        nobodys = "mon 09:00 opened contract=null guaranteed=false; "
        nobodys += "mon 11:00 customer_wrote contract=1 guaranteed=true"

        assert told(nobodys) == [
            "response running mon 11:00, due mon 15:00",
            "solution running mon 11:00, due tue 10:00",
        ]

    @pytest.mark.parametrize(
        "message",
        [
            pytest.param("mon 11:00 customer_wrote contract=1 guaranteed=false", id="not by it"),
            pytest.param("mon 11:00 customer_wrote contract=9 guaranteed=true", id="unknown"),
            pytest.param("mon 11:00 customer_wrote contract=2 guaranteed=true", id="over"),
            pytest.param("mon 11:00 customer_wrote", id="not told"),
        ],
    )
    def test_nothing_is_guaranteed_by_a_message_that_does_not(self, message: str) -> None:
        by = book(terms(request=RESPONSE_ONLY), terms(2, valid_to=at("mon 10:00")))

        assert told(f"{self.OPENED}; {message}", by) == told(self.OPENED, by)

    def test_a_new_clock_waits_where_the_ticket_waits(self) -> None:
        by = book(terms(third_party_pauses=True))
        waiting = f"{self.OPENED}; mon 10:00 waiting for=third_party; "
        waiting += "mon 11:00 customer_wrote contract=1 guaranteed=true; mon 12:00 waiting_ended"

        assert told(waiting, by, "solution")[-1] == "solution running mon 11:00, due tue 11:00"
