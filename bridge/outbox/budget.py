"""How long a delivery may take, by the kind of channel it goes through."""

from enum import Enum


class ChannelKind(Enum):
    """What rings at the other end."""

    PUSH = "push"
    CHAT = "chat"
    SMS = "sms"
    MAIL = "mail"
    VOICE = "voice"


def _names(text: str) -> frozenset[str]:
    return frozenset(text.split())


SMS = _names(
    "46elks aprs atalk bulksms bulkvs burstsms clickatell clicksend cm d7sms dapnet eight00com"
    " elks exotel freemobile httpsms infobip kaleyra kavenegar klr kudosity mobilemessage"
    " mobilemsg msg91 msgbird nexmo notifyre octopush plivo ringc serwersms seven sfr sinch smpp"
    " smpps smsc smseagle smseagles smsgw smsgws smsmanager smsmgr smstunnel sns telesign telnyx"
    " twilio voipms vonage"
)
MAIL = _names(
    "azure brevo groundmail mailersend mailgun mailto mailtos o365 pingram postmark resend"
    " sendgrid sendpulse ses smtp2go sparkpost"
)
CHAT = _names(
    "bsky bluesky cliq deltachat deltachats dingtalk discord feishu flock fluxer fluxers gchat"
    " groupme guilded humhub humhubs irc ircs kook lark line mastodon mastodons matrix matrixs"
    " misskey misskeys mmost mmosts nctalk nctalks onebot onebots qq revolt rocket rockets ryver"
    " session sessions signal signals slack sogs stackfield synology synologys tgram threema toot"
    " toots twist viber webex wechat wecombot whapi whatsapp workflow workflows wxteams xmpp xmpps"
    " zalo zcliq zohocliq zoom zulip"
)


def kind_of(channel_url: str) -> ChannelKind:
    """Return the kind of channel an Apprise URL leads to; what is not known is a push.

    A gateway that can do both, such as `twilio://…?method=call`, is voice when it calls.
    """
    scheme, _, rest = channel_url.strip().partition("://")
    scheme = scheme.lower()
    if scheme in SMS:
        calls = "method=call" in rest.partition("?")[2].lower().split("&")
        return ChannelKind.VOICE if calls else ChannelKind.SMS
    if scheme in MAIL:
        return ChannelKind.MAIL
    return ChannelKind.CHAT if scheme in CHAT else ChannelKind.PUSH


def budget_seconds(kind: ChannelKind) -> float:
    """Return how many seconds one delivery through such a channel may take, all in all.

    Source: docs/oncall.md, "Apprise 2.2, measured".
    """
    match kind:
        case ChannelKind.PUSH | ChannelKind.CHAT:
            return 8.0
        case ChannelKind.SMS:
            return 10.0
        case ChannelKind.VOICE:
            return 15.0
        case ChannelKind.MAIL:
            return 20.0
