"""A difference in the shape of the notification that should have come, so that it goes its way.

Source: docs/icinga.md, "I1".
"""

import hashlib
from math import floor

from bridge.icinga.differences import Difference, DifferenceKind
from bridge.icinga.objects import Host, Seen

FOUND_BY = "reconcile"
# A difference that is still there after so long is told again; until then, and whoever finds it,
# it is one. An object that is gone is told of once: it stays a difference until a person acts.
TOLD_AGAIN_SECONDS = 15 * 60


def notification(difference: Difference) -> dict[str, object]:
    """Return the webhook object that says what the difference says.

    Its `time` is when Icinga said it, not before what our desk has heard: it is newer. Its id is
    the same on every node and in every run that finds the same.
    """
    seen = difference.seen
    service = difference.shown.service
    by = difference.by if difference.kind is DifferenceKind.FOREIGN_ACKNOWLEDGEMENT else None
    return {
        "id": _id(difference),
        "type": difference.kind.value,
        "time": _time(difference),
        "author": by.author if by else "",
        "comment": by.text if by else "",
        "output": seen.output if seen else "",
        "host": _host(difference),
        "service": _service(difference) if service else None,
        "vars": dict(seen.wishes) if seen else {},
        "found_by": FOUND_BY,
        "acknowledged": seen is not None and seen.is_acknowledged(difference.at),
        "sticky": seen is not None and seen.sticky,
        "in_downtime": seen is not None and seen.in_downtime,
        "flapping": seen is not None and seen.flapping,
    }


def _time(difference: Difference) -> float:
    # In whole seconds, as Icinga's macros tell it: what follows within this one is not older.
    return max(float(floor(difference.at)), difference.shown.state_at)


def _id(difference: Difference) -> str:
    shown, seen = difference.shown, difference.seen
    parts: list[object] = [difference.kind.value, *shown.key, shown.state_at]
    if seen is not None:
        parts += [seen.state.value, seen.hard_since, seen.acknowledgement_changed_at]
        parts += [shown.acknowledged_at, floor(difference.at / TOLD_AGAIN_SECONDS)]
    digest = hashlib.sha256("\0".join(map(str, parts)).encode()).hexdigest()
    return f"{FOUND_BY}-{digest[:40]}"


def _host(difference: Difference) -> dict[str, object]:
    seen = difference.seen
    about = seen.host if seen else Host(difference.shown.host)
    said: dict[str, object] = {
        "name": about.name,
        "display_name": about.display_name,
        "address": about.address,
        "state": about.state.value if about.state else None,
        "groups": list(about.groups),
    }
    return said | (_state(seen) if seen and not seen.service else {})


def _service(difference: Difference) -> dict[str, object]:
    seen = difference.seen
    said: dict[str, object] = {"name": difference.shown.service}
    if seen is None:
        return said
    return said | {
        "display_name": seen.display_name,
        "groups": list(seen.groups),
        **_state(seen),
    }


def _state(seen: Seen) -> dict[str, object]:
    said: dict[str, object] = {
        "state": seen.state.value,
        "state_type": "HARD" if seen.hard else "SOFT",
    }
    return said | ({"last_hard_state_change": seen.hard_since} if seen.hard_since else {})
