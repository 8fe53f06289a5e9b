"""Parts of Bridge killed with a signal nobody can refuse: every page arrives, hardly ever twice."""

import os
import signal
import time
from collections.abc import Callable, Sequence

import pytest
from sqlalchemy import func, select

from bridge.inbox.models import WAITING, InboxEntry
from bridge.outbox.models import ACCEPTED
from tests.lab.sink import Answer
from tests.story import phone
from tests.story.world import World

# Seconds from the moment in which six services fail to the kill.
MOMENTS = (0.3, 0.1, 0.0, 0.2, 0.05, 0.45, 0.15)
PROOF_ROUNDS = 28


def test_a_worker_killed_between_the_webhook_and_the_ticket_loses_and_doubles_nothing(
    site_that_does_not_ask: World,
) -> None:
    world, services = site_that_does_not_ask, site_that_does_not_ask.fresh(6)
    pid = _frozen(world, "worker")
    for service in services:
        world.fail(service)
    world.bridge.wait_for("a full inbox", lambda: _waiting(world) == len(services))

    os.kill(pid, signal.SIGKILL)

    assert _copies(world, services) == [1] * len(services)


def test_a_courier_killed_before_it_has_claimed_anything_repeats_nothing(
    site_that_does_not_ask: World,
) -> None:
    world, services = site_that_does_not_ask, site_that_does_not_ask.fresh(6)
    pid = _frozen(world, "courier")
    for service in services:
        world.fail(service)
    tickets = [world.ticket(service) for service in services]
    world.bridge.wait_for("a full outbox", lambda: world.outbox(*tickets).total() == len(services))

    os.kill(pid, signal.SIGKILL)

    assert _copies(world, services) == [1] * len(services)
    assert not any(phone.is_repeat(page) for one in tickets for page in world.pages(one))


def test_a_courier_killed_while_a_page_is_on_its_way_sends_it_again_and_says_so(
    site_that_does_not_ask: World,
) -> None:
    world, (service,) = site_that_does_not_ask, site_that_does_not_ask.fresh(1)
    world.sink.say(Answer(200, delay=3.0))
    world.fail(service)
    ticket = world.ticket(service)
    world.page(ticket)

    _kill_courier(world)

    assert _copies(world, [service]) == [2]
    assert list(map(phone.is_repeat, world.pages(ticket))) == [False, True]


def _frozen(world: World, kind: str) -> int:
    """Stop a part where it is, as if the machine were busy elsewhere."""
    pid = world.bridge.part(kind)
    os.kill(pid, signal.SIGSTOP)
    return pid


def _waiting(world: World) -> int:
    with world.bridge.database.reading() as session:
        waiting = select(func.count()).where(InboxEntry.state == WAITING)
        return session.scalar(waiting) or 0


def _copies(world: World, services: Sequence[str]) -> list[int]:
    """Return how many pages each service's ticket has had, once all of them have been told."""
    tickets = [world.ticket(service) for service in services]
    for ticket in tickets:
        world.page(ticket, seconds=40)
    all_known = {ACCEPTED: len(services)}
    world.bridge.wait_for(
        "all to be known as accepted", lambda: world.outbox(*tickets) == all_known
    )
    return [len(world.pages(ticket)) for ticket in tickets]


def _kill_worker(world: World) -> None:
    os.kill(world.bridge.part("worker"), signal.SIGKILL)


def _kill_courier(world: World) -> None:
    os.kill(world.bridge.part("courier"), signal.SIGKILL)


def _kill_the_top(world: World) -> None:
    """Kill the process that forked the others; they follow by themselves."""
    process = world.bridge.running[-1]
    os.kill(process.pid, signal.SIGKILL)
    world.bridge.wait_for("the parts to end", lambda: not process.is_alive)
    world.bridge.start()


def _kill_everything(world: World) -> None:
    world.bridge.running[-1].kill()
    world.bridge.start()


KILLS = [
    pytest.param(_kill_worker, id="worker"),
    pytest.param(_kill_courier, id="courier"),
    pytest.param(_kill_the_top, id="top"),
    pytest.param(_kill_everything, id="everything"),
]
Kill = Callable[[World], None]


def _round(world: World, kill: Kill, moment: float) -> None:
    services = world.fresh(6)
    with world.slow_phone(0.15):
        world.fail_all(services)
        time.sleep(moment)
        kill(world)
        world.all_arrived()
        copies = _copies(world, services)
    for service in services:
        repeats = list(map(phone.is_repeat, world.pages(world.ticket(service))))
        # The first try of a page that is marked as a repeat need not have got as far as the phone.
        assert repeats in ([False], [True], [False, True]), (service, repeats)
    print(f"{kill.__name__} after {moment} s: {copies}")


@pytest.mark.parametrize("kill", KILLS)
def test_whatever_is_killed_every_page_arrives_and_is_repeated_once_at_the_most(
    site: World, kill: Kill
) -> None:
    _round(site, kill, MOMENTS[0])


@pytest.mark.proof
@pytest.mark.timeout(1800)
@pytest.mark.parametrize("kill", KILLS)
def test_so_it_is_whenever_the_kill_comes(site: World, kill: Kill) -> None:
    for number in range(PROOF_ROUNDS):
        _round(site, kill, MOMENTS[number % len(MOMENTS)])
