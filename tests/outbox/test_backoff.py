"""When a delivery is tried again."""

from datetime import timedelta

import pytest

from bridge.outbox.backoff import BY_DOOR, next_try
from bridge.outbox.outcome import Outcome

NOW, GOOD, BAD, MAYBE = (
    Outcome.FAILED_FOR_NOW,
    Outcome.ACCEPTED,
    Outcome.FAILED_FOR_GOOD,
    Outcome.MAYBE,
)


@pytest.mark.parametrize(
    ("door", "outcome", "attempts", "maybes", "asked", "seconds"),
    [
        pytest.param("page", NOW, 1, 0, None, 10, id="page, first failure"),
        pytest.param("page", NOW, 2, 0, None, 30, id="page, second"),
        pytest.param("page", NOW, 3, 0, None, 90, id="page, third"),
        pytest.param("page", NOW, 4, 0, None, 300, id="page, fourth"),
        pytest.param("page", NOW, 999, 0, None, 300, id="page, as long as it lasts"),
        pytest.param("page", NOW, 1, 0, 60, 60, id="the receiver asks for more"),
        pytest.param("page", NOW, 3, 0, 60, 90, id="the receiver asks for less"),
        pytest.param("page", NOW, 1, 0, -5, 10, id="the receiver asks for nonsense"),
        pytest.param("page", NOW, 1, 0, 10**9, 3600, id="the receiver asks for too much"),
        pytest.param("page", MAYBE, 1, 1, None, 10, id="page, may have arrived"),
        pytest.param("page", MAYBE, 4, 1, None, 10, id="page, may have arrived at last"),
        pytest.param("page", MAYBE, 2, 2, None, None, id="page, one marked repeat and no more"),
        pytest.param("page", NOW, 2, 1, None, 30, id="page, failed after a maybe"),
        pytest.param("page", BAD, 1, 0, None, None, id="page, for good"),
        pytest.param("page", GOOD, 1, 0, None, None, id="page, accepted"),
        pytest.param("quiet_page", NOW, 1, 0, None, 10, id="quiet page, first failure"),
        pytest.param("quiet_page", MAYBE, 1, 1, None, None, id="quiet page, no repeat"),
        pytest.param("test", NOW, 1, 0, None, None, id="a test is one try"),
        pytest.param("test", MAYBE, 1, 1, None, None, id="a test, may have arrived"),
        pytest.param("icinga", NOW, 1, 0, None, 2, id="Icinga, first"),
        pytest.param("icinga", NOW, 2, 0, None, 5, id="Icinga, second"),
        pytest.param("icinga", NOW, 3, 0, None, 15, id="Icinga, third"),
        pytest.param("icinga", NOW, 4, 0, None, 60, id="Icinga, fourth"),
        pytest.param("icinga", MAYBE, 1, 1, None, 2, id="Icinga, first time-out"),
        pytest.param("icinga", MAYBE, 4, 4, None, 60, id="Icinga, fourth time-out"),
        pytest.param("icinga", MAYBE, 99999, 99999, None, 60, id="Icinga, until recovery"),
        pytest.param("mail", NOW, 1, 0, None, 60, id="mail, first"),
        pytest.param("mail", NOW, 119, 0, None, 3600, id="mail, last but one"),
        pytest.param("mail", NOW, 120, 0, None, None, id="mail, last"),
        pytest.param("mail", MAYBE, 1, 1, None, 60, id="mail, may have arrived"),
        pytest.param("mail", MAYBE, 2, 2, None, None, id="mail, one repeat and no more"),
    ],
)
def test_the_pause_before_the_next_try(
    door: str, outcome: Outcome, attempts: int, maybes: int, asked: int | None, seconds: int | None
) -> None:
    wanted = None if seconds is None else timedelta(seconds=seconds)

    assert next_try(door, outcome, attempts, maybes, asked) == wanted


@pytest.mark.parametrize("door", BY_DOOR)
@pytest.mark.parametrize("outcome", Outcome)
def test_every_door_knows_what_to_do_after_every_outcome(door: str, outcome: Outcome) -> None:
    for tries in range(1, 50):
        pause = next_try(door, outcome, tries, tries)
        assert pause is None or timedelta(seconds=2) <= pause <= timedelta(hours=1)
