"""What the API answers with for an SLA report."""

from datetime import datetime

from pydantic import Field

from bridge.api.shapes import CustomerReference, Shape


class Counts(Shape):
    """How many promises there were, and what became of them; `promised` is the sum."""

    promised: int
    kept: int
    missed: int
    cancelled: int
    merged: int
    percentage: float | None = Field(
        description="Of those kept or missed, rounded down to a tenth; null where there is none."
    )


class Group(Shape):
    """The counts of one priority, kind, class or contract; a table of them adds up to `total`."""

    name: str
    counts: Counts


class Bucket(Shape):
    """How many were at most `up_to`, and more than that of the bucket before."""

    up_to: int | None = Field(description="Null: without an end.")
    count: int


class Times(Shape):
    """Response times in open time, of those that were kept or missed."""

    answered: int
    unanswered: int = Field(description="Missed without an answer; they have no time.")
    median_seconds: int | float | None
    p90_seconds: int | float | None
    by_share: list[Bucket] = Field(description="In per cent of the target.")
    by_minutes: list[Bucket]


class TimesGroup(Shape):
    """The response times of one priority."""

    name: str
    times: Times


class Line(Shape):
    """One promise in a report."""

    ticket: int
    title: str
    kind: str = Field(description="response, update or solution.")
    nth: int
    rule: str | None
    contract: str
    ticket_class: str = Field(serialization_alias="class")
    priority: str
    guaranteed: bool
    outcome: str = Field(description="kept, missed, cancelled, merged or not_due.")
    started_at: datetime
    due_at: datetime | None
    stopped_at: datetime | None = Field(description="Null: nobody has answered yet.")
    target_minutes: int
    consumed_seconds: int | float = Field(description="Open time up to the stop, or to `as_of`.")
    counted_from: datetime
    counted_minutes: int
    count_seconds: int | float
    ended_by: str | None = Field(description="The event of the journal that stopped it.")


class Standing(Shape):
    """What was, or is, to be told of a promise."""

    outcome: str
    due_at: datetime | None
    stopped_at: datetime | None


class Change(Shape):
    """A promise of a frozen month that is not as it was told."""

    ticket: int
    kind: str
    nth: int
    title: str
    before: Standing | None = Field(description="Null: it did not count in that month.")
    after: Standing | None = Field(description="Null: it no longer counts in that month.")


class Correction(Shape):
    """What has changed in a frozen month since it was told."""

    month: str
    before: Counts
    after: Counts
    changes: list[Change]


class Frozen(Shape):
    """That the report stays as it is; the sums are of the CSV and PDF that were told."""

    at: datetime
    by: str = Field(description="A name; `bridge`: by itself.")
    csv_sha256: str
    pdf_sha256: str
    mailed_at: datetime | None


class Report(Shape):
    """The SLA report of one customer and month; only guaranteed promises count."""

    customer: CustomerReference
    month: str
    timezone: str
    begins_at: datetime
    ends_at: datetime
    as_of: datetime
    provisional: bool = Field(description="The month was not over.")
    frozen: Frozen | None
    total: Counts
    by_priority: list[Group]
    by_kind: list[Group]
    by_class: list[Group]
    by_contract: list[Group]
    response_times: Times
    response_times_by_priority: list[TimesGroup]
    missed: list[Line]
    not_due: list[Line] = Field(description="They run, and count when they are decided.")
    without_guarantee: Counts
    lines_without_guarantee: list[Line]
    corrections: list[Correction]
