"""The kind of a channel follows from the scheme of its URL, else from its name."""

import pytest
from apprise.manager_plugins import NotificationManager

from bridge.outbox.budget import MAIL, SMS
from bridge.staff.channel_kind import PUSH_SCHEMES, ChannelKind, channel_kind


@pytest.mark.parametrize(
    ("name", "url", "kind"),
    [
        pytest.param("push", "ntfys://ntfy.example/anna", ChannelKind.PUSH, id="ntfy"),
        pytest.param("a", "slack://a/b/c", ChannelKind.PUSH, id="a chat counts as push"),
        pytest.param("a", "mailtos://u:p@mail.example", ChannelKind.MAIL, id="mail"),
        pytest.param("a", "sns://key/secret/eu/+49123", ChannelKind.SMS, id="SMS"),
        pytest.param("a", "TWILIO://sid:token@from/to", ChannelKind.SMS, id="Twilio in capitals"),
        pytest.param("a", "twilio://s:t@f/t?method=call", ChannelKind.VOICE, id="Twilio calls"),
        pytest.param(
            "sms", "ntfys://n/anna", ChannelKind.PUSH, id="the scheme goes before the name"
        ),
        pytest.param("push", "json://127.0.0.1/x", ChannelKind.PUSH, id="generic push"),
        pytest.param("sms", "jsons://gateway/x", ChannelKind.SMS, id="generic SMS"),
        pytest.param("voice", "form://gateway/x", ChannelKind.VOICE, id="generic voice"),
        pytest.param("mail", "xml://gateway/x", ChannelKind.MAIL, id="generic mail"),
        pytest.param("chat", "forms://gateway/x", ChannelKind.PUSH, id="generic chat"),
        pytest.param("sms-private", None, ChannelKind.SMS, id="first word of the name"),
        pytest.param("SMS2", None, ChannelKind.SMS, id="name with a digit"),
        pytest.param("sms", "acmegate://x", ChannelKind.SMS, id="a plugin of one's own"),
        pytest.param("mobile", None, None, id="a name that says nothing"),
        pytest.param("smsanna", None, None, id="a word that only begins like one"),
        pytest.param("one", "json://127.0.0.1/x", None, id="neither says anything"),
    ],
)
def test_a_channel_has_a_kind(name: str, url: str | None, kind: ChannelKind | None) -> None:
    assert channel_kind(name, url) is kind


def test_the_schemes_are_those_of_apprise() -> None:
    known = set(NotificationManager().schemas())  # type: ignore[no-untyped-call]

    assert known >= SMS | MAIL | PUSH_SCHEMES


def test_no_scheme_has_two_kinds() -> None:
    total = len(SMS) + len(MAIL) + len(PUSH_SCHEMES)

    assert len(SMS | MAIL | PUSH_SCHEMES) == total
