"""The door to Icinga that delivery processes call: acknowledges, and reads back whether it held."""

from collections.abc import Mapping
from typing import Any

from bridge.errors import BridgeError
from bridge.icinga import back
from bridge.icinga.access import Access
from bridge.icinga.answers import AlreadyAcknowledged
from bridge.icinga.back import Verdict
from bridge.icinga.client import Icinga
from bridge.icinga.objects import AcknowledgedBy
from bridge.outbox.outcome import Delivered, Outcome

FORGOTTEN = "Icinga has forgotten the acknowledgement"
REMOVED = "the acknowledgement was removed in Icinga"
BUDGET_SECONDS = 40.0

# One process makes one delivery at a time, and keeps its connections for the next.
_clients: dict[Access, Icinga] = {}


def access_payload(access: Access) -> dict[str, str]:
    """Return the access as JSON values, secrets included."""
    return {
        "url": access.url,
        "ca": access.ca,
        "user": access.user,
        "password": access.password,
        "certificate": access.certificate,
        "key": access.key,
    }


def _client(given: Mapping[str, str]) -> Icinga:
    access = Access(**given)
    if access not in _clients:
        _clients[access] = Icinga(access)
    return _clients[access]


def _by(icinga: Icinga, host: str, service: str) -> AcknowledgedBy | None:
    try:
        return icinga.acknowledged_by().get((host, service))
    except BridgeError:
        return None


def _acknowledge(icinga: Icinga, payload: Mapping[str, Any]) -> Verdict:
    host, service, reference = payload["host"], payload["service"], payload["reference"]
    error: BridgeError | None = None
    by: AcknowledgedBy | None = None
    try:
        icinga.acknowledge(host, service, payload["author"], payload["comment"])
    except AlreadyAcknowledged as refused:
        error, by = refused, _by(icinga, host, service)
    except BridgeError as refused:
        error = refused
    verdict = back.after_acknowledging(error, by, reference)
    if verdict is Verdict.FOREIGN:
        icinga.add_comment(host, service, payload["author"], payload["comment"])
    return verdict


def icinga_door(payload: Mapping[str, Any]) -> Delivered:
    """Do what `payload` says: `acknowledge`, `unacknowledge`, or `read_back` whether it is known.

    payload: action, host, service, author, comment, reference, access (see `access_payload`).
    """
    try:
        icinga = _client(payload["access"])
        if payload["action"] == "acknowledge":
            return back.delivered(_acknowledge(icinga, payload))
        if payload["action"] == "unacknowledge":
            icinga.remove_acknowledgement(payload["host"], payload["service"], payload["author"])
            return Delivered(Outcome.ACCEPTED, REMOVED)
        known = icinga.is_acknowledged(payload["host"], payload["service"])
    except BridgeError as error:
        return back.delivered(back.after_acknowledging(error, None, payload["reference"]))
    return back.delivered(Verdict.OURS) if known else Delivered(Outcome.ACCEPTED, FORGOTTEN)
