"""Escalation policies, for programs to read: what they are, and what happens if nobody answers."""

from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from bridge import utc
from bridge.api import policy_shapes
from bridge.api.answering import answered, next_page
from bridge.api.blueprint import blueprint
from bridge.api.forms import Paging
from bridge.api.reading import parameters
from bridge.flows import flights
from bridge.flows.directory import Directory
from bridge.oncall.local_form import moment_from_plain
from bridge.web import here


@blueprint.get("/policies")
def policies() -> ResponseReturnValue:
    """Return the policies in the order of the desk file (200); 400."""
    wanted = parameters(Paging)
    with here().database.reading() as session:
        known = list(here().directories.current(session).policies.items())
    begin = wanted.cursor or 0
    end = begin + wanted.limit
    items = [
        policy_shapes.Policy(
            id=label, steps=len(one.steps), rounds=one.rounds, fallback=list(one.fallback)
        )
        for label, (_, one) in known[begin:end]
    ]
    rest = end if len(known) > end else None
    return answered(policy_shapes.PolicyList(items=items, next=next_page(rest)))


@blueprint.get("/policies/<policy>/plan")
def flight_plan(policy: str) -> ResponseReturnValue:
    """Return who is paged when and how, if nobody answers (200); 400, 404."""
    asked = parameters(policy_shapes.FlightQuestion)
    with here().database.reading() as session:
        directory = here().directories.current(session)
        return answered(_plan(session, directory, policy, asked))


def _plan(
    session: Session, directory: Directory, label: str, asked: policy_shapes.FlightQuestion
) -> policy_shapes.FlightPlan:
    policy = flights.policy_called(directory, label)
    zone = flights.zone_of(policy, directory.roster)
    if asked.address:
        zone = flights.customer_zone(session, directory, asked.address) or zone
    # The plus of an offset that nobody has escaped arrives as a space.
    text = asked.at.replace(" ", "+") if asked.at and "T" in asked.at else asked.at
    at = utc.now() if text is None else moment_from_plain(text, zone)
    cover = flights.cover_at(directory, asked.address, at) if asked.address else None
    found = flights.flight(policy, asked.priority, directory.roster, at, cover)
    steps = [policy_shapes.PlannedStep.model_validate(one.as_json()) for one in found.pages]
    return policy_shapes.FlightPlan(at=at, deadline=found.deadline, steps=steps)
