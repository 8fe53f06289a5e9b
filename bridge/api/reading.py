"""Reads what a request says: the fields of its body, the parameters of its address."""

from typing import TypeVar, get_origin

from flask import request
from pydantic import BaseModel, ValidationError
from werkzeug.exceptions import RequestEntityTooLarge, UnsupportedMediaType

from bridge.api.mistakes import Mistake, mistakes
from bridge.api.refusals import BadInput

MOST_BODY_BYTES = 512 * 1024

Form = TypeVar("Form", bound=BaseModel)


def body(form: type[Form]) -> Form:
    """Return the JSON object in the body; no body at all is an empty object.

    Raises BadInput, UnsupportedMediaType, RequestEntityTooLarge.
    """
    request.max_content_length = MOST_BODY_BYTES
    try:
        content = request.get_data()
    except RequestEntityTooLarge as error:
        sentence = f"the body is over {MOST_BODY_BYTES // 1024} KiB: send less"
        raise RequestEntityTooLarge(sentence) from error
    if content and request.mimetype != "application/json":
        raise UnsupportedMediaType("send JSON with Content-Type: application/json")
    try:
        return form.model_validate_json(content or b"{}", strict=True)
    except ValidationError as error:
        raise BadInput(mistakes(error, form.model_fields, "field")) from error


def parameters(form: type[Form]) -> Form:
    """Return the parameters in the address; only a list may come more than once.

    Raises BadInput.
    """
    given: dict[str, object] = {}
    for name, values in request.args.lists():
        known = form.model_fields.get(name)
        if known is not None and get_origin(known.annotation) is tuple:
            given[name] = values
        elif len(values) > 1:
            raise BadInput([Mistake(name, f"{name} comes {len(values)} times: send it once")])
        else:
            given[name] = values[0]
    try:
        return form.model_validate(given)
    except ValidationError as error:
        raise BadInput(mistakes(error, form.model_fields, "parameter")) from error
