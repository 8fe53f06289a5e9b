"""Health: alive, ready or why not, and the numbers."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine
from flask.testing import FlaskClient
from prometheus_client.parser import text_string_to_metric_families
from sqlalchemy import text

from bridge.database import Database
from bridge.flows import nightly_proof
from bridge.flows.verifying import Portion
from bridge.heartbeats import actions as heartbeats
from bridge.icinga.models import Source
from bridge.inbox import actions as inbox
from bridge.installation import Installation
from bridge.outbox import actions as outbox
from tests.builders import MONDAY_9_UTC as NOW
from tests.builders import fire, hear, keep, notification
from tests.webhooks.conftest import told

WORKS = {"status": "ready", "reasons": []}


@pytest.fixture(autouse=True)
def _now() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def database(installation: Installation) -> Iterator[Database]:
    """A desk whose processes live."""
    beat(installation.database, "worker", 0)
    beat(installation.database, "courier", 0)
    yield installation.database
    with installation.database.transaction() as session:
        session.execute(text("DELETE FROM sources WHERE label = 'with-api'"))


def beat(database: Database, kind: str, seconds: float) -> None:
    with database.transaction() as session:
        heartbeats.beat(session, f"{kind}@a:1", kind, NOW + timedelta(seconds=seconds))


def said_by(client: FlaskClient) -> tuple[int, list[str]]:
    answer = client.get("/readyz")
    return answer.status_code, told(answer)["reasons"]


def numbers(client: FlaskClient) -> dict[str, float]:
    answer = client.get("/metrics")
    assert answer.status_code == 200
    assert answer.mimetype == "text/plain"
    return {
        sample.name
        + "".join(f"{{{k}={v}}}" for k, v in sorted(sample.labels.items())): sample.value
        for family in text_string_to_metric_families(answer.get_data(as_text=True))
        for sample in family.samples
    }


def test_a_process_that_answers_lives(client: FlaskClient) -> None:
    answer = client.get("/healthz")

    assert (answer.status_code, answer.json) == (200, {"status": "ok"})


def test_a_desk_where_everything_works_is_ready(client: FlaskClient, database: Database) -> None:
    answer = client.get("/readyz")

    assert (answer.status_code, answer.json) == (200, WORKS)


def test_without_the_processes_behind_it_it_is_not_ready(client: FlaskClient) -> None:
    status, reasons = said_by(client)

    assert status == 503
    assert reasons == [
        "no worker has ever run: start bridge serve or bridge worker",
        "no courier has ever run: start bridge serve or bridge worker",
    ]


@pytest.mark.parametrize("kind", ["worker", "courier"])
@pytest.mark.parametrize(("seconds", "status"), [(30, 200), (31, 503)])
def test_a_process_may_be_silent_for_half_a_minute(
    client: FlaskClient, database: Database, kind: str, seconds: float, status: int
) -> None:
    beat(database, kind, -seconds)

    assert said_by(client)[0] == status
    if status == 503:
        assert said_by(client)[1] == [f"the {kind} has been silent for 31 s"]


@pytest.mark.parametrize(("seconds", "status"), [(60, 200), (61, 503)])
def test_an_entry_may_wait_in_the_inbox_for_a_minute(
    client: FlaskClient, database: Database, seconds: float, status: int
) -> None:
    with database.transaction() as session:
        keep(session, [notification()], NOW - timedelta(seconds=seconds))

    assert said_by(client)[0] == status
    assert numbers(client)["bridge_inbox_oldest_seconds"] == seconds


def test_what_is_done_or_set_aside_does_not_wait(client: FlaskClient, database: Database) -> None:
    with database.transaction() as session:
        keep(session, [notification(), notification()], NOW - timedelta(days=1))
        first, second = inbox.take(session, 2)
        inbox.finish(session, [first], NOW)
        inbox.fail(session, second.id, "why", NOW)

    assert said_by(client)[0] == 200
    assert numbers(client)["bridge_inbox_oldest_seconds"] == 0
    assert numbers(client)["bridge_inbox_failed"] == 1


@pytest.mark.parametrize(
    ("due", "status", "age"),
    [(-60, 200, 60), (-61, 503, 61), (60, 200, 0)],
    ids=["a minute", "longer", "not yet due"],
)
def test_a_delivery_may_be_due_for_a_minute(
    client: FlaskClient, database: Database, due: float, status: int, age: float
) -> None:
    with database.transaction() as session:
        outbox.queue(session, "page", "a", {}, None, NOW, NOW + timedelta(seconds=due))

    assert said_by(client)[0] == status
    assert numbers(client)["bridge_outbox_oldest_seconds"] == age


def test_a_claimed_delivery_is_still_due_and_a_cancelled_one_is_not(
    client: FlaskClient, database: Database
) -> None:
    with database.transaction() as session:
        outbox.queue(session, "page", "a", {}, None, NOW, NOW - timedelta(seconds=99))
        session.flush()
        (claim,) = outbox.claim(session, "c", 1, timedelta(seconds=120), NOW)
    assert said_by(client)[0] == 503

    with database.transaction() as session:
        session.execute(text("UPDATE outbox SET state = 'waiting'"))
        outbox.cancel(session, [claim.entry_id], "acknowledged", NOW)
    assert said_by(client)[0] == 200


@pytest.mark.parametrize(
    ("api", "reconciled", "status"),
    [
        pytest.param(True, None, 503, id="never asked"),
        pytest.param(True, 90, 200, id="three intervals ago"),
        pytest.param(True, 91, 503, id="longer ago"),
        pytest.param(False, None, 200, id="without an API"),
    ],
)
def test_a_source_with_an_api_is_reconciled_now_and_then(
    client: FlaskClient, database: Database, api: bool, reconciled: float | None, status: int
) -> None:
    document = {"id": "with-api"} | ({"api": "https://icinga.example"} if api else {})
    at = None if reconciled is None else NOW - timedelta(seconds=reconciled)
    error = "NotReachable: refused"
    with database.transaction() as session:
        session.add(
            Source(label="with-api", document=document, reconciled_at=at, reconcile_error=error)
        )

    assert said_by(client)[0] == status
    if status == 503:
        assert said_by(client)[1] == [f"source with-api is not reconciled: {error}"]


def test_the_numbers_have_their_fixed_names(client: FlaskClient, database: Database) -> None:
    with database.transaction() as session:
        session.add(Source(label="with-api", document={}, gap_total=7))

    found = numbers(client)

    assert found["bridge_source_gap_total{source=with-api}"] == 7
    assert found["bridge_source_gap_total{source=icinga-main}"] == 0
    assert found["bridge_inbox_oldest_seconds"] == 0
    assert found["bridge_outbox_oldest_seconds"] == 0


def test_a_page_counts_once_it_is_over(
    client: FlaskClient, installation: Installation, database: Database
) -> None:
    hear(installation, notification(at=NOW), now=NOW)
    assert fire(installation, NOW + timedelta(minutes=1)) > 0
    assert not [name for name in numbers(client) if name.startswith("bridge_pages_total")]
    assert numbers(client)["bridge_tickets{state=open}"] == 1

    with database.transaction() as session:
        done = "UPDATE deliveries SET state = 'accepted', finished_at = created_at FROM tickets"
        count = len(session.execute(text(f"{done} RETURNING deliveries.id")).all())

    assert numbers(client)["bridge_pages_total{outcome=accepted}"] == count


def test_a_source_may_have_any_name(client: FlaskClient, database: Database) -> None:
    with database.transaction() as session:
        session.add(Source(label="with-api", document={}, gap_total=1))
        session.flush()
        session.execute(
            text("UPDATE sources SET label = :label WHERE label = 'with-api'"),
            {"label": 'a "b" \\ ☃'},
        )

    assert numbers(client)['bridge_source_gap_total{source=a "b" \\ ☃}'] == 1
    with database.transaction() as session:
        session.execute(text("DELETE FROM sources WHERE label LIKE 'a %'"))


def test_clocks_that_differ_are_counted_and_keep_nobody_from_being_ready(
    client: FlaskClient, database: Database
) -> None:
    for differing in (3, 0):
        before = numbers(client)["bridge_sla_differences"]
        with database.transaction() as session:
            found = Portion(1, 1, 1, [])
            nightly_proof.keep(session, found, differing, NOW, NOW, mended=False)

        assert (before, numbers(client)["bridge_sla_differences"]) == (3 - differing, differing)
        assert said_by(client)[0] == 200
