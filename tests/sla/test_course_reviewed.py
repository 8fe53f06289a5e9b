"""Courses that once went wrong: guarantees by hand, work without words, merges, corrections."""

from bridge.sla.course import course
from tests.sla.courses import BOOK, facts, told


def test_a_guarantee_given_by_hand_reaches_the_clocks_of_its_contract() -> None:
    found = course(
        facts(
            "mon 09:00 opened guaranteed=false\n"
            "mon 10:00 contract_changed contract=1 guaranteed=true"
        ),
        BOOK,
    )

    assert [one.guaranteed for one in found] == [True] * len(found)


def test_taking_the_ticket_later_is_no_answer_to_what_the_customer_asked() -> None:
    history = (
        "mon 09:00 opened class=fault priority=P1; mon 09:10 answered; {}mon 09:55 customer_wrote"
    )

    taken = told(history.format("mon 10:00 acknowledged; "))

    assert taken == told(history.format(""))
    assert any(one.startswith("message running mon 09:55") for one in taken), taken


def test_a_start_corrected_after_a_recovery_is_judged_by_the_new_due() -> None:
    fault = "mon 09:00 opened class=fault priority=P1; {} recovered; {}"

    late = told(
        fault.format(
            "mon 10:30", "mon 11:00 clock_corrected clock=response nth=1 started_at=mon-10:29"
        )
    )
    early = told(
        fault.format(
            "mon 09:01", "mon 11:00 clock_corrected clock=response nth=1 started_at=mon-01:00"
        )
    )

    assert late[0].startswith("response cancelled"), late
    assert early[0].startswith("response missed"), early
