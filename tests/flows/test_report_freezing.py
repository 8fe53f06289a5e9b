"""Reports by themselves: of which customers and months, on which day, and mailed to whom."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from bridge.flows import report_freezing
from bridge.flows.report_freezing import Due
from bridge.installation import Installation
from bridge.mail.models import MailAttachment, MailRecipient
from bridge.outbox.models import OutboxEntry
from bridge.sla.models import SlaReport
from bridge.sla.month import Month
from tests import builders
from tests.builders import EXAMPLE
from tests.sla import reported

NOVEMBER = Month(2026, 11)
DECEMBER_3RD = datetime(2026, 12, 3, 7, tzinfo=UTC)
CONTACTS = """contacts:
      - {name: Erika Beispiel, email: erika@acme.example, sla_report: true}
      - {name: Otto Ohne, email: otto@acme.example}
      - {name: Karl Käfer, email: karl@büro.example, sla_report: true}
    contracts:
      - id: acme-care"""


def desk_file(setting: str = "{from: 2026-11}", contacts: str = CONTACTS) -> str:
    """Return the desk file of the tests with reports by themselves."""
    text = EXAMPLE.read_text().replace("quiet_time: 5m", f"quiet_time: 5m, sla_report: {setting}")
    return text.replace("contracts:\n      - id: acme-care", contacts, 1)


@pytest.fixture
def desk(installation: Installation) -> Installation:
    """A desk that reports by itself from November 2026 on, with something to report."""
    applied(installation, desk_file())
    with installation.database.transaction() as session:
        reported.add(session, reported.NOVEMBER)
    return installation


def applied(installation: Installation, text: str) -> None:
    builders.apply_desk(installation, text, reported.MONDAY - timedelta(days=300))


def due(desk: Installation, now: datetime) -> list[tuple[str, str]]:
    return [(one.number, str(one.month)) for one in due_entries(desk, now)]


def due_entries(desk: Installation, now: datetime) -> list[Due]:
    with desk.database.reading() as session:
        return report_freezing.due(session, desk.directories.current(session), now)


def done(desk: Installation, one: Due, now: datetime) -> bool:
    """Freeze a report, if need be, and mail it."""
    with desk.database.reading() as session:
        directory = desk.directories.current(session)
        ready = report_freezing.prepare(session, directory, one.number, one.month, now)
    with desk.database.transaction() as session:
        directory = desk.directories.current(session)
        report_freezing.freeze(session, ready, None, now)
        return report_freezing.mail(session, directory, one, now)


def rows(desk: Installation, what: Any) -> Sequence[Any]:
    with desk.database.reading() as session:
        return session.scalars(select(what).order_by(what)).all()


def mails(desk: Installation) -> Sequence[OutboxEntry]:
    with desk.database.reading() as session:
        return session.scalars(select(OutboxEntry).where(OutboxEntry.door == "mail")).all()


def kept(desk: Installation) -> SlaReport:
    """Return the only report that is kept."""
    with desk.database.reading() as session:
        return session.scalars(select(SlaReport)).one()


@pytest.mark.parametrize(
    ("setting", "now", "months"),
    [
        pytest.param("{from: 2026-11}", DECEMBER_3RD, ["2026-11"], id="on the day"),
        pytest.param(
            "{from: 2026-11}", DECEMBER_3RD - timedelta(microseconds=1), [], id="just before"
        ),
        pytest.param("{from: 2026-12}", DECEMBER_3RD, [], id="before the first month"),
        pytest.param(
            "{from: 2026-09, day: 1, at: '00:00'}",
            DECEMBER_3RD,
            ["2026-09", "2026-10", "2026-11"],
            id="all that was slept through",
        ),
    ],
)
def test_every_customer_has_a_report_of_each_month_on_its_day(
    installation: Installation, setting: str, now: datetime, months: list[str]
) -> None:
    applied(installation, desk_file(setting))

    wanted = [(number, month) for month in months for number in ("1001", "1002")]
    assert due(installation, now) == wanted


def test_without_the_setting_nothing_is_due(installation: Installation) -> None:
    applied(installation, EXAMPLE.read_text())

    assert due(installation, DECEMBER_3RD) == []


def test_a_month_without_a_valid_contract_is_not_reported(installation: Installation) -> None:
    text = desk_file().replace("valid_from: 2026-01-01", "valid_from: 2026-12-01")
    applied(installation, text)

    assert due(installation, DECEMBER_3RD) == [("1002", "2026-11")]


def test_a_report_is_mailed_to_those_who_want_it_in_the_customers_language(
    desk: Installation,
) -> None:
    first, _ = due_entries(desk, DECEMBER_3RD)

    assert done(desk, first, DECEMBER_3RD) is True

    (mail,) = mails(desk)
    assert mail.payload["subject"] == "SLA-Bericht November 2026 – ACME GmbH"
    assert "verpasst: 4" in mail.payload["text"]
    assert mail.payload["language"] == "de"
    assert [one["name"] for one in mail.payload["attachments"]] == [
        "sla-1001-2026-11.pdf",
        "sla-1001-2026-11.csv",
    ]
    assert rows(desk, MailRecipient.address) == [
        "erika@acme.example",
        "karl@xn--bro-hoa.example",
    ]
    report = kept(desk)
    assert set(rows(desk, MailAttachment.sha256)) == {report.csv_sha256, report.pdf_sha256}
    assert (report.mailed_at, report.frozen_by) == (DECEMBER_3RD, "bridge")


def test_done_twice_is_done_once(desk: Installation) -> None:
    first, second = due_entries(desk, DECEMBER_3RD)

    assert done(desk, first, DECEMBER_3RD) is True
    assert done(desk, first, DECEMBER_3RD + timedelta(minutes=1)) is False
    assert due_entries(desk, DECEMBER_3RD) == [second]
    assert len(mails(desk)) == 1


def test_without_a_recipient_no_mail_leaves(desk: Installation) -> None:
    _, nordlicht = due_entries(desk, DECEMBER_3RD)

    assert done(desk, nordlicht, DECEMBER_3RD) is True

    assert mails(desk) == []
    assert kept(desk).recipients == []
    assert due(desk, DECEMBER_3RD) == [("1001", "2026-11")]


def test_what_a_person_froze_before_is_mailed_on_its_day_as_it_was(desk: Installation) -> None:
    earlier = DECEMBER_3RD - timedelta(days=1)
    with desk.database.reading() as session:
        directory = desk.directories.current(session)
        ready = report_freezing.prepare(session, directory, "1001", NOVEMBER, earlier)
    with desk.database.transaction() as session:
        lea = directory.people["lead"]
        report_freezing.freeze(session, ready, lea, earlier)
    assert due(desk, earlier) == []

    first, _ = due_entries(desk, DECEMBER_3RD)
    assert first.frozen is True
    assert done(desk, first, DECEMBER_3RD) is True

    report = kept(desk)
    assert (report.frozen_by, report.frozen_at) == ("Lea Leitung", earlier)
    assert (report.mailed_at, len(mails(desk))) == (DECEMBER_3RD, 1)


def test_an_address_that_no_mail_can_go_to_stops_nobody_else(desk: Installation) -> None:
    applied(desk, desk_file().replace("karl@büro.example", "karl@-.example"))
    first, _ = due_entries(desk, DECEMBER_3RD)

    done(desk, first, DECEMBER_3RD)

    assert kept(desk).recipients == ["erika@acme.example"]


def test_files_that_no_mail_has_room_for_stay_here(
    desk: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, _ = due_entries(desk, DECEMBER_3RD)
    with desk.database.reading() as session:
        directory = desk.directories.current(session)
        ready = report_freezing.prepare(session, directory, "1001", NOVEMBER, DECEMBER_3RD)
    monkeypatch.setattr(report_freezing, "MOST_BYTES", len(ready.files[1]) + 10)

    done(desk, first, DECEMBER_3RD)

    (mail,) = mails(desk)
    assert [one["name"] for one in mail.payload["attachments"]] == ["sla-1001-2026-11.pdf"]
    assert "Im Anhang: sla-1001-2026-11.pdf\n" in mail.payload["text"]


def test_a_month_in_which_nothing_was_promised_is_reported_too(desk: Installation) -> None:
    _, nordlicht = due_entries(desk, DECEMBER_3RD)

    done(desk, nordlicht, DECEMBER_3RD)

    report = kept(desk)
    assert (report.month, report.kept, report.missed) == ("2026-11", 0, 0)
