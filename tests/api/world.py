"""Programs that call the API; every answer must be as the API's own document says."""

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import pytest
import time_machine
from flask.testing import FlaskClient
from jsonschema import Draft202012Validator  # type: ignore[import-untyped]
from sqlalchemy import event, select
from werkzeug.test import TestResponse

from bridge.api.openapi import document
from bridge.installation import Installation
from bridge.oncall.models import Run
from bridge.staff import actions as staff
from tests.builders import MONDAY_9_UTC, later, looking

V1 = "/api/v1"
# Who it was, as the journal says it of the program that writes.
ACTED = {"kind": "token", "id": None, "name": "chatbot"}
JSON = "application/json"
# What is decided before the database is asked needs no second engine.
ON_ONE_ENGINE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
DOCUMENT = document()


def make_token(installation: Installation, name: str, scope: str) -> str:
    """Return a new token of this name and scope."""
    source = "icinga-main" if scope == "webhook" else None
    with installation.database.transaction() as session:
        return staff.add_token(session, name, scope, source, MONDAY_9_UTC)


@dataclass(frozen=True)
class Caller:
    """A program with a token, or without one."""

    client: FlaskClient
    token: str | None = None

    def get(self, path: str, **parameters: Any) -> TestResponse:
        """Ask for a path below /api/v1, or for a whole address."""
        address = path if path.startswith("http") else V1 + path
        answer = self.client.get(address, query_string=parameters or None, headers=self._headers())
        assert_documented(answer)
        return answer

    def post(self, path: str, **fields: Any) -> TestResponse:
        """Send these fields as JSON to a path below /api/v1; no body where there are none."""
        body = {"json": fields} if fields else {}
        answer = self.client.post(V1 + path, headers=self._headers(), **body)
        assert_documented(answer)
        return answer

    def send(self, path: str, body: str | bytes, mimetype: str = JSON) -> TestResponse:
        """Send a body as it is."""
        answer = self.client.post(
            V1 + path, data=body, content_type=mimetype, headers=self._headers()
        )
        assert_documented(answer)
        return answer

    def _headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}"} if self.token else {}


def numbers(caller: Caller, **filters: Any) -> list[int]:
    """Return the numbers of the tickets in the order of the list."""
    answer = caller.get("/tickets", **filters)
    assert answer.status_code == 200
    return [one["number"] for one in answer.get_json()["items"]]


def every_number(caller: Caller, **filters: Any) -> list[int]:
    """Return the numbers on all pages, by following `next`."""
    found = []
    answer = caller.get("/tickets", **filters).get_json()
    while True:
        found += [one["number"] for one in answer["items"]]
        if answer["next"] is None:
            return found
        answer = caller.get(answer["next"]).get_json()


def operation_of(method: str, path: str) -> dict[str, Any] | None:
    """Return what the document says of a method and a path, if it knows them."""
    for template, operations in DOCUMENT["paths"].items():
        if re.fullmatch(re.sub(r"{\w+}", "[^/]+", template), path):
            found: dict[str, Any] | None = operations.get(method.lower())
            return found
    return None


def assert_documented(answer: TestResponse) -> None:
    """Fail unless the document knows the status and the shape of an answer."""
    said = operation_of(answer.request.method, answer.request.path)
    if said is None:
        assert answer.status_code in {401, 404, 405}
        return
    told = said["responses"][str(answer.status_code)]
    told = DOCUMENT["components"]["responses"].get(str(answer.status_code), told)
    [(mimetype, content)] = told["content"].items()
    assert answer.mimetype == mimetype
    schema = {**content["schema"], "components": DOCUMENT["components"]}
    Draft202012Validator(schema).validate(answer.get_json(force=True))


def sentence(answer: TestResponse) -> str:
    """Return what a refusal says."""
    told: Mapping[str, Any] = answer.get_json(force=True)
    assert told["status"] == answer.status_code
    return str(told["title"])


@contextmanager
def statements(installation: Installation) -> Iterator[list[str]]:
    """Give the list of the SQL statements that run meanwhile; a BEGIN is none."""
    seen: list[str] = []

    def note(_c: object, _cur: object, statement: str, *_more: object) -> None:
        if not statement.startswith("BEGIN"):
            seen.append(statement)

    event.listen(installation.database.engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(installation.database.engine, "before_cursor_execute", note)


def act(
    writer: Caller, action: str, minute: float, number: int = 10001, **fields: Any
) -> dict[str, Any]:
    """Do something with a ticket so many minutes after it was opened, and return it."""
    with time_machine.travel(later(minute), tick=False):
        answer = writer.post(f"/tickets/{number}/{action}", **fields)
    assert answer.status_code == 200, answer.get_data(as_text=True)
    found: dict[str, Any] = answer.get_json()
    return found


def refused(writer: Caller, action: str, status: int, **fields: Any) -> str:
    """Be refused with this status, and return why."""
    with time_machine.travel(later(99), tick=False):
        answer = writer.post(f"/tickets/10001/{action}", **fields)
    assert answer.status_code == status
    return sentence(answer)


def journal(writer: Caller) -> list[dict[str, Any]]:
    """Return the journal of the ticket."""
    found: list[dict[str, Any]] = writer.get("/tickets/10001").get_json()["journal"]
    return found


def last_run(installation: Installation) -> Run:
    """Return the ticket's newest escalation."""
    with looking(installation) as session:
        return session.scalars(select(Run).order_by(Run.id.desc())).first() or Run()
