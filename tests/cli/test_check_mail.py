"""What `bridge check` says about mail."""

import dataclasses
from typing import Any

import pytest

from bridge.cli.check import Finding, findings
from bridge.flows import deliver_mail, mailing
from bridge.installation import Installation
from bridge.mail import actions
from bridge.mail.outgoing import OutgoingMail
from bridge.outbox import actions as outbox
from bridge.outbox.outcome import Delivered, Outcome
from bridge.settings import Settings
from tests.builders import EXAMPLE, apply_desk, later
from tests.lab.smtp import MailServer
from tests.mail.letters import ERIKA

LEASE = later(2) - later(1)


def found(installation: Installation, **settings: Any) -> dict[str, Finding]:
    """Return what is found about mail, with these settings."""
    changed = Settings(**{**installation.settings.model_dump(), **settings})
    looked = findings(dataclasses.replace(installation, settings=changed), later(10))
    return {one.about: one for one in looked if one.about.startswith("mail")}


def queue(installation: Installation) -> None:
    with installation.database.transaction() as session:
        directory = installation.directories.current(session)
        mail = OutgoingMail((ERIKA,), "Report", "As agreed.")
        mailing.queue(session, directory, mail, later(1), key="test")


def end(installation: Installation, delivered: Delivered) -> None:
    """Let the mail end so."""
    with installation.database.transaction() as session:
        (claim,) = outbox.claim(session, "courier", 1, LEASE, later(2), ["mail"])
        entry = outbox.record(session, claim.entry_id, claim.generation, delivered, later(2))
        assert entry is not None
        actions.record(session, entry, delivered, later(2))


def test_without_mail_nothing_is_missing_as_long_as_nothing_waits(
    installation: Installation,
) -> None:
    apply_desk(installation)

    before = found(installation)
    queue(installation)
    with installation.database.transaction() as session:
        (claim,) = outbox.claim(session, "courier", 1, LEASE, later(2), ["mail"])
        directory = installation.directories.current(session)
        deliver_mail.make_ready(session, directory, installation.keys, None, claim, later(2))
    after = found(installation)

    assert before["mail server"] == Finding("mail server", True, deliver_mail.NO_SERVER)
    assert not after["mail server"].good
    assert "1 waiting since 2026-11-23T09:01:00Z" in after["mail server"].sentence


def test_the_server_is_asked_and_gets_no_mail(installation: Installation) -> None:
    apply_desk(installation)
    with MailServer() as server:
        address = f"smtp://127.0.0.1:{server.port}"
        looked = found(installation, smtp_url=address)

    name = f"mail server 127.0.0.1:{server.port}"
    assert looked == {
        name: Finding(name, True, "answers, without TLS, without a login"),
        "mail sender": Finding("mail sender", True, "support@desk.example"),
    }
    assert server.talked == 1
    assert server.arrived == []


# The lab's own words.
@pytest.mark.filterwarnings("ignore:Requiring AUTH")
def test_a_login_that_is_refused_is_said_without_the_password(installation: Installation) -> None:
    apply_desk(installation)
    with MailServer(login=("desk", "right-pw")) as server:
        address = f"smtp://desk@127.0.0.1:{server.port}"
        looked = found(installation, smtp_url=address, smtp_password="wrong-pw")

    name = f"mail server 127.0.0.1:{server.port}"
    assert not looked[name].good
    assert "refuses our login" in looked[name].sentence
    assert "wrong-pw" not in str(looked)


def test_a_desk_without_an_address_is_named(installation: Installation) -> None:
    apply_desk(installation, EXAMPLE.read_text().replace("address: support@desk.example, ", ""))
    with MailServer() as server:
        looked = found(installation, smtp_url=f"smtp://127.0.0.1:{server.port}")

    assert looked["mail sender"] == Finding("mail sender", False, deliver_mail.NO_ADDRESS)


@pytest.mark.parametrize(
    ("delivered", "why"),
    [
        pytest.param(
            Delivered(
                Outcome.FAILED_FOR_GOOD,
                "refused",
                told={
                    "recipients": [
                        {"address": ERIKA, "standing": "failed", "reply": "550 5.1.1 unknown"}
                    ]
                },
            ),
            "550 5.1.1 unknown",
            id="refused",
        ),
        pytest.param(
            Delivered(Outcome.FAILED_FOR_GOOD, "larger than the mail server takes"),
            "larger than the mail server takes",
            id="not tried",
        ),
    ],
)
def test_a_mail_that_is_lost_is_named(
    installation: Installation, delivered: Delivered, why: str
) -> None:
    apply_desk(installation)
    queue(installation)
    end(installation, delivered)

    lost = found(installation)["mail lost"]

    assert not lost.good
    assert f"{ERIKA}: Report ({why})" in lost.sentence
