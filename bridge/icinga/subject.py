"""The host or the service a notification is about."""

from collections.abc import Mapping
from dataclasses import dataclass

from bridge.icinga.fields import Fields, Findings, seconds, text
from bridge.icinga.states import HOST_STATES, SERVICE_STATES, State
from bridge.icinga.text import NAME_LIMIT, clean, has_control_characters

_STATE_TYPES = {"HARD": True, "SOFT": False}


@dataclass(frozen=True, slots=True)
class Subject:
    """A host or a service, as the notification describes it.

    state: None where the notification says none. hard: None where it does not say.
    last_hard_state_change: seconds since 1970 by Icinga's clock; may be absurd.
    """

    name: str
    display_name: str
    address: str
    state: State | None
    hard: bool | None
    last_hard_state_change: float | None
    groups: tuple[str, ...]


NOBODY = Subject("", "", "", None, None, None, ())


def host(entry: Fields, needs_state: bool, findings: Findings) -> Subject:
    """Return the host of an entry; refuses an entry without one."""
    given = entry.get("host")
    if isinstance(given, dict):
        return _subject(given, "host.", HOST_STATES, needs_state, findings)
    findings.refuse("host", 'send an object with the host\'s name, such as {"name": "web01"}')
    return NOBODY


def service(entry: Fields, needs_state: bool, findings: Findings) -> Subject | None:
    """Return the service of an entry, None where it is about the host itself."""
    given = entry.get("service")
    if given is None:
        return None
    if isinstance(given, dict):
        return _subject(given, "service.", SERVICE_STATES, needs_state, findings)
    findings.refuse("service", "send an object with the service's name, or null for a host")
    return NOBODY


def _subject(
    given: Fields,
    parent: str,
    states: Mapping[str, State],
    needs_state: bool,
    findings: Findings,
) -> Subject:
    return Subject(
        name=_name(given, parent, findings),
        display_name=text(given, "display_name", NAME_LIMIT, findings, parent),
        address=text(given, "address", NAME_LIMIT, findings, parent),
        state=_state(given, parent, states, needs_state, findings),
        hard=_hard(given),
        last_hard_state_change=_changed(given, parent, findings),
        groups=_groups(given, parent, findings),
    )


def _name(given: Fields, parent: str, findings: Findings) -> str:
    value = given.get("name")
    if not isinstance(value, str) or not 0 < len(value) <= NAME_LIMIT:
        message = f"send the name as Icinga has it, a text of 1 to {NAME_LIMIT} characters"
        findings.refuse(f"{parent}name", message)
        return ""
    if has_control_characters(value):
        message = "send the name without line breaks and other control characters"
        findings.refuse(f"{parent}name", message)
    return value


def _state(
    given: Fields,
    parent: str,
    states: Mapping[str, State],
    needed: bool,
    findings: Findings,
) -> State | None:
    value = given.get("state")
    state = states.get(value.upper()) if isinstance(value, str) else None
    if state is None and needed:
        findings.refuse(f"{parent}state", f"send one of {', '.join(states)}")
    elif state is None and value is not None and value != "":
        findings.ignore(f"{parent}state", f"it is none of {', '.join(states)}")
    return state


def _hard(given: Fields) -> bool | None:
    value = given.get("state_type")
    return _STATE_TYPES.get(value.upper()) if isinstance(value, str) else None


def _changed(given: Fields, parent: str, findings: Findings) -> float | None:
    value = given.get("last_hard_state_change")
    if value is None:
        return None
    found = seconds(value)
    if found is None:
        message = "send the seconds since 1970 as a number, or leave it out"
        findings.refuse(f"{parent}last_hard_state_change", message)
    return found


def _groups(given: Fields, parent: str, findings: Findings) -> tuple[str, ...]:
    value = given.get("groups")
    if not value:
        return ()
    if not isinstance(value, list):
        findings.ignore(f"{parent}groups", "it is not a list")
        return ()
    return tuple(clean(group, NAME_LIMIT) for group in value if isinstance(group, str))
