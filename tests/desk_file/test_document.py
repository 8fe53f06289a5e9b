"""The document says what the file says, and what holds where it says nothing."""

import json
from datetime import date, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from pydantic import ValidationError

from bridge.desk_file.document import Document
from bridge.desk_file.document_customers import ContractForm, CustomerForm
from bridge.desk_file.document_desk import DeskForm
from bridge.desk_file.document_policies import PolicyForm
from bridge.desk_file.document_schedules import ScheduleForm
from bridge.desk_file.document_staff import PageRule, StaffMember
from bridge.desk_file.loading import load
from bridge.desk_file.values import Month
from bridge.oncall.policy import Target, TargetKind
from bridge.staff.channel_kind import ChannelKind
from tests.desk_file.texts import EXAMPLE, mistakes, read

NOTHING = timedelta(0)


@pytest.fixture(scope="module")
def example() -> Document:
    return load([EXAMPLE]).document


@pytest.fixture(scope="module")
def acme(example: Document) -> CustomerForm:
    assert example.customers is not None
    return example.customers[0]


@pytest.fixture(scope="module")
def care(acme: CustomerForm) -> ContractForm:
    return acme.contracts[0]


def policy(**lines: object) -> PolicyForm:
    steps = [{"page": ["anna"], "then": "5m"}]
    return PolicyForm.from_plain({"steps": steps, "fallback": ["anna"], **lines})


def test_every_section_of_the_example_is_there(example: Document) -> None:
    assert all(getattr(example, section) is not None for section in Document.model_fields)


def test_an_absent_section_is_not_an_empty_one() -> None:
    document = read("staff: []\ncalendars: {}\n").document

    assert document.staff == ()
    assert document.calendars == {}
    assert document.customers is None
    assert document.plain() == {"staff": [], "calendars": {}}


def test_people_have_their_rules_and_kinds_of_channels(example: Document) -> None:
    assert example.staff is not None
    anna, ben, _ = example.staff

    assert anna.rules(high=True) == (
        PageRule("push", NOTHING),
        PageRule("sms", timedelta(minutes=2)),
    )
    assert anna.rules(high=False) == (PageRule("push", NOTHING),)
    assert ben.rules(high=True) == (PageRule("push", NOTHING), PageRule("sms", NOTHING))
    assert ben.rules(high=False) == ben.rules(high=True)
    assert anna.reach().kinds == {ChannelKind.PUSH, ChannelKind.SMS}


def test_people_and_customers_without_a_name_are_called_by_id_and_number() -> None:
    assert StaffMember.from_plain({"id": "anna"}).name == "anna"
    assert CustomerForm.from_plain({"number": 1001}).name == "1001"


def test_calendars_and_schedules_are_ready_to_calculate_with(example: Document) -> None:
    assert example.calendars is not None
    assert example.schedules is not None

    office = example.calendars["office"].definition()
    primary = example.schedules["primary"].schedule()

    assert not office.windows_on(date(2027, 2, 8))
    assert [(w.opens, w.closes) for w in office.windows_on(date(2026, 12, 24))] == [(480, 720)]
    assert primary.timezone == ZoneInfo("Europe/Berlin")
    assert [layer.people for layer in primary.layers] == [("anna", "ben"), ("lead",)]


def test_policies_name_people_schedules_and_rooms() -> None:
    steps = [{"page": ["anna", "schedule:p", "room:env:ROOM", "room:slack://a/b"], "then": "5m"}]

    found = policy(steps=steps)

    assert found.steps[0].page == (
        Target(TargetKind.PERSON, "anna"),
        Target(TargetKind.SCHEDULE, "p"),
        Target(TargetKind.ROOM, "env:ROOM"),
        Target(TargetKind.ROOM, "slack://a/b"),
    )
    assert found.plain()["steps"] == steps


