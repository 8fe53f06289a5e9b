"""The part `hours` of a contract: the hours account and its tariff."""

import re
from datetime import timedelta
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, WithJsonSchema

from bridge.desk_file.document_calendars import Holidays
from bridge.desk_file.durations import Minutes, PositiveMinutes
from bridge.desk_file.entry import Entry
from bridge.desk_file.values import CalendarMonth, Factor, Name

USABLE = re.compile(r"usable ([1-9][0-9]{0,2}) months?")
QUARTER = timedelta(minutes=15)

How = Literal["remote", "onsite", "phone", "mail", "monitoring"]


def _at_end(text: str) -> str:
    if text in ("forfeit", "payout"):
        return text
    found = USABLE.fullmatch(text)
    if not found:
        raise ValueError(f'{text!r:.40} is unknown: write forfeit, payout, or "usable 2 months"')
    return f"usable {found[1]} month" if found[1] == "1" else f"usable {found[1]} months"


class HowTerms(Entry):
    """What an entry costs at least, and in which steps, for one way of working."""

    increment: PositiveMinutes | None = Field(default=None, description="Rounded up to this.")
    minimum: PositiveMinutes | None = Field(
        default=None, description="What an entry costs at least."
    )


class OutsideFactor(Entry):
    """The factor outside the hours of a calendar."""

    calendar: Name = Field(description="Inside its hours the factor is 1.")
    factor: Factor = Field(description="From 1 to 100, as text or number; exact.")


class HolidayFactor(Holidays):
    """The factor on public holidays."""

    factor: Factor = Field(description="From 1 to 100, as text or number; exact.")


class Tariff(Entry):
    """Factors by the time of the work; the highest that applies counts."""

    outside: OutsideFactor | None = Field(
        default=None, description="Outside the hours of a calendar."
    )
    weekend: Factor | None = Field(default=None, description="On Saturdays and Sundays.")
    holiday: HolidayFactor | None = Field(default=None, description="On public holidays.")


class HoursForm(Entry):
    """An hours account: a monthly credit, an overdraft, and what an entry costs."""

    monthly: Minutes = Field(default=timedelta(0), description="Credit of each month.")
    first_month: Minutes | None = Field(
        default=None, description="Credit of the first month; without it that of every month."
    )
    overdraft: Minutes = Field(default=timedelta(0), description="How far it may be overdrawn.")
    from_: CalendarMonth | None = Field(
        default=None,
        alias="from",
        description="The first month; without it the month the contract is valid from.",
    )
    increment: PositiveMinutes = Field(default=QUARTER, description="Rounded up to this.")
    minimum: PositiveMinutes = Field(default=QUARTER, description="What an entry costs at least.")
    by_how: dict[How, HowTerms] = Field(default={}, description="Other terms by way of working.")
    tariff: Tariff = Field(default=Tariff(), description="Factors by the time of the work.")
    beyond: Literal["invoice", "carry"] = Field(
        default="invoice", description="What happens beyond the overdraft at the month's close."
    )
    cap: Minutes | None = Field(
        default=None, description="More than this expires at the month's close; null: never."
    )
    expires_after: Annotated[int, Field(ge=1, le=120)] | None = Field(
        default=None, description="Months after which unused credit expires; null: never."
    )
    close_on: Annotated[int, Field(ge=1, le=28)] | None = Field(
        default=None, description="The day of the next month that closes one; null: by hand."
    )
    at_end: (
        Annotated[
            str,
            AfterValidator(_at_end),
            WithJsonSchema({"type": "string", "pattern": f"^(forfeit|payout|{USABLE.pattern})$"}),
        ]
        | None
    ) = Field(
        default=None,
        description='What happens to hours left at the end: forfeit, payout, or "usable 2 months".',
    )

    @property
    def usable_months(self) -> int | None:
        """Return how many months the rest stays usable after the end; None if it does not."""
        found = USABLE.fullmatch(self.at_end or "")
        return int(found[1]) if found else None
