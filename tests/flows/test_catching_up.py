"""Running clocks follow contracts and calendars that change; finished ones never do."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from bridge.flows import catching_up, conversation, requests
from bridge.flows.requests import NewRequest
from bridge.installation import Installation
from tests.builders import (
    act,
    apply_desk,
    clocks_of,
    differing,
    full_desk,
    hear,
    journal_kinds,
    later,
    looking,
    notification,
    person,
)

OFFICE: dict[str, Any] = {"vars": {"address": "nordlicht@desk.example"}}


def caught_up(desk: Installation, now: datetime) -> int:
    """Let the running clocks follow; return how many tickets had to."""
    with looking(desk) as session:
        directory = desk.directories.current(session)
        numbers = catching_up.behind(session, directory, now, 20)
    done: int = act(desk, catching_up.catch_up, now, numbers)
    with looking(desk) as session:
        assert catching_up.behind(session, directory, now, 20) == []
    return done


def test_nothing_is_behind_where_nothing_has_changed(installation: Installation) -> None:
    apply_desk(installation)
    hear(installation, notification())

    assert caught_up(installation, later(1)) == 0


def test_a_shorter_target_counts_from_its_version_whenever_we_look(
    installation: Installation,
) -> None:
    apply_desk(installation)
    hear(installation, notification())
    text = full_desk().replace("{P1: 30m, P2: 1h, P3: 4h", "{P1: 10m, P2: 20m, P3: 4h", 1)
    apply_desk(installation, text, later(10))

    assert caught_up(installation, later(25)) == 1

    with looking(installation) as session:
        clock = clocks_of(session, 10001)["response 1"]
        assert (clock.target_minutes, clock.due_at) == (20, later(30))
        assert journal_kinds(session, 10001)[-2:] == ["terms_changed", "clock_changed"]
    assert differing(installation) == []


def test_a_version_that_begins_later_counts_from_its_day(installation: Installation) -> None:
    apply_desk(installation)
    hear(installation, notification(state="WARNING"))
    tuesday = later(14 * 60)
    text = full_desk().replace("valid_from: 2026-01-01", "valid_from: 2026-11-24")
    text = text.replace("P4: 8h}\n          page", "P4: 20h}\n          page")
    apply_desk(installation, text, later(10))

    assert caught_up(installation, later(20)) == 0
    assert caught_up(installation, tuesday + timedelta(minutes=3)) == 1

    with looking(installation) as session:
        clock = clocks_of(session, 10001)["response 1"]
        # Missed on Monday evening, which no new version mends; only whose it is follows.
        assert (clock.target_minutes, clock.due_at) == (480, later(480))
    assert differing(installation) == []


def test_a_new_holiday_moves_what_is_due_behind_it(installation: Installation) -> None:
    apply_desk(installation)
    hear(installation, notification(state="UNKNOWN", at=later(420), **OFFICE), now=later(420))
    with looking(installation) as session:
        before = clocks_of(session, 10001)["response 1"].due_at
    text = full_desk().replace(
        "    holidays: DE-NW\n", '    holidays: DE-NW\n    special: {"2026-11-24": closed}\n', 1
    )
    apply_desk(installation, text, later(430))

    assert caught_up(installation, later(431)) == 1

    with looking(installation) as session:
        clock = clocks_of(session, 10001)["response 1"]
        assert before is not None
        assert clock.due_at == before + timedelta(days=1)
        assert "hours_changed" in journal_kinds(session, 10001)
    assert differing(installation) == []


@pytest.mark.parametrize("day", ["2026-11-18", "2026-11-24"])
def test_a_holiday_changes_no_finished_clock(installation: Installation, day: str) -> None:
    """C8: entered today, for a day of last week or for tomorrow."""
    apply_desk(installation)
    new = NewRequest("Printer", customer_number="1001", address="acme-247@desk.example")
    number = act(installation, requests.open_request, new, None, later(0)).number
    act(installation, conversation.answer, number, person(installation), "so", "phone", later(5))
    with looking(installation) as session:
        before = clocks_of(session, number)["response 1"].frozen
    text = full_desk().replace(
        "    holidays: DE-NW\n", f'    holidays: DE-NW\n    special: {{"{day}": closed}}\n', 1
    )
    apply_desk(installation, text, later(10))

    assert caught_up(installation, later(11)) == 0

    with looking(installation) as session:
        assert clocks_of(session, number)["response 1"].frozen == before
    assert differing(installation) == []
