"""What may be sent as a mail, and what is refused before it is kept."""

from typing import Any

import pytest

from bridge.errors import Refused
from bridge.mail.outgoing import MOST_BYTES, Attachment, BadMail, OutgoingMail
from tests.mail.letters import ERIKA, OTTO

PDF = "application/pdf"


def mail(**changes: Any) -> OutgoingMail:
    return OutgoingMail(**{"to": (ERIKA,), "subject": "Report", "text": "As agreed.", **changes})


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"to": ()}, id="nobody"),
        pytest.param({"to": ("erika",)}, id="no address"),
        pytest.param({"to": tuple(f"a{n}@acme.example" for n in range(51))}, id="too many"),
        pytest.param({"subject": " "}, id="no subject"),
        pytest.param({"subject": "x\r\nBcc: a@evil.example"}, id="a header in the subject"),
        pytest.param({"subject": "x\u2028y"}, id="another line end in the subject"),
        pytest.param({"subject": "x\0y"}, id="a NUL in the subject"),
        pytest.param({"text": "\n"}, id="no text"),
        pytest.param({"text": "x" * 500_001}, id="too long a text"),
        pytest.param({"language": "de\nX: y"}, id="a header in the language"),
        pytest.param({"sender": "a@b\r\nX: y"}, id="a header in the sender"),
        pytest.param(
            {"attachments": (Attachment("a", PDF, b"x" * (MOST_BYTES + 1)),)}, id="too large"
        ),
    ],
)
def test_what_cannot_be_sent_is_refused(changes: dict[str, Any]) -> None:
    with pytest.raises(Refused):
        mail(**changes)


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        pytest.param("", PDF, id="no name"),
        pytest.param("../x.pdf", PDF, id="a path"),
        pytest.param("a\\b.pdf", PDF, id="a path of Windows"),
        pytest.param('x.pdf"\r\nX: y', PDF, id="a header in the name"),
        pytest.param("x" * 151, PDF, id="too long a name"),
        pytest.param("x.pdf", "pdf", id="no type"),
        pytest.param("x.pdf", "application/pdf\r\nX: y", id="a header in the type"),
        pytest.param("x.pdf", "multipart/mixed", id="parts of its own"),
    ],
)
def test_an_attachment_has_a_name_and_a_type(name: str, kind: str) -> None:
    with pytest.raises(BadMail):
        Attachment(name, kind, b"%PDF")


def test_each_recipient_is_one() -> None:
    assert mail(to=(ERIKA, OTTO, "erika@ACME.example")).recipients == (ERIKA, OTTO)


def test_what_is_no_message_id_is_left_out() -> None:
    found = mail(
        in_reply_to="<new@x.example>",
        references=("<old@x.example>", "<a b@x>", "plain", "<x@y>\r\nBcc: a@evil.example"),
    ).as_payload()

    assert found["in_reply_to"] == "<new@x.example>"
    assert found["references"] == ["<old@x.example>", "<new@x.example>"]
    assert mail(in_reply_to="<x\r\ny>").as_payload()["in_reply_to"] == ""


def test_a_long_thread_keeps_its_first_and_its_last() -> None:
    found = mail(references=tuple(f"<{n}@x.example>" for n in range(40))).as_payload()

    assert found["references"][0] == "<0@x.example>"
    assert found["references"][1:] == [f"<{n}@x.example>" for n in range(21, 40)]
