"""The live board's pages: the whole page, and the part of it that refreshes itself."""

from dataclasses import replace
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

from flask import Response, make_response, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import generate_csrf

from bridge import utc
from bridge.dashboard.blueprint import blueprint
from bridge.dashboard.board_page import (
    Board,
    Wanted,
    content_tag,
    pulse_tag,
    read_board,
    read_desk,
)
from bridge.dashboard.board_rows import Show, Worth
from bridge.dashboard.row_cache import Rendering
from bridge.dashboard.urgency import Section
from bridge.dashboard.visitor import Right, Visitor, must_visitor, told
from bridge.dashboard.wording import moments, page_language
from bridge.flows.directory import Directory
from bridge.web import here

REFRESH_SECONDS = 4


def wanted_from(arguments: dict[str, str], person: Visitor) -> Wanted:
    """Return what a board's query asks for; what makes no sense counts as absent."""
    shows = {one.value: one for one in Show}
    worths = {one.value: one for one in Worth}
    return Wanted(
        staff_id=person.staff_id,
        show=shows.get(arguments.get("show", ""), Show.ALL),
        customer=arguments.get("customer", "")[:64],
        team=arguments.get("team", "")[:64],
        worth=worths.get(arguments.get("guarantee", ""), Worth.ANY),
        everything=arguments.get("rows") == "all",
        wall=arguments.get("wall") == "1",
    )


def query_of(wanted: Wanted, **changes: Any) -> str:
    """Return the query of the board that shows what is wanted, with these fields changed."""
    changed = replace(wanted, **changes)
    values = {
        "show": "" if changed.show is Show.ALL else changed.show.value,
        "customer": changed.customer,
        "team": changed.team,
        "guarantee": changed.worth.value,
        "rows": "all" if changed.everything else "",
        "wall": "1" if changed.wall else "",
    }
    return "?" + urlencode({key: value for key, value in values.items() if value})


@blueprint.get("/")
def board() -> ResponseReturnValue:
    """Show the board (200); it then refreshes itself from `/board`."""
    return board_answer(must_visitor(), request.args.to_dict(), whole=True, said=told())


@blueprint.get("/board")
def board_part() -> ResponseReturnValue:
    """Answer the board's changing part (200), or 304 while the caller's ETag still holds."""
    return board_answer(must_visitor(), request.args.to_dict(), whole=False)


def board_answer(
    person: Visitor, arguments: dict[str, str], *, whole: bool, said: str = ""
) -> Response:
    """Return the board, or its changing part, for `person`; `said` is told on top of it."""
    here_now, now = here(), utc.now()
    wanted, language = wanted_from(arguments, person), page_language()
    interval = timedelta(seconds=here_now.settings.reconcile_seconds)
    known_pulse, _, known_content = request.if_none_match.to_header().strip('"').partition(".")
    with here_now.database.reading() as session:
        directory = here_now.directories.current(session)
        desk = read_desk(session, directory, interval, now)
        pulse = pulse_tag(desk, directory.revision, wanted, language, now)
        if not whole and not said and pulse == known_pulse:
            return _unchanged(f"{pulse}.{known_content}")
        shown = read_board(session, directory, desk, wanted, now)
    content = content_tag(shown, language)
    if not whole and not said and content == known_content:
        return _unchanged(f"{pulse}.{content}")
    tag = f"{pulse}.{content}"
    answer = make_response(_page(directory, shown, wanted, person, tag, whole=whole, said=said))
    if not whole:
        answer.set_etag(tag)
    return answer


def _unchanged(tag: str) -> Response:
    answer = make_response("", 304)
    answer.set_etag(tag)
    return answer


def _page(
    directory: Directory,
    shown: Board,
    wanted: Wanted,
    person: Visitor,
    tag: str,
    *,
    whole: bool,
    said: str,
) -> str:
    at, token = moments(directory, shown.now), generate_csrf()
    may_act = person.may(Right.ACT) and not wanted.wall
    back = url_for("dashboard.board") + query_of(wanted)
    hour = int(shown.now.timestamp()) // 3600
    beside = (at.language, at.zone, hour, may_act, token, back)
    return render_template(
        "dashboard/board.html" if whole else "dashboard/board_part.html",
        board=shown,
        wanted=wanted,
        shows=Show,
        sections=Section,
        query_of=query_of,
        person=person,
        may_act=may_act,
        token=token,
        back=back,
        # Without a script the countdowns of the whole page stay as they are.
        rendering=Rendering(beside, is_kept=not whole),
        desk_name=directory.desk.name,
        at=at,
        refresh_seconds=REFRESH_SECONDS,
        said=said,
        tag=tag,
    )
