"""How a sentence and its values are written."""

from datetime import date, timedelta

import pytest

from bridge.calendars.definition import Window
from bridge.calendars.public_holidays import holiday_rule
from bridge.moments import Moments
from bridge.sla.sentence import Holiday, Sentence, Stretch, Value, joined, value_written, written
from tests.sla.promised import BERLIN, at

NOW = at("11-23 10:00")


@pytest.mark.parametrize(
    ("value", "said"),
    [
        pytest.param("P2", "P2", id="text"),
        pytest.param(3, "3", id="number"),
        pytest.param(at("11-30 12:00"), "Mo 30.11. 12:00 MEZ", id="moment"),
        pytest.param(date(2026, 6, 4), "Do 04.06.", id="day"),
        pytest.param(timedelta(hours=1, minutes=53), "1 h 53 min", id="length"),
        pytest.param(timedelta(0), "0 min", id="no length"),
        pytest.param(timedelta(milliseconds=3), "< 1 s", id="hardly any length"),
        pytest.param(Window(480, 1440), "08:00 – 24:00", id="window"),
        pytest.param(
            Stretch(at("11-30 08:00"), at("11-30 12:00")), "Mo 30.11. 08:00 – 12:00", id="stretch"
        ),
        pytest.param(
            Holiday(holiday_rule("DE-NW"), date(2026, 6, 4)), "Fronleichnam", id="holiday"
        ),
        pytest.param(joined(["a", 2], "; "), "a; 2", id="several"),
        pytest.param(Sentence("Due %(due)s.", {"due": "x"}), "Fällig x.", id="sentence"),
    ],
)
def test_a_value_is_written_for_people(value: Value, said: str) -> None:
    assert value_written(value, Moments("de", BERLIN, NOW)) == said


def test_moments_are_written_in_the_zone_that_is_asked_for() -> None:
    sentence = Sentence("Due %(due)s.", {"due": at("11-30 12:00")})

    assert written(sentence, Moments("en", "UTC", NOW), "Asia/Kolkata") == (
        "Due Mon 30 Nov 16:30 IST."
    )
    assert written(sentence, Moments("en", "UTC", NOW)) == "Due Mon 30 Nov 11:00 UTC."
