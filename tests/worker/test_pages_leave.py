"""Pages through real delivery processes to a provider that goes wrong in every way it can."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from bridge.oncall import paging
from bridge.oncall.message import PageMessage
from bridge.outbox.outcome import Delivered, Outcome
from bridge.worker.children import ChildPool
from bridge.worker.courier import DOORS
from tests.lab import provider
from tests.lab.provider import Provider

SECRET = "tk-53cr3t"
BUDGET_SECONDS = 3.0
PAGE = PageMessage("P1 DOWN web01", "ACME", "https://desk.example/a/1")
NOW, GOOD, BAD, MAYBE = (
    Outcome.FAILED_FOR_NOW,
    Outcome.ACCEPTED,
    Outcome.FAILED_FOR_GOOD,
    Outcome.MAYBE,
)
OVER_HTTP = {
    "302": BAD,
    "400": BAD,
    "401": BAD,
    "429": NOW,
    "500": NOW,
    "hang": MAYBE,
    "drip": MAYBE,
    "accept-then-hang": MAYBE,
    "die": MAYBE,
}
SAID = {
    "json": {"200": GOOD, **OVER_HTTP},
    "ntfy": {"200": GOOD, **OVER_HTTP},
    "smsgw": {"took:7": GOOD, "refused:no_credit": BAD, "200": MAYBE, **OVER_HTTP},
    "mailto": {"ok": GOOD, "450": NOW, "550": BAD, "data-451": NOW, "hang": MAYBE},
}


@pytest.fixture(scope="module")
def lab() -> Iterator[Provider]:
    with provider.running() as made:
        yield made


@pytest.fixture(scope="module")
def pool() -> Iterator[ChildPool]:
    paging.load()
    with ChildPool(8, DOORS) as made:
        yield made


def address(lab: Provider, scheme: str, behaviour: str) -> str:
    if scheme == "mailto":
        return lab.mail_url(behaviour)
    account = f"{scheme}-{behaviour.replace(':', '-')}"
    lab.script(account, behaviour)
    if scheme == "smsgw":
        return f"smsgw://{SECRET}@127.0.0.1:{lab.port}/{account}?to=%2B49170"
    return lab.url(account, scheme).replace("://", f"://anna:{SECRET}@")


def everything(pool: ChildPool, count: int) -> dict[str, Delivered]:
    found: dict[str, Delivered] = {}
    while len(found) < count:
        found |= dict(pool.collect(60))
    return found


@pytest.mark.parametrize("scheme", SAID)
def test_each_way_it_can_go_has_its_outcome_and_one_copy(
    lab: Provider, pool: ChildPool, scheme: str
) -> None:
    lab.forget()
    for behaviour in SAID[scheme]:
        payload = paging.page_payload(address(lab, scheme, behaviour), PAGE)
        pool.submit(behaviour, "page", payload, BUDGET_SECONDS, behaviour)

    found = everything(pool, len(SAID[scheme]))

    assert {key: told.outcome for key, told in found.items()} == SAID[scheme]
    copies = [copy.account for copy in lab.copies()]
    assert len(copies) == len(set(copies))


def test_no_token_stands_in_the_arguments_or_the_environment_of_a_process(
    lab: Provider, pool: ChildPool
) -> None:
    payload = paging.page_payload(address(lab, "json", "hang"), PAGE)
    pool.submit("hangs", "page", payload, BUDGET_SECONDS, "one")
    pool.collect(0.5)
    assert pool.running == 1

    shown = [
        Path(f"/proc/{pid}/{name}").read_bytes()
        for pid in pool.pids
        for name in ("cmdline", "environ")
    ]
    everything(pool, 1)

    assert shown
    assert SECRET.encode() not in b"".join(shown)
