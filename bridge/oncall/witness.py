"""Listens in on the requests a process makes, because Apprise says no more than yes or no.

It taps four methods below all plugins. That is narrower than reading log lines, which are meant
for people, differ between plugins and carry secrets; and firmer than wrapping plugins, of which
there are some 150: nearly all of them end in `requests.Session.send` or in `smtplib`, and whether
a byte left is known for certain in `http.client.HTTPConnection.send` alone, where the connection
and its TLS stand, and nothing has been sent. Swapping methods is fit for a process that does one
delivery at a time, and only while it does.
"""

import http.client
import smtplib
from collections.abc import Callable
from typing import Any

import requests

from bridge.oncall.evidence import Exchange, Protocol

LONGEST_WAIT_SECONDS = 3600
START_MAIL_INPUT = 354
FIRST_REFUSAL = 400

_send_request = requests.Session.send
_send_bytes = http.client.HTTPConnection.send
_get_reply = smtplib.SMTP.getreply


class Witness:
    """What was sent and answered while the taps were in place."""

    def __init__(self) -> None:
        self._web: list[Exchange] = []
        self._bytes_left = False
        self._mail_talked = False
        self._mail_pending = False
        self._mail_refusal: int | None = None

    def taps(self) -> list[tuple[type, str, Callable[..., Any]]]:
        """Return the methods to put in place: class, name, and what to call instead."""
        return [
            (requests.Session, "send", self._request_tap()),
            (http.client.HTTPConnection, "send", self._bytes_tap()),
            (smtplib.SMTP, "getreply", self._reply_tap()),
        ]

    def exchanges(self) -> list[Exchange]:
        """Return what happened, in order; a conversation with a mail server is one exchange."""
        if not self._mail_talked:
            return list(self._web)
        status = None if self._mail_pending else self._mail_refusal
        return [*self._web, Exchange(Protocol.SMTP, sent=self._mail_pending, status=status)]

    def _request_tap(self) -> Callable[..., requests.Response]:
        def send(
            session: requests.Session, request: requests.PreparedRequest, **options: Any
        ) -> requests.Response:
            # Apprise's plugins all say so themselves; one's own may not, and would turn the
            # message into an empty GET that succeeds.
            options["allow_redirects"] = False
            self._bytes_left = False
            status = wait = None
            try:
                response = _send_request(session, request, **options)
                status, wait = response.status_code, _wait_seconds(response)
            except requests.exceptions.ProxyError:
                # What left was a word with our own proxy, which got no further.
                self._bytes_left = False
                raise
            finally:
                self._web.append(Exchange(Protocol.HTTP, self._bytes_left, status, wait))
            return response

        return send

    def _bytes_tap(self) -> Callable[..., None]:
        def send(connection: http.client.HTTPConnection, data: Any) -> None:
            if connection.sock is None:
                connection.connect()
            self._bytes_left = True
            _send_bytes(connection, data)

        return send

    def _reply_tap(self) -> Callable[..., tuple[int, bytes]]:
        def getreply(server: smtplib.SMTP) -> tuple[int, bytes]:
            self._mail_talked = True
            status, text = _get_reply(server)
            self._mail_pending = status == START_MAIL_INPUT
            if status >= FIRST_REFUSAL and self._mail_refusal is None:
                self._mail_refusal = status
            return status, text

        return getreply


def _wait_seconds(response: requests.Response) -> int | None:
    wait = response.headers.get("Retry-After", "")
    return min(int(wait), LONGEST_WAIT_SECONDS) if wait.isdecimal() else None
