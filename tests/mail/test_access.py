"""The way to the mail server, as the settings name it."""

import pytest

from bridge.mail.access import Access, Security
from bridge.settings import Settings


@pytest.mark.parametrize(
    ("url", "wanted"),
    [
        pytest.param("smtp://localhost", Access("localhost", 25, Security.PLAIN), id="local"),
        pytest.param(
            "smtps://desk%40x@mail.example", Access("mail.example", 465, Security.TLS, "desk@x"),
            id="TLS",
        ),
        pytest.param(
            "smtp+starttls://desk@mail.example:2587",
            Access("mail.example", 2587, Security.STARTTLS, "desk"), id="STARTTLS",
        ),
        pytest.param("smtp://[::1]:2525", Access("::1", 2525, Security.PLAIN), id="IPv6"),
    ],
)  # fmt: skip
def test_a_url_says_where_and_how(url: str, wanted: Access) -> None:
    found = Access.of_settings(Settings(smtp_url=url, smtp_password="pw"))

    assert found is not None
    assert (found.host, found.port, found.security, found.user) == (
        wanted.host,
        wanted.port,
        wanted.security,
        wanted.user,
    )
    assert Access.of_payload(found.as_payload()) == found


def test_without_a_url_there_is_none() -> None:
    assert Access.of_settings(Settings()) is None


def test_an_access_is_shown_without_its_password() -> None:
    found = Access("mail.example", 465, Security.TLS, "desk", "s3cret-s3cret")

    assert "s3cret" not in repr(found)
