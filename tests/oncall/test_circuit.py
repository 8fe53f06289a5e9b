"""When a channel that fails is left alone, and for how long."""

from datetime import UTC, datetime, timedelta

import pytest

from bridge.oncall.circuit import FAILURES, TRIAL, Circuit, ended, tried

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)


def at(seconds: float) -> datetime:
    return NOW + timedelta(seconds=seconds)


def failing(times: int) -> Circuit:
    """Return the circuit after so many failures in a row, each of them tried when it might be."""
    circuit, now = Circuit(), NOW
    for _ in range(times):
        if circuit.open_until is not None:
            now = circuit.open_until
        trying = tried(circuit, now)
        assert trying is not None
        circuit = ended(trying, now, worked=False)
    return circuit


def test_a_channel_that_fails_now_and_then_is_tried_every_time() -> None:
    circuit = failing(FAILURES - 1)

    assert circuit == Circuit(FAILURES - 1)
    assert tried(circuit, NOW) == circuit
    assert ended(circuit, NOW, worked=True) == Circuit()


@pytest.mark.parametrize(
    ("failures", "seconds"),
    [(5, 60), (6, 120), (7, 240), (8, 480), (9, 600), (10, 600), (5_000, 600)],
)
def test_each_failed_trial_doubles_the_pause_up_to_ten_minutes(
    failures: int, seconds: float
) -> None:
    before = Circuit(failures - 1, NOW if failures > FAILURES else None)

    trying = tried(before, NOW)

    assert trying is not None
    assert ended(trying, NOW, worked=False) == Circuit(failures, at(seconds))


@pytest.mark.parametrize(
    ("second", "is_tried"),
    [
        pytest.param(0, False, id="just opened"),
        pytest.param(59.9, False, id="to the end of the pause"),
        pytest.param(60, True, id="after it"),
    ],
)
def test_an_open_circuit_is_not_tried_before_its_pause_is_over(
    second: float, is_tried: bool
) -> None:
    assert (tried(Circuit(FAILURES, at(60)), at(second)) is not None) is is_tried


def test_after_the_pause_there_is_one_trial_at_a_time() -> None:
    trying = tried(Circuit(FAILURES, NOW), NOW)

    assert trying == Circuit(FAILURES, NOW + TRIAL)
    assert tried(trying, at(TRIAL.total_seconds() - 1)) is None
    # Whoever had it has died with it.
    assert tried(trying, NOW + TRIAL) is not None


def test_a_trial_that_works_closes_the_circuit() -> None:
    trying = tried(Circuit(FAILURES + 3, NOW), NOW)

    assert trying is not None
    assert ended(trying, at(1), worked=True) == Circuit()


def test_what_was_under_way_when_the_circuit_opened_makes_the_pause_no_longer() -> None:
    opened = Circuit(FAILURES, at(60))

    assert ended(opened, at(8), worked=False) == opened
    assert ended(opened, at(8), worked=True) == Circuit()
