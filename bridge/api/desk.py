"""What the desk file says, for programs to read: customers, contracts, who is on call."""

from flask.typing import ResponseReturnValue

from bridge import utc
from bridge.api import desk_queries, shapes
from bridge.api.answering import answered, next_page
from bridge.api.blueprint import blueprint
from bridge.api.forms import At, ContractFilter, Paging
from bridge.api.reading import parameters
from bridge.calendars.suggestions import did_you_mean
from bridge.errors import NotFound
from bridge.oncall import rotation
from bridge.oncall.local_form import moment_from_plain
from bridge.oncall.schedule import Schedule
from bridge.web import here


class UnknownSchedule(NotFound):
    """No schedule of the desk file has this id."""


@blueprint.get("/customers")
def customers() -> ResponseReturnValue:
    """Return customers in the order of the desk file (200); 400."""
    wanted = parameters(Paging)
    with here().database.reading() as session:
        directory = here().directories.current(session)
        found, rest = desk_queries.customers(session, directory, wanted)
    return answered(shapes.CustomerList(items=list(found), next=next_page(rest)))


@blueprint.get("/contracts")
def contracts() -> ResponseReturnValue:
    """Return contracts as they stand now, in the order of the desk file (200); 400."""
    wanted = parameters(ContractFilter)
    with here().database.reading() as session:
        directory = here().directories.current(session)
        found, rest = desk_queries.contracts(session, directory, wanted, utc.now())
    return answered(shapes.ContractList(items=list(found), next=next_page(rest)))


@blueprint.get("/schedules/<label>/on-call")
def on_call(label: str) -> ResponseReturnValue:
    """Return who is on call, now or at a moment, and until when (200); 400, 404."""
    asked = parameters(At).at
    with here().database.reading() as session:
        schedules = here().directories.current(session).schedules
    schedule = schedules.get(label)
    if schedule is None:
        hint = did_you_mean(label[:64], schedules)
        raise UnknownSchedule(f"there is no schedule {label[:64]!r}{hint}")
    return answered(_on_call(schedule, asked))


def _on_call(schedule: Schedule, asked: str | None) -> shapes.OnCall:
    # The plus of an offset that nobody has escaped arrives as a space.
    text = asked.replace(" ", "+") if asked and "T" in asked else asked
    at = utc.now() if text is None else moment_from_plain(text, schedule.timezone)
    return shapes.OnCall(
        at=at,
        on_call=list(rotation.on_call(schedule, at)),
        until=rotation.until(schedule, at),
    )
