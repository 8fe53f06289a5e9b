"""What an answer of Icinga's API means: the results, or an error that says what can be done.

Source: docs/icinga.md, "I9".
"""

from bridge.errors import NotFound, Permanent, Temporary


class Unreachable(Temporary):
    """Nothing answers at Icinga's address."""


class NoAnswer(Unreachable):
    """Icinga was asked, and no answer came: an action may have been done, or not."""


class Busy(Temporary):
    """Icinga answers, but cannot do it now: it is reloading, or overloaded."""


class NotIcinga(Temporary):
    """What answers does not speak as Icinga's API does; a proxy in between may say something."""


class Untrusted(Permanent):
    """The API's certificate is not of the CA given for this source; compare `ca` with Icinga's."""


class Unauthorised(Permanent):
    """Icinga knows no such API user, or not with this password or certificate."""


class QueryRefused(Permanent):
    """Icinga does not answer the question; the API user may lack a permission for it."""


class ObjectMissing(NotFound):
    """Icinga knows no such host or service, or this API user may not see it."""


class AlreadyAcknowledged(Permanent):
    """The problem has an acknowledgement already; read it to see whose."""


class NotAProblem(Permanent):
    """There is nothing to acknowledge: the host is UP, the service is OK."""


class ActionRefused(Permanent):
    """Icinga does not do this; the text is its reason."""


OK_CODES = range(200, 300)
UNAUTHORISED, FORBIDDEN, MISSING, TIMED_OUT, CONFLICT, TOO_MANY = 401, 403, 404, 408, 409, 429
SERVER_ERRORS = range(500, 600)


def results(status: int, body: object) -> list[dict[str, object]]:
    """Return the objects a question was answered with; an empty list is an answer, too.

    status, body: of the HTTP answer; `body` is what the JSON parser returned, None for no JSON.
    Raises Unauthorised, Busy, NotIcinga, or QueryRefused: a question that is refused is never
    an empty list. 2.13 answers 404 for a missing permission and for an error in a filter.
    """
    _must_answer(status, body)
    if status not in OK_CODES:
        raise QueryRefused(f"Icinga refused the question with {status}: {_said(body)}")
    return _results(body)


def done(status: int, body: object) -> dict[str, object]:
    """Return the result of an action on one object, named by its full name.

    Raises what the result's own code means; Icinga answers 200 for some that were not done.
    """
    _must_answer(status, body)
    found = _results(body, optional=True)
    for result in found:
        code = result.get("code")
        if not isinstance(code, int | float) or int(code) not in OK_CODES:
            raise _refusal(int(code) if isinstance(code, int | float) else status, _said(result))
    if found:
        return found[0]
    # No result at all is what 2.13 says, with 500, when no object was met.
    missed = status in OK_CODES or "results" in (body if isinstance(body, dict) else {})
    raise _refusal(MISSING if missed else status, _said(body))


def _must_answer(status: int, body: object) -> None:
    if status == UNAUTHORISED:
        raise Unauthorised(f"Icinga does not know this API user or its password: {_said(body)}")
    if body is None and status not in SERVER_ERRORS:
        raise NotIcinga(f"the answer ({status}) is not JSON; is this the address of Icinga's API?")
    told = isinstance(body, dict) and "results" in body
    if status in {TIMED_OUT, TOO_MANY} or (status in SERVER_ERRORS and not told):
        raise Busy(f"Icinga cannot do it now ({status}): {_said(body)}")


def _results(body: object, optional: bool = False) -> list[dict[str, object]]:
    found = body.get("results") if isinstance(body, dict) else None
    if found is None and optional:
        return []
    if not isinstance(found, list) or not all(isinstance(one, dict) for one in found):
        raise NotIcinga("the answer has no results; is this the address of Icinga's API?")
    return found


def _refusal(code: int, said: str) -> Exception:
    """Return the error for a code; Icinga gives 409 three meanings and tells them by words."""
    if code in SERVER_ERRORS or code in {TIMED_OUT, TOO_MANY}:
        return Busy(f"Icinga cannot do it now ({code}): {said}")
    if code == MISSING:
        return ObjectMissing(f"Icinga knows no such object, or may not show it to us: {said}")
    if code == CONFLICT and "already acknowledged" in said:
        return AlreadyAcknowledged(said)
    if code == CONFLICT and said.rstrip(".").endswith((" is OK", " is UP")):
        return NotAProblem(said)
    if code == FORBIDDEN:
        return Unauthorised(f"Icinga does not let this API user do that: {said}")
    return ActionRefused(f"Icinga refused it with {code}: {said}")


def _said(body: object) -> str:
    """Return Icinga's own words in an answer or a result."""
    status = body.get("status") if isinstance(body, dict) else None
    return status if isinstance(status, str) else "no reason given"
