"""Clocks under another class, priority or contract."""

import pytest

from tests.sla.courses import (
    ONLY,
    REQUEST,
    RESPONSE_ONLY,
    at,
    book,
    clocks,
    terms,
    told,
)


class TestPriorityAndClass:
    """R8 and R12: what runs takes the new target, and what is not promised any more ends."""

    @pytest.mark.parametrize(
        ("facts", "expected"),
        [
            pytest.param(
                "mon 16:00 opened; mon 18:00 class_changed to=fault priority=P1",
                ["response running mon 16:00, due mon 19:00"],
                id="a request becomes a fault",
            ),
            pytest.param(
                "mon 16:00 opened class=fault; mon 18:00 class_changed to=request priority=P3",
                ["response running mon 16:00, due tue 10:00"],
                id="a fault becomes a request: two hours are used, two are left",
            ),
            pytest.param(
                "mon 09:00 opened; mon 13:01 class_changed to=fault priority=P1",
                ["response running mon 09:00, due mon 13:00"],
                id="already missed",
            ),
            pytest.param(
                "mon 09:00 opened; mon 10:00 priority_changed to=P4",
                ["response cancelled mon 09:00, due mon 13:00, mon 10:00"],
                id="not promised any more",
            ),
            pytest.param(
                "mon 09:00 opened; mon 13:01 priority_changed to=P4; mon 14:00 answered",
                ["response missed mon 09:00, due mon 13:00, mon 14:00"],
                id="not promised any more, but missed by then",
            ),
            pytest.param(
                "mon 09:00 opened; mon 10:00 priority_raised to=P0",
                ["response running mon 09:00, due mon 13:00"],
                id="what grows worse takes no promise away",
            ),
            pytest.param(
                "mon 09:00 opened priority=P4; mon 10:00 priority_raised to=P2",
                ["response running mon 10:00, due mon 12:00"],
                id="newly promised",
            ),
            pytest.param(
                "mon 09:00 opened priority=P4; mon 09:30 answered; mon 10:00 priority_raised to=P2",
                [],
                id="newly promised, but answered by then",
            ),
            pytest.param(
                "mon 09:00 opened priority=P4; mon 09:30 resolved; mon 10:00 priority_raised to=P2",
                [],
                id="newly promised, but solved by then",
            ),
            pytest.param(
                "mon 09:00 opened priority=P4; mon 09:30 recovered; "
                "mon 10:00 priority_raised to=P2",
                [],
                id="newly promised, but over by then",
            ),
            pytest.param(
                "mon 09:00 opened; mon 10:00 priority_changed to=P4; "
                "mon 11:00 priority_changed to=P2",
                [
                    "response cancelled mon 09:00, due mon 13:00, mon 10:00",
                    "response running mon 11:00, due mon 13:00",
                ],
                id="promised again",
            ),
            pytest.param(
                "mon 09:00 opened class=fault; mon 13:30 recovered; mon 14:00 reopened; "
                "mon 15:00 priority_raised to=P1",
                ["response missed mon 09:00, due mon 13:00, mon 13:30"],
                id="a verdict stays",
            ),
            pytest.param(
                "mon 09:00 opened; mon 08:00 priority_raised to=P1",
                ["response running mon 09:00, due mon 10:00"],
                id="told for a moment before the start: at the start",
            ),
        ],
    )
    def test_response(self, facts: str, expected: list[str]) -> None:
        assert told(facts, ONLY) == expected

    def test_a_fault_that_becomes_a_request_keeps_the_calendar_of_its_due(self) -> None:
        # Nine hours after the start are 17:00, an upgrade; but nine from 16:00 are Tuesday.
        slow = {"P2": "10h", "P3": "9h"}
        by = book(
            terms(
                request={"calendar": "off", "response": slow},
                fault={"calendar": "alw", "response": slow},
            )
        )
        changed = "mon 08:00 opened class=fault priority=P2; "
        changed += "mon 16:00 class_changed to=request priority=P3"

        found = clocks(changed, by)[0]
        later = clocks(f"{changed}; mon 17:30 priority_changed to=P2", by)[0]

        assert (found.due, found.calendar) == (at("mon 18:00"), "alw")
        assert (found.ticket_class, found.priority) == ("request", "P3")
        assert (later.due, later.calendar) == (at("tue 09:00"), "off")

    def test_pauses_stay_under_a_downgrade(self) -> None:
        waited = "mon 09:00 opened priority=P1; mon 10:00 waiting for=customer; "
        waited += "mon 11:00 waiting_ended; mon 12:00 priority_changed to=P2"

        assert told(waited, only="solution") == ["solution running mon 09:00, due mon 16:00"]

    def test_a_solution_newly_promised_begins_at_the_change(self) -> None:
        by = book(terms(fault={"calendar": "alw", "response": {"P3": "4h"}}))
        changed = "mon 09:00 opened class=fault; mon 10:00 class_changed to=request"

        assert told(changed, by, "solution") == ["solution running mon 10:00, due tue 09:00"]

    def test_an_update_newly_promised_begins_while_a_message_is_unanswered(self) -> None:
        asked = "mon 09:00 opened priority=P4; mon 09:30 answered; mon 10:00 customer_wrote"
        changed = "mon 11:00 priority_raised to=P2"

        assert told(f"{asked}; {changed}", only="update") == [
            "message running mon 11:00, due mon 13:00"
        ]
        assert told(f"{asked}; mon 10:30 answered; {changed}", only="update") == []


