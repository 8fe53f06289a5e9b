"""Lengths of time as people write them."""

from datetime import timedelta

import pytest

from bridge import durations
from bridge.durations import BadDuration


@pytest.mark.parametrize(
    ("text", "length"),
    [
        pytest.param("90s", timedelta(seconds=90), id="seconds"),
        pytest.param("30m", timedelta(minutes=30), id="minutes"),
        pytest.param(" 4h ", timedelta(hours=4), id="spaces around"),
        pytest.param("2d", timedelta(days=2), id="days"),
        pytest.param("0s", timedelta(), id="none"),
    ],
)
def test_a_number_and_a_unit(text: str, length: timedelta) -> None:
    assert durations.parse(text) == length


@pytest.mark.parametrize("text", ["", "30", "m", "1h30m", "1.5h", "-5m", "5 m", "5M", "1w"])
def test_anything_else_is_refused_and_repeated(text: str) -> None:
    with pytest.raises(BadDuration, match="90s, 30m, 4h or 2d") as caught:
        durations.parse(text)

    assert repr(text) in str(caught.value)
