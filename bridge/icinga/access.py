"""How to reach one Icinga: its address, the CA to verify it with, and a login."""

import ssl
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from bridge.errors import Refused

PEM = "-----BEGIN "


class WrongAccess(Refused):
    """A source cannot be asked with these settings; the text says which one to change."""


@dataclass(frozen=True)
class Access:
    """The settings of one source's API; raises WrongAccess for what can never work.

    url: such as https://icinga.example:5665, without a path.
    ca: the certificate of Icinga's CA, as a path or as PEM text. There is no way without.
    user and password, or certificate and key (paths or PEM text); the certificate goes first.
    """

    url: str
    ca: str = field(repr=False)
    user: str = ""
    password: str = field(default="", repr=False)
    certificate: str = field(default="", repr=False)
    key: str = field(default="", repr=False)

    def __post_init__(self) -> None:
        parts = urlsplit(self.url)
        if parts.scheme != "https" or not parts.hostname or parts.username is not None:
            raise WrongAccess(
                "api: give Icinga's address as https://icinga.example:5665, without a login in it"
            )
        if not self.ca.strip():
            raise WrongAccess("ca: give the certificate of Icinga's CA; nothing is asked without")
        if not self.certificate and not (self.user and self.password):
            raise WrongAccess("user, password: give both, or a client certificate and its key")
        object.__setattr__(self, "url", self.url.rstrip("/").removesuffix("/v1"))

    def tls(self) -> ssl.SSLContext:
        """Return what verifies Icinga's certificate and name, and shows ours where there is one.

        Raises WrongAccess if a certificate or key cannot be used.
        """
        # Not create_default_context: with an empty CA it trusts every public one, and from Python
        # 3.13 on it wants key identifiers, which the certificates of Icinga's own CA do not have.
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        try:
            if _is_text(self.ca):
                context.load_verify_locations(cadata=self.ca)
            else:
                context.load_verify_locations(cafile=self.ca)
        except (OSError, ValueError) as error:
            raise WrongAccess(f"ca: this is no PEM certificate: {error}") from error
        if self.certificate:
            self._show_certificate(context)
        return context

    def _show_certificate(self, context: ssl.SSLContext) -> None:
        try:
            with _file(self.certificate) as certificate, _file(self.key) as key:
                # With a passphrase of its own, or OpenSSL would ask for one on the terminal.
                context.load_cert_chain(certificate, key or None, password="")
        except (OSError, ValueError) as error:
            raise WrongAccess(
                f"certificate, key: give a PEM certificate and its key, unencrypted: {error}"
            ) from error


def _is_text(given: str) -> bool:
    return PEM in given


@contextmanager
def _file(given: str) -> Iterator[str]:
    """Give a path for a path or for PEM text, which OpenSSL takes from a file only."""
    if not _is_text(given):
        yield given
        return
    # Deleted at once, and readable for nobody else meanwhile.
    with tempfile.NamedTemporaryFile("w", suffix=".pem") as file:
        file.write(given)
        file.flush()
        yield file.name
