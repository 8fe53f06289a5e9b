"""The door through which pages leave: Apprise, and beside it a witness of what the wire showed."""

import json
import logging
import warnings
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from typing import Any

import apprise
from apprise.plugins import N_MGR, url_to_dict

from bridge.oncall import sms_gateway
from bridge.oncall.evidence import verdict
from bridge.oncall.message import PageMessage, Text, Urgency, written
from bridge.oncall.sms_gateway import SmsGateway
from bridge.oncall.witness import Witness
from bridge.outbox.budget import ChannelKind, budget_seconds, kind_of
from bridge.outbox.outcome import Delivered, Outcome

# What rings loudly, where a channel can and its address does not say otherwise.
LOUD: Mapping[str, Mapping[str, object]] = {
    "gotify": {"priority": "high"},
    "gotifys": {"priority": "high"},
    "ntfy": {"priority": "max"},
    "ntfys": {"priority": "max"},
    # Rings every minute until somebody taps on it, for an hour; its own "retry" is called
    # interval there.
    "pover": {"priority": "emergency", "interval": 60, "expire": 3600},
}
# Without a sound; what it calls low is not even shown.
SOFT: Mapping[str, Mapping[str, object]] = {"pover": {"priority": "moderate"}}
NTFY = frozenset({"ntfy", "ntfys"})
NOTIFY_TYPES = {
    Urgency.HIGH: apprise.NotifyType.FAILURE,
    Urgency.LOW: apprise.NotifyType.INFO,
}
# Apprise does not say the types of these two.
load_plugins: Callable[[], None] = N_MGR.load_modules
address_of: Callable[[str], dict[str, Any] | None] = url_to_dict
UNVERIFIED = "accepted by the gateway, unverified: whether it has credit is not looked at"


def load() -> None:
    """Load every plugin of Apprise, so that processes forked afterwards share them."""
    with _silence():
        load_plugins()
        sms_gateway.register()


def deliver(channel_url: str, message: PageMessage, budget: float | None = None) -> Delivered:
    """Tell one recipient through one channel, in this process, and return what is known of it.

    channel_url: an Apprise URL with exactly one recipient. Whatever it says about retries,
    redirects, splitting, time-outs or being optional is overruled.
    budget: seconds; by default that of the channel's kind. The time-outs of the sockets follow
    from it, but only a process that can be killed keeps it: call this inside one.
    Not for threads: while it runs, it listens in on every request of the process.
    Source: docs/oncall.md, "R13", "R14" and "Apprise 2.2, measured".
    """
    kind = kind_of(channel_url)
    with _silence(), _listening() as witness:
        channel = _channel(channel_url, message, budget or budget_seconds(kind))
        if channel is None:
            return _for_good("the channel's address is not one that Apprise understands")
        if len(channel) > 1:
            return _for_good("the channel's address names more than one recipient")
        text = _text(channel, message)
        if not (text.title or text.body):
            return _for_good("there is nothing to say")
        said_yes = _notified(channel, text, message.urgency)
    # A plugin of ours has read the answer, and knows more than its status.
    if isinstance(channel, SmsGateway) and channel.delivered is not None:
        return channel.delivered
    found = verdict(said_yes=said_yes, exchanges=witness.exchanges())
    if found.outcome is Outcome.ACCEPTED and kind is ChannelKind.SMS:
        return Delivered(Outcome.ACCEPTED, UNVERIFIED)
    return found


def page_payload(channel_url: str, message: PageMessage) -> dict[str, Any]:
    """Return what `page_door` needs, as JSON values. It holds the secrets of the address."""
    return {
        "channel_url": channel_url,
        "title": message.title,
        "body": message.body,
        "link": message.link,
        "urgency": message.urgency.value,
        "repeat": message.repeat,
        "listed": list(message.listed),
        "more": message.more,
        "open_label": message.open_label,
        "acknowledge_label": message.acknowledge_label,
        "receipt_url": message.receipt_url,
    }


def page_door(payload: Mapping[str, Any]) -> Delivered:
    """Deliver what `page_payload` made; the door that delivery processes call."""
    message = PageMessage(
        title=payload["title"],
        body=payload["body"],
        link=payload["link"],
        urgency=Urgency(payload["urgency"]),
        repeat=payload["repeat"],
        listed=tuple(payload.get("listed", ())),
        more=payload.get("more", ""),
        open_label=payload.get("open_label", ""),
        acknowledge_label=payload.get("acknowledge_label", ""),
        receipt_url=payload.get("receipt_url", ""),
    )
    return deliver(payload["channel_url"], message)


