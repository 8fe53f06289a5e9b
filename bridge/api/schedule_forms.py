"""What a program may say about who is on call, and what it is told."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import Field

from bridge.api.forms import Form, Wanted
from bridge.api.shapes import Shape

MOST_PEOPLE = 50
Person = Annotated[Wanted, Field(max_length=64)]
People = Person | Annotated[list[Person], Field(min_length=1, max_length=MOST_PEOPLE)] | None


class NewOverride(Form):
    """A change to who is on call: exactly one of replace (with `with`), add, remove, cover."""

    from_: str = Field(
        alias="from",
        max_length=64,
        description="ISO 8601; without an offset it is local to the schedule (a repeated hour"
        " means the first, a skipped one is refused).",
    )
    to: str = Field(max_length=64, description="The same; after `from`, by 400 days at most.")
    replace: Person | None = Field(default=None, description="Whose place is taken.")
    with_: People = Field(
        default=None, alias="with", description="Who takes it: an id, or several."
    )
    add: People = Field(default=None, description="Who is on call besides.")
    remove: People = Field(default=None, description="Who is not on call.")
    cover: People = Field(default=None, description="Who is on call instead of everybody else.")


class MadeOverride(Shape):
    """A change to who is on call that was made at a page, by a program or an import."""

    id: int
    starts_at: datetime = Field(alias="from")
    ends_at: datetime = Field(alias="to")
    kind: Literal["replace", "add", "remove", "cover"]
    people: list[str] = Field(description="Who comes; for `remove`, who goes.")
    replaced: str | None = Field(description="For `replace`, whose place is taken.")
    created_at: datetime
    created_by: str | None = Field(description="The id of one of our people; null: a program.")


class Schedule(Shape):
    """A schedule, and who is on call in it now."""

    id: str
    timezone: str
    people: list[str] = Field(description="The ids of all who take turns.")
    on_call: list[str] = Field(description="The ids of who is on call now; empty: nobody.")
    until: datetime | None = Field(description="Null: it never changes.")
    next: list[str] = Field(description="Who is on call after that.")
    overrides: list[MadeOverride] = Field(description="Not those of the desk file, nor past ones.")


class ScheduleList(Shape):
    """Schedules in the order of the desk file."""

    items: list[Schedule]
    next: str | None


class Withdrawn(Shape):
    """An override that is not there any more."""

    id: int
    withdrawn_at: datetime