class TestContract:
    """Another contract, its end, and its guarantee."""

    BOTH = book(
        terms(1, request=RESPONSE_ONLY),
        terms(2, version=5, request=RESPONSE_ONLY | {"response": {"P3": "2h"}}),
        terms(3, version=6, request=None),
        terms(4, version=7, request=RESPONSE_ONLY, valid_to=at("mon 09:30")),
        terms(5, version=8, request={"calendar": "rare", "response": {"P3": "2h"}}),
    )

    @pytest.mark.parametrize(
        ("change", "expected"),
        [
            pytest.param(
                "contract=2 guaranteed=true",
                "response running mon 09:00, due mon 12:00",
                id="another one",
            ),
            pytest.param(
                "contract=2 guaranteed=false",
                "response running unguaranteed mon 09:00, due mon 12:00",
                id="another one, not by its address",
            ),
            pytest.param(
                "contract=3 guaranteed=false",
                "response cancelled mon 09:00, due mon 13:00, mon 10:00",
                id="one that promises nothing",
            ),
            pytest.param(
                "contract=null guaranteed=false",
                "response cancelled mon 09:00, due mon 13:00, mon 10:00",
                id="none",
            ),
            pytest.param(
                "contract=4 guaranteed=true",
                "response cancelled mon 09:00, due mon 13:00, mon 10:00",
                id="one that is over",
            ),
            pytest.param(
                "contract=5 guaranteed=true",
                "response cancelled mon 09:00, due mon 13:00, mon 10:00",
                id="one whose target is never due",
            ),
        ],
    )
    def test_the_clock_goes_on_under_another_contract(self, change: str, expected: str) -> None:
        assert told(f"mon 09:00 opened; mon 10:00 contract_changed {change}", self.BOTH) == [
            expected
        ]

    def test_another_contract_may_make_waiting_for_others_a_pause(self) -> None:
        by = book(terms(), terms(2, version=2, third_party_pauses=True))
        waiting = "mon 09:00 opened; mon 10:00 waiting for=third_party; "
        waiting += "mon 11:00 contract_changed contract=2 guaranteed=true"

        assert told(waiting, by, "solution") == ["solution paused mon 09:00, due ?"]

    def test_it_is_then_the_other_customers(self) -> None:
        ticket = "mon 09:00 opened; mon 10:00 contract_changed contract=2 guaranteed=true"

        found = clocks(f"{ticket}; mon 11:00 answered", self.BOTH)[0]

        assert (found.customer_id, found.contract_id, found.contract_version_id) == (20, 2, 5)
        assert found.frozen is not None
        assert {k: found.frozen[k] for k in ("customer", "contract", "contract_version")} == {
            "customer": 20,
            "contract": 2,
            "contract_version": 5,
        }

    def test_a_missed_clock_stays_with_its_contract(self) -> None:
        ticket = "mon 09:00 opened; mon 14:00 contract_changed contract=2 guaranteed=false"

        found = clocks(ticket, self.BOTH)[0]

        assert (found.contract_id, found.guaranteed) == (1, True)

    def test_what_a_contract_newly_promises_begins_with_it(self) -> None:
        ticket = "mon 09:00 opened contract=null guaranteed=false; "
        ticket += "mon 10:00 contract_changed contract=2 guaranteed=false"

        assert told(ticket, self.BOTH) == ["response running unguaranteed mon 10:00, due mon 12:00"]

    def test_a_contract_that_is_over_promises_nothing_new(self) -> None:
        by = book(terms(valid_to=at("mon 12:00"), request=REQUEST))
        ticket = "mon 09:00 opened; mon 10:00 answered; mon 13:00 customer_wrote"

        # What it promised before goes on, and a new priority counts for it.
        assert told(ticket, by, "update") == []
        assert told(f"{ticket}; mon 13:30 priority_raised to=P2", by, "solution") == [
            "solution running mon 09:00, due mon 17:00"
        ]
        assert told("mon 12:00 opened", by) == []

    def test_nothing_is_promised_before_it_is_valid(self) -> None:
        by = book(terms(valid_from=at("mon 09:30"), request=RESPONSE_ONLY))

        assert told("mon 09:29 opened", by) == []
        assert len(told("mon 09:30 opened", by)) == 1
