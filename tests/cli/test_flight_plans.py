"""The flight plan of a desk file: who is paged if nobody answers, under which contract."""

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from bridge.cli import bridge
from tests.builders import EXAMPLE

ADDRESS = ("--address", "acme-247@desk.example")
SLOW = EXAMPLE.read_text().replace(
    "- {page: [schedule:primary], then: 5m}", "- {page: [schedule:primary], then: 40m}"
)


def plan(*more: str, desk: Path = EXAMPLE, at: str = "2026-11-23T09:00:00Z") -> dict[str, Any]:
    arguments = ["oncall", "plan", "--desk", str(desk), "--policy", "standby", "--at", at, "--json"]
    done = CliRunner().invoke(bridge, [*arguments, *more])
    assert done.exit_code == 0, done.output
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def told(found: dict[str, Any]) -> list[tuple[Any, ...]]:
    return [
        (one["minute"], one["round"], one["step"], one["person"], one["channel"])
        for one in found["steps"]
    ]


def test_it_goes_on_until_the_fallback_has_fired_once() -> None:
    assert plan() == {
        "steps": [
            {"minute": 0.0, "round": 1, "step": 1, "person": "anna", "channel": "push"},
            {"minute": 2.0, "round": 1, "step": 1, "person": "anna", "channel": "sms"},
            {"minute": 5.0, "round": None, "step": "fallback", "person": "lead", "channel": "push"},
            {"minute": 5.0, "round": None, "step": "fallback", "person": "lead", "channel": "sms"},
        ]
    }


def test_minutes_count_from_the_moment_asked_about_with_the_start_delay() -> None:
    assert [one[0] for one in told(plan("--priority", "P2"))] == [1.0, 3.0, 6.0, 6.0]


@pytest.fixture
def slow(tmp_path: Path) -> Path:
    """A desk whose only step waits 40 minutes, longer than ACME's 30 for a P1."""
    path = tmp_path / "slow.yaml"
    path.write_text(SLOW)
    return path


def test_the_deadline_of_the_contract_brings_the_fallback_forward(slow: Path) -> None:
    without, under = plan(desk=slow), plan(*ADDRESS, desk=slow)

    assert told(without)[-1][0] == 40.0
    assert told(under)[-1] == (28.0, None, "fallback", "lead", "sms")
    assert under["deadline"] == "2026-11-23T09:30:00Z"


def test_what_is_paged_in_service_hours_waits_for_the_next_opening(tmp_path: Path) -> None:
    desk = tmp_path / "desk.yaml"
    desk.write_text(EXAMPLE.read_text().replace("calendar: always", "calendar: office"))

    # Saturday 10:00 in Berlin; the desk opens on Monday at 08:00, and a minute is the start delay.
    found = plan(*ADDRESS, "--priority", "P3", desk=desk, at="2026-11-28T10:00")

    assert told(found)[0] == (46 * 60 + 1.0, 1, 1, "anna", "push")


def test_a_priority_that_the_contract_pages_nobody_for_has_no_pages() -> None:
    assert plan(*ADDRESS, "--priority", "P4")["steps"] == []


@pytest.mark.parametrize(
    ("more", "zone"),
    [
        pytest.param((), "America/New_York", id="of the policy's schedule"),
        pytest.param(ADDRESS, "Europe/Berlin", id="of the customer"),
    ],
)
def test_a_naive_moment_is_local(tmp_path: Path, more: tuple[str, ...], zone: str) -> None:
    desk = tmp_path / "desk.yaml"
    desk.write_text(
        EXAMPLE.read_text().replace(
            "primary:\n    timezone: Europe/Berlin", "primary:\n    timezone: America/New_York"
        )
    )
    arguments = ["oncall", "plan", "--desk", str(desk), "--policy", "standby"]
    done = CliRunner().invoke(bridge, [*arguments, "--at", "2026-11-23T10:00", *more])

    offset = {"America/New_York": "-05:00", "Europe/Berlin": "+01:00"}[zone]
    assert f"2026-11-23T10:00:00{offset}" in done.output


def test_a_policy_that_is_not_there_is_refused() -> None:
    arguments = ["oncall", "plan", "--desk", str(EXAMPLE), "--policy", "night"]
    done = CliRunner().invoke(bridge, [*arguments, "--at", "2026-11-23T09:00:00Z"])

    assert done.exit_code != 0


def test_a_round_that_lasts_too_long_is_warned_of_and_applied_all_the_same(
    slow: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    applied = CliRunner().invoke(bridge, ["apply", str(slow), "--json"])

    (warning,) = json.loads(applied.stdout)["warnings"]
    assert applied.exit_code == 0
    assert "policy standby: a round in which nobody answers lasts 40 min" in warning
    assert "fallback" in warning
    assert warning in applied.stderr
