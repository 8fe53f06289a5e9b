"""When a person does not want to be woken for what can wait."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from bridge.oncall.layer_form import hours_from_plain
from bridge.oncall.windows import openings

AROUND = timedelta(days=2)
EVERY_DAY = "mon-sun"


def deferred(document: Mapping[str, Any], moment: datetime) -> datetime:
    """Return when what is due to a person at `moment` may reach them: then, or after their rest.

    document: of the person, in the desk file; without `quiet` nothing waits.
    Source: docs/oncall.md, "R16" and "D1".
    """
    quiet = document.get("quiet")
    if not quiet:
        return moment
    windows = hours_from_plain({EVERY_DAY: [quiet["hours"]]})
    zone = ZoneInfo(quiet["timezone"])
    for starts_at, ends_at, _ in openings(windows, zone, moment - AROUND, moment + AROUND):
        if starts_at <= moment < ends_at:
            return ends_at
    return moment
