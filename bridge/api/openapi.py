"""The description of the API in OpenAPI 3.1, made from its operations, forms and shapes."""

import re
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

import bridge
from bridge.api import forms, shapes
from bridge.api.operations import OPERATIONS, Operation

SCHEMAS = "#/components/schemas/"
WHAT_FOR = (
    "Tickets, customers, contracts and who is on call. Tokens are made with `bridge token add`:"
    " scope api:read for GET, api:write for everything. Lists come in pages: follow `next` as it"
    " is until it is null. Moments are UTC and end in `Z`."
)
STATUSES = {
    400: "A field or parameter is wrong; `errors` names it.",
    401: "No token, or none that is known.",
    403: "The token is for something else.",
    404: "There is no such thing.",
    409: "The state of the ticket does not allow it.",
    413: "The body is too large.",
    415: "The body is not JSON.",
    503: "The database cannot be used now: the same again after Retry-After.",
}
PATH_PARAMETERS = {
    "number": ({"type": "integer", "minimum": 0}, "The number of the ticket."),
    "override_id": ({"type": "integer", "minimum": 0}, "The `id` of the override."),
    "policy": ({"type": "string"}, "The id of the policy in the desk file."),
    "label": ({"type": "string"}, "The id of the schedule in the desk file."),
}


def document() -> dict[str, Any]:
    """Return the description of every operation there is."""
    paths: dict[str, dict[str, Any]] = {}
    for one in OPERATIONS:
        paths.setdefault(one.path, {})[one.method] = _operation(one)
    return {
        "openapi": "3.1.0",
        "info": {"title": "Bridge", "version": bridge.__version__, "description": WHAT_FOR},
        "servers": [{"url": "/"}],
        "security": [{"token": []}],
        "paths": paths,
        "components": {
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
            "schemas": _schemas(),
            "responses": {str(status): _refusal(text) for status, text in STATUSES.items()},
        },
    }


def _schemas() -> dict[str, Any]:
    shown: list[type[BaseModel]] = [shapes.Refusal]
    shown += [one.answers for one in OPERATIONS if one.answers]
    sent: list[type[BaseModel]] = [one.body for one in OPERATIONS if one.body]
    wanted = [(model, "serialization") for model in dict.fromkeys(shown)]
    wanted += [(model, "validation") for model in dict.fromkeys(sent)]
    _, found = models_json_schema(wanted, ref_template=SCHEMAS + "{model}")  # type: ignore[arg-type]
    schemas: dict[str, Any] = found["$defs"]
    return schemas


def _refusal(text: str) -> dict[str, Any]:
    schema = {"$ref": SCHEMAS + shapes.Refusal.__name__}
    return {"description": text, "content": {"application/problem+json": {"schema": schema}}}


def _operation(one: Operation) -> dict[str, Any]:
    errors = [] if one.is_open else [400, 401, 403, *one.errors, 503]
    schema = {"$ref": SCHEMAS + one.answers.__name__} if one.answers else {"type": "object"}
    good = {"description": one.says, "content": {"application/json": {"schema": schema}}}
    refused = {
        str(status): {"$ref": f"#/components/responses/{status}"} for status in sorted(set(errors))
    }
    told: dict[str, Any] = {
        "operationId": one.name,
        "summary": one.summary,
        "parameters": [*_in_path(one.path), *_in_query(one.parameters)],
        "responses": {str(one.good): good} | refused,
    }
    if one.body is not None:
        told["requestBody"] = _body(one.body)
    if one.is_open:
        told["security"] = []
    return told


def _in_path(path: str) -> list[dict[str, Any]]:
    return [
        {"name": name, "in": "path", "required": True, "schema": schema, "description": text}
        for name in re.findall(r"{(\w+)}", path)
        for schema, text in [PATH_PARAMETERS[name]]
    ]


def _in_query(form: type[forms.Form]) -> list[dict[str, Any]]:
    whole = form.model_json_schema()
    properties: dict[str, dict[str, Any]] = whole.get("properties", {})
    return [
        {
            "name": name,
            "in": "query",
            "required": name in whole.get("required", ()),
            "description": schema["description"],
            "schema": _plain_schema(schema),
        }
        for name, schema in properties.items()
    ]


def _plain_schema(schema: dict[str, Any]) -> dict[str, Any]:
    """Return what a parameter may be where it is there; one that is not there is no null."""
    plain = schema | schema.get("anyOf", [{}])[0]
    left_out = {"anyOf", "title", "description"}
    if not plain.get("default"):
        left_out.add("default")
    return {key: value for key, value in plain.items() if key not in left_out}


def _body(form: type[forms.Form]) -> dict[str, Any]:
    has_fields = bool(form.model_fields)
    schema = {"$ref": SCHEMAS + form.__name__}
    return {"required": has_fields, "content": {"application/json": {"schema": schema}}}
