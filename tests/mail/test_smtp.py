"""The door to a real mail server: one test for each way it can go."""

import json
import socket
import ssl
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bridge.mail import smtp
from bridge.mail.access import Security
from bridge.mail.message import wire
from bridge.mail.smtp import Unusable, mail_door, mail_payload
from bridge.outbox.outcome import Delivered, Outcome
from tests.lab import pki
from tests.lab.smtp import CUT, HANG, MailServer
from tests.mail.letters import ERIKA, LEAD, OTTO, SENDER, access, letter

LOGIN = ("desk", "pässword-of-the-desk")
PLAIN_LOGIN = ("desk", "password-of-the-desk")
QUEUED = "250 2.0.0 taken as 4711"


def deliver(server: MailServer, **changes: Any) -> Delivered:
    """Send a letter through the door, the way delivery processes do."""
    server_changes = {k: changes.pop(k) for k in ("security", "ca", "user", "password", "host")
                      if k in changes}  # fmt: skip
    one = letter(**changes)
    payload = mail_payload(access(server.port, **server_changes), one, one.to, 0)
    return mail_door(json.loads(json.dumps(payload)))


def standings(found: Delivered) -> dict[str, tuple[str, str]]:
    return {one["address"]: (one["standing"], one["reply"]) for one in found.told["recipients"]}


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> pki.Authority:
    return pki.new_authority(tmp_path_factory.mktemp("pki"))


