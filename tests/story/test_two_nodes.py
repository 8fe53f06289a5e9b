"""Several nodes on one PostgreSQL share the work, and nothing is done twice."""

import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import requests

from tests.lab.postgres import Postgres
from tests.story import phone
from tests.story import world as worlds

PROBLEMS = 200
PEOPLE = 4


def test_two_workers_page_200_problems_exactly_once_each(
    tmp_path: Path, postgres: Postgres
) -> None:
    with postgres.database() as url, worlds.wired(tmp_path, url) as world:
        for command in ("web", "worker", "worker"):
            world.bridge.start(command)
        services = world.fresh(PROBLEMS)

        began = time.monotonic()
        world.fail_all(services)
        world.bridge.wait_for("all pages", lambda: len(world.sink.requests) >= PROBLEMS, 60)
        print(f"{PROBLEMS} problems, all paged after {time.monotonic() - began:.1f} s")
        world.all_arrived()
        time.sleep(2)

        tickets = world.tickets()
        assert len({ticket.number for ticket in tickets}) == len(tickets) == PROBLEMS
        assert [len(world.pages(ticket)) for ticket in tickets] == [1] * PROBLEMS

        # Half of them are taken by their people while all of them recover.
        links = [phone.link_of(page) for page in world.sink.requests if phone.asks(page)]
        with ThreadPoolExecutor(PEOPLE) as people:
            answers = people.map(lambda link: requests.post(link).status_code, links[::2])
            world.fail_all(services, state=0)
            assert set(answers) == {200}
        world.all_arrived()
        world.bridge.wait_for(
            "all to be closed", lambda: {one.state for one in world.tickets()} == {"closed"}, 60
        )
        # Nobody is paged again; each is told once that it is over, or that somebody has it.
        assert sum(map(phone.asks, world.sink.requests)) == PROBLEMS
        assert "deadlock" not in world.bridge.log.read_text()
