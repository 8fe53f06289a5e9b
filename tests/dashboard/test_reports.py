"""The pages of SLA reports, and that page, CSV, PDF and API tell the same."""

import csv
import io
import re
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from html import unescape

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from pypdf import PdfReader
from sqlalchemy import select

from bridge.installation import Installation
from bridge.sla.models import Clock
from tests.api.world import Caller, make_token
from tests.dashboard import world
from tests.sla import reported

PAGE = "/sla/report/1001/2026-11"
DECIDED = ("kept", "missed", "cancelled", "merged")
GERMAN = dict(
    zip(("eingehalten", "verpasst", "entfallen", "zusammengeführt"), DECIDED, strict=True)
)
DECEMBER_3RD = datetime(2026, 12, 3, 7, tzinfo=UTC)


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    """Tuesday, 24 November, until the test moves on."""
    with time_machine.travel(reported.ON_THE_24TH, tick=False) as traveller:
        yield traveller


@pytest.fixture
def desk(installation: Installation, clock: time_machine.Traveller) -> Installation:
    """A desk whose November has something of everything."""
    reported.set_up(installation)
    world.beat(installation)
    with installation.database.transaction() as session:
        reported.add(session, reported.NOVEMBER)
    return installation


def text_of(client: FlaskClient, path: str = PAGE) -> str:
    """Return what a page says, without its tags."""
    answer = client.get(path)
    assert answer.status_code == 200
    html = answer.get_data(as_text=True)
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", html)).split())


def csv_rows(client: FlaskClient) -> list[list[str]]:
    text = client.get(f"{PAGE}.csv").get_data().decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text), delimiter=";"))[1:]


def pdf_text(client: FlaskClient) -> str:
    reader = PdfReader(io.BytesIO(client.get(f"{PAGE}.pdf").get_data()))
    return " ".join(" ".join(page.extract_text() for page in reader.pages).split())


def test_page_csv_pdf_and_api_tell_the_same(lea: FlaskClient, desk: Installation) -> None:
    caller = Caller(lea.application.test_client(), make_token(desk, "report", "api:read"))
    told = caller.get("/sla/report", customer="1001", month="2026-11").get_json()

    total = told["total"]
    page, pdf, rows = text_of(lea), pdf_text(lea), csv_rows(lea)

    assert [total[one] for one in DECIDED] == [6, 4, 1, 1]
    assert total["promised"] == sum(total[one] for one in DECIDED)
    for table in ("by_priority", "by_kind", "by_class", "by_contract"):
        for part in ("promised", *DECIDED):
            assert sum(one["counts"][part] for one in told[table]) == total[part]
    counted = [row for row in rows if row[8] == "ja" and row[14] in GERMAN]
    assert Counter(GERMAN[row[14]] for row in counted) == Counter(
        {one: total[one] for one in DECIDED}
    )
    for group in told["by_priority"]:
        counts = [group["counts"][one] for one in ("promised", *DECIDED)]
        assert sum(row[5] == group["name"] for row in counted) == counts[0]
        cells = " ".join(map(str, [group["name"], *counts]))
        assert cells in page
        assert cells in pdf
    assert "Total 12 6 4 1 1 60.0%" in page
    assert "Summe 12 6 4 1 1 60,0" in pdf
    missed = [row[1] for row in counted if row[14] == "verpasst"]
    assert missed == [str(one["ticket"]) for one in told["missed"]]
    for row in (row for row in counted if row[14] == "verpasst"):
        assert f"#{row[1]}" in page
        assert f"#{row[1]}" in pdf
        assert row[15] in pdf
    shares = [one["count"] for one in told["response_times"]["by_share"]]
    unanswered = told["response_times"]["unanswered"]
    responses = next(one["counts"] for one in told["by_kind"] if one["name"] == "response")
    assert sum(shares) + unanswered == responses["kept"] + responses["missed"]
    assert sum(shares[4:]) + unanswered == responses["missed"]
    apart = [row for row in rows if row not in counted]
    assert len(apart) == len(told["not_due"]) + len(told["lines_without_guarantee"])


def test_the_page_says_why_each_one_was_missed(lea: FlaskClient) -> None:
    text = text_of(lea)

    assert "Answered Thu 5 Nov 09:47:30 CET, 17 min 30 s too late." in text
    assert "Nobody has answered yet, overdue for 16 d 20 h." in text
    assert "408 h of service time were used, 4 h were promised." in text
    assert "Nobody answered before it recovered Tue 10 Nov 10:40 CET" in text
    assert "provisional: the month is not over" in text


