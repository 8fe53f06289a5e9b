"""The pages that draw the sample people's phones."""

import hashlib
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from flask import Blueprint, current_app, make_response, render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from bridge import utc
from bridge.dashboard import refusals, visitor
from bridge.dashboard.on_call import on_call_now
from bridge.dashboard.wording import moments, page_language
from bridge.demo.phones import PEOPLE, Message, Phones
from bridge.demo.standing import Standing, standing
from bridge.errors import NotFound
from bridge.flows import links
from bridge.flows.directory import Directory
from bridge.keys import BadLink
from bridge.web import here

EXTENSION = "bridge.phones"
COMMANDS = """\
TOKEN=$(%(program)s token add "try-$(date +%%s)" --scope webhook --source icinga-main)

icinga_says() {
  curl -H "Authorization: Bearer $TOKEN" -H "Content-Type: application/json" \\
    %(url)s/webhooks/icinga -d '{"id": "'"$(date +%%s)-$RANDOM"'", "time": '"$(date +%%s)"',
      "type": "'"$1"'", "host": {"name": "web01", "state": "'"$2"'"},
      "vars": {"address": "acme-247@desk.example"}}'
}

icinga_says PROBLEM DOWN
icinga_says RECOVERY UP
"""

blueprint = Blueprint(
    "phones",
    __name__,
    url_prefix="/demo",
    template_folder="templates",
    static_folder="static",
    static_url_path="/static",
)


class NobodysPhone(NotFound):
    """None of the sample people has this phone."""


@dataclass(frozen=True)
class Shown:
    """A message on a phone, and how its ticket stands by now; None where it names none."""

    message: Message
    ticket: Standing | None


@dataclass(frozen=True)
class Phone:
    """One phone: whose it is, the schedules that person is on call in, and what it shows."""

    person: str
    name: str
    duties: tuple[str, ...]
    shown: tuple[Shown, ...]

    @property
    def tag(self) -> str:
        """Return what stays the same as long as the phone looks the same."""
        looks = repr((self.duties, self.shown, page_language()))
        return hashlib.blake2b(looks.encode(), digest_size=9).hexdigest()


@blueprint.before_request
def _gate() -> ResponseReturnValue | None:
    """Let in who has logged in; the demo's own page opens the door itself."""
    if request.endpoint == "phones.static" or visitor.visitor() is not None:
        return None
    return refusals.refuse_stranger()


def phone(session: Session, directory: Directory, person: str) -> Phone:
    """Return the phone of one of the sample people; raises NobodysPhone."""
    if person not in PEOPLE or person not in directory.people:
        raise NobodysPhone(f"there is no phone of {person}")
    name = directory.people[person].name
    names = {label: one.name for label, one in directory.people.items()}
    on_call = on_call_now(directory.schedules, names, utc.now())
    phones: Phones = current_app.extensions[EXTENSION]
    messages = phones.messages(person)
    numbers = [_number(one) for one in messages]
    tickets = {number: standing(session, number) for number in {*numbers} if number is not None}
    return Phone(
        person=person,
        name=name,
        duties=tuple(one.schedule for one in on_call if name in one.people),
        shown=tuple(
            Shown(one, tickets.get(number or 0))
            for one, number in zip(messages, numbers, strict=True)
        ),
    )


def all_phones(session: Session, directory: Directory) -> Sequence[Phone]:
    """Return the phones of the sample people who are (still) there."""
    there = [person for person in PEOPLE if person in directory.people]
    return [phone(session, directory, person) for person in there]


def _number(message: Message) -> int | None:
    """Return the ticket that the link of a message is about; None where it has no good one."""
    try:
        return links.read(here().keys, message.token).ticket_number
    except BadLink:
        return None


@blueprint.get("/phone/<person>")
def show_phone(person: str) -> ResponseReturnValue:
    """Answer what the phone shows (200), or 204 as long as it is what the caller has seen."""
    with here().database.reading() as session:
        directory = here().directories.current(session)
        found = phone(session, directory, person)
    if found.tag == request.args.get("seen"):
        return "", 204
    at = moments(directory, utc.now())
    return make_response(render_template("demo/messages.html", phone=found, at=at))


@blueprint.get("/phones")
def show_phones() -> ResponseReturnValue:
    """Show the phones beside a real desk that tries the sample out (200), and how to ring them."""
    now = utc.now()
    with here().database.reading() as session:
        directory = here().directories.current(session)
        found = all_phones(session, directory)
    return render_template(
        "demo/phones.html",
        phones=found,
        at=moments(directory, now),
        person=visitor.must_visitor(),
        desk_name=directory.desk.name,
        commands=COMMANDS
        % {
            "program": _program(),
            "url": here().settings.public_url,
        },
    )


def _program() -> str:
    """Return how this program was called, which works from the same folder again."""
    called = Path(sys.argv[0])
    return str(called) if called.name == "bridge" else "bridge"
