"""The demo's own page: the board, the phones, and what just happened in a sentence."""

from dataclasses import dataclass

from flask import Blueprint, current_app, make_response, render_template, request, session
from flask.typing import ResponseReturnValue

from bridge import utc
from bridge.dashboard import desk_queries, visitor
from bridge.dashboard.visitor import Visitor
from bridge.dashboard.wording import gettext, moments, page_language
from bridge.demo.day import DAY
from bridge.demo.phone_pages import all_phones
from bridge.demo.player import OPENED
from bridge.demo.stage import GUEST
from bridge.demo.story import Kind, Line, Story
from bridge.demo.telling import Teller, Told
from bridge.flows.directory import Directory
from bridge.staff import queries as staff
from bridge.web import here

EXTENSION = "bridge.demo_folder"

blueprint = Blueprint("demo", __name__, url_prefix="/demo")


@dataclass(frozen=True)
class Shown:
    """How far the day is: waiting, playing or over; what was told, the newest first."""

    stage: str
    played: int
    told: tuple[Told, ...]
    tag: str

    @property
    def scenes(self) -> int:
        """Return how many scenes the day has."""
        return len(DAY)


@blueprint.get("")
def demo() -> ResponseReturnValue:
    """Let the visitor in as the guest, without a password, and show the demo (200)."""
    person = visitor.visitor() or _let_in()
    (current_app.extensions[EXTENSION] / OPENED).touch()
    now = utc.now()
    with here().database.reading() as reading:
        directory = here().directories.current(reading)
        found = all_phones(reading, directory)
    return render_template(
        "demo/demo.html",
        phones=found,
        story=_shown(directory),
        at=moments(directory, now),
        person=person,
        desk_name=directory.desk.name,
    )


@blueprint.get("/story")
def story() -> ResponseReturnValue:
    """Answer the story so far (200), or 204 as long as it is what the caller has seen."""
    with here().database.reading() as reading:
        directory = here().directories.current(reading)
    found = _shown(directory)
    if found.tag == request.args.get("seen"):
        return "", 204
    at = moments(directory, utc.now())
    return make_response(render_template("demo/story.html", story=found, at=at))


def _let_in() -> Visitor:
    with here().database.reading() as reading:
        guest = staff.person(reading, GUEST)
        assert guest is not None, "the demo's stage has a guest"
        found = visitor.known(desk_queries.person(reading, guest.id))
    assert found is not None, "the guest can log in"
    visitor.enter(found)
    # The guest is anybody: the browser knows better which language is theirs.
    session.pop(visitor.LANGUAGE)
    return found


def _shown(directory: Directory) -> Shown:
    lines = Story(current_app.extensions[EXTENSION]).so_far()
    teller = Teller(gettext, moments(directory, utc.now()))
    told = tuple(one for one in map(teller.told, reversed(lines)) if one is not None)
    stage = _stage(lines)
    return Shown(
        stage=stage,
        played=sum(line.kind is Kind.SCENE for line in lines),
        told=told,
        tag=f"{len(lines)}-{page_language()}",
    )


def _stage(lines: list[Line]) -> str:
    if not lines:
        return "waiting"
    return "over" if any(line.kind is Kind.OVER for line in lines) else "playing"
