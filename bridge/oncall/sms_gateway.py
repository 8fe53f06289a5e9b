"""A plugin of our own for Apprise: an SMS gateway that says in the body whether it took the SMS.

The pattern for every provider whose answers matter: read the body, give its refusal a meaning,
keep its number for the SMS, and hand it an address for the receipt.
Source: docs/operations.md, "A provider of one's own".
"""

from collections.abc import Callable
from functools import cache
from typing import Any

import apprise
import requests
from apprise.exception import AppriseImproperlyConfigured
from apprise.plugins import N_MGR

from bridge.outbox.outcome import Delivered, Outcome

SCHEMES = frozenset({"smsgw", "smsgws"})
ACCEPTED = "accepted by the gateway"
UNCLEAR = "answered, but not whether it was accepted"
# What a gateway may say no with, and how that is told; no word of its own is passed on.
PASSING = {
    "busy": "the gateway is busy",
    "throttled": "the gateway takes no more for now",
    "try_later": "the gateway asks to come back later",
}
LASTING = {
    "no_credit": "the gateway has no credit",
    "unauthorized": "the gateway refuses our log-in",
    "bad_number": "the gateway does not know the number",
    "blocked": "the gateway does not send to this number",
}
REFUSED = "refused by the gateway"
SUCCESSES = range(200, 300)
# Three SMS of GSM letters that are sent as one.
LONGEST = 459
LONGEST_ID = 120


# Apprise does not say the types of these.
Plugin: Any = apprise.NotifyBase
misconfigured: Callable[[str], Exception] = AppriseImproperlyConfigured
add_plugin: Callable[..., object] = N_MGR.add


class SmsGateway(Plugin):  # type: ignore[misc]
    """`smsgw://[user:]token@host[:port]/path?to=+49…&from=…`; `smsgws` is the same over TLS.

    `delivered`: what its last answer means, or None where there was none to read.
    """

    service_name = "SMS gateway"
    protocol = "smsgw"
    secure_protocol = "smsgws"
    templates = ("{schema}://{host}/{path}", "{schema}://{host}:{port}/{path}")
    title_maxlen = 0
    body_maxlen = LONGEST
    request_rate_per_sec = 0

    def __init__(
        self, to: str = "", sender: str = "", receipt_url: str = "", **options: Any
    ) -> None:
        super().__init__(**options)
        if not to or not (self.user or self.password):
            raise misconfigured("needs to= and a token")
        self._to, self._sender, self._receipt_url = to, sender, receipt_url
        self.delivered: Delivered | None = None

    def send(self, body: str, title: str = "", *_: Any, **__: Any) -> bool:
        """Post one SMS, and return whether the gateway says that it took it."""
        said = {"to": self._to, "from": self._sender, "text": f"{title}\n{body}".strip()}
        if self._receipt_url:
            said["receipt_url"] = self._receipt_url
        both = self.user and self.password
        token = {} if both else {"Authorization": f"Bearer {self.password or self.user}"}
        try:
            answer = requests.post(
                self.request_url,
                json={key: value for key, value in said.items() if value},
                headers={"User-Agent": self.app_id, **token},
                auth=(self.user, self.password) if both else _no_auth,
                timeout=self.request_timeout,
                verify=self.verify_certificate,
                allow_redirects=False,
            )
        except requests.RequestException:
            return False
        if answer.status_code in SUCCESSES:
            self.delivered = meaning(_parsed(answer), receipts=bool(self._receipt_url))
        return self.delivered is not None and self.delivered.outcome is Outcome.ACCEPTED

    @staticmethod
    def parse_url(url: str, *_: Any, **__: Any) -> dict[str, Any] | None:
        """Return the parts of an address, or None where it is none."""
        found: dict[str, Any] | None = Plugin.parse_url(url)
        if found:
            unquote = Plugin.unquote
            # A plus is part of a number here, and not a space.
            found["to"] = "+" + to.strip() if (to := _asked(found, "to")).startswith(" ") else to
            found["sender"] = unquote(found["qsd"].get("from", ""))
        return found

    def url(self, *_: Any, **__: Any) -> str:
        """Return no address: whoever shows one shows a token."""
        return f"{self.secure_protocol if self.secure else self.protocol}://"


def meaning(body: object, *, receipts: bool = False) -> Delivered:
    """Return what the body of a 2xx answer says about the SMS.

    receipts: the gateway was told where to send one.
    """
    said = body if isinstance(body, dict) else {}
    if said.get("accepted") is True:
        number = str(said.get("id") or "")[:LONGEST_ID]
        told = {"receipt_id": number} if number and receipts else {}
        return Delivered(Outcome.ACCEPTED, ACCEPTED, told=told)
    code = str(said.get("code", ""))
    if code in PASSING:
        return Delivered(Outcome.FAILED_FOR_NOW, PASSING[code])
    if said.get("accepted") is False or code or "error" in said.values():
        return Delivered(Outcome.FAILED_FOR_GOOD, LASTING.get(code, REFUSED))
    return Delivered(Outcome.MAYBE, UNCLEAR)


@cache
def register() -> None:
    """Make the plugin known to Apprise, once in a process."""
    add_plugin(SmsGateway, force=True)


def _asked(found: dict[str, Any], name: str) -> str:
    return str(found["qsd"].get(name, "")) if found.get("qsd") else ""


def _no_auth(request: requests.PreparedRequest) -> requests.PreparedRequest:
    """Keep the header as it is: a .netrc of this machine is nobody's business."""
    return request


def _parsed(answer: requests.Response) -> object:
    try:
        return answer.json()
    except ValueError:
        return None
