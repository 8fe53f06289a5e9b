"""The watcher: a source that one was asking when it died is asked by the next as if it had not."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from bridge import utc
from bridge.icinga.models import Source
from bridge.installation import Installation
from bridge.worker.names import process_name
from bridge.worker.watcher import Watcher
from tests.builders import EXAMPLE, SOURCE, apply_desk

# Nobody listens there, which is an answer too.
WITH_API = EXAMPLE.read_text().replace(
    f"- {{id: {SOURCE}}}",
    f"- {{id: {SOURCE}, api: 'https://127.0.0.1:9', user: bridge, password: secret-pw,"
    " ca: '-----BEGIN CERTIFICATE-----'}",
)


@pytest.fixture(scope="module")
def desk(shared: Installation) -> Installation:
    apply_desk(shared, WITH_API)
    return shared


@pytest.mark.parametrize(
    ("who", "asks"),
    [
        pytest.param("{node_and_pid}:1", True, id="one that is dead"),
        pytest.param("another-{node_and_pid}:1", False, id="another node's"),
    ],
)
def test_a_source_that_somebody_was_asking(
    installation: Installation, who: str, asks: bool
) -> None:
    node_and_pid = process_name().rpartition(":")[0]
    now = utc.now()
    with installation.database.transaction() as session:
        session.execute(
            update(Source).values(
                leased_by=who.format(node_and_pid=node_and_pid),
                lease_until=now + timedelta(seconds=60),
                tried_at=now - timedelta(hours=1),
                reconcile_error=None,
            )
        )

    asked = Watcher(installation).step()

    with installation.database.reading() as session:
        source = session.scalars(select(Source)).one()
    assert (asked, source.reconcile_error is not None) == (int(asks), asks)
