"""What exchanges prove, case by case."""

import pytest

from bridge.oncall.evidence import Exchange, Protocol, verdict
from bridge.outbox.outcome import Outcome

NO_CONNECTION = Exchange(Protocol.HTTP, sent=False)
NO_ANSWER = Exchange(Protocol.HTTP, sent=True)


def web(status: int, wait: int | None = None) -> Exchange:
    return Exchange(Protocol.HTTP, sent=True, status=status, retry_after_seconds=wait)


def mail(status: int | None, *, sent: bool = False) -> Exchange:
    return Exchange(Protocol.SMTP, sent=sent, status=status)


@pytest.mark.parametrize(
    ("exchanges", "outcome"),
    [
        pytest.param([], Outcome.FAILED_FOR_NOW, id="nothing seen"),
        pytest.param([NO_CONNECTION], Outcome.FAILED_FOR_NOW, id="no connection"),
        pytest.param([NO_ANSWER], Outcome.MAYBE, id="sent without an answer"),
        pytest.param([NO_ANSWER, web(500)], Outcome.MAYBE, id="a silence is not undone later"),
        pytest.param([web(200), NO_CONNECTION], Outcome.FAILED_FOR_NOW, id="log-in, then gone"),
        pytest.param([web(200)], Outcome.FAILED_FOR_NOW, id="200 with a no in the body"),
        pytest.param([web(301)], Outcome.FAILED_FOR_GOOD, id="301"),
        pytest.param([web(302)], Outcome.FAILED_FOR_GOOD, id="302"),
        pytest.param([web(399)], Outcome.FAILED_FOR_GOOD, id="399"),
        pytest.param([web(400)], Outcome.FAILED_FOR_GOOD, id="400"),
        pytest.param([web(401)], Outcome.FAILED_FOR_GOOD, id="401"),
        pytest.param([web(404)], Outcome.FAILED_FOR_GOOD, id="404"),
        pytest.param([web(408)], Outcome.FAILED_FOR_NOW, id="408"),
        pytest.param([web(425)], Outcome.FAILED_FOR_NOW, id="425"),
        pytest.param([web(429)], Outcome.FAILED_FOR_NOW, id="429"),
        pytest.param([web(499)], Outcome.FAILED_FOR_GOOD, id="499"),
        pytest.param([web(500)], Outcome.FAILED_FOR_NOW, id="500"),
        pytest.param([web(503)], Outcome.FAILED_FOR_NOW, id="503"),
        pytest.param([web(401), web(500)], Outcome.FAILED_FOR_NOW, id="the last one decides"),
        pytest.param([mail(550)], Outcome.FAILED_FOR_GOOD, id="mail refused"),
        pytest.param([mail(450)], Outcome.FAILED_FOR_NOW, id="mail greylisted"),
        pytest.param([mail(None)], Outcome.FAILED_FOR_NOW, id="mail server left early"),
        pytest.param([mail(None, sent=True)], Outcome.MAYBE, id="mail sent, no answer"),
    ],
)
def test_a_no_is_explained_by_the_exchanges(exchanges: list[Exchange], outcome: Outcome) -> None:
    assert verdict(said_yes=False, exchanges=exchanges).outcome is outcome


def test_a_yes_is_a_yes_whatever_went_before() -> None:
    assert verdict(said_yes=True, exchanges=[NO_ANSWER, web(200)]).outcome is Outcome.ACCEPTED


def test_a_yes_after_a_redirect_is_not_believed() -> None:
    assert verdict(said_yes=True, exchanges=[web(302)]).outcome is Outcome.FAILED_FOR_GOOD


def test_a_wish_to_wait_is_passed_on_only_where_there_will_be_another_try() -> None:
    assert verdict(said_yes=False, exchanges=[web(429, 7)]).retry_after_seconds == 7
    assert verdict(said_yes=False, exchanges=[web(503, 9)]).retry_after_seconds == 9
    assert verdict(said_yes=False, exchanges=[web(403, 7)]).retry_after_seconds is None
