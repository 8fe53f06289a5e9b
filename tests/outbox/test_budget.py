"""Which kind of channel an address leads to, and how long it may take."""

import pytest

from bridge.outbox.budget import ChannelKind, budget_seconds, kind_of


@pytest.mark.parametrize(
    ("url", "kind", "seconds"),
    [
        pytest.param("ntfys://ntfy.example/anna", ChannelKind.PUSH, 8, id="ntfy"),
        pytest.param("json://127.0.0.1/x", ChannelKind.PUSH, 8, id="unknown is push"),
        pytest.param("slack://a/b/c", ChannelKind.CHAT, 8, id="slack"),
        pytest.param("SEVEN://key/49", ChannelKind.SMS, 10, id="capitals"),
        pytest.param("twilio://a:b@1/2", ChannelKind.SMS, 10, id="twilio writes"),
        pytest.param("twilio://a:b@1/2?method=call", ChannelKind.VOICE, 15, id="twilio calls"),
        pytest.param("twilio://a:b@1/2?rto=3&method=CALL", ChannelKind.VOICE, 15, id="second"),
        pytest.param("mailtos://u:p@mx.example", ChannelKind.MAIL, 20, id="mail"),
    ],
)
def test_the_scheme_says_the_kind_and_the_kind_the_budget(
    url: str, kind: ChannelKind, seconds: float
) -> None:
    assert kind_of(url) is kind
    assert budget_seconds(kind_of(url)) == seconds
