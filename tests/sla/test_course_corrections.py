"""Corrections by a person, and what a verdict keeps of how it was given."""

import pytest

from tests.sla.courses import (
    ONLY,
    SHORT,
    at,
    book,
    calendar,
    clocks,
    terms,
    told,
)


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

    def test_a_cancelled_clock_that_did_stop_has_a_verdict(self) -> None:
        ticket = "mon 09:00 opened class=fault; mon 10:00 recovered; "
        ticket += "mon 11:00 clock_corrected clock=response nth=1 stopped_at=mon-09:30"

        assert told(ticket, ONLY) == ["response kept mon 09:00, due mon 13:00, mon 09:30"]

    def test_a_clock_is_cancelled_while_it_waits(self) -> None:
        ticket = "mon 09:00 opened; mon 10:00 waiting for=customer; "
        ticket += "mon 11:00 clock_corrected clock=solution nth=1 cancel=true"

        assert told(ticket, only="solution") == [
            "solution cancelled mon 09:00, due tue 09:00, mon 11:00"
        ]

    def test_a_corrected_solution_is_no_response(self) -> None:
        ticket = "mon 09:00 opened; mon 11:00 clock_corrected clock=solution nth=1 "

        assert told(f"{ticket} stopped_at=mon-10:00; mon 12:00 customer_wrote", only="update") == []

    def test_another_stop_of_what_had_ended_answers_nothing_else(self) -> None:
        ticket = "mon 09:00 opened; mon 09:30 answered; mon 10:00 customer_wrote; "
        ticket += "mon 12:00 clock_corrected clock=response nth=1 stopped_at=mon-11:00; "
        ticket += "mon 12:10 priority_changed to=P4; mon 12:20 priority_changed to=P1"

        assert told(ticket, only="update")[1:] == ["message running mon 12:20, due mon 13:20"]

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
