"""What the server's replies make of a delivery."""

import pytest

from bridge.mail.standing import Standing, Told, delivered, of_reply
from bridge.outbox.outcome import Outcome

YES = Told("a@x.example", Standing.ACCEPTED, 250)
NO = Told("b@x.example", Standing.FAILED, 550)
LATER = Told("c@x.example", Standing.WAITING, 451)
MAYBE = Told("d@x.example", Standing.MAYBE)


@pytest.mark.parametrize(
    ("told", "before", "outcome", "reason"),
    [
        pytest.param([YES], 0, Outcome.ACCEPTED, "accepted by the mail server", id="taken"),
        pytest.param(
            [NO], 0, Outcome.FAILED_FOR_GOOD, "refused by the mail server (SMTP 550)", id="refused"
        ),
        pytest.param(
            [LATER], 0, Outcome.FAILED_FOR_NOW,
            "the mail server asks to come back later (SMTP 451)", id="later",
        ),
        pytest.param(
            [MAYBE], 0, Outcome.MAYBE,
            "sent, and no answer of the mail server came back", id="no answer",
        ),
        pytest.param(
            [YES, NO], 0, Outcome.ACCEPTED,
            "accepted by the mail server; it has it for 1 of 2 recipients,"
            " refused for 1 (SMTP 550)", id="taken for one",
        ),
        pytest.param(
            [YES, LATER, NO], 0, Outcome.FAILED_FOR_NOW,
            "the mail server asks to come back later (SMTP 451); it has it for 1 of 3 recipients,"
            " refused for 1 (SMTP 550)", id="three ways",
        ),
        pytest.param(
            [NO], 1, Outcome.ACCEPTED,
            "accepted by the mail server; it has it for 1 of 2 recipients,"
            " refused for 1 (SMTP 550)", id="the last one refused, others had it before",
        ),
        pytest.param(
            [YES], 2, Outcome.ACCEPTED, "accepted by the mail server", id="the last one taken"
        ),
        pytest.param(
            [MAYBE, LATER], 0, Outcome.MAYBE,
            "sent, and no answer of the mail server came back", id="no answer beside later",
        ),
    ],
)  # fmt: skip
def test_the_outcome_of_a_try(told: list[Told], before: int, outcome: Outcome, reason: str) -> None:
    found = delivered(told, before)

    assert (found.outcome, found.reason) == (outcome, reason)


def test_addresses_and_replies_are_kept_apart_from_the_reason() -> None:
    refused = of_reply("a@x.example", 550, b"5.1.1 <a@x.example> unknown\r\n at \xff mx.example")

    found = delivered([refused], 0)

    assert "example" not in found.reason + repr(found)
    assert found.told == {
        "recipients": [
            {
                "address": "a@x.example",
                "standing": "failed",
                "reply": "550 5.1.1 <a@x.example> unknown   at � mx.example",
            }
        ]
    }


@pytest.mark.parametrize(
    ("code", "standing"),
    [
        (250, Standing.ACCEPTED),
        (251, Standing.ACCEPTED),
        (421, Standing.WAITING),
        (452, Standing.WAITING),
        (550, Standing.FAILED),
        (354, Standing.WAITING),
        (-1, Standing.WAITING),
    ],
)
def test_the_meaning_of_a_code(code: int, standing: Standing) -> None:
    assert of_reply("a@x.example", code, b"").standing is standing
