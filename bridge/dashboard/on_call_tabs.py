"""The tabs over the pages about who is called, and how."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import current_app, request, url_for

from bridge.dashboard.blueprint import blueprint
from bridge.dashboard.visitor import Right, visitor
from bridge.dashboard.wording import gettext as _


@dataclass(frozen=True)
class Tab:
    """One tab. is_here: the page that is shown belongs to it."""

    words: str
    address: str
    is_here: bool


@blueprint.app_template_global()
def on_call_tabs() -> list[Tab]:
    """Return the tabs of the visitor; what they may not do, and what is not there, has none.

    A page belongs to the tab that names its endpoint; the first one named is where it leads.
    """
    pages: list[tuple[str, Sequence[str]]] = [
        (_("Shifts"), ("on_call", "make_override")),
        (_("Policies"), ("policies", "policy")),
        (_("People"), ("people", "person")),
        (_("My calendars"), ("calendars", "make_calendar")),
    ]
    person = visitor()
    if person is not None and person.may(Right.ACT):
        absences = ("absences", "look_at_absences", "import_absences")
        pages.append((_("Absences"), absences))
    return [
        Tab(words, url_for(f"dashboard.{names[0]}"), _is_here(names))
        for words, names in pages
        if f"dashboard.{names[0]}" in current_app.view_functions
    ]


def _is_here(names: Sequence[str]) -> bool:
    return request.endpoint in {f"dashboard.{name}" for name in names}
