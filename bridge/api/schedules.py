"""Who is on call, and changes to it, for programs."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from flask.typing import ResponseReturnValue

from bridge import utc
from bridge.api.access import program
from bridge.api.answering import answered, next_page
from bridge.api.blueprint import blueprint
from bridge.api.forms import Nothing, Paging
from bridge.api.reading import body, parameters
from bridge.api.schedule_forms import (
    MadeOverride,
    NewOverride,
    Schedule,
    ScheduleList,
    Withdrawn,
)
from bridge.flows import overrides
from bridge.oncall import queries as oncall
from bridge.oncall.models import ScheduleOverride
from bridge.oncall.rotation import on_call, until
from bridge.oncall.schedule import Schedule as ScheduleValue
from bridge.staff.models import StaffMember
from bridge.web import here

OVERRIDES = "/schedules/<label>/overrides"
LARGEST_ID = "<int(max=999999999999):override_id>"


@blueprint.get("/schedules")
def schedules() -> ResponseReturnValue:
    """Return the schedules with who is on call now (200); 400."""
    wanted, now = parameters(Paging), utc.now()
    with here().database.reading() as session:
        directory = here().directories.current(session)
        made = oncall.made_overrides(session, since=now)
        of_schedule: dict[str, list[ScheduleOverride]] = {}
        for one in made:
            of_schedule.setdefault(one.schedule.label, []).append(one)
    first = wanted.cursor or 0
    labels = list(directory.schedules)[first : first + wanted.limit]
    names = _labels(directory.people.values())
    found = [
        _schedule(label, directory.schedules[label], of_schedule.get(label, ()), names, now)
        for label in labels
    ]
    rest = first + wanted.limit
    is_more = rest < len(directory.schedules)
    return answered(ScheduleList(items=found, next=next_page(rest if is_more else None)))


@blueprint.post(OVERRIDES)
def make_override(label: str) -> ResponseReturnValue:
    """Make an override that is in force at once (201); 400 says what is wrong, 404."""
    form, who, now = body(NewOverride), program(), utc.now()
    plain = form.model_dump(by_alias=True, exclude_none=True)
    with here().database.transaction() as session:
        directory = here().directories.current(session)
        wish = overrides.wish_from_plain(directory, label, plain)
        made = _made(overrides.make(session, directory, wish, who, now), {})
    told = answered(made)
    told.status_code = 201
    return told


@blueprint.delete(f"{OVERRIDES}/{LARGEST_ID}")
def withdraw_override(label: str, override_id: int) -> ResponseReturnValue:
    """Withdraw an override, also one that is in force (200); 404 where there is none."""
    body(Nothing)
    now = utc.now()
    with here().database.transaction() as session:
        directory = here().directories.current(session)
        overrides.withdraw(session, directory, label, override_id, now)
    return answered(Withdrawn(id=override_id, withdrawn_at=now))


def _labels(people: Iterable[StaffMember]) -> dict[int, str]:
    return {person.id: person.label for person in people}


def _schedule(
    label: str,
    schedule: ScheduleValue,
    made: Iterable[ScheduleOverride],
    names: Mapping[int, str],
    now: datetime,
) -> Schedule:
    ends_at = until(schedule, now)
    people = dict.fromkeys(one for layer in schedule.layers for one in layer.people)
    return Schedule(
        id=label,
        timezone=schedule.timezone.key,
        people=list(people),
        on_call=list(on_call(schedule, now)),
        until=ends_at,
        next=list(on_call(schedule, ends_at)) if ends_at else [],
        overrides=[_made(one, names) for one in made],
    )


def _made(row: ScheduleOverride, names: Mapping[int, str]) -> MadeOverride:
    return MadeOverride.model_validate(
        {
            "id": row.id,
            "from": row.starts_at,
            "to": row.ends_at,
            "kind": row.kind,
            "people": row.people,
            "replaced": row.replaced,
            "created_at": row.created_at,
            "created_by": names.get(row.created_by) if row.created_by else None,
        }
    )
