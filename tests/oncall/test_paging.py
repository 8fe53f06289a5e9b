"""Pages against a real provider on this machine, one test for each way it can go."""

import json
import logging
import socket
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest
import requests
from apprise.decorators import notify
from apprise.plugins import N_MGR

from bridge.oncall import paging, sms_gateway
from bridge.oncall.message import PageMessage, Urgency
from bridge.outbox import budget
from bridge.outbox.outcome import Delivered, Outcome
from tests.lab import provider
from tests.lab.provider import Provider

SECONDS = 1.0
SECRET = "tk-53cr3t"
PAGE = PageMessage(title="web01 DOWN", body="ACME\n\nno answer", link="https://desk.example/a/1")


def careless(
    body: str, _title: str, _type: object, meta: dict[str, str], *_: object, **__: object
) -> bool:
    """A plugin of one's own that follows redirects and takes whatever it gets for a yes."""
    url = meta["url"].replace("careless", "http", 1)
    return requests.post(url, data=body, timeout=SECONDS).status_code < 500


plugin_for: Callable[..., Callable[[object], object]] = notify
plugin_for(on="careless")(careless)


@pytest.fixture(scope="module")
def running_lab() -> Iterator[Provider]:
    with provider.running() as lab:
        yield lab


@pytest.fixture
def lab(running_lab: Provider) -> Provider:
    running_lab.forget()
    return running_lab


def deliver(url: str, page: PageMessage = PAGE) -> Delivered:
    return paging.deliver(url, page, SECONDS)


@pytest.mark.parametrize("scheme", ["json", "ntfy"])
@pytest.mark.parametrize(
    ("account", "outcome", "reason"),
    [
        ("200", Outcome.ACCEPTED, "accepted by the provider"),
        ("302", Outcome.FAILED_FOR_GOOD, "the provider answered with a redirect (HTTP 302)"),
        ("400", Outcome.FAILED_FOR_GOOD, "refused by the provider (HTTP 400)"),
        ("401", Outcome.FAILED_FOR_GOOD, "refused by the provider (HTTP 401)"),
        ("408", Outcome.FAILED_FOR_NOW, "the provider asks to come back later (HTTP 408)"),
        ("429", Outcome.FAILED_FOR_NOW, "the provider asks to come back later (HTTP 429)"),
        ("500", Outcome.FAILED_FOR_NOW, "the provider is in trouble (HTTP 500)"),
        ("503", Outcome.FAILED_FOR_NOW, "the provider is in trouble (HTTP 503)"),
        ("hang", Outcome.MAYBE, "sent, and no whole answer came back"),
        ("cut", Outcome.MAYBE, "sent, and no whole answer came back"),
        ("accept-then-hang", Outcome.MAYBE, "sent, and no whole answer came back"),
        ("die", Outcome.MAYBE, "sent, and no whole answer came back"),
    ],
)
def test_what_the_provider_does_decides_and_it_gets_one_copy(
    lab: Provider, scheme: str, account: str, outcome: Outcome, reason: str
) -> None:
    delivered = deliver(lab.url(account, scheme))

    assert (delivered.outcome, delivered.reason) == (outcome, reason)
    assert [copy.account for copy in lab.copies()] == [account]


def test_a_provider_that_wants_rest_is_heard(lab: Provider) -> None:
    assert deliver(lab.url("429")).retry_after_seconds == provider.RETRY_AFTER_SECONDS


@pytest.mark.parametrize(
    ("url", "outcome"),
    [
        pytest.param("json://127.0.0.1:{mute}/x", Outcome.MAYBE, id="connected and mute"),
        pytest.param("json://127.0.0.1:{closed}/x", Outcome.FAILED_FOR_NOW, id="nobody listens"),
        pytest.param("jsons://127.0.0.1:{web}/200", Outcome.FAILED_FOR_NOW, id="no TLS there"),
        pytest.param("jsons://127.0.0.1:{mute}/200", Outcome.FAILED_FOR_NOW, id="TLS is mute"),
    ],
)
def test_only_what_may_have_left_the_house_is_a_maybe(
    lab: Provider, url: str, outcome: Outcome
) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        ports = {"mute": lab.mute_port, "web": lab.port, "closed": unused.getsockname()[1]}
        assert deliver(url.format(**ports)).outcome is outcome


