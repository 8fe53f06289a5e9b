"""The bytes of our mails, read back by a parser, and looked at line by line."""

import json
import re
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import parsedate_to_datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridge.mail.message import Letter, wire
from bridge.mail.outgoing import Attachment, BadMail, Written
from tests.mail.letters import ERIKA, OTTO, letter

PDF = Attachment("SLA-Bericht März.pdf", "application/pdf", bytes(range(256)) * 40)
LONG_ID = f"<{'x' * 300}@desk.example>"


def read(content: bytes) -> EmailMessage:
    return message_from_bytes(content, policy=policy.default)


def test_text_html_and_attachments_come_back_as_they_were() -> None:
    sent = letter(html="<p>Größe</p>", attachments=(PDF,), language="de")

    found = read(wire(sent))

    assert found.get_content_type() == "multipart/mixed"
    text, html = found.get_body(("plain",)), found.get_body(("html",))
    assert text is not None
    assert html is not None
    assert text.get_content().splitlines() == sent.text.splitlines()
    assert html.get_content().strip() == "<p>Größe</p>"
    (attached,) = found.iter_attachments()
    assert (attached.get_filename(), attached.get_content_type()) == (PDF.name, PDF.media_type)
    assert attached.get_content() == PDF.content
    assert found["Content-Language"] == "de"


def test_its_headers_say_whose_it_is_and_when_it_was_written() -> None:
    found = read(wire(letter(sender_name='Müller, "IT" & Söhne', to=(ERIKA, OTTO))))

    (sender,) = found["From"].addresses
    assert sender.display_name == 'Müller, "IT" & Söhne'
    assert sender.addr_spec == "support@desk.example"
    assert [one.addr_spec for one in found["To"].addresses] == [ERIKA, OTTO]
    assert parsedate_to_datetime(found["Date"]) == letter().date
    assert found["Message-ID"] == "<abc.def@desk.example>"
    assert found["Subject"] == "[Ticket #10001] Drucker brennt"
    assert "Bcc" not in found


@pytest.mark.parametrize(
    ("written", "headers"),
    [
        pytest.param(Written.BY_PERSON, (None, None, None), id="an answer"),
        pytest.param(Written.BY_DESK, ("auto-generated", "bulk", "All"), id="a report"),
        pytest.param(Written.AS_RECEIPT, ("auto-replied", "auto_reply", "All"), id="a receipt"),
    ],
)
def test_a_machine_says_that_it_is_one(written: Written, headers: tuple[str | None, ...]) -> None:
    found = read(wire(letter(written=written)))

    names = ("Auto-Submitted", "Precedence", "X-Auto-Response-Suppress")
    assert tuple(found[name] for name in names) == headers


def test_message_ids_are_never_broken() -> None:
    sent = letter(message_id=LONG_ID, in_reply_to=LONG_ID, references=("<a@b>", LONG_ID))

    content = wire(sent)

    assert f"Message-ID: {LONG_ID}\r\n".encode() in content
    assert f"In-Reply-To: {LONG_ID}\r\n".encode() in content
    assert f"References: <a@b>\r\n {LONG_ID}\r\n".encode() in content


def test_the_same_letter_is_the_same_bytes_and_another_has_other_boundaries() -> None:
    sent = letter(html="<p>x</p>", attachments=(PDF, PDF))

    again = Letter.of_payload(json.loads(json.dumps(sent.as_payload())))

    assert again == sent
    assert wire(again) == wire(sent)
    others = wire(letter(html="<p>x</p>", message_id="<other@desk.example>"))
    assert not set(re.findall(rb"boundary=\"([^\"]+)\"", others)) & set(
        re.findall(rb"boundary=\"([^\"]+)\"", wire(sent))
    )


def test_an_address_beyond_ascii_makes_headers_of_utf8_and_nothing_else() -> None:
    content = wire(letter(to=("jörg@acme.example",), subject="Größe"))

    head, _, body = content.partition(b"\r\n\r\n")
    assert "To: jörg@acme.example\r\n".encode() in head + b"\r\n"
    assert "Subject: Größe\r\n".encode() in head + b"\r\n"
    assert body.isascii()


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"subject": "x\r\nBcc: a@evil.example"}, id="subject"),
        pytest.param({"sender_name": "x\r\nBcc: a@evil.example"}, id="name"),
        pytest.param({"to": ("a@b.example\r\nBcc: a@evil.example",)}, id="recipient"),
        pytest.param({"language": "de\r\nBcc: a@evil.example"}, id="language"),
        pytest.param({"message_id": "<a@b>\r\nBcc: a@evil.example"}, id="message id"),
    ],
)
def test_no_header_gets_in_by_another(changes: dict[str, Any]) -> None:
    with pytest.raises(BadMail):
        wire(letter(**changes))


WORDS = st.text(st.characters(exclude_categories=["Cs", "Cc", "Zl", "Zp"]), max_size=260)
TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=2000)


@given(subject=WORDS, name=WORDS, text=TEXTS, html=TEXTS)
def test_whatever_is_written_the_lines_are_short_ascii_and_end_in_crlf(
    subject: str, name: str, text: str, html: str
) -> None:
    content = wire(letter(subject=subject, sender_name=name, text=text, html=html))

    lines = content.split(b"\r\n")
    assert content.isascii()
    assert lines[-1] == b""
    assert max(map(len, lines)) <= 998
    assert not any(b"\r" in line or b"\n" in line for line in lines)
    head = lines[: lines.index(b"")]
    names = [line.partition(b":")[0].lower() for line in head if line[:1] not in b" \t"]
    assert len(names) == len(set(names))
    assert b"bcc" not in names


@given(subject=WORDS, text=TEXTS)
def test_subject_and_text_come_back(subject: str, text: str) -> None:
    found = read(wire(letter(subject=subject, text=text)))

    assert "".join(str(found["Subject"]).split()) == "".join(subject.split())
    assert found.get_content().splitlines() == (text.splitlines() or [""])
