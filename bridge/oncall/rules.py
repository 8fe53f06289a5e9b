"""Which of a person's channels is used when, after a page."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from bridge import durations


@dataclass(frozen=True)
class Rule:
    """One channel of a person, and how long after the page it is used."""

    channel: str
    offset: timedelta


def _rule(text: str) -> Rule:
    channel, _, offset = text.partition(" ")
    return Rule(channel, durations.parse(offset or "0m"))


def of_person(document: Mapping[str, Any], *, high_urgency: bool) -> Sequence[Rule]:
    """Return the rules of a person in the order of the desk file.

    Without rules every channel is used at once, in order; without rules for low urgency those
    for high urgency count.
    """
    texts = document.get("page") or [f"{name} 0m" for name in document.get("channels") or {}]
    if not high_urgency:
        texts = document.get("page_low") or texts
    return tuple(map(_rule, texts))
