"""What a page says, fit for the channel that carries it."""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

REPEAT_MARK = "Possible repeat: "
# Marks that turn the direction of the text around them, with which "UP" can be made to read as
# something else. The joiners of emoji and of Indic scripts are format characters too, and stay.
BIDI = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
# Apprise joins a title to its body with a carriage return and a line feed, and beside a title that
# shares the body's limit it keeps room for a count of parts.
JOINT, COUNTER = 2, 12
PARAGRAPH = 2
LINE_ENDS = frozenset("\n\x0b\x0c\x85\u2028\u2029")


class Urgency(Enum):
    """How loud a page may be; P1 and P2 are high."""

    HIGH = "high"
    LOW = "low"


@dataclass(frozen=True)
class PageMessage:
    """What one person is told.

    title: ticket and state. body: customer and host in its first paragraph, then the rest.
    link: where it is acknowledged, or empty. repeat: an earlier copy may have arrived.
    listed: a line for each of several tickets, after the link; those that find no room are
    counted by `more`, which has a `{count}`.
    open_label, acknowledge_label: of the buttons that a channel may show; empty: no such button.
    receipt_url: where a provider that can says what became of it, or empty.
    """

    title: str
    body: str
    link: str = ""
    urgency: Urgency = Urgency.HIGH
    repeat: bool = False
    listed: tuple[str, ...] = ()
    more: str = ""
    open_label: str = ""
    acknowledge_label: str = ""
    receipt_url: str = ""


@dataclass(frozen=True)
class Text:
    """A title and a body as they go out."""

    title: str
    body: str


def cleaned(text: str) -> str:
    """Return `text` without control and bidi characters; every end of a line is one `\\n`."""
    return "".join(map(_kept, text.replace("\r\n", "\n"))).strip()


def written(
    message: PageMessage, title_limit: int, body_limit: int, *, shared: bool = False
) -> Text:
    """Return what goes out: the first paragraph, the link, the rest, cut to the limits.

    title_limit: characters; 0 or less if the channel puts the title into the body.
    body_limit: characters of the body, the title included where it is put there.
    shared: the title counts against the body although it travels apart.
    The link is never cut: it goes out whole, before the rest, or not at all.
    """
    title = cleaned(message.title).replace("\n", " ")
    if message.repeat:
        title = REPEAT_MARK + title
    if title_limit > 0:
        title = _cut(title, title_limit)
    else:
        title = _cut(title, body_limit)
        body_limit -= len(title) + JOINT
    if shared:
        body_limit -= len(title) + COUNTER
    body = _body(cleaned(message.body), cleaned(message.link), body_limit)
    lines = [cleaned(line).replace("\n", " ") for line in message.listed]
    room = body_limit - len(body) - PARAGRAPH
    fitting = _fitting(lines, message.more, room) if lines else ""
    return Text(title, f"{body}\n\n{fitting}" if fitting and body else body or fitting)


def _fitting(lines: Sequence[str], more: str, room: int) -> str:
    """Return as many of the lines as there is room for, and how many there are more."""
    for shown in range(len(lines), -1, -1):
        rest = [more.format(count=len(lines) - shown)] if shown < len(lines) else []
        text = "\n".join([*lines[:shown], *rest])
        if len(text) <= room:
            return text
    return ""


def _body(body: str, link: str, limit: int) -> str:
    first, _, rest = body.partition("\n\n")
    if len(link) > limit:
        return _cut(body, limit)
    head = _cut(first, limit - len(link) - 1) if link else _cut(first, limit)
    top = "\n".join(part for part in (head, link) if part)
    room = limit - len(top) - 2
    return f"{top}\n\n{_cut(rest.strip(), room)}" if rest.strip() and room > 0 else top


def _cut(text: str, limit: int) -> str:
    if len(text) <= limit:
        return text
    return text[: limit - 1].rstrip() + "…" if limit > 0 else ""


def _kept(character: str) -> str:
    if character in LINE_ENDS:
        return "\n"
    if character == "\t":
        return " "
    unwanted = character in BIDI or unicodedata.category(character) in {"Cc", "Cs"}
    return "" if unwanted else character
