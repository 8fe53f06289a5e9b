"""Talks to one Icinga API: verified, over kept connections, within a time limit."""

import json
import ssl
import time
from typing import Any
from urllib.parse import quote

import requests
import urllib3
from icinga2apic.actions import Actions
from icinga2apic.base import Base
from icinga2apic.client import Client
from icinga2apic.objects import Objects
from icinga2apic.status import Status
from requests.adapters import HTTPAdapter
from requests.auth import HTTPBasicAuth

from bridge.icinga import answers
from bridge.icinga.access import Access

TIMEOUT = (3, 15)
LONGEST_ANSWER_SECONDS = 60
LARGEST_ANSWER = 256 * 1024 * 1024
CHUNK = 64 * 1024
QUESTION, ACTION = "GET", "POST"


class Broken(answers.NoAnswer):
    """The connection ended before the answer did."""


class Api(Client):  # type: ignore[misc] # icinga2apic has no types
    """icinga2apic with one pooled, verified session under all its calls.

    Left alone it never uses its timeout, verifies nothing without a CA, makes a new connection
    for each call, and hides the status of what was refused.
    """

    def __init__(self, access: Access) -> None:
        super().__init__(
            url=access.url,
            username=access.user,
            password=access.password,
            certificate=access.certificate,
            ca_certificate=access.ca,
        )
        self.session = _session(access)
        self.objects = _Objects(self)
        self.actions = _Actions(self)
        self.status = _Status(self)
        # Its event stream loses quotes and line breaks, and goes round the session.
        del self.events

    def call(self, method: str, path: str, payload: dict[str, Any] | None) -> tuple[int, object]:
        """Return the status and the parsed body of an answer; None is a body that is no JSON.

        A question is asked again at once where a kept connection has died meanwhile, as it does
        when Icinga reloads; an action is not, because it may have been done.
        Raises Unreachable, NoAnswer (Broken is one) or Untrusted.
        """
        try:
            return self._exchange(method, path, payload)
        except Broken:
            if method != QUESTION:
                raise
        return self._exchange(method, path, payload)

    def close(self) -> None:
        """Close the kept connections."""
        self.session.close()

    def _exchange(
        self, method: str, path: str, payload: dict[str, Any] | None
    ) -> tuple[int, object]:
        try:
            with self.session.post(
                f"{self.url}/{path}",
                json=payload,
                headers={"X-HTTP-Method-Override": method},
                timeout=TIMEOUT,
                allow_redirects=False,
                stream=True,
            ) as answer:
                return answer.status_code, _parsed(_body(answer))
        except requests.exceptions.ReadTimeout as error:
            raise answers.NoAnswer("Icinga did not answer in time") from error
        except (requests.exceptions.RequestException, urllib3.exceptions.HTTPError) as error:
            raise _meaning(error) from error


class _Seam(Base):  # type: ignore[misc] # icinga2apic has no types
    """Where icinga2apic makes its requests."""

    def _request(
        self, method: str, url_path: str, payload: dict[str, Any] | None = None
    ) -> dict[str, list[dict[str, Any]]]:
        status, body = self.manager.call(method, url_path, payload)
        if method == QUESTION:
            return {"results": answers.results(status, body)}
        return {"results": [answers.done(status, body)]}


class _Objects(_Seam, Objects):  # type: ignore[misc]
    """Questions about objects."""

    def one(
        self, object_type: str, name: str, attrs: list[str], joins: list[str] | None = None
    ) -> dict[str, Any]:
        """Return one object by its full name; raises ObjectMissing."""
        path = f"{self.base_url_path}/{self._convert_object_type(object_type)}"
        payload = {"attrs": attrs, **({"joins": joins} if joins else {})}
        status, body = self.manager.call(QUESTION, f"{path}/{quote(name, safe='')}", payload)
        if status == answers.MISSING:
            raise answers.ObjectMissing(f"Icinga has no {object_type} {name!r}, or hides it")
        return answers.results(status, body)[0]


class _Actions(_Seam, Actions):  # type: ignore[misc]
    """Actions on one object, by its name; icinga2apic's own go by filter."""

    def act(self, action: str, object_type: str, name: str, **values: Any) -> dict[str, Any]:
        """Do it and return its result; raises what `answers.done` does."""
        payload = {"type": object_type, object_type.lower(): name, **values}
        found: dict[str, Any] = self._request(ACTION, f"{self.base_url_path}/{action}", payload)[
            "results"
        ][0]
        return found


class _Status(_Seam, Status):  # type: ignore[misc]
    """Questions about the daemon itself."""


class _Pinned(HTTPAdapter):
    """Verifies with the CA of the source and nothing else."""

    def __init__(self, context: ssl.SSLContext) -> None:
        self._context = context
        super().__init__()

    def init_poolmanager(self, *given: Any, **named: Any) -> None:
        super().init_poolmanager(*given, **named, ssl_context=self._context)

    def cert_verify(self, conn: Any, *_: Any) -> None:
        # The inherited method would add the public CAs that come with requests to ours.
        conn.cert_reqs = "CERT_REQUIRED"
        conn.ca_certs = None
        conn.ca_cert_dir = None


def _session(access: Access) -> requests.Session:
    session = requests.Session()
    # Proxies, .netrc and REQUESTS_CA_BUNDLE of whoever started us are not meant for Icinga.
    session.trust_env = False
    session.adapters.clear()
    session.mount("https://", _Pinned(access.tls()))
    if access.user and not access.certificate:
        # As bytes: requests would send a name with an umlaut in Latin-1, Icinga reads UTF-8.
        session.auth = HTTPBasicAuth(access.user.encode(), access.password.encode())
    session.headers.update({"Accept": "application/json", "Accept-Encoding": "identity"})
    return session


def _body(answer: requests.Response) -> bytes:
    """Return the whole body; one that trickles or never ends is given up."""
    end = time.monotonic() + LONGEST_ANSWER_SECONDS
    parts: list[bytes] = []
    size = 0
    while chunk := answer.raw.read1(CHUNK, decode_content=True):
        parts.append(chunk)
        size += len(chunk)
        if time.monotonic() > end:
            raise answers.NoAnswer(f"the answer took over {LONGEST_ANSWER_SECONDS} s")
        if size > LARGEST_ANSWER:
            raise answers.NoAnswer(f"the answer is over {LARGEST_ANSWER} bytes")
    return b"".join(parts)


def _parsed(content: bytes) -> object:
    try:
        found: object = json.loads(content)
    except (ValueError, RecursionError):
        return None
    return found


def _meaning(error: Exception) -> answers.Unreachable | answers.Untrusted:
    """Return our error for one of the many that a connection can end with."""
    causes: list[BaseException] = [error]
    while (below := causes[-1].__cause__ or causes[-1].__context__) is not None:
        causes.append(below)
    for cause in causes:
        if isinstance(cause, ssl.SSLCertVerificationError):
            return answers.Untrusted(f"Icinga's certificate is refused: {cause.verify_message}")
        if isinstance(cause, urllib3.exceptions.NewConnectionError | requests.ConnectTimeout):
            return answers.Unreachable(f"Icinga is not reached: {causes[-1]}")
    return Broken(f"the connection to Icinga broke: {causes[-1]}")