def test_a_proxy_that_refuses_has_not_passed_anything_on(
    lab: Provider, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("NO_PROXY", "no_proxy", "https_proxy"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HTTPS_PROXY", f"http://127.0.0.1:{lab.port}")

    delivered = deliver(f"jsons://127.0.0.1:{lab.port}/200")

    assert delivered.outcome is Outcome.FAILED_FOR_NOW
    assert lab.copies() == []


@pytest.mark.parametrize(
    "url",
    [
        pytest.param("no address at all", id="no scheme"),
        pytest.param("carrier-pigeon://loft", id="unknown scheme"),
        pytest.param("json://", id="no host"),
        pytest.param("tgram://not-a-token/1", id="refused by the plugin"),
        pytest.param("ntfy://127.0.0.1:9/anna/ben", id="two recipients"),
    ],
)
def test_an_unusable_address_fails_for_good_and_is_not_repeated(url: str) -> None:
    assert deliver(url).outcome is Outcome.FAILED_FOR_GOOD


@pytest.mark.parametrize(
    ("account", "outcome"),
    [("500", Outcome.FAILED_FOR_NOW), ("302", Outcome.FAILED_FOR_GOOD), ("hang", Outcome.MAYBE)],
)
def test_an_address_cannot_ask_for_more_copies_or_less_truth(
    lab: Provider, account: str, outcome: Outcome
) -> None:
    rest = "?retry=3&wait=0&redirect=yes&optional=yes&overflow=split&rto=60"

    assert deliver(lab.url(account, rest=rest)).outcome is outcome
    assert len(lab.copies()) == 1


def test_a_plugin_of_ones_own_cannot_follow_a_redirect_either(lab: Provider) -> None:
    assert deliver(lab.url("200", "careless")).outcome is Outcome.ACCEPTED
    assert deliver(lab.url("302", "careless")).outcome is Outcome.FAILED_FOR_GOOD
    assert [copy.account for copy in lab.copies()] == ["200", "302"]


def test_what_grows_as_html_is_cut_and_not_split(lab: Provider) -> None:
    url = lab.url("200", rest="?format=html&overflow=split")

    assert deliver(url, PageMessage("web01 DOWN", "<" * 30_000)).outcome is Outcome.ACCEPTED
    assert len(lab.copies()) == 1


def test_the_page_arrives_as_it_was_written(lab: Provider) -> None:
    deliver(lab.url("200"), PageMessage("web01 \u202eNWOD", "ACME\x1b\n\nmore", PAGE.link))

    (copy,) = lab.copies()
    assert copy.method == "POST"
    assert copy.headers["User-Agent"] == "Bridge"
    assert copy.body["title"] == "web01 NWOD"
    assert copy.body["message"] == "ACME\nhttps://desk.example/a/1\n\nmore"


@pytest.mark.parametrize("scheme", ["ntfy", "json"])
def test_a_long_page_is_one_copy_cut_to_the_limit_and_keeps_its_link(
    lab: Provider, scheme: str
) -> None:
    limit = N_MGR[scheme].body_maxlen

    deliver(lab.url("200", scheme), PageMessage("web01 DOWN", "x" * 40_000, PAGE.link))

    (copy,) = lab.copies()
    assert limit - 30 < len(copy.body["message"]) <= limit
    assert copy.body["message"].endswith(f"…\n{PAGE.link}")


def test_a_repeat_is_marked(lab: Provider) -> None:
    deliver(lab.url("200"), PageMessage("web01 DOWN", "ACME", repeat=True))

    assert lab.copies()[0].body["title"] == "Possible repeat: web01 DOWN"


@pytest.mark.parametrize(
    ("urgency", "rest", "priority"),
    [
        pytest.param(Urgency.HIGH, "", "max", id="high rings"),
        pytest.param(Urgency.LOW, "", None, id="low is quiet"),
        pytest.param(Urgency.HIGH, "?priority=low", "low", id="the address decides"),
    ],
)
def test_ntfy_rings_for_high_urgency(
    lab: Provider, urgency: Urgency, rest: str, priority: str | None
) -> None:
    deliver(lab.url("200", "ntfy", rest), PageMessage("web01 DOWN", "ACME", urgency=urgency))

    assert lab.copies()[0].headers.get("X-Priority") == priority


def test_ntfy_shows_buttons_that_open_and_that_acknowledge_without_opening(lab: Provider) -> None:
    page = replace(PAGE, open_label="Öffnen", acknowledge_label="Übernehmen")

    assert deliver(lab.url("200", "ntfy"), page).outcome is Outcome.ACCEPTED

    (copy,) = lab.copies()
    assert copy.headers["X-Click"] == PAGE.link
    opens, acknowledges = json.loads(copy.headers["X-Actions"])
    assert opens == {"action": "view", "label": "Öffnen", "url": PAGE.link}
    assert acknowledges == {
        "action": "http",
        "label": "Übernehmen",
        "url": PAGE.link,
        "method": "POST",
        "clear": True,
    }


@pytest.mark.parametrize(
    ("page", "rest", "actions"),
    [
        pytest.param(PAGE, "", None, id="no labels"),
        pytest.param(replace(PAGE, link="", open_label="Open"), "", None, id="no link"),
        pytest.param(
            replace(PAGE, open_label="Open"), "?actions=mine", "mine", id="the address's own"
        ),
    ],
)
def test_ntfy_shows_no_button_that_leads_nowhere(
    lab: Provider, page: PageMessage, rest: str, actions: str | None
) -> None:
    deliver(lab.url("200", "ntfy", rest), page)

    assert lab.copies()[0].headers.get("X-Actions") == actions


@pytest.mark.parametrize(
    ("urgency", "rest", "said"),
    [
        pytest.param(Urgency.HIGH, "", (2, 60, 3600), id="high rings until it is tapped on"),
        pytest.param(Urgency.LOW, "", (-1, None, None), id="low is quiet"),
        pytest.param(Urgency.HIGH, "?priority=normal", (0, None, None), id="the address decides"),
        pytest.param(Urgency.HIGH, "?expire=600", (2, 60, 600), id="the address says how long"),
    ],
)
def test_pushover_rings_for_high_urgency(
    urgency: Urgency, rest: str, said: tuple[int, int | None, int | None]
) -> None:
    paging.load()
    message = replace(PAGE, urgency=urgency)
    key = "u" * 30

    channel: Any = paging._channel(f"pover://{key}@{key}{rest}", message, SECONDS)

    rings = channel.priority == 2
    both = (channel.interval, channel.expire) if rings else (None, None)
    assert (channel.priority, *both) == said


@pytest.mark.parametrize("rest", ["", "?image=no", "?image=yes"])
def test_no_icon_is_asked_from_a_foreign_host(lab: Provider, rest: str) -> None:
    deliver(lab.url("200", "ntfy", rest))

    (copy,) = lab.copies()
    assert "github" not in str(copy).lower()
    assert "X-Icon" not in copy.headers


@pytest.mark.parametrize(
    ("account", "outcome"),
    [
        ("ok", Outcome.ACCEPTED),
        ("550", Outcome.FAILED_FOR_GOOD),
        ("450", Outcome.FAILED_FOR_NOW),
        ("data-451", Outcome.FAILED_FOR_NOW),
        ("data-554", Outcome.FAILED_FOR_GOOD),
        ("hang", Outcome.MAYBE),
    ],
)
def test_a_mail_server_decides_too(lab: Provider, account: str, outcome: Outcome) -> None:
    assert deliver(lab.mail_url(account)).outcome is outcome


def test_a_mail_server_that_is_away_fails_for_now() -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        port = unused.getsockname()[1]
        url = f"mailto://127.0.0.1:{port}/a@example.com?from=b@example.com&mode=insecure"
        assert deliver(url).outcome is Outcome.FAILED_FOR_NOW


def test_nothing_secret_is_logged_or_given_as_a_reason(
    lab: Provider, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    for name in ("", "apprise", "urllib3"):
        caplog.set_level(logging.DEBUG, logger=name)
    requests.get(f"http://127.0.0.1:{lab.port}/200/{SECRET}", timeout=5)
    assert SECRET in caplog.text, "the log shows what it is told"
    caplog.clear()

    accounts = ["200", "302", "401", "500", "hang", "cut", "die"]
    urls = [lab.url(account, rest=f"/{SECRET}?+X-Token={SECRET}") for account in accounts]
    urls += [f"json://{SECRET}:{SECRET}@127.0.0.1:{lab.mute_port}/{SECRET}", f"pigeon://{SECRET}"]
    reasons = [deliver(url).reason for url in urls]

    heard = capfd.readouterr()
    assert SECRET not in caplog.text + heard.out + heard.err + " ".join(reasons)
    assert "127.0.0.1" not in " ".join(reasons)
    assert any(SECRET in copy.headers.get("X-Token", "") for copy in lab.copies())


def test_logging_and_requests_are_as_before_afterwards(lab: Provider) -> None:
    before = requests.Session.send, logging.root.manager.disable

    deliver(lab.url("hang"))

    assert (requests.Session.send, logging.root.manager.disable) == before


def test_a_payload_survives_the_way_to_the_door(lab: Provider) -> None:
    page = PageMessage("web01 DOWN", "ACME", PAGE.link, Urgency.LOW, repeat=True)

    delivered = paging.page_door(paging.page_payload(lab.url("200"), page))

    assert delivered.outcome is Outcome.ACCEPTED
    (copy,) = lab.copies()
    assert copy.body["title"] == "Possible repeat: web01 DOWN"
    assert copy.body["type"] == "info"


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        pytest.param("ntfys://ntfy.example/anna", "ntfys:ntfy.example", id="own server"),
        pytest.param("ntfys://anna", "ntfys", id="the provider's server"),
        pytest.param("tgram://123456789:abcdefg_hijklmnop/1", "tgram", id="the host is a token"),
        pytest.param("json://127.0.0.1:8080/x", "json:127.0.0.1", id="json"),
        pytest.param("no address", "unknown", id="no address"),
    ],
)
def test_a_destination_is_what_may_hang_together(url: str, expected: str) -> None:
    assert paging.destination(url) == expected


def test_every_scheme_with_a_kind_is_one_apprise_knows() -> None:
    paging.load()
    schemas: Callable[[], list[str]] = N_MGR.schemas

    scripted = {*paging.LOUD, *paging.SOFT, *sms_gateway.SCHEMES}
    unknown = {*budget.SMS, *budget.MAIL, *budget.CHAT, *scripted} - set(schemas())
    assert not unknown
