"""Clocks under changes: class, priority, contract, guarantee, versions, corrections."""

import pytest

from tests.sla.courses import (
    OFF,
    REQUEST,
    SHORT,
    at,
    book,
    calendar,
    clocks,
    terms,
    told,
)

RESPONSE_ONLY = {"calendar": "off", "response": {"P1": "1h", "P2": "2h", "P3": "4h"}}
ONLY = book(terms(request=RESPONSE_ONLY, fault=RESPONSE_ONLY | {"calendar": "alw"}))


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


class TestVersions:
    """R13: what changes in contract and calendar counts from then on, as it was known."""

    FASTER = terms(
        version=2, revision=2, effective_from=at("mon 11:00"),
        request=RESPONSE_ONLY | {"response": {"P3": "1h"}},
    )  # fmt: skip
    EMPTY = terms(version=2, revision=2, effective_from=at("mon 11:00"), request=None)

    @pytest.mark.parametrize(
        ("newer", "happened", "expected"),
        [
            pytest.param(
                FASTER, "mon 11:00 terms_changed contract_version=2 r=2",
                "response running mon 09:00, due mon 12:00", id="an upgrade from then on",
            ),
            pytest.param(
                FASTER, "mon 11:30 note_is_nothing", "response running mon 09:00, due mon 13:00",
                id="not written into the journal yet",
            ),
            pytest.param(
                EMPTY, "mon 11:00 terms_changed contract_version=2 r=2",
                "response running mon 09:00, due mon 13:00", id="a promise is kept",
            ),
            pytest.param(
                FASTER, "mon 14:00 terms_changed contract_version=2 r=2",
                "response running mon 09:00, due mon 13:00", id="missed by then",
            ),
            pytest.param(
                FASTER, "mon 10:00 answered; mon 11:00 terms_changed contract_version=2 r=2",
                "response kept mon 09:00, due mon 13:00, mon 10:00", id="finished by then",
            ),
            pytest.param(
                FASTER, "mon 11:00 terms_changed contract_version=99 r=2",
                "response running mon 09:00, due mon 13:00", id="the version of another contract",
            ),
        ],
    )  # fmt: skip
    def test_new_terms(self, newer: object, happened: str, expected: str) -> None:
        by = book(terms(request=RESPONSE_ONLY), newer)  # type: ignore[arg-type]
        lines = "; ".join(one for one in happened.split("; ") if "nothing" not in one)

        assert told(f"mon 09:00 opened; {lines}", by) == [expected]

    def test_the_version_in_force_and_the_one_that_promised_are_told_apart(self) -> None:
        by = book(terms(request=RESPONSE_ONLY), self.EMPTY)
        changed = "mon 09:00 opened; mon 11:00 terms_changed contract_version=2 r=2"

        running = clocks(changed, by)[0]
        ended = clocks(f"{changed}; mon 12:00 answered r=2", by)[0]

        assert running.contract_version_id == 2
        assert ended.frozen is not None
        assert ended.frozen["contract_version"] == 1

    def test_new_terms_may_make_waiting_for_others_a_pause(self) -> None:
        newer = terms(
            version=2, revision=2, effective_from=at("mon 11:00"), third_party_pauses=True
        )
        waiting = "mon 09:00 opened; mon 10:00 waiting for=third_party; "
        waiting += "mon 11:00 terms_changed contract_version=2 r=2; mon 12:00 waiting_ended r=2"

        found = told(waiting, book(terms(), newer), "solution")

        assert found == ["solution running mon 09:00, due tue 09:00"]

    def test_terms_count_as_they_were_known(self) -> None:
        # Entered on Tuesday, for Monday: for a ticket of Monday nobody knew it.
        backdated = terms(version=2, revision=2, request=None)

        by = book(terms(request=RESPONSE_ONLY), backdated)

        assert len(told("mon 09:00 opened", by)) == 1
        assert told("mon 09:00 opened r=2", by) == []

    def test_new_hours_count_for_a_clock_that_runs(self) -> None:
        shorter = calendar(9, SHORT, begins=at("mon 11:00"), revision=2)
        by = book(terms(request=RESPONSE_ONLY), off=[shorter])
        changed = "mon 09:00 opened; mon 11:00 hours_changed calendar=off r=2"

        assert told("mon 09:00 opened", by) == ["response running mon 09:00, due mon 13:00"]
        assert told(changed, by) == ["response running mon 09:00, due tue 09:00"]
        # Any fact tells what was known by then.
        assert told("mon 09:00 opened; mon 11:30 acknowledged r=2", by) == told(changed, by)

    def test_new_hours_count_for_both_calendars_of_a_changed_class(self) -> None:
        shorter = calendar(9, SHORT, begins=at("mon 11:00"), revision=2)
        by = book(off=[shorter])
        changed = "mon 07:00 opened class=fault; mon 10:00 class_changed to=request"

        # Three hours round the clock, five in office hours.
        assert told(changed, by, "solution") == ["solution running mon 07:00, due mon 15:00"]
        assert told(f"{changed}; mon 11:00 hours_changed r=2", by, "solution") == [
            "solution running mon 07:00, due tue 11:00"
        ]

    def test_a_replaced_version_never_counts(self) -> None:
        first = calendar(8, SHORT, begins=at("tue 00:00"), revision=2)
        mended = calendar(9, OFF, begins=at("tue 00:00"), revision=3, replaces=8)
        by = book(off=[first, mended])
        opened = "mon 16:00 opened; mon 16:30 hours_changed"

        assert [told(f"{opened} r={revision}", by, "solution") for revision in (1, 2, 3)] == [
            ["solution running mon 16:00, due tue 15:00"],
            ["solution running mon 16:00, due wed 11:00"],
            ["solution running mon 16:00, due tue 15:00"],
        ]

    def test_hours_that_never_come_leave_the_due_open(self) -> None:
        gone = calendar(9, OFF | {"hours": {"mon": ["08:00-08:01"]}}, at("mon 11:00"), revision=2)
        by = book(terms(request=RESPONSE_ONLY), off=[gone])
        changed = "mon 09:00 opened; mon 11:00 hours_changed r=2"

        assert told(changed, by) == ["response running mon 09:00, due ?"]
        ended = clocks(f"{changed}; wed 09:00 answered r=2", by)[0]
        assert (ended.state, ended.falls_at) == ("kept", at("wed 09:00"))


