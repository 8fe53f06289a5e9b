"""What one notification of Icinga says, checked and cleaned.

Source: docs/icinga.md, "I3", "I4" and "I13".
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum

from bridge import utc
from bridge.errors import Refused
from bridge.icinga import bridge_vars, subject
from bridge.icinga.bridge_vars import BridgeVars
from bridge.icinga.fields import FieldError, Fields, Findings, seconds, text, whole_number
from bridge.icinga.states import State
from bridge.icinga.subject import Subject
from bridge.icinga.text import NAME_LIMIT, OUTPUT_LIMIT, clean, is_storable

ID_LIMIT = 128
TYPE_LIMIT = 64
OLDEST = timedelta(days=7)
FUTURE = timedelta(minutes=5)


class NotificationType(Enum):
    """What happened.

    ACKNOWLEDGEMENTLOST, ACKNOWLEDGEMENTREMOVED, OBJECTGONE: found by comparing; Icinga sends none.
    UNKNOWN: a type Icinga may have one day; it is shown and changes nothing.
    """

    PROBLEM = "PROBLEM"
    RECOVERY = "RECOVERY"
    ACKNOWLEDGEMENT = "ACKNOWLEDGEMENT"
    CUSTOM = "CUSTOM"
    FLAPPINGSTART = "FLAPPINGSTART"
    FLAPPINGEND = "FLAPPINGEND"
    DOWNTIMESTART = "DOWNTIMESTART"
    DOWNTIMEEND = "DOWNTIMEEND"
    DOWNTIMECANCELLED = "DOWNTIMECANCELLED"
    ACKNOWLEDGEMENTLOST = "ACKNOWLEDGEMENTLOST"
    ACKNOWLEDGEMENTREMOVED = "ACKNOWLEDGEMENTREMOVED"
    OBJECTGONE = "OBJECTGONE"
    UNKNOWN = "UNKNOWN"


# Icinga's configuration says DowntimeRemoved where its macro says DOWNTIMECANCELLED.
_TYPES = {
    **{kind.value: kind for kind in NotificationType},
    "DOWNTIMEREMOVED": NotificationType.DOWNTIMECANCELLED,
}
_STATED = frozenset({NotificationType.PROBLEM, NotificationType.RECOVERY})


class NotANotification(Refused):
    """What came is not a notification; each error names a field and says what to do about it."""

    def __init__(self, errors: list[FieldError]) -> None:
        super().__init__("; ".join(f"{field}: {message}" for field, message in errors))
        self.errors = tuple(errors)


@dataclass(frozen=True, slots=True)
class Notification:
    """One notification; `subject` is what it is about, the service where there is one.

    raw_type: the type as it came, to be shown where `type` is UNKNOWN.
    time: when it happened by Icinga's clock, in seconds since 1970; may be absurd.
    found_by: `reconcile` where it was found by asking Icinga, else `""`. acknowledged, sticky,
    in_downtime, flapping: known of those alone; sticky is an acknowledgement until recovery.
    notes: a sentence for everything that was left out because it made no sense.
    """

    id: str
    type: NotificationType
    raw_type: str
    time: float
    number: int | None
    name: str
    author: str
    comment: str
    output: str
    host: Subject
    service: Subject | None
    vars: BridgeVars
    found_by: str
    acknowledged: bool
    sticky: bool
    in_downtime: bool
    flapping: bool
    notes: tuple[str, ...]

    @property
    def subject(self) -> Subject:
        """Return the service, or the host where the notification is about the host."""
        return self.service or self.host

    @property
    def key(self) -> tuple[str, str]:
        """Return host and service, `''` for the host itself: one per object of a source."""
        return self.host.name, self.service.name if self.service else ""

    @property
    def lane(self) -> str:
        """Return the key as one text: what has the same lane is worked through in order."""
        return "!".join(self.key)

    @property
    def state(self) -> State | None:
        """Return the state of the subject; never None for PROBLEM and RECOVERY."""
        return self.subject.state


def parse(entry: object) -> Notification:
    """Return the notification in one webhook object.

    entry: what the JSON parser returned; fields not known here are ignored.
    Raises NotANotification with every error, not only the first. What is wrong but not required
    is left out and noted: an alarm is never lost for its decoration.
    """
    if not isinstance(entry, dict):
        raise NotANotification([("", "send one JSON object for each notification")])
    findings = Findings()
    raw_type = _type(entry, findings)
    kind = _TYPES.get(raw_type.upper(), NotificationType.UNKNOWN)
    service = subject.service(entry, kind in _STATED, findings)
    host = subject.host(entry, kind in _STATED and service is None, findings)
    wishes, ignored = bridge_vars.read(entry.get("vars"))
    notification = Notification(
        id=_id(entry, findings),
        type=kind,
        raw_type=raw_type,
        time=_time(entry, findings),
        number=whole_number(entry, "number", findings),
        name=text(entry, "notification", OUTPUT_LIMIT, findings),
        author=text(entry, "author", NAME_LIMIT, findings),
        comment=text(entry, "comment", OUTPUT_LIMIT, findings),
        output=text(entry, "output", OUTPUT_LIMIT, findings),
        host=host,
        service=service,
        vars=wishes,
        found_by=text(entry, "found_by", NAME_LIMIT, findings),
        acknowledged=entry.get("acknowledged") is True,
        sticky=entry.get("sticky") is True,
        in_downtime=entry.get("in_downtime") is True,
        flapping=entry.get("flapping") is True,
        notes=(*findings.notes, *ignored),
    )
    if findings.errors:
        raise NotANotification(findings.errors)
    return notification


def happened_at(notification: Notification, arrived_at: datetime) -> datetime:
    """Return the moment that orders the notifications of one object.

    It is the notification's own time, except where a clock is wrong: what says it is more than
    five minutes ahead happened at arrival, so that it does not beat everything that follows; what
    says it is from before 1970 is as old as that.
    """
    if notification.time > arrived_at.timestamp() + FUTURE.total_seconds():
        return arrived_at
    return utc.from_timestamp(max(notification.time, 0.0))


def started_at(notification: Notification, arrived_at: datetime) -> tuple[datetime, bool]:
    """Return when the problem began, and whether that is a guess because Icinga's time is absurd.

    It began at the last hard state change, else at the notification's time; where that is more
    than 7 days before arrival or 5 minutes after it: at arrival, and True.
    Source: docs/icinga.md, "What a notification means".
    """
    told = notification.subject.last_hard_state_change
    began = notification.time if told is None else told
    # Compared as numbers, because the absurd ones do not fit into a datetime.
    age = arrived_at.timestamp() - began
    if age > OLDEST.total_seconds() or age < -FUTURE.total_seconds():
        return arrived_at, True
    return utc.from_timestamp(began), False


def _type(entry: Fields, findings: Findings) -> str:
    value = entry.get("type")
    found = clean(value, TYPE_LIMIT).strip() if isinstance(value, str) else ""
    if not found:
        findings.refuse("type", "say what happened, as a text such as PROBLEM or RECOVERY")
    return found


def _id(entry: Fields, findings: Findings) -> str:
    value = entry.get("id")
    if isinstance(value, str) and 0 < len(value) <= ID_LIMIT and is_storable(value):
        return value
    message = f"send a text of 1 to {ID_LIMIT} characters that no other notification has"
    findings.refuse("id", message)
    return ""


def _time(entry: Fields, findings: Findings) -> float:
    found = seconds(entry.get("time"))
    if found is None:
        message = "send the seconds since 1970 as a number, such as 1795421240.0"
        findings.refuse("time", message)
        return 0.0
    return found
