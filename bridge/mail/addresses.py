"""Mail addresses as they stand in headers and on the wire: checked, the domain in ASCII."""

import re

import idna

from bridge.errors import Refused

# No quoted local parts: no customer has one, and every way to forge a header begins with one.
LOCAL = re.compile(r"[^\s\x00-\x20\x7f-\x9f@<>()\[\]\\,;:\"]{1,64}")
DOMAIN = re.compile(
    r"(?=.{1,253}$)[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*"
)


class BadAddress(Refused):
    """This is no mail address that a mail can be sent to or from."""


def on_the_wire(address: str) -> str:
    """Return `address` with its domain in ASCII and lower case; the local part is left as it is.

    A local part may have letters beyond ASCII, see `needs_utf8`. Raises BadAddress.
    """
    local, at, domain = address.rpartition("@")
    if not at or not LOCAL.fullmatch(local) or local[0] == "." or local[-1] == "." or ".." in local:
        raise BadAddress(
            f"{address!r:.120} is no mail address: write one such as erika@acme.example"
        )
    return f"{local}@{_ascii(domain, address)}"


def _ascii(domain: str, address: str) -> str:
    found = domain.lower()
    if not domain.isascii():
        try:
            found = idna.encode(domain, uts46=True).decode("ascii")
        except idna.IDNAError:
            found = ""
    if not DOMAIN.fullmatch(found):
        raise BadAddress(f"{address!r:.120} has no domain that a mail can be sent to")
    return found


def needs_utf8(address: str) -> bool:
    """Return whether only a mail server with SMTPUTF8 can take this address (RFC 6531)."""
    return not address.isascii()
