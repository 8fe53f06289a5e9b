"""The morning page: what is at risk, what was missed and why, who is on call, the month."""

import re
from datetime import timedelta

import pytest
import time_machine
from flask.testing import FlaskClient

from bridge.installation import Installation
from bridge.sla.models import Verification
from tests import builders
from tests.builders import MONDAY_9_UTC as NOW
from tests.builders import later
from tests.dashboard import world

DAY = 60 * 24


def page(client: FlaskClient) -> str:
    answer = client.get("/sla")
    assert answer.status_code == 200
    return answer.get_data(as_text=True)


def said(html: str) -> str:
    """Return the text of a part of a page, without its tags."""
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


def part(html: str, name: str) -> str:
    """Return the text of the section that is labelled by this id."""
    found = re.search(rf'<section aria-labelledby="{name}">(.*?)</section>', html, re.DOTALL)
    assert found, f"there is no section {name}"
    return said(found[1])


def test_a_good_morning(anna: FlaskClient) -> None:
    html = page(anna)

    assert "No promise is overdue or at risk." in part(html, "in-danger")
    assert part(html, "missed").startswith("Missed since Fri 20 Nov 0")
    assert "No promise was missed." in part(html, "missed")
    assert "No promise has fallen due yet." in part(html, "this-month")
    assert "Not yet" in part(html, "verified")
    assert "Anna Beispiel without an end" in part(html, "on-call")


def test_what_is_at_risk_is_shown_with_what_will_be_and_nothing_else(
    anna: FlaskClient, desk: Installation
) -> None:
    overdue = world.open_problem(desk, later(-61), NOW, host="overdue")
    at_risk = world.open_problem(desk, later(-50), NOW, host="at-risk")
    world.open_problem(desk, later(-5), NOW, host="on-time")

    html = page(anna)

    assert [int(n) for n in re.findall(r'id="row-(\d+)"', html)] == [overdue, at_risk]
    assert "Overdue or at risk now 2" in part(html, "in-danger")


def test_what_nobody_has_answered_is_told_with_who_was_paged(
    anna: FlaskClient, desk: Installation
) -> None:
    number = world.open_problem(desk, later(-72), later(-72))
    builders.fire(desk, later(-70))

    found = part(page(anna), "missed")

    assert f"#{number} web01 / http ACME GmbH Response: due 09:48 CET guaranteed" in found
    assert "Nobody has answered yet, 12 min after it was due." in found
    assert "Paged once before: Anna Beispiel." in found
    assert "No warning went out before." in found


def test_who_was_too_late_is_named_with_how_late(anna: FlaskClient, desk: Installation) -> None:
    number = world.open_problem(desk, later(-3 * DAY), later(-3 * DAY))
    world.take(desk, number, "ben", later(-3 * DAY + 84))

    found = part(page(anna), "missed")

    assert "Ben Beispiel was 24 min late." in found
    assert "Nobody was paged before." in found


def test_what_went_away_too_late_is_told(anna: FlaskClient, desk: Installation) -> None:
    world.open_problem(desk, later(-120), later(-120))
    builders.hear(desk, builders.notification("RECOVERY", at=later(-30)))

    assert "It ended by itself, 30 min after it was due" in part(page(anna), "missed")


def test_what_was_missed_before_the_last_working_day_is_not_shown(
    anna: FlaskClient, desk: Installation
) -> None:
    number = world.open_problem(desk, later(-4 * DAY), later(-4 * DAY))
    world.take(desk, number, "ben", later(-4 * DAY + 90))

    assert "No promise was missed." in part(page(anna), "missed")


def test_the_month_is_told_by_customer_with_its_share_and_its_report(
    anna: FlaskClient, desk: Installation
) -> None:
    for each in range(3):
        kept = world.open_problem(desk, later(-30), NOW, host=f"kept{each}")
        world.take(desk, kept, "anna", NOW)
    world.open_problem(desk, later(-61), NOW, host="overdue")
    north = world.open_problem(
        desk, later(-30), NOW, host="north", vars={"address": "nordlicht@desk.example"}
    )
    world.take(desk, north, "anna", NOW)

    html = page(anna)

    month = part(html, "this-month")
    assert "ACME GmbH 3 1 75.0 %" in month
    assert "Nordlicht AG 1 0 100.0 %" in month
    assert "All customers 4 1 80.0 %" in month
    assert re.search(r'href="/sla/report[^"]*1001[^"]*2026-11', html)


@pytest.mark.parametrize(
    ("differences", "ended", "text"),
    [
        (0, -60, "3 clocks of 2 tickets, no difference"),
        (2, -60, "3 clocks of 2 tickets, 2 differences"),
        (0, -3 * DAY, "The comparison of last night is missing"),
    ],
)
def test_the_last_comparison_is_told(
    anna: FlaskClient, desk: Installation, differences: int, ended: float, text: str
) -> None:
    with desk.database.transaction() as session:
        session.add(
            Verification(
                began_at=later(ended - 1),
                ended_at=later(ended),
                tickets=2,
                clocks=3,
                differences=differences,
                document={},
                last_ticket=0,
            )
        )

    html = page(anna)

    assert text in part(html, "verified")
    assert ("Stored clocks differ from the journal" in html) == bool(differences)


def test_an_unchanged_page_is_not_sent_again(
    anna: FlaskClient, desk: Installation, clock: time_machine.Traveller
) -> None:
    tag = anna.get("/sla/live").headers["ETag"]

    same = anna.get("/sla/live", headers={"If-None-Match": tag})
    world.open_problem(desk, later(-61), NOW)
    changed = anna.get("/sla/live", headers={"If-None-Match": tag})
    clock.shift(timedelta(minutes=2))
    later_on = anna.get("/sla/live", headers={"If-None-Match": changed.headers["ETag"]})

    assert (same.status_code, changed.status_code, later_on.status_code) == (304, 200, 200)


def test_the_page_is_for_people_who_have_logged_in(client: FlaskClient, desk: Installation) -> None:
    assert desk
    assert client.get("/sla").status_code in {302, 303}


def test_readers_may_look(reader: FlaskClient) -> None:
    assert "SLA today" in page(reader)
