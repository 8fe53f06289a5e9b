"""Text that comes from a monitored machine, made safe to store and to show."""

import re

NAME_LIMIT = 255
OUTPUT_LIMIT = 16 * 1024
CUT = "…"

# Nothing from a check is trusted: terminal sequences and NUL break what shows and what stores it,
# half a surrogate pair cannot be stored as UTF-8, and direction marks make a line read backwards.
_UNSAFE = re.compile(
    r"\x1b\[[0-?]*[ -/]*[@-~]"
    r"|[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]"
)
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]")
_UNSTORABLE = re.compile(r"[\x00\ud800-\udfff]")
_LONGEST_CHARACTER = 4


def clean(text: str, limit: int = OUTPUT_LIMIT) -> str:
    """Return `text` without control characters, line breaks and tabs kept.

    limit: bytes of UTF-8; what is longer is cut there and ends in "…".
    """
    # Nearly every text is so, and this is ten times as fast as to search it.
    if len(text) * _LONGEST_CHARACTER <= limit and text.isprintable():
        return text
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    # What will be cut anyway is not worth searching: a megabyte of output costs as much as 64 KiB.
    safe = _UNSAFE.sub("", text[: limit * _LONGEST_CHARACTER])
    if len(safe) * _LONGEST_CHARACTER <= limit:
        return safe
    stored = safe.encode()
    if len(stored) <= limit:
        return safe
    return stored[: limit - len(CUT.encode())].decode(errors="ignore") + CUT


def has_control_characters(text: str) -> bool:
    """Tell whether a name holds what no name may hold; spaces and signs are fine."""
    return not text.isprintable() and _CONTROL.search(text) is not None


def is_storable(text: str) -> bool:
    """Tell whether every database can store `text` as it is."""
    return _UNSTORABLE.search(text) is None