def test_the_page_speaks_the_visitors_language_and_the_files_the_customers(
    lea: FlaskClient,
) -> None:
    assert "SLA report November 2026" in text_of(lea)
    assert "SLA-Bericht November 2026" in pdf_text(lea)
    with lea.session_transaction() as session:
        session["chosen_language"] = "de"
    assert "Noch hat niemand geantwortet" in text_of(lea)


def test_what_people_write_is_text_on_the_page(lea: FlaskClient) -> None:
    html = lea.get(PAGE).get_data(as_text=True)

    assert "=HYPERLINK(&#34;http://x&#34;)" in html
    assert "<bdi>Warten auf Kunde" in html


def test_files_have_names_that_say_whose_they_are(lea: FlaskClient) -> None:
    for kind, mimetype in (("csv", "text/csv"), ("pdf", "application/pdf")):
        answer = lea.get(f"{PAGE}.{kind}")

        assert answer.mimetype == mimetype
        wanted = f'attachment; filename="sla-1001-2026-11.{kind}"'
        assert answer.headers["Content-Disposition"] == wanted


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/sla/report/999/2026-11", 404),
        ("/sla/report/999/2026-11.pdf", 404),
        ("/sla/report/1001/2026-13", 400),
        ("/sla/report/1001/x.csv", 400),
        ("/sla/report/1001/2027-06", 200),
    ],
)
def test_what_there_is_not_is_said(lea: FlaskClient, path: str, status: int) -> None:
    assert lea.get(path).status_code == status


@pytest.mark.parametrize("path", ["/sla/report", PAGE, f"{PAGE}.csv", f"{PAGE}.pdf"])
def test_strangers_log_in_first(desk: Installation, client: FlaskClient, path: str) -> None:
    answer = client.get(path)

    assert (answer.status_code, answer.headers["Location"].split("?")[0]) == (303, "/login")


def test_the_list_leads_to_every_customers_months(lea: FlaskClient) -> None:
    html = lea.get("/sla/report").get_data(as_text=True)
    text = text_of(lea, "/sla/report")

    assert f'href="{PAGE}"' in html
    assert "ACME GmbH 60.0% 4 missed – " in text
    assert "Nordlicht AG – –" in text
    assert "Nov 2026 Oct 2026" in text


def freeze(client: FlaskClient) -> int:
    return world.post(client, f"{PAGE}/freeze", "/", month="").status_code


def test_a_manager_freezes_a_month_that_is_over(
    app: Flask, desk: Installation, clock: time_machine.Traveller
) -> None:
    assert "Freeze this month" not in text_of(world.entered(app, desk, "lead"))
    clock.move_to(DECEMBER_3RD)
    lea = world.entered(app, desk, "lead")
    assert "Freeze this month" in text_of(lea)

    assert freeze(lea) == 303

    text = text_of(lea)
    assert "The report is frozen: from now on it stays as it is." in text
    assert "Frozen Thu 3 Dec 08:00 CET, Lea Leitung Mailed not yet" in text
    assert "Freeze this month" not in text
    assert freeze(lea) == 303
    assert "Somebody was faster" in text_of(lea)
    assert "frozen" in text_of(lea, "/sla/report")


def test_what_was_frozen_is_what_is_given_out_later(
    app: Flask, desk: Installation, clock: time_machine.Traveller
) -> None:
    clock.move_to(DECEMBER_3RD)
    lea = world.entered(app, desk, "lead")
    freeze(lea)
    before = [lea.get(f"{PAGE}.{kind}").get_data() for kind in ("csv", "pdf")]
    with desk.database.transaction() as session:
        for one in session.scalars(select(Clock)):
            one.state = "cancelled"

    clock.move_to(DECEMBER_3RD + timedelta(days=9))
    lea = world.entered(app, desk, "lead")

    assert [lea.get(f"{PAGE}.{kind}").get_data() for kind in ("csv", "pdf")] == before
    assert "Total 12 6 4 1 1 60.0%" in text_of(lea)
    december = text_of(lea, "/sla/report/1001/2026-12")
    assert "Correction of November 2026" in december
    assert (
        "was told as: kept (Mon 2 Nov 09:10 CET); is: cancelled (Mon 2 Nov 09:10 CET)" in december
    )


@pytest.mark.parametrize("who", [("anna",), ("wall", "reader")], ids=["engineer", "reader"])
def test_nobody_else_freezes(
    app: Flask, desk: Installation, clock: time_machine.Traveller, who: tuple[str, ...]
) -> None:
    clock.move_to(DECEMBER_3RD)
    client = world.entered(app, desk, *who)

    assert "Freeze this month" not in text_of(client)
    assert freeze(client) == 403


def test_a_month_that_is_not_over_is_not_frozen(lea: FlaskClient) -> None:
    assert freeze(lea) == 400