@pytest.fixture(scope="module")
def tls(authority: pki.Authority) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*pki.issue(authority, "mail.lab"))
    return context


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Short times, so that what hangs is given up soon."""
    for name, seconds in (("CONNECT", 0.5), ("TALK", 0.5), ("SEND", 1.0), ("LOOK", 0.5)):
        monkeypatch.setattr(smtp, f"{name}_SECONDS", seconds)
    began = time.monotonic()
    yield
    assert time.monotonic() - began < 5


def test_a_mail_arrives_as_it_was_written_and_the_servers_word_is_kept(server: MailServer) -> None:
    dots = "one\n.two\n..three\n.\nend\n"

    found = deliver(server, to=(ERIKA, OTTO), text=dots)

    assert (found.outcome, found.reason) == (Outcome.ACCEPTED, "accepted by the mail server")
    assert standings(found) == {ERIKA: ("accepted", QUEUED), OTTO: ("accepted", QUEUED)}
    (arrived,) = server.arrived
    assert (arrived.sender, arrived.recipients) == (SENDER, (ERIKA, OTTO))
    assert arrived.content == wire(letter(to=(ERIKA, OTTO), text=dots))
    assert f"SIZE={len(arrived.content)}" in arrived.options


@pytest.mark.parametrize(
    ("orders", "outcome", "reason"),
    [
        pytest.param(
            {"greets": "554 no service"}, Outcome.FAILED_FOR_NOW,
            "the mail server turns us away (SMTP 554)", id="turned away at the door",
        ),
        pytest.param(
            {"sender": "451 later"}, Outcome.FAILED_FOR_NOW,
            "the mail server does not take mail from our address (SMTP 451)", id="sender, later",
        ),
        pytest.param(
            {"sender": "553 not yours"}, Outcome.FAILED_FOR_NOW,
            "the mail server does not take mail from our address (SMTP 553)", id="sender, never",
        ),
        pytest.param(
            {"sender": "552 too big"}, Outcome.FAILED_FOR_GOOD,
            "larger than the mail server takes", id="too large",
        ),
        pytest.param(
            {"to": {ERIKA: "550 5.1.1 unknown"}}, Outcome.FAILED_FOR_GOOD,
            "refused by the mail server (SMTP 550)", id="recipient, never",
        ),
        pytest.param(
            {"to": {ERIKA: "450 4.2.0 greylisted"}}, Outcome.FAILED_FOR_NOW,
            "the mail server asks to come back later (SMTP 450)", id="recipient, later",
        ),
        pytest.param(
            {"data": "451 disk full"}, Outcome.FAILED_FOR_NOW,
            "the mail server asks to come back later (SMTP 451)", id="DATA, later",
        ),
        pytest.param(
            {"data": "554 no"}, Outcome.FAILED_FOR_GOOD,
            "refused by the mail server (SMTP 554)", id="DATA, never",
        ),
        pytest.param(
            {"data": "250 odd"}, Outcome.FAILED_FOR_NOW,
            "the mail server asks to come back later (SMTP 250)", id="DATA, a yes too early",
        ),
        pytest.param(
            {"end": "452 4.3.1 full"}, Outcome.FAILED_FOR_NOW,
            "the mail server asks to come back later (SMTP 452)", id="the mail, later",
        ),
        pytest.param(
            {"end": "554 5.7.1 spam"}, Outcome.FAILED_FOR_GOOD,
            "refused by the mail server (SMTP 554)", id="the mail, never",
        ),
        pytest.param(
            {"end": "so be it"}, Outcome.MAYBE,
            "sent, and no answer of the mail server came back", id="the mail, gibberish",
        ),
        pytest.param(
            {"end": CUT}, Outcome.MAYBE,
            "sent, and no answer of the mail server came back", id="cut after the last dot",
        ),
        pytest.param(
            {"to": {ERIKA: CUT}}, Outcome.FAILED_FOR_NOW,
            "no connection to the mail server, or it broke", id="cut before",
        ),
    ],
)  # fmt: skip
def test_what_the_server_says_decides(
    server: MailServer, orders: dict[str, Any], outcome: Outcome, reason: str
) -> None:
    for name, order in orders.items():
        setattr(server.orders, name, order)

    found = deliver(server)

    assert (found.outcome, found.reason) == (outcome, reason)


@pytest.mark.usefixtures("impatient")
@pytest.mark.parametrize(
    ("orders", "outcome"),
    [
        pytest.param({"greets": HANG}, Outcome.FAILED_FOR_NOW, id="before the greeting"),
        pytest.param({"to": {ERIKA: HANG}}, Outcome.FAILED_FOR_NOW, id="before the mail"),
        pytest.param({"end": HANG}, Outcome.MAYBE, id="after the last dot"),
    ],
)
def test_a_server_that_hangs_is_left_in_time(
    server: MailServer, orders: dict[str, Any], outcome: Outcome
) -> None:
    for name, order in orders.items():
        setattr(server.orders, name, order)

    assert deliver(server).outcome is outcome


@pytest.mark.usefixtures("impatient")
def test_a_line_that_breaks_inside_the_mail_has_sent_nothing(server: MailServer) -> None:
    server.orders.body = CUT

    found = deliver(server, text="x" * 70 + "\n" + "y\n" * 2_000_000)

    assert (found.outcome, server.arrived) == (Outcome.FAILED_FOR_NOW, [])


def test_each_recipient_has_an_answer_of_its_own(server: MailServer) -> None:
    server.orders.to = {OTTO: "550 5.1.1 unknown", LEAD: "450 4.2.0 later"}

    found = deliver(server, to=(ERIKA, OTTO, LEAD))

    assert found.outcome is Outcome.FAILED_FOR_NOW
    assert standings(found) == {
        ERIKA: ("accepted", QUEUED),
        OTTO: ("failed", "550 5.1.1 unknown"),
        LEAD: ("waiting", "450 4.2.0 later"),
    }
    assert [one.recipients for one in server.arrived] == [(ERIKA,)]


def test_a_second_try_goes_to_those_who_are_left_and_shows_all(server: MailServer) -> None:
    one = letter(to=(ERIKA, OTTO))

    found = mail_door(mail_payload(access(server.port), one, [OTTO], 1))

    assert (found.outcome, found.reason) == (Outcome.ACCEPTED, "accepted by the mail server")
    (arrived,) = server.arrived
    assert arrived.recipients == (OTTO,)
    assert arrived.content == wire(one)


def test_without_smtputf8_the_others_get_it() -> None:
    with MailServer(utf8=False) as server:
        found = deliver(server, to=(ERIKA, "jörg@acme.example"))
        alone = deliver(server, to=("jörg@acme.example",))

    assert found.outcome is Outcome.ACCEPTED
    assert standings(found)["jörg@acme.example"][0] == "failed"
    assert server.arrived[0].message["To"] == ERIKA
    assert alone.outcome is Outcome.FAILED_FOR_GOOD
    assert len(server.arrived) == 1


def test_with_smtputf8_everybody_gets_it(server: MailServer) -> None:
    found = deliver(server, to=(ERIKA, "jörg@acme.example"), subject="Größe")

    assert found.outcome is Outcome.ACCEPTED
    (arrived,) = server.arrived
    assert arrived.recipients == (ERIKA, "jörg@acme.example")
    assert "SMTPUTF8" in arrived.options
    assert arrived.message["Subject"] == "Größe"


def test_what_is_larger_than_the_server_says_is_not_tried() -> None:
    with MailServer(most_bytes=2000) as server:
        found = deliver(server, text="x" * 3000)

    assert (found.outcome, found.reason) == (
        Outcome.FAILED_FOR_GOOD,
        "larger than the mail server takes",
    )
    assert server.arrived == []


def test_nobody_at_the_port_is_for_now() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]

    payload = mail_payload(access(port), letter(), [ERIKA], 0)

    assert mail_door(payload) == Delivered(
        Outcome.FAILED_FOR_NOW, "the mail server takes no connections"
    )


# The lab's own words about TLS that is there from the first byte.
@pytest.mark.filterwarnings("ignore:Requiring AUTH")
@pytest.mark.parametrize("security", [Security.STARTTLS, Security.TLS])
def test_a_mail_goes_through_tls_with_a_login(
    security: Security, tls: ssl.SSLContext, authority: pki.Authority
) -> None:
    with MailServer(tls=tls, wrapped=security is Security.TLS, login=PLAIN_LOGIN) as server:
        options = {"security": security, "ca": str(authority.ca_file)}
        user = {"user": PLAIN_LOGIN[0], "password": PLAIN_LOGIN[1]}
        found = deliver(server, **options, **user)
        wrong = deliver(server, **options, **(user | {"password": "wrong"}))
        beyond = deliver(server, **options, **(user | {"password": LOGIN[1]}))

    assert (found.outcome, server.arrived[0].login) == (Outcome.ACCEPTED, "desk")
    assert wrong == Delivered(
        Outcome.FAILED_FOR_NOW, "the mail server refuses our login (SMTP 535)"
    )
    assert beyond.reason == "the login has letters beyond ASCII, which SMTP cannot say"
    assert len(server.arrived) == 1


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        pytest.param({}, "the mail server's certificate is not trusted: unable", id="unknown CA"),
        pytest.param(
            {"ca": "known", "host": "localhost"},
            "the mail server's certificate is not trusted: Hostname mismatch", id="another name",
        ),
        pytest.param(
            {"ca": "/nowhere.pem"}, "smtp_ca names no PEM file that can be read", id="no CA file"
        ),
    ],
)  # fmt: skip
@pytest.mark.parametrize("security", [Security.STARTTLS, Security.TLS])
def test_a_server_that_cannot_be_verified_gets_neither_login_nor_mail(
    security: Security,
    changes: dict[str, str],
    reason: str,
    tls: ssl.SSLContext,
    authority: pki.Authority,
) -> None:
    if changes.get("ca") == "known":
        changes = changes | {"ca": str(authority.ca_file)}
    with MailServer(tls=tls, wrapped=security is Security.TLS) as server:
        found = deliver(server, security=security, user="desk", password="secret", **changes)

    assert found.outcome is Outcome.FAILED_FOR_NOW
    assert found.reason.startswith(reason)
    assert server.arrived == []


def test_no_starttls_is_no_mail(server: MailServer) -> None:
    found = deliver(server, security=Security.STARTTLS, user="desk", password="secret")

    assert found == Delivered(Outcome.FAILED_FOR_NOW, "the mail server offers no STARTTLS")
    assert server.arrived == []


def test_tls_with_a_server_that_speaks_none_is_for_now(server: MailServer) -> None:
    found = deliver(server, security=Security.TLS)

    assert found.outcome is Outcome.FAILED_FOR_NOW
    assert found.reason == "the mail server does not speak TLS there, or none that is safe"


@pytest.mark.parametrize("secret", ["password-of-the-desk", "127.0.0.1", ERIKA])
def test_reasons_name_neither_login_nor_host_nor_recipient(server: MailServer, secret: str) -> None:
    server.orders.to = {ERIKA: f"550 <{ERIKA}> at 127.0.0.1: password-of-the-desk"}

    found = deliver(server)

    assert secret not in found.reason + repr(found)
    assert "password-of-the-desk" not in repr(access(25, password="password-of-the-desk"))


def test_a_look_says_how_the_server_greets_us_and_sends_nothing(
    tls: ssl.SSLContext, authority: pki.Authority
) -> None:
    with MailServer(tls=tls, login=PLAIN_LOGIN) as server:
        changes = {"security": Security.STARTTLS, "ca": str(authority.ca_file)}
        user, password = PLAIN_LOGIN
        known = access(server.port, **changes, user=user, password=password)
        said = smtp.look(known)
        with pytest.raises(Unusable, match="refuses our login"):
            smtp.look(access(server.port, **changes, user=user, password="wrong"))

    assert said == "answers, TLSv1.3, logged in"
    assert server.arrived == []


@pytest.mark.usefixtures("impatient")
def test_a_look_at_a_server_that_hangs_ends_in_time(server: MailServer) -> None:
    server.orders.greets = HANG

    with pytest.raises(Unusable, match="no connection"):
        smtp.look(access(server.port))


def test_a_ca_file_that_is_none_is_named(tmp_path: Path, server: MailServer) -> None:
    path = tmp_path / "ca.pem"
    path.write_text("no certificate")

    with pytest.raises(Unusable, match="smtp_ca"):
        smtp.look(access(server.port, security=Security.TLS, ca=str(path)))
