"""Policies whose rounds last too long for the promises they serve."""

from datetime import timedelta

import pytest

from bridge.flows.directory import read
from bridge.flows.short_rounds import LongRound, long_rounds
from bridge.installation import Installation
from tests import builders

STEP = "- {page: [schedule:primary], then: 5m}"


def found(installation: Installation, text: str) -> list[LongRound]:
    builders.apply_desk(installation, text)
    with installation.database.reading() as session:
        return long_rounds(read(session), builders.MONDAY_9_UTC)


# ACME is promised 30 minutes for a P1: a round may last 18.
@pytest.mark.parametrize(
    ("then", "is_long"),
    [
        pytest.param("18m", False, id="just in time"),
        pytest.param("1081s", True, id="a second too long"),
    ],
)
def test_a_round_may_last_60_percent_of_the_shortest_promise(
    installation: Installation, then: str, is_long: bool
) -> None:
    text = builders.EXAMPLE.read_text().replace(STEP, STEP.replace("5m", then))

    assert bool(found(installation, text)) is is_long


def test_it_names_the_promise_that_leaves_the_least_time(installation: Installation) -> None:
    text = builders.EXAMPLE.read_text().replace(STEP, STEP.replace("5m", "40m"))

    assert found(installation, text) == [
        LongRound("standby", timedelta(minutes=40), "acme-care", "P1", timedelta(minutes=30))
    ]


def test_a_contract_that_is_over_is_no_reason(installation: Installation) -> None:
    text = builders.EXAMPLE.read_text().replace(STEP, STEP.replace("5m", "40m"))

    over = text.replace(
        "valid_from: 2026-01-01", "valid_from: 2026-01-01\n        valid_to: 2026-02-01"
    )

    assert found(installation, over) == []
