"""Lengths of time as people write them: `90s`, `30m`, `4h`, `2d`."""

import re
from datetime import timedelta

from bridge.errors import Refused

FORM = re.compile(r"(\d{1,9})([smhd])")
SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86400}


class BadDuration(Refused):
    """A length of time is a whole number and a unit: 90s, 30m, 4h, 2d."""


def parse(text: str) -> timedelta:
    """Return the length of time that `text` names; raises BadDuration."""
    match = FORM.fullmatch(text.strip())
    if match is None:
        raise BadDuration(f"{text!r} is no length of time: write 90s, 30m, 4h or 2d")
    return timedelta(seconds=int(match[1]) * SECONDS[match[2]])
