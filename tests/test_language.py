"""German and English."""

from datetime import UTC, datetime

import pytest

from bridge import language


@pytest.mark.parametrize(
    ("wanted", "spoken"),
    [
        pytest.param("de", "de", id="German"),
        pytest.param("de-AT", "de", id="Austrian"),
        pytest.param("EN_gb", "en", id="British"),
        pytest.param("fr", "en", id="one we do not speak"),
        pytest.param("", "en", id="nothing"),
        pytest.param(None, "en", id="not said"),
    ],
)
def test_the_nearest_language_we_speak(wanted: str | None, spoken: str) -> None:
    assert language.best(wanted) == spoken


@pytest.mark.parametrize(
    ("spoken", "zone", "text"),
    [
        pytest.param("de", "Europe/Berlin", "Mo. 23.11.2026 10:05 MEZ", id="German"),
        pytest.param("en", "Europe/London", "Mon 23 Nov 2026 09:05 GMT", id="English"),
        pytest.param("en", "Europe/Berlin", "Mon 23 Nov 2026 10:05 CET", id="English in Berlin"),
        pytest.param("de", "Europe/Lisbon", "Mo. 23.11.2026 09:05 WEZ", id="German in Lisbon"),
        pytest.param("en", "Asia/Dubai", "Mon 23 Nov 2026 13:05 UTC+4", id="a number for a name"),
        pytest.param("en", "America/St_Johns", "Mon 23 Nov 2026 05:35 NST", id="half an hour"),
        pytest.param("de", "Pacific/Marquesas", "So. 22.11.2026 23:35 UTC-9:30", id="no name"),
    ],
)
def test_a_moment_as_people_there_write_it(spoken: str, zone: str, text: str) -> None:
    moment = datetime(2026, 11, 23, 9, 5, tzinfo=UTC)

    assert language.date_and_time(moment, spoken, zone) == text


def test_a_text_without_translation_stays_english() -> None:
    assert language.say("de")("surely nobody translates this") == "surely nobody translates this"
    assert language.say("en")("Acknowledge") == "Acknowledge"
