"""The API's description of itself: whole, true, and in the form of OpenAPI 3.1."""

import re
from collections.abc import Iterator
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from jsonschema import Draft202012Validator  # type: ignore[import-untyped]

from bridge.api.forms import TicketFilter
from tests.api.world import DOCUMENT, ON_ONE_ENGINE

REFERENCE = {"type": "object", "required": ["$ref"], "maxProperties": 1}
CONTENT = {
    "type": "object",
    "minProperties": 1,
    "additionalProperties": {"type": "object", "required": ["schema"]},
}
# What OpenAPI 3.1 asks of the parts that the document uses.
SHAPE = {
    "type": "object",
    "required": ["openapi", "info", "paths", "components"],
    "properties": {
        "openapi": {"pattern": r"^3\.1\.\d+$"},
        "info": {"type": "object", "required": ["title", "version"]},
        "servers": {"type": "array", "items": {"type": "object", "required": ["url"]}},
        "security": {"type": "array", "items": {"type": "object"}},
        "paths": {
            "type": "object",
            "propertyNames": {"pattern": "^/"},
            "additionalProperties": {
                "type": "object",
                "propertyNames": {"enum": ["get", "post", "delete"]},
                "additionalProperties": {"$ref": "#/$defs/operation"},
            },
        },
        "components": {
            "type": "object",
            "propertyNames": {"enum": ["schemas", "responses", "securitySchemes"]},
            "additionalProperties": {
                "type": "object",
                "propertyNames": {"pattern": "^[a-zA-Z0-9._-]+$"},
            },
        },
    },
    "additionalProperties": False,
    "$defs": {
        "operation": {
            "type": "object",
            "required": ["operationId", "summary", "responses"],
            "properties": {
                "operationId": {"type": "string"},
                "summary": {"type": "string"},
                "parameters": {"type": "array", "items": {"$ref": "#/$defs/parameter"}},
                "requestBody": {
                    "type": "object",
                    "required": ["content"],
                    "properties": {"content": CONTENT, "required": {"type": "boolean"}},
                    "additionalProperties": False,
                },
                "responses": {
                    "type": "object",
                    "propertyNames": {"pattern": "^[1-5][0-9][0-9]$"},
                    "additionalProperties": {"anyOf": [REFERENCE, {"$ref": "#/$defs/response"}]},
                },
                "security": {"type": "array", "items": {"type": "object"}},
            },
            "additionalProperties": False,
        },
        "response": {
            "type": "object",
            "required": ["description"],
            "properties": {"description": {"type": "string"}, "content": CONTENT},
            "additionalProperties": False,
        },
        "parameter": {
            "type": "object",
            "required": ["name", "in", "schema"],
            "properties": {
                "name": {"type": "string"},
                "in": {"enum": ["path", "query"]},
                "description": {"type": "string"},
                "required": {"type": "boolean"},
                "schema": {"type": "object"},
            },
            "additionalProperties": False,
            "if": {"properties": {"in": {"const": "path"}}},
            "then": {"properties": {"required": {"const": True}}, "required": ["required"]},
        },
    },
}


def operations() -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Yield method, path and description of every operation."""
    for path, found in DOCUMENT["paths"].items():
        for method, operation in found.items():
            yield method.upper(), path, operation


def inside(value: object) -> Iterator[dict[str, Any]]:
    """Yield every map in the document."""
    if isinstance(value, dict):
        yield value
        for one in value.values():
            yield from inside(one)
    elif isinstance(value, list):
        for one in value:
            yield from inside(one)


@ON_ONE_ENGINE
def test_it_lists_exactly_the_routes_that_there_are(app: Flask) -> None:
    routes = {
        (method, re.sub(r"<(?:[^:<>]*:)?(\w+)>", r"{\1}", rule.rule))
        for rule in app.url_map.iter_rules()
        if rule.rule.startswith("/api/")
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }

    assert {(method, path) for method, path, _ in operations()} == routes


@ON_ONE_ENGINE
def test_it_is_served_without_a_token(client: FlaskClient) -> None:
    answer = client.get("/api/v1/openapi.json")

    assert answer.status_code == 200
    assert answer.mimetype == "application/json"
    assert answer.get_json() == DOCUMENT


def test_it_has_the_shape_of_openapi_3_1() -> None:
    Draft202012Validator.check_schema(SHAPE)

    Draft202012Validator(SHAPE).validate(DOCUMENT)


def test_its_schemas_are_schemas() -> None:
    for schema in DOCUMENT["components"]["schemas"].values():
        Draft202012Validator.check_schema(schema)
    for _, _, operation in operations():
        for parameter in operation["parameters"]:
            Draft202012Validator.check_schema(parameter["schema"])


def test_every_reference_leads_somewhere() -> None:
    references = [one["$ref"] for one in inside(DOCUMENT) if "$ref" in one]

    assert references
    for reference in references:
        found: Any = DOCUMENT
        for part in reference.removeprefix("#/").split("/"):
            found = found[part]


def test_what_stands_in_a_path_is_a_parameter_of_it() -> None:
    for _, path, operation in operations():
        named = [one["name"] for one in operation["parameters"] if one["in"] == "path"]
        assert named == re.findall(r"{(\w+)}", path)


def test_every_operation_has_a_name_of_its_own() -> None:
    names = [operation["operationId"] for _, _, operation in operations()]

    assert len(names) == len(set(names))


def test_every_operation_with_a_body_may_refuse_it() -> None:
    for method, _, operation in operations():
        assert ("requestBody" in operation) == (method == "POST")
        if method == "POST":
            assert {"400", "404", "413", "415"} <= operation["responses"].keys()


def test_the_filters_are_those_that_are_read() -> None:
    found = DOCUMENT["paths"]["/api/v1/tickets"]["get"]["parameters"]

    assert [one["name"] for one in found] == list(TicketFilter.model_fields)
    assert all(one["schema"]["type"] in {"string", "integer", "array"} for one in found)
    assert found[1]["schema"] == {"type": "integer", "minimum": 1, "maximum": 200, "default": 50}
