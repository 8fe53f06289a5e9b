"""The rows of scenarios.yaml, played by the ladder alone."""

import pytest

from tests.oncall.scenario import Row, expected, in_order, played, rows


@pytest.mark.parametrize("row", [pytest.param(row, id=row["id"]) for row in rows("ladder")])
def test_the_ladder_plays_the_row(row: Row) -> None:
    assert in_order(played(row).trace) == expected(row)


def test_every_row_has_its_own_name() -> None:
    names = [row["id"] for row in rows("engine")]

    assert len(set(names)) == len(names)


def test_all_worked_examples_are_there() -> None:
    names = {row["id"].split()[0] for row in rows("engine")}

    assert {f"E{number}" for number in range(1, 21)} <= names
