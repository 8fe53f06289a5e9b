"""What a program may send: the parameters of lists, and the fields of actions."""

from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field
from pydantic.config import JsonDict

from bridge.icinga.text import clean, is_storable

MOST_TEXT_BYTES = 64 * 1024
HIGHEST = 2**63 - 1
# For the document only: what is blank is refused where it is known why.
NOT_BLANK: JsonDict = {"pattern": r"\S"}

State = Literal["open", "waiting", "resolved", "closed", "merged"]
Priority = Literal["P1", "P2", "P3", "P4"]


def _storable(text: str) -> str:
    if not is_storable(text):
        raise ValueError("holds a character that no text has")
    return text


def _fitting(text: str) -> str:
    if len(text.encode()) > MOST_TEXT_BYTES:
        raise ValueError(f"is over {MOST_TEXT_BYTES // 1024} KiB: send less")
    return clean(text, MOST_TEXT_BYTES)


def _apart(values: object) -> object:
    """Return `a,b` and `a` `b` alike, each once."""
    if not isinstance(values, list):
        return values
    return tuple(dict.fromkeys(one for value in values for one in value.split(",")))


Wanted = Annotated[str, Field(min_length=1, max_length=200), AfterValidator(_storable)]
Words = Annotated[str, AfterValidator(_fitting)]


class Form(BaseModel):
    """Fields that a program sends; none that is not known."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Paging(Form):
    """Which part of a list is wanted."""

    cursor: int | None = Field(
        default=None, ge=0, le=HIGHEST, description="Comes in `next`: follow that as it is."
    )
    limit: int = Field(default=50, ge=1, le=200, description="How many at once.")


class TicketFilter(Paging):
    """Which tickets are wanted; without any filter all of them."""

    state: Annotated[tuple[State, ...], BeforeValidator(_apart)] = Field(
        default=(), description="One of these states."
    )
    customer: Wanted | None = Field(default=None, description="The number of the customer.")
    priority: Annotated[tuple[Priority, ...], BeforeValidator(_apart)] = Field(
        default=(), description="One of these priorities."
    )
    source: Wanted | None = Field(default=None, description="Where the ticket came from.")
    text: Wanted | None = Field(
        default=None,
        description="Stands in the title, in the name of host or service, or in what the check"
        " said last; in any case.",
    )


class ContractFilter(Paging):
    """Which contracts are wanted."""

    customer: Wanted | None = Field(default=None, description="The number of the customer.")


class ReportChoice(Form):
    """Whose report of which month is wanted."""

    customer: Wanted = Field(description="The number of the customer.")
    month: str = Field(
        max_length=16, description="Year and month, such as 2026-11, in the customer's zone."
    )


class At(Form):
    """The moment that is asked for."""

    at: str | None = Field(
        default=None,
        max_length=64,
        description="ISO 8601; without an offset it is local to the schedule (a repeated hour"
        " means the first, a skipped one is refused); without it: now.",
    )


class Nothing(Form):
    """No fields; the body may be left out."""


class Text(Form):
    """What somebody has to say."""

    text: Words = Field(
        description="At most 64 KiB; a few words at least.", json_schema_extra=NOT_BLANK
    )


class Owner(Form):
    """Whose the ticket shall be."""

    owner: str = Field(
        max_length=64, description="The id of one of our people.", json_schema_extra=NOT_BLANK
    )
