"""The audit part: what it finds is told by /readyz, and the heartbeat outside stops."""

from pytest_httpserver import HTTPServer
from sqlalchemy import update

from bridge import utc
from bridge.database import Database
from bridge.heartbeats import actions as heartbeats
from bridge.installation import Installation
from bridge.oncall.models import Run
from bridge.worker.audit import Audit
from tests.builders import apply_desk, fire, hear, later, notification


def outward(installation: Installation, url: str) -> Installation:
    """The same installation with a watcher elsewhere."""
    settings = installation.settings.model_copy(update={"heartbeat_url": url})
    return Installation(settings, installation.keys, Database(settings.database_url))


def alive(installation: Installation) -> None:
    with installation.database.transaction() as session:
        for kind in ("worker", "courier"):
            heartbeats.beat(session, f"{kind}@here", kind, utc.now())


def test_the_heartbeat_goes_out_while_all_is_well(
    installation: Installation, httpserver: HTTPServer
) -> None:
    httpserver.expect_request("/beat", method="POST").respond_with_data("ok")
    alive(installation)
    watched = outward(installation, httpserver.url_for("/beat"))

    Audit(watched).step()

    assert len(httpserver.log) == 1
    watched.database.close()


def test_what_the_auditor_finds_stops_the_heartbeat(
    installation: Installation, httpserver: HTTPServer
) -> None:
    httpserver.expect_request("/beat", method="POST").respond_with_data("ok")
    apply_desk(installation)
    hear(installation, notification())
    fire(installation, later(1))
    with installation.database.transaction() as session:
        session.execute(update(Run).values(next_due_at=None))
    alive(installation)
    watched = outward(installation, httpserver.url_for("/beat"))

    Audit(watched).step()

    assert httpserver.log == []
    watched.database.close()


def test_a_heartbeat_that_is_not_taken_harms_nothing(
    installation: Installation, httpserver: HTTPServer
) -> None:
    httpserver.expect_request("/beat").respond_with_data("no", status=500)
    alive(installation)
    watched = outward(installation, httpserver.url_for("/beat"))

    assert Audit(watched).step() == 0
    watched.database.close()
