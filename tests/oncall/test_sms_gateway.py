"""The plugin of our own: an SMS gateway on this machine, and what its answers mean."""

import logging
from collections.abc import Iterator
from dataclasses import replace

import pytest

from bridge.oncall import paging, sms_gateway
from bridge.oncall.message import PageMessage
from bridge.outbox.budget import ChannelKind, kind_of
from bridge.outbox.outcome import Delivered, Outcome
from tests.lab import provider
from tests.lab.provider import Provider

SECONDS = 1.0
TOKEN = "tk-53cr3t"
RECEIPT = "https://desk.example/webhooks/receipts/abc"
PAGE = PageMessage("P1 DOWN web01", "ACME", "https://desk.example/a/1", receipt_url=RECEIPT)
UNANSWERED = "sent, and no whole answer came back"


@pytest.fixture(scope="module")
def running_lab() -> Iterator[Provider]:
    with provider.running() as lab:
        yield lab


@pytest.fixture
def lab(running_lab: Provider) -> Provider:
    running_lab.forget()
    return running_lab


def address(lab: Provider, account: str, who: str = TOKEN, to: str = "%2B491701234567") -> str:
    return f"smsgw://{who}@127.0.0.1:{lab.port}/{account}?to={to}&from=Bridge"


def deliver(lab: Provider, behaviour: str, page: PageMessage = PAGE) -> Delivered:
    lab.script("sms", behaviour)
    return paging.deliver(address(lab, "sms"), page, SECONDS)


@pytest.mark.parametrize(
    ("behaviour", "outcome", "reason"),
    [
        ("took:77", Outcome.ACCEPTED, "accepted by the gateway"),
        ("refused:no_credit", Outcome.FAILED_FOR_GOOD, "the gateway has no credit"),
        ("refused:busy", Outcome.FAILED_FOR_NOW, "the gateway is busy"),
        ("refused:what-ever-53cr3t", Outcome.FAILED_FOR_GOOD, "refused by the gateway"),
        ("nocredit", Outcome.FAILED_FOR_GOOD, "refused by the gateway"),
        ("200", Outcome.MAYBE, "answered, but not whether it was accepted"),
        ("302", Outcome.FAILED_FOR_GOOD, "the provider answered with a redirect (HTTP 302)"),
        ("401", Outcome.FAILED_FOR_GOOD, "refused by the provider (HTTP 401)"),
        ("429", Outcome.FAILED_FOR_NOW, "the provider asks to come back later (HTTP 429)"),
        ("500", Outcome.FAILED_FOR_NOW, "the provider is in trouble (HTTP 500)"),
        ("hang", Outcome.MAYBE, UNANSWERED),
        ("accept-then-hang", Outcome.MAYBE, UNANSWERED),
        ("cut", Outcome.MAYBE, UNANSWERED),
        ("die", Outcome.MAYBE, UNANSWERED),
    ],
)
def test_what_the_gateway_says_decides_and_it_gets_one_copy(
    lab: Provider, behaviour: str, outcome: Outcome, reason: str
) -> None:
    delivered = deliver(lab, behaviour)

    assert (delivered.outcome, delivered.reason) == (outcome, reason)
    assert len(lab.copies()) == 1


def test_the_gateway_is_told_whom_from_whom_what_and_where_to_send_the_receipt(
    lab: Provider,
) -> None:
    delivered = deliver(lab, "took:77")

    assert delivered.told == {"receipt_id": "77"}
    (copy,) = lab.copies()
    assert copy.method == "POST"
    assert copy.headers["Authorization"] == f"Bearer {TOKEN}"
    assert copy.body == {
        "to": "+491701234567",
        "from": "Bridge",
        "text": "P1 DOWN web01\r\nACME\nhttps://desk.example/a/1",
        "receipt_url": RECEIPT,
    }


def test_without_an_address_for_it_no_receipt_is_waited_for(lab: Provider) -> None:
    delivered = deliver(lab, "took:77", replace(PAGE, receipt_url=""))

    assert delivered.told == {}
    assert "receipt_url" not in lab.copies()[0].body


def test_a_plus_in_a_number_stays_a_plus(lab: Provider) -> None:
    lab.script("sms", "took:1")
    paging.deliver(address(lab, "sms", to="+491701234567"), PAGE, SECONDS)

    assert lab.copies()[0].body["to"] == "+491701234567"


def test_a_user_with_a_token_logs_in_with_both(lab: Provider) -> None:
    lab.script("sms", "took:1")
    paging.deliver(address(lab, "sms", who=f"anna:{TOKEN}"), PAGE, SECONDS)

    assert lab.copies()[0].headers["Authorization"].startswith("Basic ")


@pytest.mark.parametrize(
    "url",
    ["smsgw://tk@127.0.0.1:9/x", "smsgw://127.0.0.1:9/x?to=%2B49170"],
    ids=["no number", "no token"],
)
def test_an_address_that_lacks_something_fails_for_good(url: str) -> None:
    assert paging.deliver(url, PAGE, SECONDS).outcome is Outcome.FAILED_FOR_GOOD


def test_it_is_an_sms_with_receipts_and_hangs_with_its_own_host_alone() -> None:
    url = "smsgws://tk@sms.example/send?to=%2B49170"

    assert kind_of(url) is ChannelKind.SMS
    assert paging.has_receipts(url)
    assert not paging.has_receipts("ntfy://anna")
    assert paging.destination(url) == "smsgws:sms.example"


def test_a_long_page_is_cut_to_what_goes_out_as_one_and_keeps_its_link(lab: Provider) -> None:
    deliver(lab, "took:1", replace(PAGE, body="x" * 5000))

    text = lab.copies()[0].body["text"]
    assert len(text) <= sms_gateway.LONGEST
    assert PAGE.link in text


def test_no_token_is_logged_or_given_as_a_reason(
    lab: Provider, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    for name in ("", "apprise", "urllib3"):
        caplog.set_level(logging.DEBUG, logger=name)

    behaviours = ["took:1", "refused:53cr3t", "302", "401", "500", "die"]
    reasons = [deliver(lab, behaviour).reason for behaviour in behaviours]

    heard = capfd.readouterr()
    assert "53cr3t" not in caplog.text + heard.out + heard.err + " ".join(reasons)
    assert len(lab.copies()) == len(behaviours)
