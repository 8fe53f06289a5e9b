"""Icinga, Bridge and a phone, wired as at a site; and how what becomes of a problem is awaited."""

import itertools
import json
import subprocess
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import requests
from sqlalchemy import select

from bridge.icinga import queries as icinga_queries
from bridge.icinga.models import Problem, TicketProblem
from bridge.outbox.models import OutboxEntry
from bridge.tickets import queries as tickets
from bridge.tickets.models import JournalEntry, Ticket
from tests.lab import dropin
from tests.lab.bridge_process import Bridge
from tests.lab.dropin import DropIn
from tests.lab.icinga import Icinga
from tests.lab.sink import Answer, Request, Sink, accept
from tests.story import desk, phone

HOST = "web01"
# For the longest run of all tests that share a site.
SERVICES = 1000
OBJECTS = """
object Host "web01" {
  import "lab-host"
  vars.bridge = { address = "acme-247@desk.example", customer = "1001" }
}
for (number in range(%(services)d)) {
  object Service "s" + string(number) { import "lab-service"; host_name = "web01" }
}
object Service "insistent" { import "lab-service"; host_name = "web01"
  vars.bridge.address = "acme-twice@desk.example"
}
"""


@dataclass(frozen=True)
class World:
    """One site. `token` is the one that Icinga's notifications come with."""

    icinga: Icinga
    bridge: Bridge
    sink: Sink
    drop_in: DropIn
    token: str
    _numbers: Iterator[int] = field(default_factory=itertools.count)

    def fresh(self, count: int) -> list[str]:
        """Return services that no other test uses."""
        return [f"s{number}" for number in itertools.islice(self._numbers, count)]

    def fail(self, service: str, state: int = 2, output: str = "CRITICAL - 503") -> None:
        """Let a service go into a hard problem."""
        self.icinga.check_result(HOST, service, state, output)

    def recover(self, service: str) -> None:
        """Let a service be well again."""
        self.icinga.check_result(HOST, service, 0, "OK - 200")

    def fail_all(self, services: Iterable[str], state: int = 2) -> None:
        """Let many services change in the same moment."""
        status, answer = self.icinga.api(
            "POST",
            "/v1/actions/process-check-result",
            {
                "type": "Service",
                "filter": "service.name in names",
                "filter_vars": {"names": list(services)},
                "exit_status": state,
                "plugin_output": f"all are in state {state}",
            },
        )
        assert status == 200, answer

    def seen(self, service: str) -> dict[str, Any]:
        """Return the service as Icinga's API shows it."""
        status, answer = self.icinga.api("GET", f"/v1/objects/services/{HOST}!{service}")
        assert status == 200, answer
        found: dict[str, Any] = answer["results"][0]["attrs"]
        return found

    def is_acknowledged_in_icinga(self, service: str) -> bool:
        """Say whether Icinga holds an acknowledgement."""
        return bool(self.seen(service)["acknowledgement"])

    def comments(self, service: str) -> list[dict[str, Any]]:
        """Return the service's comments in Icinga."""
        _, answer = self.icinga.api("GET", "/v1/objects/comments")
        every = [one["attrs"] for one in answer["results"]]
        return [one for one in every if one["service_name"] == service]

    def tickets(self, service: str | None = None) -> Sequence[Ticket]:
        """Return all tickets, or those that a service ever had, by number."""
        statement = select(Ticket).order_by(Ticket.number)
        if service is not None:
            about = select(TicketProblem.ticket_number).join(Problem)
            statement = statement.where(Ticket.number.in_(about.where(Problem.service == service)))
        with self.bridge.database.reading() as session:
            return session.scalars(statement).all()

    def ticket(self, service: str, seconds: float = 20.0, **wanted: str) -> Ticket:
        """Return the only ticket of a service, once there is one and it is as wanted."""

        def as_wanted() -> Ticket | None:
            found = self.tickets(service)
            assert len(found) <= 1, f"{service} has {[one.number for one in found]}"
            fits = found and all(getattr(found[0], key) == is_ for key, is_ in wanted.items())
            return found[0] if fits else None

        return self.bridge.wait_for(f"a ticket of {service} {wanted}", as_wanted, seconds)

    def about(self, ticket: Ticket) -> TicketProblem:
        """Return what the ticket says of its problem."""
        with self.bridge.database.reading() as session:
            found = icinga_queries.problem_of(session, ticket.number)
        assert found is not None
        return found[1]

    def journal(self, ticket: Ticket, kind: str | None = None) -> list[JournalEntry]:
        """Return what happened to the ticket, or only that of one kind."""
        with self.bridge.database.reading() as session:
            found = tickets.journal(session, ticket.number)
        return [one for one in found if kind in {None, one.kind}]

    def outbox(self, *of: Ticket) -> Counter[str]:
        """Return how many deliveries of these tickets are in which state."""
        numbers = [ticket.number for ticket in of]
        statement = select(OutboxEntry.state).where(OutboxEntry.ticket_number.in_(numbers))
        with self.bridge.database.reading() as session:
            return Counter(session.scalars(statement))

    def pages(self, ticket: Ticket) -> list[Request]:
        """Return the pages of a ticket that reached the phone; news have no link that acts."""
        every = [one for one in list(self.sink.requests) if phone.asks(one)]
        return [page for page in every if ticket.reference in page.json()["message"]]

    def page(self, ticket: Ticket, seconds: float = 20.0) -> Request:
        """Return the first page of a ticket, once it is there."""
        what = f"a page of {ticket.reference}"
        return self.bridge.wait_for(what, lambda: self.pages(ticket), seconds)[0]

    def one_page_each(self, services: Sequence[str]) -> None:
        """Wait until each service has its one ticket, paged once; and for a page too many."""
        found = [self.ticket(service) for service in services]
        for ticket in found:
            self.page(ticket)
        time.sleep(1)
        assert [len(self.pages(ticket)) for ticket in found] == [1] * len(found)

    @contextmanager
    def slow_phone(self, seconds: float) -> Iterator[None]:
        """Let the phone's provider take its time."""
        self.sink.always = lambda _: Answer(200, delay=seconds)
        yield
        self.sink.always = accept

    def post(self, *notifications: dict[str, Any]) -> requests.Response:
        """Post to the webhook as Icinga's nodes do."""
        return requests.post(
            f"{self.bridge.public_url}/webhooks/icinga",
            json={"notifications": notifications},
            headers={"Authorization": f"Bearer {self.token}"},
            timeout=20,
        )

    def spooled(self) -> list[dict[str, Any]]:
        """Return the notifications that wait on the Icinga node."""
        return [json.loads(file.read_text()) for file in self.drop_in.waiting()]

    def all_arrived(self) -> None:
        """Wait until nothing is left on the Icinga node."""
        self.bridge.wait_for("an empty spool", self.drain)

    def drain(self) -> bool:
        """Do what systemd's timer does on the Icinga node; return whether nothing is left."""
        subprocess.run(
            [self.drop_in.script, "--drain"],
            env={
                "PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
                "BRIDGE_NOTIFY_CONFIG": str(self.drop_in.config),
                "BRIDGE_NOTIFY_SPOOL": str(self.drop_in.spool),
            },
            user=self.icinga.user,
            group=self.icinga.group,
            check=False,
        )
        return not self.drop_in.waiting()


@contextmanager
def wired(
    folder: Path,
    database_url: str,
    *,
    with_api: bool = True,
    with_token: bool = True,
    settle: Callable[[Bridge, str], str] = desk.at_once,
    more_objects: str = "",
) -> Iterator[World]:
    """Give a site whose Icinga runs and whose Bridge is yet to be started.

    with_api: Bridge can ask Icinga. with_token: Bridge takes Icinga's notifications.
    """
    icinga = Icinga()
    with Sink() as sink, Bridge(folder, database_url, reconcile_seconds=1) as bridge:
        token = settle(bridge, desk.text(sink, icinga if with_api else None))
        drop_in = dropin.install(
            icinga,
            bridge.public_url,
            token=token if with_token else "not-a-token-of-bridge",
            api_password=desk.API_PASSWORD,
        )
        icinga.write("conf.d/objects.conf", OBJECTS % {"services": SERVICES} + more_objects)
        with icinga:
            icinga.check_result(HOST, output="up")
            yield World(icinga, bridge, sink, drop_in, token)