@pytest.mark.parametrize(
    ("written", "canonical"),
    [
        pytest.param("30s", "30s", id="one for all"),
        pytest.param({"else": "30s"}, "30s", id="else alone is one for all"),
        pytest.param({"P1": "10s", "else": "2m"}, {"P1": "10s", "else": "2m"}, id="by priority"),
        pytest.param({"P2": "10s"}, {"P1": "0s", "P2": "10s", "else": "1m"}, id="P2 differs"),
    ],
)
def test_a_start_delay_is_one_value_or_a_map(written: object, canonical: object) -> None:
    assert policy(start_delay=written).plain()["start_delay"] == canonical


def test_the_usual_start_delay_need_not_be_said() -> None:
    assert policy(start_delay={"P1": "0s", "else": "60s"}) == policy()


def test_contracts_say_what_is_promised(care: ContractForm) -> None:
    assert care.fault is not None
    assert care.request is not None
    assert care.hours is not None

    assert care.fault.response["P2"] == timedelta(hours=1)
    assert care.fault.page == {"P1": "now", "P2": "now", "P3": "service-hours"}
    assert care.request.update == {"P3": timedelta(hours=8)}
    assert (care.valid_from, care.valid_to) == (date(2026, 1, 1), None)
    assert care.hours.from_ == Month(2026, 1)
    assert care.hours.by_how["onsite"].minimum == timedelta(hours=1)


def test_factors_are_exact(care: ContractForm) -> None:
    assert care.hours is not None
    tariff = care.hours.tariff

    assert tariff.outside is not None
    assert tariff.holiday is not None
    assert (tariff.outside.factor, tariff.weekend) == (Decimal("1.5"), Decimal(2))
    assert (tariff.holiday.factor, tariff.holiday.of) == (Decimal("2.5"), "DE-NW")


def test_a_contract_that_says_little_has_the_usual_terms() -> None:
    contract = ContractForm.from_plain({"id": "care", "priorities": {"CRITICAL": "P1"}})

    assert contract.warn_at == (50, 75, 100)
    assert contract.priorities == {
        "DOWN": "P1",
        "CRITICAL": "P1",
        "UNKNOWN": "P3",
        "WARNING": "P4",
    }
    assert (contract.response_met_by.fault, contract.response_met_by.request) == (
        "acknowledge",
        "answer",
    )
    assert contract.third_party_pauses is False


def test_an_end_may_leave_hours_usable_for_a_while() -> None:
    contract = ContractForm.from_plain({"id": "c", "hours": {"at_end": "usable 1 months"}})

    assert contract.hours is not None
    assert contract.hours.usable_months == 1
    assert contract.plain()["hours"] == {"at_end": "usable 1 month"}


@pytest.mark.parametrize(
    ("written", "monitoring", "people"),
    [
        pytest.param("1h", timedelta(hours=1), timedelta(hours=1), id="one for both"),
        pytest.param({"people": "2d"}, timedelta(minutes=30), timedelta(days=2), id="people only"),
    ],
)
def test_a_reopen_window_is_one_value_or_two(
    written: object, monitoring: timedelta, people: timedelta
) -> None:
    window = DeskForm.from_plain({"reopen_window": written}).reopen_window

    assert (window.monitoring, window.people) == (monitoring, people)


def test_what_is_complete_says_the_defaults_too(example: Document, acme: CustomerForm) -> None:
    assert acme.plain(complete=True)["contracts"][0]["warn_at"] == [50, 75, 100]
    assert acme.plain(complete=True)["timezone"] == "Europe/Berlin"
    assert CustomerForm.from_plain(acme.plain(complete=True)) == acme
    assert Document.from_plain(example.plain(complete=True)).plain() == example.plain()


def test_names_of_our_own_code_are_no_keys() -> None:
    change = {"from_": "2026-01-01", "to": "2026-01-02", "replace": "anna", "with_": "anna"}
    schedule = {"timezone": "UTC", "overrides": [change]}
    text = json.dumps({"staff": [{"id": "anna"}], "schedules": {"p": schedule}})

    told = [error.message for error in mistakes(text)]

    assert [message for message in told if message.startswith("there is no `from_:` here")]
    assert [message for message in told if message.startswith("there is no `with_:` here")]
    with pytest.raises(ValidationError, match="from_"):
        ScheduleForm.from_plain(schedule)
