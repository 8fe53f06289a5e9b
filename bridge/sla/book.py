"""What was promised and when it was open, as it was known at any revision of the configuration."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol, TypeVar

from bridge.calendars.open_time import DatedDefinition, OpenTime
from bridge.customers.terms import Terms


class Version(Protocol):
    """A version of a calendar or contract: where it stands among the others."""

    @property
    def version_id(self) -> int:
        """Return the id of its row."""

    @property
    def revision(self) -> int:
        """Return the change of the configuration that brought it."""

    @property
    def replaces(self) -> int | None:
        """Return the id of the version whose place it took before that one began."""


V = TypeVar("V", bound=Version)


@dataclass(frozen=True)
class CalendarText:
    """One version of a calendar."""

    version_id: int
    revision: int
    replaces: int | None
    definition: DatedDefinition


def known_by(versions: Iterable[V], revision: int | None) -> tuple[V, ...]:
    """Return the versions that count for who knows the configuration up to `revision`.

    None: all of it. A version that another one replaced before it began is not among them.
    """
    known = [one for one in versions if revision is None or one.revision <= revision]
    replaced = {one.replaces for one in known if one.replaces is not None}
    if not replaced:
        return tuple(known)
    return tuple(one for one in known if one.version_id not in replaced)


@dataclass(frozen=True)
class PromiseBook:
    """Every version of every contract and calendar.

    terms: by contract id; calendars: by label; both in the order the versions were made.
    calendar_ids: by label.
    """

    terms: Mapping[int, Sequence[Terms]]
    calendars: Mapping[str, Sequence[CalendarText]]
    calendar_ids: Mapping[str, int]
    # Open times remember the years they were asked about, so that each is made only once.
    _hours: dict[tuple[str, tuple[int, ...]], OpenTime] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )

    def version_at(
        self, contract_id: int, at: datetime, revision: int | None = None
    ) -> Terms | None:
        """Return the version of a contract that counts at `at`, valid then or not."""
        newest = None
        for one in known_by(self.terms.get(contract_id, ()), revision):
            begun = one.effective_from <= at
            # Of two from the same moment the one that was made later counts.
            if begun and (newest is None or one.effective_from >= newest.effective_from):
                newest = one
        return newest

    def terms_at(self, contract_id: int, at: datetime, revision: int | None = None) -> Terms | None:
        """Return what a contract promises at `at`, or None where it is not valid then."""
        version = self.version_at(contract_id, at, revision)
        return version if version is not None and version.is_valid(at) else None

    def hours(self, calendar: str, revision: int | None = None) -> OpenTime:
        """Return the open time of a calendar; never open where there is none of this label."""
        versions = known_by(self.calendars.get(calendar, ()), revision)
        key = (calendar, tuple(one.version_id for one in versions))
        if key not in self._hours:
            self._hours[key] = OpenTime(tuple(one.definition for one in versions))
        return self._hours[key]
