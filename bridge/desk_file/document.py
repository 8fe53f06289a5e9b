"""The whole desk file as values: its sections, None where a section is absent."""

from typing import Any

from pydantic import Field

from bridge.desk_file.document_calendars import CalendarForm
from bridge.desk_file.document_customers import CustomerForm
from bridge.desk_file.document_desk import DeskForm, MailboxForm, SourceForm
from bridge.desk_file.document_policies import PolicyForm
from bridge.desk_file.document_schedules import ScheduleForm
from bridge.desk_file.document_staff import StaffMember, Team
from bridge.desk_file.entry import Entry, Many
from bridge.desk_file.values import Name


class Document(Entry):
    """A desk file. An absent section is None and left alone; an empty one says: there are none."""

    calendars: dict[Name, CalendarForm] | None = Field(
        default=None, description="Service hours by name."
    )
    staff: Many[StaffMember] | None = Field(default=None, description="Our own people.")
    teams: dict[Name, Team] | None = Field(default=None, description="Teams by name.")
    schedules: dict[Name, ScheduleForm] | None = Field(
        default=None, description="Who is on call when, by name."
    )
    policies: dict[Name, PolicyForm] | None = Field(
        default=None, description="Ways to escalate, by name."
    )
    customers: Many[CustomerForm] | None = Field(default=None, description="Whom we serve.")
    desk: DeskForm | None = Field(default=None, description="The desk itself.")
    sources: Many[SourceForm] | None = Field(default=None, description="Icinga instances.")
    mailboxes: Many[MailboxForm] | None = Field(default=None, description="Mailboxes to read.")

    def plain(self, *, complete: bool = False) -> dict[str, Any]:
        """Return the sections that are there in their one written form, entries by name."""
        whole = super().plain(complete=complete)
        plain = {section: entries for section, entries in whole.items() if entries is not None}
        for section, key in (
            ("staff", "id"), ("customers", "number"), ("sources", "id"), ("mailboxes", "id"),
        ):  # fmt: skip
            if section in plain:
                plain[section] = sorted(plain[section], key=lambda entry: str(entry[key]))
        for section in ("calendars", "teams", "schedules", "policies"):
            if section in plain:
                plain[section] = dict(sorted(plain[section].items()))
        return plain
