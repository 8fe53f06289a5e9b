"""Two tickets become one: the earlier due counts."""

import pytest

from bridge import utc
from bridge.sla.course import course
from bridge.sla.facts import Fact, FactKind
from tests.sla.courses import BOOK, at, book, fact, facts, tell, terms, told

LATER = "mon 10:30 priority_changed to=P3"


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
        fault = "mon 09:00 opened class=fault priority=P1; mon 09:10 merged into=7"
        assert told(f"{fault}; mon 11:00 reopened") == told(fault)

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

    def test_the_calendar_of_the_earlier_due_counts_with_it(self) -> None:
        theirs = absorbed(calendar="alw", counted_from=utc.iso(at("mon 07:00")))

        found = course([*facts("mon 09:00 opened"), theirs], BOOK)[0]
        later = course([*facts("mon 09:00 opened"), theirs, fact(LATER)], BOOK)[0]

        assert (found.calendar, found.due) == ("alw", at("mon 11:00"))
        # The class has its own calendar, and takes it with the next target.
        assert (later.calendar, later.due) == ("off", at("mon 12:00"))

    def test_of_two_that_are_due_at_once_ours_stays(self) -> None:
        theirs = absorbed(counted_minutes=300, target_minutes=300)

        assert self.merged("mon 09:00 opened", theirs) == told("mon 09:00 opened")

    def test_each_clock_of_the_merged_ticket_counts(self) -> None:
        both = absorbed(kind="solution")
        both.data["clocks"].append(absorbed().data["clocks"][0])

        assert self.merged("mon 09:00 opened", both)[0] == (
            "response running mon 08:00, due mon 12:00"
        )

    def test_a_question_that_waits_for_a_response_is_no_message(self) -> None:
        changes = "mon 10:30 priority_changed to=P4; mon 10:40 priority_changed to=P1"
        found = self.merged("mon 08:30 opened; mon 09:00 answered", absorbed(), changes)

        assert not [one for one in found if one.startswith("message")]

    def test_the_work_on_the_merged_ticket_is_not_taken_over(self) -> None:
        opened = "mon 09:00 opened"

        assert self.merged(opened, absorbed(kind="solution")) == told(opened)
        assert self.merged(opened, fact("mon 10:00 absorbed number=7")) == told(opened)

    def test_an_unanswered_question_goes_on_in_the_other_ticket(self) -> None:
        answered = "mon 08:30 opened; mon 09:00 answered"

        assert self.merged(answered, absorbed(), "mon 13:00 answered")[1:] == [
            "solution running mon 08:30, due mon 16:30",
            "response missed unguaranteed mon 08:00, due mon 12:00, mon 13:00",
        ]

    def test_it_goes_on_under_its_own_contract_and_guarantee(self) -> None:
        theirs = absorbed(contract=2, contract_version=2, guaranteed=True)
        before = "mon 08:30 opened guaranteed=false; mon 09:00 answered"
        happened = [*facts(before), theirs]
        by = book(terms(), terms(2, version=2))

        taken_away = fact("mon 10:10 contract_changed contract=null guaranteed=false")
        came_by_address = fact("mon 10:10 customer_wrote contract=1 guaranteed=true")

        for later in (taken_away, came_by_address):
            last = course([*happened, later], by)[2]
            assert tell(last) == "response running mon 08:00, due mon 12:00"
            assert last.contract_id == 2

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
