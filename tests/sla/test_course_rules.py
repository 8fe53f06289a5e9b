"""Starts, pauses, reopening, status, merging, warnings and answers that come back."""

import pytest

from bridge import utc
from bridge.sla.course import course
from bridge.sla.facts import Fact, FactKind
from tests.sla.courses import (
    BOOK,
    REQUEST,
    SHORT,
    at,
    book,
    calendar,
    clocks,
    fact,
    facts,
    tell,
    terms,
    told,
)

P1_FAULT = "mon 09:00 opened class=fault priority=P1"
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


def absorbed(**changed: object) -> Fact:
    """Return that a ticket was merged into this one, with a clock due on Monday at 12:00."""
    theirs = {
        "kind": "response",
        "rule": None,
        "started_at": utc.iso(at("mon 08:00")),
        "counted_from": utc.iso(at("mon 08:00")),
        "counted_minutes": 240,
        "target_minutes": 240,
        "calendar": "off",
        "contract_version": 1,
        "contract": 1,
        "customer": 10,
        "guaranteed": False,
        "priority": "P3",
        "class": "request",
        "due_at": utc.iso(at("mon 12:00")),
    }
    data = {"number": 7, "revision": 1, "clocks": [theirs | changed]}
    return Fact(FactKind.ABSORBED, at("mon 10:00"), 1, data)


class TestMerge:
    """R16."""

    def merged(self, before: str, other: Fact, after: str = "") -> list[str]:
        found = course([*facts(before), other, *facts(after)], BOOK)
        return [tell(one) for one in found]

    def test_the_clocks_of_the_merged_ticket_end(self) -> None:
        assert told("mon 09:00 opened; mon 10:00 merged into=7; mon 11:00 answered") == [
            "response merged mon 09:00, due mon 13:00, mon 10:00",
            "solution merged mon 09:00, due mon 17:00, mon 10:00",
        ]

    def test_nothing_begins_in_it_any_more(self) -> None:
        merged = "mon 09:00 opened; mon 10:00 merged into=7"
        later = "mon 11:00 answered; mon 12:00 customer_wrote; mon 13:00 reopened"

        assert told(f"{merged}; {later}") == told(merged)

    @pytest.mark.parametrize(
        ("before", "other", "first"),
        [
            pytest.param(
                "mon 09:00 opened", absorbed(), "response running mon 08:00, due mon 12:00",
                id="theirs is due earlier",
            ),
            pytest.param(
                "mon 09:00 opened",
                absorbed(counted_from=utc.iso(at("mon 09:30"))),
                "response running mon 09:00, due mon 13:00",
                id="ours is due earlier",
            ),
            pytest.param(
                "mon 09:00 opened", absorbed(kind="solution"),
                "response running mon 09:00, due mon 13:00", id="only what waits for an answer",
            ),
            pytest.param(
                "mon 09:00 opened", absorbed(calendar="rare"),
                "response running mon 09:00, due mon 13:00", id="theirs is never due",
            ),
            pytest.param(
                "mon 09:00 opened", absorbed(contract_version=99),
                "response running mon 09:00, due mon 13:00", id="a contract nobody knows",
            ),
            pytest.param(
                "mon 09:00 opened guaranteed=false", absorbed(guaranteed=True),
                "response running mon 08:00, due mon 12:00", id="guaranteed by theirs",
            ),
        ],
    )  # fmt: skip
    def test_the_earlier_due_counts(self, before: str, other: Fact, first: str) -> None:
        assert self.merged(before, other)[0] == first

    def test_an_unanswered_question_goes_on_in_the_other_ticket(self) -> None:
        answered = "mon 08:30 opened; mon 09:00 answered"

        assert self.merged(answered, absorbed(), "mon 13:00 answered")[1:] == [
            "solution running mon 08:30, due mon 16:30",
            "response missed unguaranteed mon 08:00, due mon 12:00, mon 13:00",
        ]

    def test_so_does_an_unanswered_message(self) -> None:
        answered = "mon 08:30 opened; mon 09:00 answered"
        message = absorbed(kind="update", rule="message", counted_minutes=180, target_minutes=180)

        assert self.merged(answered, message, "mon 10:30 customer_wrote")[2:] == [
            "message running unguaranteed mon 08:00, due mon 11:00"
        ]
        # It is known to be unanswered, whatever happens to that clock.
        changes = "mon 10:30 priority_changed to=P4; mon 10:40 priority_changed to=P1"
        assert self.merged(answered, message, changes)[4:] == [
            "message running mon 10:40, due mon 11:40"
        ]


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
