"""Which program is calling, by its token, and what that token is for."""

from flask import g, request

from bridge.errors import Refused
from bridge.flows.answers import Program
from bridge.staff import queries as staff
from bridge.web import here

READ, WRITE = "api:read", "api:write"
# What a program must read before it has a token.
OPEN = frozenset({"api.openapi"})


class NoAccess(Refused):
    """The caller has no token that is good for this; `challenge` says which kind is wanted."""

    def __init__(self, status: int, sentence: str, challenge: str = "") -> None:
        super().__init__(sentence)
        self.status = status
        self.challenge = challenge


def let_in() -> None:
    """Let a program in whose token is good for what it asks; raises NoAccess.

    A token for writing is good for reading too.
    """
    if request.endpoint in OPEN:
        return
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token.strip():
        raise NoAccess(401, "send a token: Authorization: Bearer TOKEN", "Bearer")
    with here().database.reading() as session:
        found = staff.access(session, token.strip())
    if found is None:
        sentence = "this token is not known: make one with bridge token add"
        raise NoAccess(401, sentence, 'Bearer error="invalid_token"')
    wanted = READ if request.method in {"GET", "HEAD"} else WRITE
    if found.scope not in {wanted, WRITE}:
        sentence = f"this token is for {found.scope}: make one with --scope {wanted}"
        raise NoAccess(403, sentence, f'Bearer error="insufficient_scope", scope="{wanted}"')
    g.api_program = Program(found.name)


def program() -> Program:
    """Return the program that is calling."""
    found: Program = g.api_program
    return found
