"""Reports by themselves: each frozen and mailed once, whatever becomes of those who do it."""

import signal
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import timedelta
from random import Random
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select
from sqlalchemy.orm import undefer

from bridge import utc
from bridge.errors import Permanent
from bridge.flows import report_freezing
from bridge.installation import Installation
from bridge.outbox.models import OutboxEntry
from bridge.sla.models import SlaReport
from bridge.sla.month import Month
from bridge.worker.reports import Reports
from tests.builders import EXAMPLE, apply_desk
from tests.lab.processes import heard, running
from tests.lab.shared_database import HAPPENED, SECRET, empty
from tests.lab.smtp import MailServer
from tests.sla import reported
from tests.worker.test_mails_leave import courier

MONTHS = 4
CONTACT = """contacts: [{email: erika@acme.example, sla_report: true}]
    contracts:
      - id: acme-care"""
WORKER = """
import sys, time
from bridge.database import Database
from bridge.installation import Installation
from bridge.keys import Keys
from bridge.settings import Settings
from bridge.worker.reports import Reports

url, secret = sys.argv[1:]
reports = Reports(Installation(Settings(database_url=url), Keys((secret,)), Database(url)))
print("ready", flush=True)
while reports.step():
    pass
print("done", flush=True)
"""


@pytest.fixture(scope="module")
def desk(shared: Installation) -> Installation:
    """A desk that reports the last months by itself, and whose worker has not run since."""
    since = Month.at(utc.now(), ZoneInfo("Europe/Berlin")).later(-MONTHS)
    setting = f'quiet_time: 5m, sla_report: {{from: {since}, day: 1, at: "00:00"}}'
    text = EXAMPLE.read_text().replace("quiet_time: 5m", setting)
    text = text.replace("contracts:\n      - id: acme-care", CONTACT, 1)
    apply_desk(shared, text, utc.now() - timedelta(days=300))
    return shared


@pytest.fixture
def installation(desk: Installation) -> Installation:
    """The same, with something that was promised."""
    empty(desk, HAPPENED)
    with desk.database.transaction() as session:
        reported.add(session, reported.NOVEMBER)
    return desk


@pytest.fixture
def server() -> Iterator[MailServer]:
    with MailServer() as started:
        yield started


def reports_kept(installation: Installation) -> Sequence[SlaReport]:
    with installation.database.reading() as session:
        everything = (undefer(SlaReport.csv), undefer(SlaReport.pdf))
        return session.scalars(select(SlaReport).options(*everything)).all()


def mail_keys(installation: Installation) -> list[str]:
    with installation.database.reading() as session:
        statement = select(OutboxEntry.key).where(OutboxEntry.door == "mail")
        return sorted(session.scalars(statement))


def wait_for(happened: Callable[[], object]) -> None:
    began = time.monotonic()
    while not happened():
        assert time.monotonic() - began < 20
        time.sleep(0.02)


def test_each_month_is_frozen_and_mailed_once_though_the_worker_is_killed_again_and_again(
    installation: Installation, database_url: str
) -> None:
    random, kills = Random(7), 0
    for _ in range(12):
        with running(WORKER, database_url, SECRET) as process:
            assert heard(process) == "ready"
            time.sleep(random.uniform(0.02, 0.25))
            process.send_signal(signal.SIGKILL)
            kills += process.wait() == -signal.SIGKILL
    with running(WORKER, database_url, SECRET) as process:
        assert [heard(process), heard(process)] == ["ready", "done"]

    kept = reports_kept(installation)
    assert kills > 3
    assert len(kept) == len({(one.customer_id, one.month) for one in kept}) == 2 * MONTHS
    assert all(one.mailed_at for one in kept)
    months = sorted({one.month for one in kept})
    assert mail_keys(installation) == [f"sla-report:1001:{month}:0" for month in months]


def test_two_nodes_at_once_do_each_report_once(
    installation: Installation, database_url: str
) -> None:
    with (
        running(WORKER, database_url, SECRET) as one,
        running(WORKER, database_url, SECRET) as other,
    ):
        assert {heard(one), heard(other)} == {"ready"}
        assert {heard(one), heard(other)} == {"done"}

    assert len(reports_kept(installation)) == 2 * MONTHS
    assert len(mail_keys(installation)) == MONTHS


def test_the_mail_that_arrives_carries_the_files_that_were_frozen(
    installation: Installation, database_url: str, server: MailServer
) -> None:
    with running(WORKER, database_url, SECRET) as process:
        assert [heard(process), heard(process)] == ["ready", "done"]

    with courier(database_url, server):
        wait_for(lambda: len(server.arrived) == MONTHS)

    kept = {one.month: one for one in reports_kept(installation) if one.recipients}
    for arrived in server.arrived:
        message = arrived.message
        assert arrived.recipients == ("erika@acme.example",)
        assert message["Subject"].startswith("SLA-Bericht ")
        pdf, csv = message.iter_attachments()
        month = str(pdf.get_filename())[len("sla-1001-") :].removesuffix(".pdf")
        assert pdf.get_content() == kept[month].pdf
        assert csv.get_payload(decode=True) == kept[month].csv
    assert len({one.message["Message-ID"] for one in server.arrived}) == MONTHS


def test_one_report_that_fails_keeps_no_other_from_going_out(
    installation: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = report_freezing.prepare

    def fails_for_one(session: object, directory: object, number: str, *rest: object) -> object:
        if number == "1001":
            raise Permanent("the report could not be laid out")
        return made(session, directory, number, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(report_freezing, "prepare", fails_for_one)
    reports = Reports(installation)

    while reports.step():
        pass

    assert len(reports_kept(installation)) == MONTHS
    assert mail_keys(installation) == []
