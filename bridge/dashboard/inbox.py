"""What came in and could not be processed: why, and the button to try again."""

import json
from dataclasses import dataclass
from datetime import datetime

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from bridge import utc
from bridge.dashboard import ticket_queries
from bridge.dashboard.blueprint import blueprint
from bridge.dashboard.visitor import Right, must, must_visitor, told
from bridge.dashboard.wording import moments, ngettext
from bridge.icinga import notification
from bridge.icinga.notification import NotANotification, NotificationType
from bridge.inbox import actions
from bridge.inbox import queries as inbox_queries
from bridge.inbox.models import InboxEntry
from bridge.web import here

# So many of the newest entries are looked through for types that Bridge does not know.
LOOKED_THROUGH = 500
SHOWN_CHARACTERS = 4000


@dataclass(frozen=True)
class Unknown:
    """A notification of a type that Bridge does not know; it did no harm."""

    source: str
    raw_type: str
    where: str
    received_at: datetime


@blueprint.get("/inbox")
def inbox() -> ResponseReturnValue:
    """Show what failed, with its reason, and what was of an unknown type (200)."""
    person = must_visitor()
    with here().database.reading() as session:
        directory = here().directories.current(session)
        failed = inbox_queries.failed(session)
        done = ticket_queries.newest_done(session, LOOKED_THROUGH)
    unknown = [found for found in map(_unknown, done) if found]
    return render_template(
        "dashboard/inbox.html",
        failed=failed,
        payloads={entry.id: _readable(entry.payload) for entry in failed},
        unknown=unknown,
        looked_through=LOOKED_THROUGH,
        person=person,
        may_replay=person.may(Right.REPLAY),
        desk_name=directory.desk.name,
        at=moments(directory, utc.now()),
        said=told(),
    )


def _unknown(entry: InboxEntry) -> Unknown | None:
    try:
        said = notification.parse(json.loads(entry.payload))
    except (ValueError, NotANotification):
        return None
    if said.type is not NotificationType.UNKNOWN:
        return None
    return Unknown(
        entry.source, said.raw_type, " / ".join(filter(None, said.key)), entry.received_at
    )


def _readable(payload: str) -> str:
    """Return a payload in lines, cut to what a person reads."""
    try:
        text = json.dumps(json.loads(payload), ensure_ascii=False, indent=2)
    except ValueError:
        text = payload
    return text if len(text) <= SHOWN_CHARACTERS else text[:SHOWN_CHARACTERS] + "…"


@blueprint.post("/inbox/replay")
def replay() -> ResponseReturnValue:
    """Let one failed entry, or all of them, be processed again and show what is left (303)."""
    must(Right.REPLAY)
    everything = request.form.get("entry") == "all"
    wanted = request.form.get("entry", 0, type=int)
    with here().database.transaction() as session:
        count = actions.replay(session, None if everything else [wanted])
    text = ngettext(
        "%(count)s entry will be processed again.",
        "%(count)s entries will be processed again.",
        count,
    )
    flash(text % {"count": count})
    return redirect(url_for("dashboard.inbox"), 303)
