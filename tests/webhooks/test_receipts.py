"""Where receipts are posted: a signed address, two statuses, and nothing else."""

from typing import Any

import pytest
from flask.testing import FlaskClient

from bridge.flows import receipts
from bridge.installation import Installation


@pytest.fixture
def address(installation: Installation) -> str:
    """The address for the receipt of a message that nobody knows any more."""
    return receipts.url(installation.keys, "", 4711)


@pytest.mark.parametrize("status", ["delivered", "failed"])
def test_a_receipt_is_taken_without_a_log_in(
    client: FlaskClient, address: str, status: str
) -> None:
    assert client.post(address, json={"status": status}).status_code == 200


@pytest.mark.parametrize(
    "body",
    [{"status": "perhaps"}, {"status": ["delivered"]}, {}, [], "delivered"],
    ids=["another", "a list", "none", "no object", "a text"],
)
def test_another_status_is_refused(client: FlaskClient, address: str, body: Any) -> None:
    assert client.post(address, json=body).status_code == 400


def test_a_forged_address_is_nobodys(client: FlaskClient, installation: Installation) -> None:
    other = f"/webhooks/receipts/{installation.keys.sign('page', 4711)}"

    assert client.post(other, json={"status": "delivered"}).status_code == 404
    assert client.post("/webhooks/receipts/x", json={"status": "failed"}).status_code == 404


def test_looking_at_the_address_does_nothing(client: FlaskClient, address: str) -> None:
    assert client.get(address).status_code == 405
