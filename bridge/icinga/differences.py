"""Where Icinga's problems and what our desk shows of them disagree.

Source: docs/icinga.md, "I1", "I2", "I10" and "I11".
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import Enum

from bridge.icinga import bridge_vars
from bridge.icinga.objects import AcknowledgedBy, Key, Seen
from bridge.icinga.states import State

# Icinga clears an acknowledgement some microseconds after the change of state it does it for, and
# its macros tell the time of a notification in whole seconds.
SAME_MOMENT_SECONDS = 1.0


class DifferenceKind(Enum):
    """What Icinga says that our desk does not; the values are types of a notification.

    ACKNOWLEDGEMENT_LOST: Icinga has forgotten ours, or a change of state has ended it.
    ACKNOWLEDGEMENT_REMOVED: a person has taken it away in Icinga.
    OBJECT_GONE: Icinga does not show the object any more; a person decides.
    """

    MISSED_PROBLEM = "PROBLEM"
    MISSED_RECOVERY = "RECOVERY"
    OBJECT_GONE = "OBJECTGONE"
    ACKNOWLEDGEMENT_LOST = "ACKNOWLEDGEMENTLOST"
    ACKNOWLEDGEMENT_REMOVED = "ACKNOWLEDGEMENTREMOVED"
    FOREIGN_ACKNOWLEDGEMENT = "ACKNOWLEDGEMENT"
    MISSED_DOWNTIME_START = "DOWNTIMESTART"
    MISSED_DOWNTIME_END = "DOWNTIMEEND"
    MISSED_FLAPPING_START = "FLAPPINGSTART"
    MISSED_FLAPPING_END = "FLAPPINGEND"


class Acknowledged(Enum):
    """Whose acknowledgement Icinga holds, as far as our desk knows.

    OURS: Icinga has confirmed it; one that is still on its way counts as NOBODYS.
    """

    NOBODYS = "nobodys"
    OURS = "ours"
    FOREIGN = "foreign"


@dataclass(frozen=True, slots=True)
class Shown:
    """What our desk shows of one host (service '') or service.

    state, state_at: of the newest PROBLEM or RECOVERY, in seconds since 1970 by Icinga's clock;
    None and 0 where nothing was heard yet.
    is_open: there is an open ticket. closed_by_hand: a person closed the last one in this state.
    reference: of the open ticket, as our acknowledgements name it.
    acknowledged_at: by Icinga's clock, as read back; 0 where not known.
    """

    host: str
    service: str
    state: State | None = None
    state_at: float = 0.0
    is_open: bool = False
    closed_by_hand: bool = False
    reference: str = ""
    acknowledged: Acknowledged = Acknowledged.NOBODYS
    acknowledged_at: float = 0.0
    in_downtime: bool = False
    flapping: bool = False

    @property
    def key(self) -> Key:
        """Return host and service: one per object of a source."""
        return self.host, self.service

    @property
    def needs_a_look(self) -> bool:
        """Tell whether Icinga has to be asked for it by name."""
        return self.is_open or self.in_downtime or self.flapping


@dataclass(frozen=True, slots=True)
class Snapshot:
    """What Icinga said when it was asked, all of it; half an answer is none.

    at: Icinga's clock before the first question.
    restarted: it is not the daemon that gave the snapshot before.
    problems: everything in a hard, checked problem. asked: what was asked for by name beside
    them. found: those of them that were shown.
    visible_hosts: how many hosts the API user sees; None where it was not asked.
    """

    at: float
    program_start: float
    restarted: bool = False
    problems: tuple[Seen, ...] = ()
    asked: frozenset[Key] = frozenset()
    found: Mapping[Key, Seen] = field(default_factory=dict)
    visible_hosts: int | None = None
    acknowledged_by: Mapping[Key, AcknowledgedBy] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Difference:
    """One disagreement; Icinga is right.

    at: Icinga's clock, from which on it is known. seen: None for an object that is gone.
    """

    kind: DifferenceKind
    at: float
    shown: Shown
    seen: Seen | None = None
    by: AcknowledgedBy | None = None
    is_worse: bool = False


def differences(snapshot: Snapshot, shown: Iterable[Shown]) -> list[Difference]:
    """Return every disagreement: hosts before services, and for each object what comes first.

    shown: everything with an open ticket, in downtime or flapping, and as it was *before* Icinga
    was asked; of other objects whatever is known of those in the snapshot. An object that is not
    in it counts as never heard of.
    A problem that began in a downtime is not reported before the downtime's end, as Icinga does.
    """
    known = {one.key: one for one in shown}
    seen = {one.key: one for one in snapshot.problems} | dict(snapshot.found)
    found: list[Difference] = []
    for key in sorted(seen.keys() | snapshot.asked | known.keys(), key=_hosts_first):
        ours = known.get(key, Shown(*key))
        if key in seen:
            found += _of_one(snapshot, seen[key], ours)
        elif key in snapshot.asked and ours.is_open and snapshot.visible_hosts:
            found.append(Difference(DifferenceKind.OBJECT_GONE, snapshot.at, ours))
    return found


def _hosts_first(key: Key) -> tuple[bool, Key]:
    return key[1] != "", key


def _of_one(snapshot: Snapshot, seen: Seen, ours: Shown) -> Iterator[Difference]:
    kinds = [*_state(seen, ours), *_marks(seen, ours), *_acknowledgement(snapshot, seen, ours)]
    for kind in kinds:
        yield Difference(
            kind,
            snapshot.at,
            ours,
            seen,
            snapshot.acknowledged_by.get(seen.key),
            is_worse=_is_worse(seen, ours),
        )


def _is_worse(seen: Seen, ours: Shown) -> bool:
    return ours.state is not None and ours.state.is_problem and seen.state.rank > ours.state.rank


def _state(seen: Seen, ours: Shown) -> Iterator[DifferenceKind]:
    if seen.is_problem:
        if (ours.is_open and seen.state is not ours.state) or (
            not ours.is_open and _should_be_open(seen, ours)
        ):
            yield DifferenceKind.MISSED_PROBLEM
    elif seen.is_well and ours.is_open and (ours.state is None or ours.state.is_problem):
        yield DifferenceKind.MISSED_RECOVERY


def _should_be_open(seen: Seen, ours: Shown) -> bool:
    if seen.in_downtime or not bridge_vars.read(seen.wishes)[0].enabled:
        return False
    # Who closed a ticket in spite of the problem does not want it back every half minute.
    is_dismissed = (
        ours.closed_by_hand
        and ours.state is not None
        and seen.state.rank <= ours.state.rank
        and seen.hard_since <= ours.state_at + SAME_MOMENT_SECONDS
    )
    return not is_dismissed


def _marks(seen: Seen, ours: Shown) -> Iterator[DifferenceKind]:
    if ours.in_downtime and not seen.in_downtime:
        yield DifferenceKind.MISSED_DOWNTIME_END
    if ours.flapping and not seen.flapping:
        yield DifferenceKind.MISSED_FLAPPING_END
    if ours.is_open and seen.is_problem:
        if seen.in_downtime and not ours.in_downtime:
            yield DifferenceKind.MISSED_DOWNTIME_START
        if seen.flapping and not ours.flapping:
            yield DifferenceKind.MISSED_FLAPPING_START


def _acknowledgement(snapshot: Snapshot, seen: Seen, ours: Shown) -> Iterator[DifferenceKind]:
    if not seen.is_problem or not (ours.is_open or _should_be_open(seen, ours)):
        return
    holds = seen.is_acknowledged(snapshot.at)
    if holds and ours.acknowledged is Acknowledged.NOBODYS:
        by = snapshot.acknowledged_by.get(seen.key)
        if not (by and ours.reference and ours.reference in by.text):
            yield DifferenceKind.FOREIGN_ACKNOWLEDGEMENT
    elif not holds and ours.acknowledged is Acknowledged.FOREIGN:
        yield DifferenceKind.ACKNOWLEDGEMENT_REMOVED
    elif not holds and ours.acknowledged is Acknowledged.OURS:
        if _was_removed(snapshot, seen, ours):
            yield DifferenceKind.ACKNOWLEDGEMENT_REMOVED
        else:
            yield DifferenceKind.ACKNOWLEDGEMENT_LOST


def _was_removed(snapshot: Snapshot, seen: Seen, ours: Shown) -> bool:
    """Tell whether a person took our acknowledgement away.

    If it was not Icinga's clearing it with a change of state, and not a crash, from which it comes
    back with an acknowledgement older than ours, or none.
    """
    cleared_at = seen.acknowledgement_changed_at
    return (
        not snapshot.restarted
        and not seen.acknowledged
        and cleared_at > ours.acknowledged_at
        and cleared_at > seen.changed_at + SAME_MOMENT_SECONDS
    )