class TestNeverDue:
    """A target that a year of openings never uses up starts no clock."""

    def test_no_clock_starts(self) -> None:
        by = book(terms(request=REQUEST | {"calendar": "rare"}))

        assert told("mon 09:00 opened", by) == []
        assert told("mon 09:00 opened; mon 10:00 customer_wrote; tue 10:00 resolved", by) == []

    def test_nor_in_a_calendar_nobody_knows(self) -> None:
        assert told("mon 09:00 opened", book(terms(request=REQUEST | {"calendar": "gone"}))) == []

    def test_a_running_clock_keeps_its_promise_where_new_terms_are_never_due(self) -> None:
        rare = terms(version=2, revision=2, request=REQUEST | {"calendar": "rare"})
        changed = "mon 09:00 opened; mon 10:00 terms_changed contract_version=2 r=2"

        assert told(changed, book(terms(), rare), "response") == [
            "response running mon 09:00, due mon 13:00"
        ]


class TestCorrection:
    """R13: a person corrects the past, and says why."""

    CALLED = "mon 09:00 opened; mon 14:00 answered"

    @pytest.mark.parametrize(
        ("correction", "expected"),
        [
            pytest.param(
                "stopped_at=mon-12:00", "response kept mon 09:00, due mon 13:00, mon 12:00",
                id="it stopped before",
            ),
            pytest.param(
                "started_at=mon-11:00", "response kept mon 11:00, due mon 15:00, mon 14:00",
                id="it began later",
            ),
            pytest.param(
                "started_at=mon-08:00 stopped_at=mon-12:30",
                "response missed mon 08:00, due mon 12:00, mon 12:30", id="both",
            ),
            pytest.param(
                "cancel=true", "response cancelled mon 09:00, due mon 13:00, mon 14:00",
                id="it never was",
            ),
            pytest.param(
                "stopped_at=mon-08:00", "response kept mon 09:00, due mon 13:00, mon 09:00",
                id="before its start",
            ),
        ],
    )  # fmt: skip
    def test_of_a_finished_clock(self, correction: str, expected: str) -> None:
        corrected = f"{self.CALLED}; tue 09:00 clock_corrected clock=response nth=1 {correction}"

        assert told(corrected, ONLY) == [expected]
        found = clocks(corrected, ONLY)[0].frozen
        assert found is not None
        assert found["ended_by"] == "clock_corrected"

    @pytest.mark.parametrize(
        ("correction", "expected"),
        [
            pytest.param(
                "stopped_at=mon-10:00", "response kept mon 09:00, due mon 13:00, mon 10:00",
                id="it stopped",
            ),
            pytest.param(
                "started_at=mon-08:00", "response running mon 08:00, due mon 12:00", id="it began"
            ),
            pytest.param(
                "cancel=true", "response cancelled mon 09:00, due mon 13:00, mon 11:00",
                id="it is none",
            ),
            pytest.param("cancel=false", "response running mon 09:00, due mon 13:00", id="nothing"),
        ],
    )  # fmt: skip
    def test_of_a_running_clock(self, correction: str, expected: str) -> None:
        ticket = f"mon 09:00 opened; mon 11:00 clock_corrected clock=response nth=1 {correction}"

        assert told(ticket, ONLY) == [expected]

    def test_a_start_after_an_upgrade_leaves_what_counts_from_the_upgrade(self) -> None:
        raised = "mon 08:00 opened; mon 10:00 priority_raised to=P1; "
        raised += "mon 10:30 clock_corrected clock=response nth=1 started_at=mon-08:30"

        assert told(raised, ONLY) == ["response running mon 08:30, due mon 11:00"]

    def test_a_cancelled_clock_stays_so_with_another_start(self) -> None:
        ticket = "mon 09:00 opened class=fault; mon 10:00 recovered; "
        ticket += "mon 11:00 clock_corrected clock=response nth=1 started_at=mon-09:10"

        assert told(ticket, ONLY) == ["response cancelled mon 09:10, due mon 13:10, mon 10:00"]

    def test_a_clock_that_is_not_there_is_left_alone(self) -> None:
        lost = "mon 09:00 opened; mon 10:00 clock_corrected clock=response nth=2 cancel=true"

        assert told(lost, ONLY) == told("mon 09:00 opened", ONLY)

    def test_a_corrected_response_is_a_response(self) -> None:
        corrected = "mon 09:00 opened class=fault priority=P1; "
        corrected += "mon 11:00 clock_corrected clock=response nth=1 stopped_at=mon-09:30; "

        assert told(corrected, only="update") == ["status running mon 09:30, due mon 11:30"]
        assert told(f"{corrected}; mon 11:10 customer_wrote", only="update")[1:] == [
            "message running mon 11:10, due mon 12:10"
        ]

    def test_a_corrected_update_is_an_answer(self) -> None:
        asked = "mon 09:00 opened; mon 09:30 answered; mon 10:00 customer_wrote; "
        fixed = "mon 12:00 clock_corrected clock=update nth=1"
        late = "mon 12:10 priority_raised to=P1"

        assert told(f"{asked}; {fixed} stopped_at=mon-11:00; {late}", only="update") == [
            "message kept mon 10:00, due mon 13:00, mon 11:00"
        ]
        assert told(f"{asked}; {fixed} cancel=true; {late}", only="update") == [
            "message cancelled mon 10:00, due mon 13:00, mon 12:00"
        ]


