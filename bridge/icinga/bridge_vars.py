"""What a host or service asks of Bridge in its custom variables.

Source: docs/icinga.md, "I5" and "I6".
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from bridge.icinga.text import NAME_LIMIT, clean

Impact = Literal["low", "high"]

FLAT_PREFIX = "bridge_"
_NAMES = ("address", "customer", "priority", "impact", "enabled")
_PRIORITIES: dict[object, str] = {
    said: f"P{number}" for number in range(1, 5) for said in (number, str(number), f"P{number}")
}
_IMPACTS: dict[str, Impact] = {"low": "low", "high": "high"}
# An empty field of a form asks for nothing, and does not hide what the host asks for.
_UNSET = (None, "")
# Icinga Director's forms say y and n where they mean true and false.
_YES = frozenset({"true", "yes", "y", "1"})
_NO = frozenset({"false", "no", "n", "0"})


@dataclass(frozen=True, slots=True)
class BridgeVars:
    """The contract's address, the customer's number, and how urgent it is meant to be.

    priority: P1 to P4; None where Icinga leaves it to the contract.
    """

    address: str = ""
    customer: str = ""
    priority: str | None = None
    impact: Impact | None = None
    enabled: bool = True


NOTHING_SAID = BridgeVars()


def merged(host: object, service: object = None) -> dict[str, object]:
    """Return the part of the custom variables that is for Bridge, service over host.

    host, service: `vars` as Icinga's API shows it; anything but an object counts as empty.
    """
    found: dict[str, object] = {}
    for custom in (host, service):
        if not isinstance(custom, dict):
            continue
        nested = custom.get("bridge")
        for name in _NAMES:
            value = nested.get(name) if isinstance(nested, dict) else None
            if value in _UNSET:
                value = custom.get(FLAT_PREFIX + name)
            if value not in _UNSET:
                found[name] = value
    return found


def read(given: object) -> tuple[BridgeVars, list[str]]:
    """Return what the merged variables ask for, and a sentence for each that was ignored.

    A wrong one is never a reason to lose an alarm: it is left out, and the sentence shown.
    given: names as they are or with the prefix `bridge_`, as Director's forms write them.
    """
    if given is None or given == {}:
        return NOTHING_SAID, []
    if not isinstance(given, dict):
        return NOTHING_SAID, ["vars is ignored: it is not an object"]
    notes: list[str] = []
    return (
        BridgeVars(
            address=_label(given, "address", notes),
            customer=_label(given, "customer", notes),
            priority=_priority(_value(given, "priority"), notes),
            impact=_impact(_value(given, "impact"), notes),
            enabled=_enabled(_value(given, "enabled"), notes),
        ),
        notes,
    )


def _value(given: Mapping[object, object], name: str) -> object:
    value = given.get(name)
    if value in _UNSET:
        value = given.get(FLAT_PREFIX + name)
    return None if value in _UNSET else value


def _label(given: Mapping[object, object], name: str, notes: list[str]) -> str:
    value = _value(given, name)
    if value is None:
        return ""
    # A customer's number is often written without quotes in Icinga.
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)[:NAME_LIMIT]
    if isinstance(value, float) and value.is_integer():
        return str(int(value))[:NAME_LIMIT]
    if not isinstance(value, str):
        notes.append(f"vars.{name} is ignored: it is not a text")
        return ""
    return clean(value, NAME_LIMIT).strip()


def _priority(value: object, notes: list[str]) -> str | None:
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        found = None
    else:
        found = _PRIORITIES.get(value.strip().upper() if isinstance(value, str) else value)
    if found is None:
        notes.append(f"vars.priority is ignored: {_shown(value)} is not one of 1 to 4, P1 to P4")
    return found


def _impact(value: object, notes: list[str]) -> Impact | None:
    if value is None:
        return None
    found = _IMPACTS.get(value.strip().lower()) if isinstance(value, str) else None
    if found is None:
        notes.append(f"vars.impact is ignored: {_shown(value)} is neither low nor high")
    return found


def _enabled(value: object, notes: list[str]) -> bool:
    if value is None or isinstance(value, bool):
        return value is not False
    word = str(value).strip().lower() if isinstance(value, int | str) else ""
    if word not in _YES and word not in _NO:
        notes.append(f"vars.enabled is ignored: {_shown(value)} is neither true nor false")
    return word not in _NO


def _shown(value: object) -> str:
    if isinstance(value, str):
        return repr(clean(value, 40))
    return repr(value)[:40] if isinstance(value, int | float) else f"a {type(value).__name__}"
