"""What the API answers where it refuses: a problem that says what to do (RFC 9457)."""

from collections.abc import Sequence

from flask import Response, jsonify

from bridge.api.access import NoAccess
from bridge.api.mistakes import Mistake
from bridge.errors import Refused


class BadInput(Refused):
    """The fields or parameters that were sent are not those that are known."""

    def __init__(self, mistakes: Sequence[Mistake]) -> None:
        super().__init__("; ".join(mistake.message for mistake in mistakes))
        self.mistakes = mistakes


def no_access(refused: NoAccess) -> Response:
    """Answer 401 to a caller without a good token, and 403 to one whose token is for less."""
    answer = _problem(refused.status, str(refused))
    if refused.challenge:
        answer.headers["WWW-Authenticate"] = refused.challenge
    return answer


def bad_input(refused: BadInput) -> Response:
    """Answer 400, and name each field that is wrong."""
    return _problem(400, str(refused), refused.mistakes)


def _problem(status: int, sentence: str, mistakes: Sequence[Mistake] = ()) -> Response:
    told: dict[str, object] = {"status": status, "title": sentence}
    if mistakes:
        told["errors"] = [{"field": one.field, "message": one.message} for one in mistakes]
    answer = jsonify(told)
    answer.status_code = status
    answer.mimetype = "application/problem+json"
    return answer
