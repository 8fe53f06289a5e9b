"""The door through which pages leave: Apprise, and beside it a witness of what the wire showed."""

import logging
import warnings
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from typing import Any

import apprise
from apprise.plugins import N_MGR, url_to_dict

from bridge.oncall.evidence import verdict
from bridge.oncall.message import PageMessage, Text, Urgency, written
from bridge.oncall.witness import Witness
from bridge.outbox.budget import ChannelKind, budget_seconds, kind_of
from bridge.outbox.outcome import Delivered, Outcome

# What rings loudly, where a channel can and its address does not say otherwise.
LOUD = {"gotify": "high", "gotifys": "high", "ntfy": "max", "ntfys": "max", "pover": "high"}
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
        channel = _channel(channel_url, message.urgency, budget or budget_seconds(kind))
        if channel is None:
            return _for_good("the channel's address is not one that Apprise understands")
        if len(channel) > 1:
            return _for_good("the channel's address names more than one recipient")
        text = _text(channel, message)
        if not (text.title or text.body):
            return _for_good("there is nothing to say")
        said_yes = _notified(channel, text, message.urgency)
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
    }


def page_door(payload: Mapping[str, Any]) -> Delivered:
    """Deliver what `page_payload` made; the door that delivery processes call."""
    message = PageMessage(
        title=payload["title"],
        body=payload["body"],
        link=payload["link"],
        urgency=Urgency(payload["urgency"]),
        repeat=payload["repeat"],
    )
    return deliver(payload["channel_url"], message)


def destination(channel_url: str) -> str:
    """Return whom a channel depends on: deliveries with the same answer may hang together.

    A provider's channels share one answer; those of a server of one's own have its host in it.
    """
    with _silence():
        address = address_of(channel_url)
    if address is None:
        return "unknown"
    scheme = str(address["schema"])
    # The host of many addresses is a token, or a topic at the provider of the scheme.
    own = "{host}" in "".join(N_MGR[scheme].templates) and address.get("mode") != "cloud"
    return f"{scheme}:{address['host']}" if own else scheme


def _channel(channel_url: str, urgency: Urgency, seconds: float) -> apprise.NotifyBase | None:
    address = address_of(channel_url)
    if address is None:
        return None
    if urgency is Urgency.HIGH and address["schema"] in LOUD:
        address.setdefault("priority", LOUD[address["schema"]])
    # Repeats are decided by the outbox, one call is one copy, and a yes is a yes of the provider.
    address |= {"retry": 0, "redirect": False, "optional": False, "overflow": "truncate"}
    address |= {"cto": seconds / 2, "rto": seconds * 0.9}
    channel: apprise.NotifyBase | None = apprise.Apprise.instantiate(address, asset=_asset())
    return channel


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
