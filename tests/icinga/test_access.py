"""Which settings of a source's API can work at all."""

from pathlib import Path

import pytest

from bridge.icinga.access import Access, WrongAccess
from tests.lab import pki

URL = "https://icinga.example:5665"


@pytest.fixture
def ca(tmp_path: Path) -> str:
    return str(pki.new_authority(tmp_path).ca_file)


@pytest.mark.parametrize(
    "url", ["", "icinga.example:5665", "http://icinga.example:5665", "https://", "https://a:b@c"]
)
def test_an_address_without_tls_or_with_a_login_is_refused(url: str, ca: str) -> None:
    with pytest.raises(WrongAccess, match="api"):
        Access(url, ca, "bridge", "secret")


@pytest.mark.parametrize("url", [URL, f"{URL}/", f"{URL}/v1", f"{URL}/v1/"])
def test_an_address_is_read_in_its_usual_spellings(url: str, ca: str) -> None:
    assert Access(url, ca, "bridge", "secret").url == URL


@pytest.mark.parametrize("given", ["", "  ", "\n"])
def test_nothing_works_without_a_ca(given: str) -> None:
    with pytest.raises(WrongAccess, match="ca"):
        Access(URL, given, "bridge", "secret")


BROKEN = "-----BEGIN CERTIFICATE-----\nnonsense\n-----END CERTIFICATE-----\n"


@pytest.mark.parametrize("given", ["/nowhere/ca.crt", "/etc/hostname", "/etc", BROKEN, "a\0b"])
def test_a_ca_that_cannot_be_read_is_told(given: str) -> None:
    with pytest.raises(WrongAccess, match="ca"):
        Access(URL, given, "bridge", "secret").tls()


def test_only_the_ca_given_is_trusted(ca: str) -> None:
    assert Access(URL, ca, "bridge", "secret").tls().cert_store_stats()["x509"] == 1


@pytest.mark.parametrize(("user", "password"), [("", ""), ("bridge", ""), ("", "secret")])
def test_a_login_is_complete_or_a_certificate(user: str, password: str, ca: str) -> None:
    with pytest.raises(WrongAccess, match="password"):
        Access(URL, ca, user, password)


def test_a_certificate_without_its_key_is_told(tmp_path: Path, ca: str) -> None:
    certificate, _ = pki.issue(pki.new_authority(tmp_path), "bridge")

    with pytest.raises(WrongAccess, match="key"):
        Access(URL, ca, certificate=str(certificate)).tls()


def test_secrets_do_not_show(ca: str) -> None:
    shown = repr(Access(URL, ca, "bridge", "pass-word", key="key-text"))

    assert "bridge" in shown
    assert "pass-word" not in shown
    assert "key-text" not in shown
