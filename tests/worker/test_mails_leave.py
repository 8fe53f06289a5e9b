"""The courier and a real mail server: mails arrive once, and never keep a page waiting."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from sqlalchemy import select

from bridge import utc
from bridge.flows import mailing
from bridge.installation import Installation
from bridge.mail.models import MailRecipient
from bridge.mail.outgoing import Attachment, OutgoingMail
from bridge.outbox.models import OutboxEntry
from tests.builders import EXAMPLE, apply_desk, fire, hear, notification
from tests.lab.processes import Process, heard, running
from tests.lab.shared_database import SECRET
from tests.lab.sink import Answer, Sink
from tests.lab.smtp import HANG, MailServer
from tests.mail.letters import ERIKA, OTTO

COURIER = """
import sys, time
from bridge.database import Database
from bridge.installation import Installation
from bridge.keys import Keys
from bridge.settings import Settings
from bridge.worker.courier import Courier

url, secret, server, processes = sys.argv[1:]
settings = Settings(database_url=url, delivery_processes=int(processes), smtp_url=server)
courier = Courier(Installation(settings, Keys((secret,)), Database(url)))
print("ready", flush=True)
while True:
    if not courier.step():
        time.sleep(0.02)
"""
PATIENCE_SECONDS = 20.0
PDF = Attachment("report.pdf", "application/pdf", bytes(range(256)) * 20_000)


@pytest.fixture(scope="module")
def sink() -> Iterator[Sink]:
    with Sink() as made:
        made.always = lambda _: Answer(200)
        yield made


@pytest.fixture(scope="module")
def desk(shared: Installation, sink: Sink) -> Installation:
    text = EXAMPLE.read_text().replace("json://127.0.0.1:9/", f"json://127.0.0.1:{sink.port}/")
    apply_desk(shared, text)
    return shared


@pytest.fixture
def server() -> Iterator[MailServer]:
    with MailServer() as started:
        yield started


@contextmanager
def courier(url: str, server: MailServer, processes: int = 2) -> Iterator[Process]:
    address = f"smtp://127.0.0.1:{server.port}"
    with running(COURIER, url, SECRET, address, str(processes)) as process:
        assert heard(process) == "ready"
        yield process


def queue(installation: Installation, count: int, mail: OutgoingMail) -> None:
    now = utc.now()
    with installation.database.transaction() as session:
        directory = installation.directories.current(session)
        for number in range(count):
            mailing.queue(session, directory, mail, now, key=f"test:{number}")


def wait_for(happened: Callable[[], object]) -> float:
    """Return how many seconds it took; fails when patience ends."""
    began = time.monotonic()
    while not happened():
        assert time.monotonic() - began < PATIENCE_SECONDS
        time.sleep(0.02)
    return time.monotonic() - began


def mail(**changes: object) -> OutgoingMail:
    values = {"to": (ERIKA, OTTO), "subject": "Report", "text": "As agreed."}
    return OutgoingMail(**(values | changes))  # type: ignore[arg-type]


def states(installation: Installation) -> list[str]:
    with installation.database.reading() as session:
        return list(session.scalars(select(OutboxEntry.state).where(OutboxEntry.door == "mail")))


def test_mails_arrive_once_each_with_what_is_attached(
    installation: Installation, database_url: str, server: MailServer
) -> None:
    queue(installation, 5, mail(attachments=(PDF,)))

    with courier(database_url, server):
        wait_for(lambda: states(installation) == ["accepted"] * 5)

    assert len({one.message["Message-ID"] for one in server.arrived}) == len(server.arrived) == 5
    for arrived in server.arrived:
        (attached,) = arrived.message.iter_attachments()
        assert attached.get_content() == PDF.content
    with installation.database.reading() as session:
        kept = session.scalars(select(MailRecipient)).all()
    assert {(one.state, one.reply) for one in kept} == {("accepted", "250 2.0.0 taken as 4711")}


def test_one_recipient_that_is_refused_is_written_down(
    installation: Installation, database_url: str, server: MailServer
) -> None:
    server.orders.to = {OTTO: "550 5.1.1 unknown"}
    queue(installation, 1, mail())

    with courier(database_url, server):
        wait_for(lambda: states(installation) == ["accepted"])

    with installation.database.reading() as session:
        kept = {one.address: one.state for one in session.scalars(select(MailRecipient))}
    assert kept == {ERIKA: "accepted", OTTO: "failed"}


def test_a_mail_server_that_hangs_keeps_no_page_waiting(
    installation: Installation, database_url: str, server: MailServer, sink: Sink
) -> None:
    server.orders.greets = HANG
    queue(installation, 100, mail())
    with courier(database_url, server):
        wait_for(lambda: server.talked)
        sink.requests.clear()
        now = utc.now()
        hear(installation, notification(at=now - timedelta(minutes=5)))
        fire(installation, now)
        seconds = wait_for(lambda: sink.requests)

    assert seconds < 5
    claimed = [one for one in states(installation) if one == "claimed"]
    assert len(claimed) <= 4
