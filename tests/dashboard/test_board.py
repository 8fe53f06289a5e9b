"""The board: what it shows, in which order, and when it says that nothing has changed."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
import time_machine
from flask.testing import FlaskClient
from sqlalchemy import event

from bridge.installation import Installation
from tests import builders
from tests.builders import MONDAY_9_UTC as NOW
from tests.builders import later
from tests.dashboard import world

WITH_TEAM = (
    builders.EXAMPLE.read_text()
    .replace("    name: ACME GmbH\n", "    name: ACME GmbH\n    team: infra\n")
    .replace("schedules:", "teams: {infra: {lead: lead, members: [anna]}}\nschedules:")
)


def page(client: FlaskClient, path: str = "/") -> str:
    answer = client.get(path)
    assert answer.status_code == 200
    return answer.get_data(as_text=True)


def rows(html: str) -> list[str]:
    """Return the text of each row, without its tags."""
    found = re.findall(r'<li class="row .*?</li>', html, re.DOTALL)
    return [" ".join(re.sub(r"<[^>]+>", " ", one).split()) for one in found]


def numbers(html: str) -> list[int]:
    return [int(one) for one in re.findall(r'id="row-(\d+)"', html)]


def test_an_empty_board_says_that_all_is_quiet_and_who_is_on_call(anna: FlaskClient) -> None:
    html = page(anna)

    assert "All quiet: no ticket is open." in html
    assert "Anna Beispiel" in html
    assert "without an end" in html


def test_an_empty_board_is_not_trusted_while_nobody_works(
    anna: FlaskClient, clock: time_machine.Traveller
) -> None:
    clock.shift(timedelta(seconds=31))

    html = page(anna)

    assert "All quiet" not in html
    assert "The worker has been silent since 10:00" in html
    assert "No ticket is open, but do not rely on it" in html


def test_a_row_says_everything_in_words(anna: FlaskClient, desk: Installation) -> None:
    number = world.open_problem(desk, later(-25), NOW)

    (row,) = rows(page(anna))

    assert row == (
        f"P2 high #{number} web01 / http CRITICAL ACME GmbH CRITICAL - as made for a test"
        " 35:00 left Response: due 10:35 CET guaranteed Nobody has it will page at 10:01 I have it"
    )


def test_a_row_is_german_for_a_german(anna: FlaskClient, desk: Installation) -> None:
    world.open_problem(desk, later(-25), NOW)
    world.post(anna, "/language", "/", language="de")

    (row,) = rows(page(anna))

    assert row.startswith("P2 hoch")
    assert row.endswith(
        "35:00 übrig Reaktion: fällig 10:35 MEZ garantiert Niemand hat es Alarm geplant 10:01"
        " Ich habe es"
    )


def test_the_most_urgent_comes_first_and_what_somebody_has_last(
    anna: FlaskClient, desk: Installation
) -> None:
    on_time = world.open_problem(desk, later(-5), NOW, host="on-time")
    overdue = world.open_problem(desk, later(-61), NOW, host="overdue")
    taken = world.open_problem(desk, later(-90), NOW, host="taken")
    world.take(desk, taken, "ben", NOW)
    at_risk = world.open_problem(desk, later(-50), NOW, host="at-risk")
    nobodys = world.open_problem(desk, later(-5), NOW, host="nobodys", vars={})
    low = world.open_problem(desk, later(-5), NOW, host="low", state="WARNING", vars={})

    assert numbers(page(anna)) == [overdue, nobodys, at_risk, on_time, low, taken]


def test_who_has_a_ticket_is_shown_with_the_pages_that_went_out(
    anna: FlaskClient, desk: Installation
) -> None:
    number = world.open_problem(desk, later(-25), later(-24))
    builders.fire(desk, later(-22))
    world.settle_pages(desk, "accepted", later(-22))
    before = rows(page(anna))
    world.take(desk, number, "ben", later(-10))
    after = rows(page(anna))

    assert "Nobody has it paged Anna Beispiel 09:38: accepted I have it" in before[0]
    assert "Response: kept guaranteed Ben Beispiel has it since 09:50" in after[0]
    assert "I have it" not in after[0]


def test_a_page_that_failed_is_said(anna: FlaskClient, desk: Installation) -> None:
    world.open_problem(desk, later(-25), later(-24))
    builders.fire(desk, later(-22))
    world.settle_pages(desk, "failed", later(-22))

    assert "paged Anna Beispiel 09:38: failed" in rows(page(anna))[0]


@pytest.mark.parametrize(
    ("query", "hosts"),
    [
        ("", {"acme", "north", "nobodys"}),
        ("?customer=1001", {"acme"}),
        ("?customer=1002", {"north"}),
        ("?customer=9999", set()),
        ("?show=unassigned", {"nobodys"}),
        ("?show=waiting", {"acme", "nobodys"}),
        ("?show=mine", {"north"}),
        ("?show=nonsense", {"acme", "north", "nobodys"}),
        ("?show=mine&customer=1001", set()),
        ("?team=infra", {"acme"}),
        ("?team=nobody", set()),
        ("?guarantee=guaranteed", {"acme", "north"}),
        ("?guarantee=target", set()),
        ("?guarantee=none", {"nobodys"}),
        ("?guarantee=guaranteed&team=infra&show=waiting", {"acme"}),
        ("?guarantee=nonsense", {"acme", "north", "nobodys"}),
        ("?wall=1&customer=1002", {"north"}),
    ],
)
def test_a_visitor_chooses_what_to_see(
    anna: FlaskClient, desk: Installation, query: str, hosts: set[str]
) -> None:
    builders.apply_desk(desk, WITH_TEAM)
    world.open_problem(desk, later(-5), NOW, host="acme")
    world.open_problem(desk, later(-5), NOW, host="nobodys", vars={})
    mine = world.open_problem(
        desk, later(-5), NOW, host="north", vars={"address": "nordlicht@desk.example"}
    )
    world.take(desk, mine, "anna", NOW)

    html = page(anna, f"/{query}")

    assert {host for host in ("acme", "north", "nobodys") if f"{host} / http" in html} == hosts


def test_what_was_resolved_lately_is_shown_with_its_verdict(
    anna: FlaskClient, desk: Installation
) -> None:
    number = world.open_problem(desk, later(-60 * 20), later(-60 * 20))
    world.take(desk, number, "ben", later(-60 * 20 + 5))
    builders.hear(desk, builders.notification("RECOVERY", at=later(-10)))
    builders.hear(desk, builders.notification(at=later(-60 * 13), host="old"))
    builders.hear(desk, builders.notification("RECOVERY", at=later(-60 * 13 + 1), host="old"))

    html = page(anna)

    lately = html[html.index("Resolved lately") :]
    assert "web01 / http" in lately
    assert "09:50" in lately
    assert "kept" in lately
    assert "old / http" not in lately


def test_the_guaranteed_promises_of_the_month_are_counted(
    anna: FlaskClient, desk: Installation
) -> None:
    kept = world.open_problem(desk, later(-30), NOW, host="kept")
    world.take(desk, kept, "anna", NOW)
    world.open_problem(desk, later(-61), NOW, host="overdue")
    world.open_problem(desk, later(-61), NOW, host="no-guarantee", vars={"customer": "1001"})
    old = later(-60 * 24 * 23)
    last_month = world.open_problem(desk, old, old, host="october")
    world.take(desk, last_month, "anna", old + timedelta(minutes=1))

    html = page(anna)

    month = " ".join(re.sub(r"<[^>]+>", " ", html[html.index('class="month"') :][:300]).split())
    assert "1 kept, 1 missed" in month


def test_output_of_a_check_is_text_and_nothing_more(anna: FlaskClient, desk: Installation) -> None:
    world.open_problem(
        desk, later(-5), NOW, host="<i>h</i>", output='<script>alert(1)</script>"\u202e\x1b[31m'
    )

    html = page(anna)

    assert "<script>alert" not in html
    assert "<i>h</i>" not in html
    assert "\u202e" not in html
    assert "\x1b" not in html


def test_an_unchanged_board_is_not_sent_again(
    anna: FlaskClient, desk: Installation, clock: time_machine.Traveller
) -> None:
    world.open_problem(desk, later(-5), NOW)

    first = anna.get("/board")
    again = anna.get("/board", headers={"If-None-Match": first.headers["ETag"]})
    clock.shift(timedelta(seconds=20))
    world.beat(desk)
    later_on = anna.get("/board", headers={"If-None-Match": again.headers["ETag"]})

    assert (first.status_code, again.status_code, later_on.status_code) == (200, 304, 304)
    assert again.headers["ETag"] == first.headers["ETag"]
    assert later_on.headers["ETag"] != again.headers["ETag"]
    assert later_on.get_data() == b""


@pytest.mark.parametrize("happening", ["ticket", "taken", "risk", "silence", "language"])
def test_a_board_that_has_changed_is_sent(
    anna: FlaskClient, desk: Installation, clock: time_machine.Traveller, happening: str
) -> None:
    number = world.open_problem(desk, later(-44), NOW)
    tag = anna.get("/board").headers["ETag"]

    match happening:
        case "ticket":
            world.open_problem(desk, NOW, NOW, host="web02")
        case "taken":
            world.take(desk, number, "ben", NOW)
        case "risk":
            clock.shift(timedelta(minutes=2))
            world.beat(desk)
        case "silence":
            clock.shift(timedelta(seconds=40))
        case _language:
            world.post(anna, "/language", "/", language="de")
    answer = anna.get("/board", headers={"If-None-Match": tag})

    assert answer.status_code == 200
    assert answer.headers["ETag"] != tag


@contextmanager
def statements(installation: Installation) -> Iterator[list[str]]:
    """Collect what the database is asked."""
    asked: list[str] = []

    def listen(_c: object, _cursor: object, statement: str, *_more: object) -> None:
        if not statement.startswith(("BEGIN", "PRAGMA", "SET ")):
            asked.append(statement)

    event.listen(installation.database.engine, "before_cursor_execute", listen)
    try:
        yield asked
    finally:
        event.remove(installation.database.engine, "before_cursor_execute", listen)


def test_the_number_of_statements_does_not_grow_with_the_tickets(
    anna: FlaskClient, desk: Installation
) -> None:
    world.fill(desk, 3, NOW)
    page(anna, "/board")
    with statements(desk) as few:
        page(anna, "/board")
    world.fill(desk, 120, NOW)
    with statements(desk) as many:
        html = page(anna, "/board?rows=all")

    assert len(numbers(html)) == 120
    assert len(many) == len(few)
    assert sum("FROM tickets" in one and "clocks.due_at" in one for one in many) == 1


def test_an_unchanged_board_asks_for_no_ticket(anna: FlaskClient, desk: Installation) -> None:
    world.fill(desk, 3, NOW)
    tag = anna.get("/board").headers["ETag"]

    with statements(desk) as asked:
        anna.get("/board", headers={"If-None-Match": tag})

    assert not [one for one in asked if "FROM tickets" in one]
    assert len(asked) <= 6


def test_of_many_tickets_the_most_urgent_are_shown_and_the_others_are_one_click_away(
    anna: FlaskClient, desk: Installation
) -> None:
    world.fill(desk, 70, NOW)

    html = page(anna)

    assert len(numbers(html)) == 60
    assert "These are the 60 most urgent of 70 tickets." in html
    assert 'href="/?rows=all"' in html
    assert len(numbers(page(anna, "/?rows=all"))) == 70


def test_readers_look_and_have_no_button(reader: FlaskClient, desk: Installation) -> None:
    number = world.open_problem(desk, later(-5), NOW)

    html = page(reader)
    answer = world.post(reader, f"/tickets/{number}/acknowledge", "/")

    assert numbers(html) == [number]
    assert "I have it" not in html
    assert answer.status_code == 403


def test_what_was_chosen_stays_chosen_in_the_links(anna: FlaskClient, desk: Installation) -> None:
    world.open_problem(desk, later(-5), NOW)

    html = page(anna, "/?customer=1001&guarantee=guaranteed")

    assert 'href="/?show=mine&amp;customer=1001&amp;guarantee=guaranteed"' in html
    assert 'href="/?customer=1001&amp;guarantee=guaranteed&amp;wall=1"' in html
    assert 'hx-get="/board?customer=1001&amp;guarantee=guaranteed"' in html
    assert re.search(r'<option value="guaranteed"\s+selected>', html)


def test_a_wall_screen_has_no_controls_and_few_rows(anna: FlaskClient, desk: Installation) -> None:
    world.fill(desk, 12, NOW)

    html = page(anna, "/?wall=1&guarantee=guaranteed")

    assert len(numbers(html)) == 8
    assert "on-wall" in html
    assert "I have it" not in html
    assert "<select" not in html
    assert "Only: guaranteed" in " ".join(re.sub(r"<[^>]+>", " ", html).split())


def test_a_row_outside_service_hours_says_until_when_it_rests(
    anna: FlaskClient, desk: Installation, clock: time_machine.Traveller
) -> None:
    clock.move_to(later(60 * 9))
    world.beat(desk)
    address = {"address": "nordlicht@desk.example"}
    world.open_problem(desk, later(60 * 6.5), later(60 * 9), vars=address)

    (row,) = rows(page(anna))

    assert "1:30:00 left, rests until Tue 08:00 Response: due Tue 24 Nov 09:30 CET" in row


def test_a_board_whose_row_somebody_took_is_rendered_anew(
    anna: FlaskClient, desk: Installation
) -> None:
    number = world.open_problem(desk, later(-5), NOW)
    before = rows(page(anna, "/board"))
    world.take(desk, number, "ben", NOW)
    after = rows(page(anna, "/board"))

    assert "Nobody has it" in before[0]
    assert "Ben Beispiel has it since 10:00" in after[0]
