"""A ticket's page: how it stands, why, and what has happened."""

import re

import pytest
import time_machine
from flask.testing import FlaskClient

from bridge.installation import Installation
from tests import builders
from tests.builders import MONDAY_9_UTC as NOW
from tests.builders import later
from tests.dashboard import world


def text(html: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


def page(client: FlaskClient, number: int, part: str = "") -> str:
    answer = client.get(f"/tickets/{number}{part}")
    assert answer.status_code == 200
    return answer.get_data(as_text=True)


def journal(html: str) -> list[str]:
    return [text(one) for one in re.findall(r'<li class="\w+">.*?</li>', html, re.DOTALL)]


def test_the_head_says_what_it_is_and_whose(anna: FlaskClient, desk: Installation) -> None:
    number = world.open_problem(desk, later(-25), later(-24))

    told = text(page(anna, number))

    assert f"P2 high [Ticket #{number}] open web01 / http CRITICAL ACME GmbH" in told
    assert "since Mon 23 Nov 09:35 CET Nobody has it will page at 09:37" in told
    for label, value in (
        ("Customer", "ACME GmbH (1001)"),
        ("Contract", "acme-care"),
        ("Contract address", "acme-247@desk.example"),
        ("Host", "web01"),
        ("Service", "http"),
        ("Source", "icinga-main"),
    ):
        assert f"{label} {value}" in told


def test_there_is_no_page_for_a_ticket_that_there_is_not(anna: FlaskClient) -> None:
    for path in ("/tickets/99999", "/tickets/99999/live", "/tickets/12345678901234567890"):
        assert anna.get(path).status_code == 404


OVER_NIGHT = {
    "vars": {"address": "nordlicht@desk.example"},
    "state": "CRITICAL",
}


def test_the_sum_shows_every_open_piece_in_english(anna: FlaskClient, desk: Installation) -> None:
    friday = later(-60 * 24 * 3 + 60 * 6.5)  # Friday, 16:30 in Berlin; two hours are promised
    number = world.open_problem(desk, friday, friday, **OVER_NIGHT)

    told = text(page(anna, number))

    assert "Target 2 h by calendar “office”" in told
    assert "Fri 20 Nov 16:30 – 17:00 30 min" in told
    assert "Mon 23 Nov 08:00 – 09:30 1 h 30 min" in told
    assert "Together, and so due Mon 23 Nov 09:30 CET 2 h" in told


def test_the_sum_shows_every_open_piece_in_german(anna: FlaskClient, desk: Installation) -> None:
    world.post(anna, "/language", "/", language="de")
    friday = later(-60 * 24 * 3 + 60 * 6.5)
    number = world.open_problem(desk, friday, friday, **OVER_NIGHT)

    told = text(page(anna, number))

    assert "Ziel 2 h nach Kalender „office“" in told
    assert "Fr 20.11. 16:30 – 17:00 30 min" in told
    assert "Mo 23.11. 08:00 – 09:30 1 h 30 min" in told
    assert "Zusammen, und darum fällig Mo 23.11. 09:30 MEZ 2 h" in told


def test_the_time_line_draws_what_the_sum_says(anna: FlaskClient, desk: Installation) -> None:
    friday = later(-60 * 24 * 3 + 60 * 6.5)
    number = world.open_problem(desk, friday, friday, **OVER_NIGHT)

    html = page(anna, number)

    line = html[html.index('<svg class="timeline"') : html.index('<p class="legend"')]
    assert line.count('class="counted"') == 2
    assert "due 09:30" in text(line)
    assert "start Fri 20 Nov 16:30" in text(line)
    assert "style=" not in line


def test_a_clock_that_has_stopped_shows_its_verdict(anna: FlaskClient, desk: Installation) -> None:
    number = world.open_problem(desk, later(-25), later(-24))
    world.take(desk, number, "ben", later(-20))

    told = text(page(anna, number))

    assert "Response kept guaranteed" in told
    assert "Stopped Mon 23 Nov 09:40:00 CET" in told
    assert "Used 5 min" in told


def test_an_upgrade_is_counted_from_its_moment(anna: FlaskClient, desk: Installation) -> None:
    number = world.open_problem(desk, later(-120), later(-120), state="WARNING")
    worse = builders.notification(at=later(-60), state="CRITICAL", since=later(-60))
    builders.hear(desk, worse)

    told = text(page(anna, number))

    assert "At Mon 23 Nov 09:00 CET the priority rose from P4 to P2." in told
    assert "1 h from then on end Mon 23 Nov 10:00 CET, earlier than Mon 23 Nov 16:00 CET" in told
    assert "Counted anew from Mon 23 Nov 09:00 CET on: 1 h." in told
    assert "The priority rose from P4 to P2." in told
    assert "Together, and so due Mon 23 Nov 10:00 CET 1 h" in told


def test_the_journal_tells_it_from_the_latest_to_the_first(
    anna: FlaskClient, desk: Installation
) -> None:
    number = world.open_problem(desk, later(-25), later(-24))
    builders.fire(desk, later(-22))
    world.take(desk, number, "ben", later(-20))
    world.post(anna, f"/tickets/{number}/note", f"/tickets/{number}", text="Look <b>here</b>\nand")

    lines = journal(page(anna, number))

    assert lines == [
        "10:00 Anna Beispiel noted: Look &lt;b&gt;here&lt;/b&gt; and",
        "09:40 Response: kept. It was due 10:35 CET.",
        "09:40 Ben Beispiel has it.",
        "09:38 Paged Anna Beispiel (step 1).",
        "09:36 Paging begins 09:37 CET.",
        "09:35 Response promised within 1 h by calendar “always”: due 10:35 CET, guaranteed.",
        "09:35 web01 / http is CRITICAL: ticket opened with priority P2.",
    ]


def test_what_was_learned_late_says_so(anna: FlaskClient, desk: Installation) -> None:
    number = world.open_problem(desk, later(-25), later(-5))

    assert "(learned 09:55)" in journal(page(anna, number))[-1]


def test_a_ticket_that_is_nobodys_says_what_to_do(anna: FlaskClient, desk: Installation) -> None:
    number = world.open_problem(desk, later(-25), later(-24), vars={})

    told = text(page(anna, number))

    assert "no customer" in told
    assert "No contract, no promise: this ticket is nobody's." in told
    assert "Icinga named neither a contract address nor a customer." in told


def test_downtime_and_flapping_are_flagged(anna: FlaskClient, desk: Installation) -> None:
    number = world.open_problem(desk, later(-25), later(-24))
    builders.hear(desk, builders.notification("DOWNTIMESTART", at=later(-5)))
    builders.hear(desk, builders.notification("FLAPPINGSTART", at=later(-4)))

    told = text(page(anna, number))

    assert "CRITICAL in downtime flapping ACME GmbH" in told


def test_sixteen_kibibytes_of_strange_output_are_shown_as_text(
    anna: FlaskClient, desk: Installation
) -> None:
    number = world.strange(desk, NOW)

    html = page(anna, number)

    assert "&lt;b&gt;fett&lt;/b&gt; &amp; ${PATH}" in html
    assert "\u202e" not in html
    assert html.count("x" * 15_000) <= 1


def test_the_changing_part_is_sent_only_when_something_has_happened(
    anna: FlaskClient, desk: Installation, clock: time_machine.Traveller
) -> None:
    number = world.open_problem(desk, later(-25), later(-24))
    tag = anna.get(f"/tickets/{number}/live").headers["ETag"]
    unchanged = anna.get(f"/tickets/{number}/live", headers={"If-None-Match": tag})
    world.take(desk, number, "ben", NOW)
    changed = anna.get(f"/tickets/{number}/live", headers={"If-None-Match": tag})

    assert (unchanged.status_code, changed.status_code) == (304, 200)
    assert "Ben Beispiel" in changed.get_data(as_text=True)


@pytest.mark.parametrize("language", ["de", "en"])
def test_a_finished_ticket_has_a_page_too(
    anna: FlaskClient, desk: Installation, language: str
) -> None:
    world.post(anna, "/language", "/", language=language)
    number = world.open_problem(desk, later(-25), later(-24))
    builders.hear(desk, builders.notification("RECOVERY", at=later(-20)))

    told = text(page(anna, number))

    assert ("Over since 09:40" if language == "en" else "Vorbei seit 09:40") in told
    assert "I have it" not in told
    assert "Ich habe es" not in told
