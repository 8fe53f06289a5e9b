"""Who is reached how, and the button that tests it."""

import re
from datetime import timedelta

from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from bridge.flows import channel_health
from bridge.installation import Installation
from bridge.oncall.models import ChannelTest
from bridge.outbox.models import OutboxEntry
from bridge.outbox.outcome import Outcome
from bridge.staff.models import Channel, StaffMember
from tests import builders
from tests.builders import MONDAY_9_UTC as NOW
from tests.dashboard import world


def words(answer: TestResponse) -> str:
    html = re.sub(r"</?bdi>", "", answer.get_data(as_text=True))
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


def channel(desk: Installation, person: str, label: str) -> int:
    with builders.looking(desk) as session:
        statement = (
            select(Channel.id)
            .join(StaffMember)
            .where(StaffMember.label == person, Channel.label == label)
        )
        return session.scalars(statement).one()


def ended(desk: Installation, channel_id: int, outcome: Outcome, minutes: float) -> None:
    with desk.database.transaction() as session:
        now = NOW + timedelta(minutes=minutes)
        channel_health.note(session, channel_id, outcome, "no credit", now)


def test_each_channel_says_when_it_last_worked_and_why_it_fails(
    anna: FlaskClient, desk: Installation
) -> None:
    push, sms = channel(desk, "anna", "push"), channel(desk, "anna", "sms")
    ended(desk, push, Outcome.ACCEPTED, -60)
    ended(desk, sms, Outcome.FAILED_FOR_GOOD, -30)

    shown = words(anna.get("/people"))

    assert "push Mon 23 Nov 09:00 CET" in shown
    assert "sms never yet failed Mon 23 Nov 09:30 CET: no credit" in shown


def test_whoever_is_on_call_stands_first(anna: FlaskClient, desk: Installation) -> None:
    html = anna.get("/people").get_data(as_text=True)

    first = html.index('class="on-call"')
    assert first < html.index('id="person-lead"')


def test_the_button_queues_a_test_on_the_way_of_pages(
    anna: FlaskClient, desk: Installation
) -> None:
    push = channel(desk, "anna", "push")

    answer = world.post(anna, f"/people/channels/{push}/test", "/people")

    assert answer.status_code == 303
    assert "on its way" in words(anna.get("/people"))
    with builders.looking(desk) as session:
        (row,) = session.scalars(select(ChannelTest))
        assert (row.channel_id, row.state) == (push, "scheduled")
        assert session.scalars(select(OutboxEntry)).one().door == "test"


def test_a_channel_that_is_gone_is_said_to_be(anna: FlaskClient, desk: Installation) -> None:
    world.post(anna, "/people/channels/99999/test", "/people")

    assert "This channel is not there any more." in words(anna.get("/people"))


def test_no_address_of_a_channel_is_shown(anna: FlaskClient, desk: Installation) -> None:
    html = anna.get("/people").get_data(as_text=True)

    assert "json://" not in html
    assert "secret:" not in html
