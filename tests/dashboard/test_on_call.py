"""Who is on call now."""

from datetime import UTC, datetime

from bridge.dashboard.on_call import on_call_now
from bridge.oncall.schedule_form import schedule_from_plain

WEEKLY = schedule_from_plain(
    {
        "timezone": "Europe/Berlin",
        "layers": [
            {
                "rotation": "weekly",
                "handover": "mon 09:00",
                "starts": "2026-01-05",
                "people": ["anna", "ben"],
            }
        ],
    }
)
EMPTY = schedule_from_plain({"timezone": "UTC", "layers": []})
NAMES = {"anna": "Anna Beispiel", "ben": "Ben Beispiel"}


def test_it_changes_at_the_handover_and_not_before() -> None:
    before = on_call_now({"primary": WEEKLY}, NAMES, datetime(2026, 11, 23, 7, 59, 59, tzinfo=UTC))
    after = on_call_now({"primary": WEEKLY}, NAMES, datetime(2026, 11, 23, 8, 0, tzinfo=UTC))

    assert before[0].people != after[0].people
    assert {*before[0].people, *after[0].people} == {"Anna Beispiel", "Ben Beispiel"}
    assert before[0].until == datetime(2026, 11, 23, 8, tzinfo=UTC)
    assert after[0].until == datetime(2026, 11, 30, 8, tzinfo=UTC)


def test_a_schedule_without_anybody_says_so_and_names_its_zone() -> None:
    (found,) = on_call_now({"nights": EMPTY}, NAMES, datetime(2026, 11, 23, tzinfo=UTC))

    assert (found.schedule, found.people, found.until, found.zone) == ("nights", (), None, "UTC")


def test_who_is_next_is_told_where_somebody_is() -> None:
    (found,) = on_call_now({"primary": WEEKLY}, NAMES, datetime(2026, 11, 23, 9, tzinfo=UTC))
    (empty,) = on_call_now({"nights": EMPTY}, NAMES, datetime(2026, 11, 23, tzinfo=UTC))

    assert {*found.people, *found.then} == {"Anna Beispiel", "Ben Beispiel"}
    assert empty.then == ()
