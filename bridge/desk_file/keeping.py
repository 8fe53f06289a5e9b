"""Takes a desk file over into the database, all or nothing, and gives it back."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from bridge.desk_file import sections, versions
from bridge.desk_file.document import Document
from bridge.desk_file.promises import targets_never_due
from bridge.desk_file.references import KnownNames, unresolved
from bridge.desk_file.sealing import Sealer
from bridge.desk_file.sections import Plain, Section
from bridge.errors import Refused
from bridge.flows import paging
from bridge.keys import Keys
from bridge.staff.models import Desk
from bridge.tables import Revision, next_revision
from bridge.vault.models import Secret

SECTIONS: Mapping[str, Section] = {
    "calendars": versions.CALENDARS,
    "staff": sections.STAFF,
    "teams": sections.TEAMS,
    "schedules": sections.SCHEDULES,
    "policies": sections.POLICIES,
    "customers": versions.CUSTOMERS,
    "sources": sections.SOURCES,
    "mailboxes": sections.MAILBOXES,
}
# Sections that are lists name their entries by this key; the others are maps.
NAMED_BY = {"staff": "id", "customers": "number", "sources": "id", "mailboxes": "id"}
WHO_IS_ON_CALL = frozenset({"schedules", "staff"})
# What says what changed shows no values: a secret might be among them.
SIGNS = {"added": "+", "changed": "~", "retired": "-", "absent": "?"}


class StillReferenced(Refused):
    """What is to be retired is still referred to; nothing has been changed."""


class PromiseNeverDue(Refused):
    """A target would need more open time than its calendar has; nothing has been changed."""


@dataclass(frozen=True)
class Change:
    """One entry that is added, changed, retired, or absent (in use, but not in the file).

    fields: what is different in a changed one.
    """

    section: str
    name: str
    kind: str
    fields: tuple[str, ...] = ()

    def __str__(self) -> str:
        """Return the change as a line of a diff."""
        told = f": {', '.join(self.fields)}" if self.fields else ""
        hint = " (not in the file; stays, unless --prune)" if self.kind == "absent" else ""
        return f"{SIGNS[self.kind]} {self.section} {self.name}{told}{hint}"


@dataclass
class Changes:
    """Everything that applying a file changes, in the order of the file's sections."""

    entries: list[Change] = field(default_factory=list)

    @property
    def is_empty(self) -> bool:
        """Return whether nothing is changed by it."""
        return all(one.kind == "absent" for one in self.entries)

    def text(self) -> str:
        """Return the diff, a line for each entry."""
        return "\n".join(map(str, self.entries)) or "nothing changes"


def _named(section: str, plain: Any) -> dict[str, Plain]:
    key = NAMED_BY.get(section)
    return {entry[key]: entry for entry in plain} if key else plain


def _sealed(sealer: Sealer, section: str, name: str, plain: Plain) -> Plain:
    match section:
        case "staff":
            return sealer.staff(plain)
        case "sources":
            return sealer.fields(section, plain, ("password", "certificate", "key", "ca"))
        case "mailboxes":
            return sealer.fields(section, plain, ("password",))
        case "policies":
            return sealer.policy(name, plain)
        case _:
            return plain


def apply(
    session: Session, keys: Keys, document: Document, now: datetime, *, prune: bool = False
) -> Changes:
    """Take the document over and return what that changed.

    Raises StillReferenced, and PromiseNeverDue where what is kept and what is new do not fit.

    Absent sections are left alone. Entries that are absent from a section are listed, and retired
    with `prune`. The same document again changes nothing.
    """
    sealer = Sealer(session, keys, now)
    changes = Changes()
    plain = document.plain()
    for section, kept in SECTIONS.items():
        if section in plain:
            wanted = _named(section, plain[section])
            _apply_section(session, sealer, section, kept, wanted, changes, now, prune=prune)
    if document.desk is not None:
        _apply_desk(session, plain["desk"], changes)
    session.flush()
    stored = stored_document(session)
    mistakes = unresolved(stored)
    if mistakes:
        raise StillReferenced("; ".join(mistake.sentence for mistake in mistakes))
    targets = [f"{label}: {sentence}" for label, sentence in targets_never_due(stored)]
    if targets:
        raise PromiseNeverDue("; ".join(targets))
    if not changes.is_empty:
        number = next_revision(session)
        session.add(Revision(id=number, changed_at=now, changes=changes.text()))
        if any(one.section in WHO_IS_ON_CALL for one in changes.entries):
            paging.schedules_changed(session, now)
    return changes


def _apply_section(
    session: Session,
    sealer: Sealer,
    section: str,
    kept: Section,
    wanted: Mapping[str, Plain],
    changes: Changes,
    now: datetime,
    *,
    prune: bool,
) -> None:
    stored = kept.stored(session)
    for name, given in wanted.items():
        before_secrets = len(sealer.changed)
        entry = _sealed(sealer, section, name, given)
        secrets = tuple(f"secret {one}" for one in sealer.changed[before_secrets:])
        before = stored.get(name)
        if before == entry and not secrets:
            continue
        kept.put(session, name, entry, now)
        fields = _different(before, entry) if before is not None else ()
        kind = "added" if before is None else "changed"
        changes.entries.append(Change(section, name, kind, (*fields, *secrets) if before else ()))
    for name in stored:
        if name not in wanted:
            changes.entries.append(Change(section, name, "retired" if prune else "absent"))
            if prune:
                kept.retire(session, name, now)


def _different(before: Plain, after: Plain) -> tuple[str, ...]:
    keys = dict.fromkeys([*before, *after])
    return tuple(key for key in keys if before.get(key) != after.get(key))


def _apply_desk(session: Session, plain: Plain, changes: Changes) -> None:
    desk = session.get(Desk, 1)
    if desk is None:
        session.add(Desk(id=1, document=plain))
        changes.entries.append(Change("desk", "", "added"))
    elif desk.document != plain:
        changes.entries.append(Change("desk", "", "changed", _different(desk.document, plain)))
        desk.document = plain


def stored_document(session: Session) -> Document:
    """Return what is in use as a document, with references in place of secrets."""
    plain: dict[str, Any] = {}
    for section, kept in SECTIONS.items():
        stored = kept.stored(session)
        if stored:
            plain[section] = list(stored.values()) if section in NAMED_BY else dict(stored)
    desk = session.get(Desk, 1)
    if desk is not None:
        plain["desk"] = desk.document
    return Document.from_plain(plain)


def known_names(session: Session) -> KnownNames:
    """Return the names that a file may use without defining them."""
    document = stored_document(session)
    contracts = [
        (contract, customer.number)
        for customer in document.customers or ()
        for contract in customer.contracts
    ]
    return KnownNames(
        calendars=frozenset(document.calendars or ()),
        schedules=frozenset(document.schedules or ()),
        policies=frozenset(document.policies or ()),
        teams=frozenset(document.teams or ()),
        staff={person.id: None for person in document.staff or ()},
        contracts={contract.id: number for contract, number in contracts},
        addresses={
            address.lower(): contract.id
            for contract, _ in contracts
            for address in contract.addresses
        },
        secrets=frozenset(session.scalars(select(Secret.name))),
    )
