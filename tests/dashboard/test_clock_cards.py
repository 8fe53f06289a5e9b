"""The ticket's page explains every clock, however it has run."""

import re
from collections.abc import Iterator

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient

from bridge.installation import Installation
from bridge.tickets.journal import Event
from tests import builders
from tests.dashboard import courses, world
from tests.dashboard.courses import COURSES, happened, opened
from tests.sla.promised import at


@pytest.fixture
def lea(installation: Installation, app: Flask) -> Iterator[FlaskClient]:
    """The browser of Lea on a desk whose contract promises everything."""
    builders.apply_desk(installation, courses.DESK, now=at("01-02 09:00"))
    with time_machine.travel(at(courses.NOW), tick=False):
        world.beat(installation)
        yield world.entered(app, installation, "lead")


def page(client: FlaskClient, number: int, language: str = "en") -> str:
    with client.session_transaction() as session:
        session["chosen_language"] = language
    answer = client.get(f"/tickets/{number}")
    assert answer.status_code == 200
    return answer.get_data(as_text=True)


def text(html: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


def cards(html: str) -> list[str]:
    return [text(one) for one in re.findall(r"<article.*?</article>", html, re.DOTALL)]


@pytest.mark.parametrize(
    ("course", "place", "said"),
    [
        ("weekend", 0, "Response kept guaranteed"),
        ("weekend", 0, "What happened meanwhile Fri 20 Nov 18:12 ticket opened"),
        ("paused", 1, "Solution paused guaranteed 7:00:00 left when the pause ends"),
        ("paused", 1, "Due open while the pause lasts"),
        ("pauses", 1, "Pause Fri 13 Nov 09:00 – Mon 16 Nov 10:00 10 h not counted"),
        ("pauses", 1, "(waiting for a third party)"),
        ("pauses", 2, "Update kept guaranteed"),
        ("clocks forward", 0, "Response cancelled guaranteed"),
        ("fault", 2, "Status missed guaranteed"),
        ("fault", 3, "Status 2 guaranteed"),
        ("no guarantee", 0, "Response cancelled target, no guarantee"),
        ("no guarantee", 2, "Response 2 guaranteed"),
        ("class changed", 0, "Response merged guaranteed"),
    ],
)
def test_a_card_says(
    lea: FlaskClient, installation: Installation, course: str, place: int, said: str
) -> None:
    number = courses.play(installation, COURSES[course])

    found = cards(page(lea, number))

    assert said in found[place]


def test_a_card_speaks_german_too(lea: FlaskClient, installation: Installation) -> None:
    number = courses.play(installation, COURSES["pauses"])

    solution = cards(page(lea, number, "de"))[1]

    assert (
        "Pause Fr 13.11. 09:00 – Mo 16.11. 10:00 (wartet auf Dritte): 10 h Servicezeit" in solution
    )
    assert "Zusammen, und darum fällig Di 24.11. 13:09 MEZ 16 h" in solution


def test_nothing_in_a_picture_needs_a_style_or_a_script(
    lea: FlaskClient, installation: Installation
) -> None:
    html = page(lea, courses.play(installation, COURSES["pauses"]))

    for line in re.findall(r'<svg class="timeline".*?<p class="legend"', html, re.DOTALL):
        assert "style=" not in line
        assert "<script" not in line
        assert 'role="img"' in line
        assert "<title" in line


def test_ids_are_there_once(lea: FlaskClient, installation: Installation) -> None:
    ids = re.findall(r' id="([^"]+)"', page(lea, courses.play(installation, COURSES["fault"])))

    assert len(ids) == len(set(ids))


def test_of_many_updates_the_earlier_ones_are_folded_up(
    lea: FlaskClient, installation: Installation
) -> None:
    answers = [
        happened(Event.ANSWERED, f"11-26 {hour:02}:30", answer=str(hour), via="phone")
        for hour in range(2, 10)
    ]
    number = courses.play(installation, [opened("11-26 02:00", "P1", "fault"), *answers])

    html = page(lea, number)

    whole, folded = html.split('<details class="earlier-clocks"')
    assert "Earlier clocks (6)" in text(folded)
    assert [one[:10] for one in cards(whole)] == [
        "Response k",
        "Solution g",
        "Status 7 k",
        "Status 8 g",
    ]
    assert len(cards(folded)) == 6
