"""New versions of contracts and calendars, and targets that are never due."""

import pytest

from bridge.sla.course import course
from bridge.sla.facts import Fact, FactKind
from tests.sla.courses import (
    OFF,
    REQUEST,
    RESPONSE_ONLY,
    SHORT,
    at,
    book,
    calendar,
    clocks,
    terms,
    told,
)


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

    def test_a_missed_clock_was_promised_by_the_version_it_was_missed_under(self) -> None:
        by = book(terms(request=RESPONSE_ONLY), self.FASTER)
        missed = "mon 09:00 opened; mon 14:00 terms_changed contract_version=2 r=2"

        ended = clocks(f"{missed}; mon 15:00 answered r=2", by)[0]

        assert ended.contract_version_id == 2
        assert ended.frozen is not None
        assert ended.frozen["contract_version"] == 1

    def test_new_terms_reach_each_clock_of_their_contract(self) -> None:
        newer = terms(2, version=4, revision=2, request=REQUEST | {"solution": {"P3": "2h"}})
        by = book(terms(), terms(2, version=3), newer)
        # The response is missed, and stays with its contract.
        moved = "mon 08:00 opened; mon 12:30 contract_changed contract=2 guaranteed=true; "
        moved += "mon 13:30 terms_changed contract_version=4 r=2"

        assert told(moved, by) == [
            "response running mon 08:00, due mon 12:00",
            "solution running mon 08:00, due mon 15:30",
        ]

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


def test_a_journal_without_revisions_is_read_by_all_that_is_known() -> None:
    shorter = calendar(9, SHORT, begins=at("mon 11:00"), revision=2)
    by = book(terms(request=RESPONSE_ONLY), off=[shorter])

    found = clocks("mon 09:00 opened r=null; mon 09:10 acknowledged r=null", by)

    assert [(one.due, one.revision) for one in found] == [(at("tue 09:00"), 0)]
    ended = clocks("mon 09:00 opened r=null; mon 10:00 answered r=null", by)[0]
    assert ended.frozen is not None
    assert ended.frozen["revision"] == 0


def test_an_opening_that_says_nothing_promises_nothing() -> None:
    assert course([Fact(FactKind.OPENED, at("mon 09:00"), 1, {})], book()) == ()
