"""The door to one Icinga: asks what its objects are doing, and does what was decided.

Source: docs/icinga.md, "I1", "I9" and "I11".
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Self

from bridge.icinga import answers, objects
from bridge.icinga.access import Access
from bridge.icinga.differences import Shown, Snapshot
from bridge.icinga.objects import AcknowledgedBy, Key, Seen, Status
from bridge.icinga.session import Api

# A proxy in front of Icinga takes 1 MiB, unless it was told otherwise.
LONGEST_QUESTION = 512 * 1024
# Names travel as values, never as a part of a filter. A dictionary, because Icinga looks for each
# of its objects in it: an array of 2,000 names takes twice as long.
BY_NAMES = "names.contains({kind}.__name)"
PROBLEMS = "{kind}.problem && {kind}.state_type == 1 && {kind}.last_check_result"
ACKNOWLEDGEMENT_COMMENTS = "comment.entry_type == 4"


class Icinga:
    """One Icinga's API. It keeps its connections: use one in each thread, and keep it.

    Everything raises Unreachable, NoAnswer, Busy or NotIcinga (try again), Untrusted or
    Unauthorised (a person has to look); a question raises QueryRefused, too.
    """

    def __init__(self, access: Access) -> None:
        self._api = Api(access)

    def status(self) -> Status:
        """Return who answers, and what time it is there."""
        application = _only(self._api.status.list("IcingaApplication"))
        return objects.status(application, _only(self._api.status.list("CIB")))

    def problems(self) -> list[Seen]:
        """Return every host, then every service, in a hard and checked problem."""
        return [*self._hosts(PROBLEMS), *self._services(PROBLEMS)]

    def objects(self, keys: Iterable[Key]) -> dict[Key, Seen]:
        """Return those of these (host, service), service '' for the host, that Icinga shows.

        One that is missing is gone, or hidden from this API user; that is no evidence of anything.
        """
        wanted = sorted(set(keys))
        found: list[Seen] = []
        for names in _parts([host for host, service in wanted if not service]):
            found += self._hosts(BY_NAMES, names)
        for names in _parts([_full_name(host, service) for host, service in wanted if service]):
            found += self._services(BY_NAMES, names)
        return {one.key: one for one in found}

    def one(self, host: str, service: str = "") -> Seen:
        """Return one host or service; raises ObjectMissing."""
        if not service:
            return objects.host_seen(self._api.objects.one("Host", host, objects.HOST_ATTRS))
        return objects.service_seen(
            self._api.objects.one(
                "Service",
                _full_name(host, service),
                objects.SERVICE_ATTRS,
                objects.SERVICE_JOINS,
            )
        )

    def visible_hosts(self) -> int:
        """Return how many hosts this API user sees; where it is none, nothing else is evidence."""
        return len(self._api.objects.list("Host", attrs=["name"]))

    def acknowledged_by(self) -> dict[Key, AcknowledgedBy]:
        """Return who acknowledged; for whether, see Seen: the comment may outlive it."""
        return objects.acknowledged_by(
            self._api.objects.list(
                "Comment", attrs=objects.COMMENT_ATTRS, filters=ACKNOWLEDGEMENT_COMMENTS
            )
        )

    def snapshot(self, shown: Iterable[Shown], program_start: float | None) -> Snapshot:
        """Return what Icinga says of its problems, and of the objects that we show something of.

        shown: as they were before this call, so that nothing in it is newer than the answers.
        program_start: of the last snapshot; None for the first.
        """
        status = self.status()
        problems = self.problems()
        asked = {one.key for one in shown if one.needs_a_look} - {one.key for one in problems}
        found = self.objects(asked)
        hosts = self.visible_hosts() if len(found) < len(asked) else None
        names = self._names_if_needed([*problems, *found.values()])
        after = _only(self._api.status.list("IcingaApplication"))
        if objects.program_start(after) != status.program_start:
            raise answers.Busy("Icinga restarted while it was asked; ask again")
        return Snapshot(
            at=status.now,
            program_start=status.program_start,
            restarted=program_start not in {None, status.program_start},
            problems=tuple(problems),
            asked=frozenset(asked),
            found=found,
            visible_hosts=hosts,
            acknowledged_by=names,
        )

    def is_acknowledged(self, host: str, service: str = "") -> bool:
        """Return whether an acknowledgement holds now; raises ObjectMissing."""
        seen = self.one(host, service)
        # Icinga shows one that has expired until it looks at it itself.
        at = self.status().now if seen.acknowledged_until else 0.0
        return seen.is_acknowledged(at)

    def acknowledge(
        self, host: str, service: str, author: str, comment: str, expiry: datetime | None = None
    ) -> None:
        """Acknowledge a problem until its state changes, or until `expiry`.

        author: the person. comment: with the ticket's reference and a link.
        Raises AlreadyAcknowledged, NotAProblem, ObjectMissing or ActionRefused. Read it back later:
        Icinga 2.13 forgets some that it has confirmed.
        """
        values = {"author": author, "comment": comment}
        ways: dict[str, object] = {"sticky": False, "notify": False, "persistent": False}
        if expiry is not None:
            ways["expiry"] = expiry.timestamp()
        self._act("acknowledge-problem", host, service, {**values, **ways})

    def remove_acknowledgement(self, host: str, service: str, author: str) -> None:
        """Take an acknowledgement away, whoever gave it; there need not be one."""
        self._act("remove-acknowledgement", host, service, {"author": author})

    def add_comment(self, host: str, service: str, author: str, comment: str) -> None:
        """Add a comment; done twice, there are two."""
        self._act("add-comment", host, service, {"author": author, "comment": comment})

    def set_downtime(
        self, host: str, service: str, author: str, comment: str, begin: datetime, end: datetime
    ) -> None:
        """Set a fixed downtime for a service, or for a host without its services."""
        values = {"author": author, "comment": comment, "fixed": True}
        times = {"start_time": begin.timestamp(), "end_time": end.timestamp()}
        self._act("schedule-downtime", host, service, {**values, **times})

    def check_again(self, host: str, service: str) -> None:
        """Have it checked at once, even outside of its check period."""
        self._act("reschedule-check", host, service, {"force": True})

    def close(self) -> None:
        """Close the kept connections."""
        self._api.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _names_if_needed(self, seen: Iterable[Seen]) -> dict[Key, AcknowledgedBy]:
        if not any(one.acknowledged for one in seen):
            return {}
        try:
            return self.acknowledged_by()
        except answers.QueryRefused:
            # Who acknowledged is nice to know; what is a problem must be known.
            return {}

    def _hosts(self, question: str, names: Mapping[str, bool] | None = None) -> list[Seen]:
        rows = self._api.objects.list(
            "Host",
            attrs=objects.HOST_ATTRS,
            filters=question.format(kind="host"),
            filter_vars={"names": names} if names else None,
        )
        return [objects.host_seen(row) for row in rows]

    def _services(self, question: str, names: Mapping[str, bool] | None = None) -> list[Seen]:
        rows = self._api.objects.list(
            "Service",
            attrs=objects.SERVICE_ATTRS,
            joins=objects.SERVICE_JOINS,
            filters=question.format(kind="service"),
            filter_vars={"names": names} if names else None,
        )
        return [objects.service_seen(row) for row in rows]

    def _act(self, action: str, host: str, service: str, values: Mapping[str, object]) -> None:
        kind = "Service" if service else "Host"
        self._api.actions.act(action, kind, _full_name(host, service), **values)


def _only(answer: Mapping[str, list[dict[str, object]]]) -> dict[str, object]:
    if len(answer["results"]) != 1:
        raise answers.NotIcinga("there is not one daemon in Icinga's answer about itself")
    return answer["results"][0]


def _full_name(host: str, service: str) -> str:
    return f"{host}!{service}" if service else host


def _parts(names: list[str]) -> Iterator[dict[str, bool]]:
    part: dict[str, bool] = {}
    size = 0
    for name in names:
        part[name] = True
        size += len(json.dumps(name)) + len(": true, ")
        if size > LONGEST_QUESTION:
            yield part
            part, size = {}, 0
    if part:
        yield part
