"""Which kind of channel a person's Apprise URL is: two kinds seldom fail together.

The scheme of the URL says it. Where the scheme does not (json, xml, form and other services that
pass a page on), or where the URL is not written in the desk file (env:, file:, secret:), the name
of the channel does: push, chat, sms, mail, voice, alone or before a digit, a dash or the like.
"""

import re
from enum import Enum

from bridge.outbox.budget import MAIL, SMS


class ChannelKind(Enum):
    """How a page travels; push and chat both need the person's data connection."""

    PUSH = "push"
    SMS = "sms"
    MAIL = "mail"
    VOICE = "voice"


NAMES = {
    "push": ChannelKind.PUSH, "app": ChannelKind.PUSH, "chat": ChannelKind.PUSH,
    "sms": ChannelKind.SMS, "text": ChannelKind.SMS, "pager": ChannelKind.SMS,
    "mail": ChannelKind.MAIL, "email": ChannelKind.MAIL,
    "voice": ChannelKind.VOICE, "call": ChannelKind.VOICE, "phone": ChannelKind.VOICE,
}  # fmt: skip

# Schemes of Apprise by kind. Services that page in a way of their own are in none.
PUSH = """
    bark barks chanify cliq deltachat deltachats dingtalk discord dot evolution evolutions fcm
    feishu flock fluxer fluxers gchat gorush gorushs gotify gotifys groupme guilded gupshup
    ifttt irc ircs join kakao kakaotalk kook lametric lametrics lark lauther lfg line matrix
    matrixs mmost mmosts nctalk nctalks notica noticas ntfy ntfys onebot onebots onesignal
    parsep parseps pbul pinglet pinglets pjet pjets pover prowl psafer psafers push pushdeer
    pushdeers pushed pushme pushplus pushward pushy qq revolt rocket rockets ryver schan
    session sessions signal signalgrid signals simplepush slack sogs spugpush spush stackfield
    synology synologys tgram threema trigv trigvs twist vapid viber webex wechat wecom
    wecombot whapi whatsapp workflow workflows wpush wxpusher wxteams xmpp xmpps zalo zcliq
    zohocliq zoom zulip
"""

PUSH_SCHEMES = frozenset(PUSH.split())


def channel_kind(name: str, url: str | None) -> ChannelKind | None:
    """Return the kind of the channel `name`; None if neither URL nor name tells.

    url: the Apprise URL; None where it is not at hand.
    """
    scheme = url.partition("://")[0].lower() if url else ""
    if scheme == "twilio" and re.search(r"[?&]method=c", url or "", re.IGNORECASE):
        return ChannelKind.VOICE
    if scheme in SMS:
        return ChannelKind.SMS
    if scheme in MAIL:
        return ChannelKind.MAIL
    if scheme in PUSH_SCHEMES:
        return ChannelKind.PUSH
    return _by_name(name)


def _by_name(name: str) -> ChannelKind | None:
    first_word = re.match(r"[a-z]*", name.lower())
    return NAMES.get(first_word[0]) if first_word else None
