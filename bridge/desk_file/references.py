"""Names in a desk file that lead nowhere, and what is promised to two at once."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from bridge.calendars.suggestions import did_you_mean
from bridge.desk_file.document import Document
from bridge.desk_file.document_customers import ContractForm, CustomerForm
from bridge.desk_file.document_staff import Reach
from bridge.desk_file.errors import TreePath
from bridge.desk_file.mistakes import Mistake
from bridge.desk_file.secret import Secret, SecretKind, secret_from_text
from bridge.oncall.policy import Target, TargetKind
from bridge.staff.channel_kind import ChannelKind


@dataclass(frozen=True)
class KnownNames:
    """What there is besides the files: in the database, or nothing.

    staff: the kinds of channels of each person; None where they are not known, and not asked for.
    contracts: the number of the customer each belongs to. addresses: the contract of each, in
    lower case. secrets: the names that `secret:` may use; None where that cannot be told.
    secret_kinds: the kinds of the channels stored under such names, as far as they are known.
    """

    calendars: frozenset[str] = frozenset()
    schedules: frozenset[str] = frozenset()
    policies: frozenset[str] = frozenset()
    teams: frozenset[str] = frozenset()
    staff: Mapping[str, frozenset[ChannelKind] | None] = field(default_factory=dict)
    contracts: Mapping[str, str] = field(default_factory=dict)
    addresses: Mapping[str, str] = field(default_factory=dict)
    secrets: frozenset[str] | None = None
    secret_kinds: Mapping[str, ChannelKind] = field(default_factory=dict)


NOTHING_KNOWN = KnownNames()


def unresolved(document: Document, known: KnownNames = NOTHING_KNOWN) -> tuple[Mistake, ...]:
    """Return every reference that neither the document nor `known` answers, and every clash.

    What the document says of a name goes before what `known` says of it.
    """
    names = _Names(document, known)
    return (
        *_in_staff(document, names),
        *_in_schedules(document, names),
        *_in_policies(document, names),
        *_in_customers(document, names),
        *_in_doors(document, names),
    )


class _Names:
    """Looks names up, and says so when there is none."""

    def __init__(self, document: Document, known: KnownNames) -> None:
        self.known = known
        self.calendars = {*(document.calendars or {}), *known.calendars}
        self.schedules = {*(document.schedules or {}), *known.schedules}
        self.policies = {*(document.policies or {}), *known.policies}
        self.teams = {*(document.teams or {}), *known.teams}
        self.staff: dict[str, Reach | None] = {
            name: None if kinds is None else Reach(kinds) for name, kinds in known.staff.items()
        }
        for person in document.staff or ():
            self.staff[person.id] = person.reach(known.secret_kinds)

    def person(self, path: TreePath, name: str | None) -> Iterator[Mistake]:
        return _look_up("person", "staff", name, self.staff, path)

    def calendar(self, path: TreePath, name: str | None) -> Iterator[Mistake]:
        return _look_up("calendar", "calendars", name, self.calendars, path)

    def schedule(self, path: TreePath, name: str | None) -> Iterator[Mistake]:
        return _look_up("schedule", "schedules", name, self.schedules, path)

    def policy(self, path: TreePath, name: str | None) -> Iterator[Mistake]:
        return _look_up("policy", "policies", name, self.policies, path)

    def team(self, path: TreePath, name: str | None) -> Iterator[Mistake]:
        return _look_up("team", "teams", name, self.teams, path)

    def secret(self, path: TreePath, secret: Secret | None) -> Iterator[Mistake]:
        known = self.known.secrets
        if known is None or secret is None or secret.kind is not SecretKind.STORED:
            return
        if secret.value not in known:
            sentence = (
                f"no secret is stored as {secret.value!r}{did_you_mean(secret.value, known)}:"
                " write the secret itself once, or env:NAME or file:PATH"
            )
            yield Mistake(path, sentence)


def _look_up(
    kind: str, section: str, name: str | None, names: Iterable[str], path: TreePath
) -> Iterator[Mistake]:
    names = tuple(names)
    if name is not None and name not in names:
        sentence = (
            f"there is no {kind} {name!r}{did_you_mean(name, names)}: add it to {section}, or"
            " correct the name"
        )
        yield Mistake(path, sentence)


def _in_staff(document: Document, names: _Names) -> Iterator[Mistake]:
    emails: dict[str, str] = {}
    users: dict[str, str] = {}
    for at, person in enumerate(document.staff or ()):
        here = ("staff", at)
        for name, secret in person.channels.items():
            yield from names.secret((*here, "channels", name), secret)
        if person.email:
            yield from _taken(emails, person.email, person.id, (*here, "email"))
        for nth, user in enumerate(person.icinga_users):
            yield from _taken(users, user, person.id, (*here, "icinga_users", nth))
    for label, team in (document.teams or {}).items():
        yield from names.person(("teams", label, "lead"), team.lead)
        for nth, member in enumerate(team.members):
            yield from names.person(("teams", label, "members", nth), member)


def _taken(owners: dict[str, str], name: str, owner: str, path: TreePath) -> Iterator[Mistake]:
    first = owners.setdefault(name.lower(), owner)
    if first != owner:
        yield Mistake(path, f"{name} belongs to {first} already: leave it to one of them")


def _in_schedules(document: Document, names: _Names) -> Iterator[Mistake]:
    for label, schedule in (document.schedules or {}).items():
        here = ("schedules", label)
        for at, layer in enumerate(schedule.layers):
            for nth, person in enumerate(layer.people):
                yield from names.person((*here, "layers", at, "people", nth), person)
        for at, override in enumerate(schedule.overrides):
            for path, person in override.people():
                yield from names.person((*here, "overrides", at, *path), person)


def _in_policies(document: Document, names: _Names) -> Iterator[Mistake]:
    for label, policy in (document.policies or {}).items():
        here = ("policies", label)
        for at, step in enumerate(policy.steps):
            for nth, target in enumerate(step.page):
                yield from _target(target, names, (*here, "steps", at, "page", nth))
        for nth, person in enumerate(policy.fallback):
            yield from names.person((*here, "fallback", nth), person)
            yield from _enough_channels(person, names, (*here, "fallback", nth))


def _target(target: Target, names: _Names, path: TreePath) -> Iterator[Mistake]:
    match target.kind:
        case TargetKind.PERSON:
            yield from names.person(path, target.label)
        case TargetKind.SCHEDULE:
            yield from names.schedule(path, target.label)
        case TargetKind.ROOM:
            yield from names.secret(path, secret_from_text(target.label))


def _enough_channels(person: str, names: _Names, path: TreePath) -> Iterator[Mistake]:
    reach = names.staff.get(person)
    if reach is not None and not reach.is_enough:
        has = ", ".join(sorted(kind.value for kind in reach.kinds)) or "none of a known kind"
        sentence = (
            f"{person} is the fallback and needs two channels of different kinds (push, sms, mail,"
            f" voice), but has {has}: add one, and name it after its kind if its URL is"
            " elsewhere (env:) or of no kind (json:)"
        )
        yield Mistake(path, sentence)


def _in_customers(document: Document, names: _Names) -> Iterator[Mistake]:
    customers = document.customers or ()
    contracts, addresses = _of_others(names.known, customers)
    for at, customer in enumerate(customers):
        here = ("customers", at)
        yield from names.person((*here, "manager"), customer.manager)
        yield from names.team((*here, "team"), customer.team)
        for nth, contract in enumerate(customer.contracts):
            path = (*here, "contracts", nth)
            yield from _id_taken(contracts, contract.id, customer.number, (*path, "id"))
            yield from _in_contract(contract, names, path)
            for n, address in enumerate(contract.addresses):
                yield from _address_taken(addresses, address, contract.id, (*path, "addresses", n))


def _of_others(
    known: KnownNames, customers: Iterable[CustomerForm]
) -> tuple[dict[str, str], dict[str, str]]:
    """Return the known contracts and addresses of which the file says nothing new."""
    said = {(c.id, customer.number) for customer in customers for c in customer.contracts}
    ours = {label for label, owner in known.contracts.items() if (label, owner) in said}
    return (
        {label: owner for label, owner in known.contracts.items() if label not in ours},
        {address: label for address, label in known.addresses.items() if label not in ours},
    )


def _id_taken(
    contracts: dict[str, str], label: str, number: str, path: TreePath
) -> Iterator[Mistake]:
    if label in contracts:
        sentence = (
            f"customer {contracts[label]} has a contract {label} already: an id is unique over all"
            " customers, choose another"
        )
        yield Mistake(path, sentence)
    contracts.setdefault(label, number)


def _address_taken(
    addresses: dict[str, str], address: str, label: str, path: TreePath
) -> Iterator[Mistake]:
    if addresses.setdefault(address.lower(), label) != label:
        sentence = (
            f"{address} belongs to the contract {addresses[address.lower()]} already: an address"
            " leads to one contract"
        )
        yield Mistake(path, sentence)


def _in_contract(contract: ContractForm, names: _Names, path: TreePath) -> Iterator[Mistake]:
    yield from names.policy((*path, "policy"), contract.policy)
    for key, terms in (("fault", contract.fault), ("request", contract.request)):
        if terms:
            yield from names.calendar((*path, key, "calendar"), terms.calendar)
    outside = contract.hours.tariff.outside if contract.hours else None
    if outside:
        here = (*path, "hours", "tariff", "outside", "calendar")
        yield from names.calendar(here, outside.calendar)


def _in_doors(document: Document, names: _Names) -> Iterator[Mistake]:
    for at, mailbox in enumerate(document.mailboxes or ()):
        yield from names.secret(("mailboxes", at, "password"), mailbox.password)
    for at, source in enumerate(document.sources or ()):
        for key, secret in (
            ("password", source.password),
            ("certificate", source.certificate),
            ("key", source.key),
            ("ca", source.ca),
        ):
            yield from names.secret(("sources", at, key), secret)
