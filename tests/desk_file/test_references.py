"""Names are found in the files, then in what is known besides; clashes are seen in both."""

import pytest

from bridge.desk_file.references import KnownNames
from bridge.staff.channel_kind import ChannelKind
from tests.desk_file.texts import ANNA, OFFICE, STANDBY, contract, mistakes

BOTH = frozenset({ChannelKind.PUSH, ChannelKind.SMS})


def messages(text: str, known: KnownNames) -> list[str]:
    return [error.message for error in mistakes(text, known=known)]


@pytest.mark.parametrize(
    ("text", "known"),
    [
        pytest.param(
            contract("fault: {calendar: office}"),
            KnownNames(calendars=frozenset({"office"})),
            id="calendar",
        ),
        pytest.param(
            contract("hours: {tariff: {outside: {calendar: office, factor: 1.5}}}"),
            KnownNames(calendars=frozenset({"office"})),
            id="calendar of a tariff",
        ),
        pytest.param(
            contract("policy: standby"), KnownNames(policies=frozenset({"standby"})), id="policy"
        ),
        pytest.param(
            'customers: [{number: "1", team: infra}]',
            KnownNames(teams=frozenset({"infra"})),
            id="team",
        ),
        pytest.param(
            'customers: [{number: "1", manager: anna}]',
            KnownNames(staff={"anna": None}),
            id="manager",
        ),
        pytest.param(
            "teams: {infra: {lead: anna, members: [anna]}}",
            KnownNames(staff={"anna": frozenset()}),
            id="lead and members",
        ),
        pytest.param(STANDBY, KnownNames(staff={"anna": BOTH}), id="fallback"),
        pytest.param(
            STANDBY.replace("page: [anna]", "page: ['schedule:p']"),
            KnownNames(staff={"anna": BOTH}, schedules=frozenset({"p"})),
            id="schedule",
        ),
    ],
)
def test_a_name_that_is_known_besides_the_files_is_found(text: str, known: KnownNames) -> None:
    assert messages(text, known) == []
    assert messages(text, KnownNames()) != []


def test_a_known_person_without_two_kinds_of_channels_is_no_fallback() -> None:
    known = KnownNames(staff={"anna": frozenset({ChannelKind.PUSH})})

    (message,) = messages(STANDBY, known)

    assert "anna is the fallback and needs two channels of different kinds" in message


STORED = "staff: [{id: anna, channels: {CHANNELS}}]\n" + STANDBY
TWO_STORED = "push: 'secret:a.one', push2: 'secret:a.two'"


@pytest.mark.parametrize(
    ("channels", "kinds", "is_enough"),
    [
        pytest.param(TWO_STORED, {}, True, id="two that were judged when they were given"),
        pytest.param("push: 'secret:a.one'", {}, False, id="one"),
        pytest.param("push: 'secret:a.one', sms: 'env:SMS'", {}, True, id="one and another kind"),
        pytest.param(
            TWO_STORED,
            {"a.one": ChannelKind.PUSH, "a.two": ChannelKind.PUSH},
            False,
            id="two known to be of one kind",
        ),
        pytest.param(
            TWO_STORED,
            {"a.one": ChannelKind.PUSH, "a.two": ChannelKind.VOICE},
            True,
            id="two known to differ, whatever they are called",
        ),
    ],
)
def test_stored_channels_count_by_what_is_known_of_them(
    channels: str, kinds: dict[str, ChannelKind], is_enough: bool
) -> None:
    found = messages(STORED.replace("CHANNELS", channels), KnownNames(secret_kinds=kinds))

    assert bool(found) is not is_enough


def test_what_the_file_says_of_a_person_goes_before_what_is_known() -> None:
    text = "staff: [{id: anna, channels: {push: 'ntfys://n/a'}}]\n" + STANDBY

    assert len(messages(text, KnownNames(staff={"anna": BOTH}))) == 1


@pytest.mark.parametrize(
    ("known", "message"),
    [
        pytest.param(
            KnownNames(contracts={"care": "2"}), "customer 2 has a contract care", id="id"
        ),
        pytest.param(
            KnownNames(contracts={"old": "2"}, addresses={"a@d.example": "old"}),
            "belongs to the contract old already",
            id="address",
        ),
        pytest.param(
            KnownNames(contracts={"old": "1"}, addresses={"a@d.example": "old"}),
            "belongs to the contract old already",
            id="address of a contract the file does not name",
        ),
    ],
)
def test_a_contract_clashes_with_one_that_is_known(known: KnownNames, message: str) -> None:
    (found,) = messages(contract("addresses: [A@d.example]"), known)

    assert message in found


def test_a_contract_does_not_clash_with_itself() -> None:
    known = KnownNames(
        contracts={"care": "1", "two": "1"}, addresses={"a@d.example": "care", "b@d.example": "two"}
    )
    moved = "      - {id: two, addresses: [a@d.example]}\n"

    assert messages(contract("addresses: [a@d.example]"), known) == []
    assert messages(contract("addresses: [b@d.example]") + moved, known) == []


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("staff: [{id: a, channels: {push: 'secret:staff.anna.pusch'}}]", id="channel"),
        pytest.param(
            f"{ANNA}{STANDBY.replace('page: [anna]', 'page: [room:secret:staff.anna.pusch]')}",
            id="room",
        ),
        pytest.param(
            "mailboxes: [{id: m, imap: 'imaps://m', user: u, password: 'secret:staff.anna.pusch'}]",
            id="mailbox",
        ),
        pytest.param("sources: [{id: i, password: 'secret:staff.anna.pusch'}]", id="source"),
    ],
)
def test_a_stored_secret_has_to_be_there_where_that_can_be_told(text: str) -> None:
    known = KnownNames(secrets=frozenset({"staff.anna.push"}))

    (message,) = messages(text, known)

    assert "did you mean staff.anna.push?" in message
    assert messages(text, KnownNames(secrets=None)) == []


def test_a_promise_may_take_nearly_all_the_year_is_open() -> None:
    terms = "fault: {calendar: office, response: {P1: HOURSh}}"

    assert messages(contract(terms.replace("HOURS", "2000"), before=OFFICE), KnownNames()) == []
    assert len(messages(contract(terms.replace("HOURS", "2400"), before=OFFICE), KnownNames())) == 1
