"""Escalation policies and their flight plans."""

from tests.api.world import Caller, sentence


def test_policies_say_how_they_escalate(reader: Caller) -> None:
    assert reader.get("/policies").get_json() == {
        "items": [{"id": "standby", "steps": 1, "rounds": 1, "fallback": ["lead"]}],
        "next": None,
    }


def test_a_flight_plan_says_who_is_paged_if_nobody_answers(reader: Caller) -> None:
    found = reader.get("/policies/standby/plan", at="2026-11-23T10:00", priority="P2").get_json()

    assert found["at"] == "2026-11-23T09:00:00Z"
    assert found["deadline"] is None
    assert [
        (one["minute"], one["step"], one["person"], one["channel"]) for one in found["steps"]
    ] == [
        (1.0, 1, "anna", "push"),
        (3.0, 1, "anna", "sms"),
        (6.0, "fallback", "lead", "push"),
        (6.0, "fallback", "lead", "sms"),
    ]


def test_under_a_contract_it_has_a_deadline(reader: Caller) -> None:
    found = reader.get(
        "/policies/standby/plan", at="2026-11-23T09:00:00Z", address="ACME-247@desk.example"
    ).get_json()

    assert found["deadline"] == "2026-11-23T09:30:00Z"


def test_what_is_not_there_is_named(reader: Caller) -> None:
    policy = reader.get("/policies/night/plan")
    address = reader.get("/policies/standby/plan", address="nobody@desk.example")
    moment = reader.get("/policies/standby/plan", at="tomorrow")

    assert (policy.status_code, address.status_code, moment.status_code) == (404, 404, 400)
    assert "'night'" in sentence(policy)
