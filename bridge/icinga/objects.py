"""A host or service, an acknowledgement and the daemon itself, as Icinga's API shows them.

Source: docs/icinga.md, "I1".
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from bridge.icinga import bridge_vars, results
from bridge.icinga.results import Values
from bridge.icinga.states import State
from bridge.icinga.text import OUTPUT_LIMIT

Key = tuple[str, str]

_HOST_STATES = {0: State.UP, 1: State.DOWN}
_SERVICE_STATES = {0: State.OK, 1: State.WARNING, 2: State.CRITICAL, 3: State.UNKNOWN}
_APPLICATION = ("status", "icingaapplication", "app")
_HARD = 1
_STICKY = 2

_ATTRS = (
    *("name", "display_name", "groups", "vars", "state", "state_type", "last_check_result"),
    *("last_hard_state_change", "last_state_change", "downtime_depth", "flapping"),
    *("acknowledgement", "acknowledgement_expiry", "acknowledgement_last_change"),
)
HOST_ATTRS = [*_ATTRS, "address"]
SERVICE_ATTRS = [*_ATTRS, "host_name"]
SERVICE_JOINS = [
    f"host.{name}" for name in ("name", "display_name", "address", "state", "groups", "vars")
]
COMMENT_ATTRS = ["host_name", "service_name", "author", "text", "entry_time", "expire_time"]


@dataclass(frozen=True, slots=True)
class Host:
    """What is shown of a host beside its state: with itself, and with each of its services."""

    name: str
    display_name: str = ""
    address: str = ""
    state: State | None = None
    groups: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Seen:
    """A host (`service` is '') or service at the moment Icinga was asked.

    checked: there is a result of a check; without one, state and times say nothing.
    hard_since, changed_at, acknowledgement_changed_at, acknowledged_until: seconds since 1970 by
    Icinga's clock, 0 for never. Icinga shows an acknowledgement that has expired for a while.
    sticky: the acknowledgement lasts until recovery and hides a worsening.
    wishes: the variables that are for Bridge, service over host, as they are in Icinga.
    """

    host: Host
    service: str
    state: State
    hard: bool
    checked: bool
    hard_since: float
    changed_at: float = 0.0
    acknowledged: bool = False
    sticky: bool = False
    acknowledged_until: float = 0.0
    acknowledgement_changed_at: float = 0.0
    in_downtime: bool = False
    flapping: bool = False
    output: str = ""
    display_name: str = ""
    groups: tuple[str, ...] = ()
    wishes: Mapping[str, object] = field(default_factory=dict)

    @property
    def key(self) -> Key:
        """Return host and service: one per object of a source."""
        return self.host.name, self.service

    @property
    def is_problem(self) -> bool:
        """Tell whether it is certainly in trouble: not well, hard, and checked."""
        return self.state.is_problem and self.hard and self.checked

    @property
    def is_well(self) -> bool:
        """Tell whether it is certainly well: UP or OK, hard, and checked."""
        return not self.state.is_problem and self.hard and self.checked

    def is_acknowledged(self, at: float) -> bool:
        """Tell whether somebody's acknowledgement holds at this time of Icinga's clock."""
        return self.acknowledged and not 0 < self.acknowledged_until <= at


@dataclass(frozen=True, slots=True)
class AcknowledgedBy:
    """The comment an acknowledgement leaves; `at` is in seconds since 1970 by Icinga's clock."""

    author: str
    text: str
    at: float


@dataclass(frozen=True, slots=True)
class Status:
    """The daemon that answers; a new `program_start` means that it may have forgotten something.

    program_start, now: seconds since 1970 by its own clock.
    """

    program_start: float
    now: float
    pid: int
    version: str
    node: str


def host_seen(result: Values) -> Seen:
    """Return the host in one result of a question for HOST_ATTRS; raises NotIcinga."""
    attrs = results.inside(result, "attrs")
    wishes = bridge_vars.merged(attrs.get("vars"))
    return _seen(attrs, _host(attrs), "", wishes)


def service_seen(result: Values) -> Seen:
    """Return the service in one result of a question for SERVICE_ATTRS and SERVICE_JOINS.

    Raises NotIcinga.
    """
    attrs = results.inside(result, "attrs")
    host = results.inside(result, "joins", "host")
    wishes = bridge_vars.merged(host.get("vars"), attrs.get("vars"))
    return _seen(attrs, _host(host), results.name_in(attrs, "name"), wishes)


def acknowledged_by(comments: Iterable[Values]) -> dict[Key, AcknowledgedBy]:
    """Return the newest comment of an acknowledgement for each object that has one.

    comments: results of a question for COMMENT_ATTRS. It says who, not whether: Icinga keeps the
    comment of an acknowledgement it has forgotten in a crash. Raises NotIcinga.
    """
    rows = [results.inside(comment, "attrs") for comment in comments]
    rows.sort(key=lambda row: results.number(row, "entry_time"))
    return {
        (results.name_in(row, "host_name"), str(row.get("service_name") or "")): AcknowledgedBy(
            author=results.text(row, "author"),
            text=results.text(row, "text", OUTPUT_LIMIT),
            at=results.number(row, "entry_time"),
        )
        for row in rows
    }


def status(application: Values, statistics: Values) -> Status:
    """Return the daemon in the results for IcingaApplication and CIB; raises NotIcinga."""
    app = results.inside(application, *_APPLICATION)
    started = program_start(application)
    return Status(
        program_start=started,
        # Nothing else in the API tells the time of Icinga's clock.
        now=started + results.number(results.inside(statistics, "status"), "uptime"),
        pid=int(results.number(app, "pid")),
        version=results.text(app, "version"),
        node=results.text(app, "node_name"),
    )


def program_start(application: Values) -> float:
    """Return since when the daemon in the result for IcingaApplication runs; raises NotIcinga."""
    return results.number(results.inside(application, *_APPLICATION), "program_start")


def _seen(attrs: Values, host: Host, service: str, wishes: Mapping[str, object]) -> Seen:
    checked = attrs.get("last_check_result")
    acknowledgement = results.number(attrs, "acknowledgement")
    return Seen(
        host=host,
        service=service,
        state=_service_state(attrs) if service else _host_state(attrs),
        hard=results.number(attrs, "state_type") == _HARD,
        checked=isinstance(checked, Mapping),
        hard_since=results.number(attrs, "last_hard_state_change"),
        changed_at=results.number(attrs, "last_state_change"),
        acknowledged=acknowledgement > 0,
        sticky=acknowledgement == _STICKY,
        acknowledged_until=results.number(attrs, "acknowledgement_expiry"),
        acknowledgement_changed_at=results.number(attrs, "acknowledgement_last_change"),
        in_downtime=results.number(attrs, "downtime_depth") > 0,
        flapping=attrs.get("flapping") is True,
        output=results.text(checked, "output", OUTPUT_LIMIT) if isinstance(checked, dict) else "",
        display_name=results.text(attrs, "display_name"),
        groups=results.texts(attrs, "groups"),
        wishes=wishes,
    )


def _host(attrs: Values) -> Host:
    return Host(
        name=results.name_in(attrs, "name"),
        display_name=results.text(attrs, "display_name"),
        address=results.text(attrs, "address"),
        state=_host_state(attrs),
        groups=results.texts(attrs, "groups"),
    )


def _host_state(attrs: Values) -> State:
    # A state Icinga may have one day is a problem we know little about, never a recovery.
    return _HOST_STATES.get(int(results.number(attrs, "state")), State.DOWN)


def _service_state(attrs: Values) -> State:
    return _SERVICE_STATES.get(int(results.number(attrs, "state")), State.UNKNOWN)
