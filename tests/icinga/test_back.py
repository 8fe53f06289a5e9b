"""What becomes of an acknowledgement after Icinga was told of it."""

import pytest

from bridge.errors import BridgeError
from bridge.icinga import answers, back
from bridge.icinga.back import Verdict
from bridge.icinga.objects import AcknowledgedBy
from bridge.outbox.outcome import Outcome

REFERENCE = "[Ticket #10001]"
OURS = AcknowledgedBy("Anna", f"{REFERENCE} https://desk.example/t/10001", 1795421240.0)
OF_ANOTHER_TICKET = AcknowledgedBy("Anna", "[Ticket #1000] https://desk.example/t/1000", 1.0)
BENS = AcknowledgedBy("ben", "I am on it", 1795421240.0)
TWICE = answers.AlreadyAcknowledged("is already acknowledged")

ENDS = [
    pytest.param(None, None, Verdict.OURS, Outcome.ACCEPTED, id="done"),
    pytest.param(TWICE, OURS, Verdict.OURS, Outcome.ACCEPTED, id="done before, by us"),
    pytest.param(TWICE, BENS, Verdict.FOREIGN, Outcome.ACCEPTED, id="by somebody else"),
    pytest.param(TWICE, OF_ANOTHER_TICKET, Verdict.FOREIGN, Outcome.ACCEPTED, id="other ticket"),
    pytest.param(TWICE, None, Verdict.FOREIGN, Outcome.ACCEPTED, id="nobody may see by whom"),
    pytest.param(answers.NotAProblem(), None, Verdict.OVER, Outcome.ACCEPTED, id="recovered"),
    pytest.param(
        answers.ObjectMissing(), None, Verdict.GONE, Outcome.FAILED_FOR_GOOD, id="no such object"
    ),
    pytest.param(
        answers.ActionRefused(), None, Verdict.REFUSED, Outcome.FAILED_FOR_GOOD, id="refused"
    ),
    pytest.param(answers.Busy(), None, Verdict.AGAIN, Outcome.FAILED_FOR_NOW, id="reloading"),
    pytest.param(
        answers.Unreachable(), None, Verdict.AGAIN, Outcome.FAILED_FOR_NOW, id="unreachable"
    ),
    pytest.param(answers.NoAnswer(), None, Verdict.MAYBE, Outcome.MAYBE, id="no answer came"),
    pytest.param(
        answers.Unauthorised(), None, Verdict.BARRED, Outcome.FAILED_FOR_NOW, id="login refused"
    ),
    pytest.param(answers.Untrusted(), None, Verdict.BARRED, Outcome.FAILED_FOR_NOW, id="wrong CA"),
]


@pytest.mark.parametrize(("error", "by", "verdict", "outcome"), ENDS)
def test_every_end_has_a_verdict_and_an_outcome(
    error: BridgeError | None, by: AcknowledgedBy | None, verdict: Verdict, outcome: Outcome
) -> None:
    found = back.after_acknowledging(error, by, REFERENCE)

    assert found is verdict
    assert back.delivered(found).outcome is outcome
