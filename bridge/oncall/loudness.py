"""How much a channel disturbs: which is the quietest, and which the loudest."""

from bridge.staff.channel_kind import ChannelKind, channel_kind

# From the quietest to the loudest; what is not known may be anything.
LOUDNESS = (ChannelKind.MAIL, ChannelKind.PUSH, None, ChannelKind.SMS, ChannelKind.VOICE)


def loudness(name: str, url: str | None = None) -> int:
    """Return a number that is higher for a channel that disturbs more.

    name: of the channel, which tells where its URL does not, or is a secret.
    Source: docs/oncall.md, "R6" and "R21".
    """
    return LOUDNESS.index(channel_kind(name, url))