def test_the_frozen_verdict_says_what_it_was_given_by() -> None:
    """R14."""
    found = clocks("mon 09:00 opened; mon 12:00:30 answered", book(terms(version=3, revision=1)))[0]

    assert found.frozen == {
        "consumed_seconds": 3 * 3600 + 30,
        "target_minutes": 240,
        "started_at": "2026-11-23T08:00:00Z",
        "due_at": "2026-11-23T12:00:00Z",
        "stopped_at": "2026-11-23T11:00:30Z",
        "contract_version": 3,
        "contract": 1,
        "customer": 10,
        "class": "request",
        "priority": "P3",
        "guaranteed": True,
        "calendar": "off",
        "calendar_versions": ["2020-01-01T00:00:00Z"],
        "revision": 1,
        "ended_by": "answered",
    }


def test_the_frozen_verdict_names_the_versions_up_to_its_due() -> None:
    shorter = calendar(9, SHORT, begins=at("mon 12:00"), revision=1)
    found = clocks("mon 09:00 opened; mon 10:00 answered", book(off=[shorter]))[0]

    assert found.frozen is not None
    assert found.frozen["calendar_versions"] == ["2020-01-01T00:00:00Z", "2026-11-23T11:00:00Z"]


def test_a_journal_without_revisions_is_read_by_all_that_is_known() -> None:
    shorter = calendar(9, SHORT, begins=at("mon 11:00"), revision=2)
    by = book(terms(request=RESPONSE_ONLY), off=[shorter])

    found = clocks("mon 09:00 opened r=null; mon 09:10 acknowledged r=null", by)

    assert [(one.due, one.revision) for one in found] == [(at("tue 09:00"), 0)]