def destination(channel_url: str) -> str:
    """Return whom a channel depends on: deliveries with the same answer may hang together.

    A provider's channels share one answer; those of a server of one's own have its host in it.
    """
    with _silence():
        address = _address(channel_url)
    if address is None:
        return "unknown"
    scheme = str(address["schema"])
    # The host of many addresses is a token, or a topic at the provider of the scheme.
    own = "{host}" in "".join(N_MGR[scheme].templates) and address.get("mode") != "cloud"
    return f"{scheme}:{address['host']}" if own else scheme


def has_receipts(channel_url: str) -> bool:
    """Return whether the provider behind an address is told where to send receipts."""
    return channel_url.partition("://")[0].strip().lower() in sms_gateway.SCHEMES


def _channel(channel_url: str, message: PageMessage, seconds: float) -> apprise.NotifyBase | None:
    address = _address(channel_url)
    if address is None:
        return None
    # Repeats are decided by the outbox, one call is one copy, and a yes is a yes of the provider.
    address |= {"retry": 0, "redirect": False, "optional": False, "overflow": "truncate"}
    address |= {"cto": seconds / 2, "rto": seconds * 0.9}
    address |= _extras(address, message)
    channel: apprise.NotifyBase | None = apprise.Apprise.instantiate(address, asset=_asset())
    return channel


def _address(channel_url: str) -> dict[str, Any] | None:
    sms_gateway.register()
    return address_of(channel_url)


def _extras(address: Mapping[str, Any], message: PageMessage) -> dict[str, object]:
    """Return what a channel can do beside text, where its address does not say otherwise."""
    scheme = str(address["schema"])
    wished = LOUD if message.urgency is Urgency.HIGH else SOFT
    # Who sets a priority has set all that belongs to it.
    extras = {} if address.get("priority") else dict(wished.get(scheme, {}))
    if scheme in NTFY:
        extras |= _ntfy(message)
    extras = {key: value for key, value in extras.items() if not address.get(key)}
    if scheme in NTFY:
        # The icon would be asked from a foreign host.
        extras["include_image"] = False
    if scheme in sms_gateway.SCHEMES:
        extras["receipt_url"] = message.receipt_url
    return extras


def _ntfy(message: PageMessage) -> dict[str, object]:
    """Return where a tap leads, and the buttons; Source: docs/oncall.md, "R24"."""
    if not message.link:
        return {}
    link, buttons = message.link, list[dict[str, object]]()
    if message.open_label:
        buttons.append({"action": "view", "label": message.open_label, "url": link})
    if message.acknowledge_label:
        post = {"action": "http", "label": message.acknowledge_label, "url": link}
        buttons.append({**post, "method": "POST", "clear": True})
    # As JSON, in ASCII: a header takes no letters beyond it.
    found: dict[str, object] = {"click": link}
    return found | ({"actions": json.dumps(buttons)} if buttons else {})


def _asset() -> apprise.AppriseAsset:
    return apprise.AppriseAsset(
        app_id="Bridge",
        app_desc="Bridge",
        app_url="",
        # Otherwise phones fetch an icon from a foreign host for each page.
        image_url_mask="",
        image_url_logo="",
        # In this thread and without a pool, which hanging calls would fill.
        async_mode=False,
        service_timeout=0,
        http_redirects=False,
        pgp_autogen=False,
        pem_autogen=False,
        interpret_emojis=False,
        allow_templates=False,
        timezone="UTC",
        language="en",
    )


def _text(channel: apprise.NotifyBase, message: PageMessage) -> Text:
    return written(
        message,
        channel.title_maxlen,
        channel.body_maxlen - channel.overflow_buffer,
        shared=channel.overflow_amalgamate_title and channel.title_maxlen > 0,
    )


def _notified(channel: apprise.NotifyBase, text: Text, urgency: Urgency) -> bool:
    caller = apprise.Apprise(asset=channel.asset)
    caller.add(channel)
    result = caller.notify(
        title=text.title,
        body=text.body,
        notify_type=NOTIFY_TYPES[urgency],
        body_format=apprise.NotifyFormat.TEXT,
    )
    return bool(result)


def _for_good(reason: str) -> Delivered:
    return Delivered(Outcome.FAILED_FOR_GOOD, reason)


@contextmanager
def _silence() -> Iterator[None]:
    """Let nobody log or warn: Apprise and urllib3 name hosts, paths and tokens when they do."""
    before = logging.root.manager.disable
    logging.disable(logging.CRITICAL)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        logging.disable(before)


@contextmanager
def _listening() -> Iterator[Witness]:
    witness = Witness()
    with ExitStack() as stack:
        for owner, name, method in witness.taps():
            stack.callback(setattr, owner, name, getattr(owner, name))
            setattr(owner, name, method)
        yield witness
