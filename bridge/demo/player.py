"""Plays the day: posts what Icinga would say, lets a colleague help, and keeps the story."""

import os
from collections.abc import Callable, Sequence
from datetime import datetime

import requests
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bridge import utc
from bridge.demo.day import COLLEAGUE, DAY, LASTS_SECONDS
from bridge.demo.script import Scene
from bridge.demo.stage import SOURCE, Stage
from bridge.demo.standing import Standing, standing, standings
from bridge.demo.story import Change, Kind, Line, Story
from bridge.errors import Permanent, Temporary
from bridge.flows import answers
from bridge.inbox.models import WAITING, InboxEntry
from bridge.installation import Installation
from bridge.staff import queries as staff
from bridge.tickets.journal import Event
from bridge.tickets.lifecycle import WrongState
from bridge.tickets.models import JournalEntry
from bridge.worker.rounds import Stop, forever

# So long the day waits for somebody to open the page, and begins without.
PATIENCE_SECONDS = 20.0
TIMEOUT_SECONDS = (3.0, 10.0)
ACCEPTED, UNAVAILABLE = 202, 503
OPENED = "opened"
BY_ITSELF = {Event.PAGED.value: Kind.PAGED, Event.ACKNOWLEDGED.value: Kind.TAKEN}


class NobodyAnswers(Temporary):
    """The desk's web part does not answer, or not now."""


class NotAccepted(Permanent):
    """The desk refuses what the demo says."""


class Player:
    """Plays the day for one installation; after a crash it goes on where it was."""

    def __init__(self, stage: Stage, speed: float, say: Callable[[str], None]) -> None:
        self._stage = stage
        self._speed = speed
        self._say = say
        self._installation = Installation.open(stage.settings)
        self._database = self._installation.database
        self._web = requests.Session()
        # A proxy in the environment leads elsewhere, and the desk is here.
        self._web.trust_env = False
        self._story = Story(stage.folder)
        told = self._story.so_far()
        self._begun_at = told[0].at if told else None
        self._next = sum(line.kind is Kind.SCENE for line in told)
        self._over = any(line.kind is Kind.OVER for line in told)
        self._ready_at: datetime | None = None
        self._acted = False
        self._before: dict[tuple[str, str], Standing] = {}
        # The newest entry of the journal that the story knows, of all tickets and of some.
        self._seen = self._newest_entry()
        self._told_of: dict[int, int] = {}

    def step(self) -> int:
        """Do what is next, if its moment has come; return how much was done."""
        if self._begun_at is None:
            return self._begin()
        elapsed = (utc.now() - self._begun_at).total_seconds() * self._speed
        if self._next < len(DAY) and elapsed >= DAY[self._next].at:
            return self._perform(self._next, DAY[self._next])
        if self._next == len(DAY) and elapsed >= LASTS_SECONDS and not self._over:
            self._over = True
            self._story.tell(Line(Kind.OVER, utc.now()))
            self._say("The day is over. The demo stays open: look around, stop it with Ctrl-C.")
        return self._watch()

    def _begin(self) -> int:
        """Begin when everything runs, and somebody looks on or has not come for a while."""
        now = utc.now()
        if self._ready_at is None:
            answer = self._ask("GET", "/readyz")
            self._ready_at = now if answer.ok else None
            return 0
        waited = (now - self._ready_at).total_seconds()
        if (self._stage.folder / OPENED).exists() or waited >= PATIENCE_SECONDS / self._speed:
            self._begun_at = now
            self._story.tell(Line(Kind.BEGUN, now))
        return 0

    def _ask(self, method: str, path: str, **what: object) -> requests.Response:
        url = f"{self._stage.settings.public_url}{path}"
        try:
            return self._web.request(method, url, timeout=TIMEOUT_SECONDS, **what)  # type: ignore[arg-type]
        except requests.RequestException as error:
            raise NobodyAnswers(f"the web part does not answer: {type(error).__name__}") from error

    def _perform(self, number: int, scene: Scene) -> int:
        """Play one scene, and once the desk has done with it, tell what came of it.

        Until then 0: it is called again, and only looks. Raises NobodyAnswers, and acts again.
        """
        ids = [f"demo-{number:02d}-{index:02d}" for index in range(len(scene.notices))]
        if not self._acted:
            with self._database.reading() as session:
                self._before = standings(session, scene.about)
            if scene.takes is None:
                self._post(scene, ids)
            else:
                self._take(scene.takes)
            self._acted = True
        with self._database.reading() as session:
            if not _is_settled(session, ids):
                return 0
            after = standings(session, scene.about)
            newest = _newest_entry(session)
        if any(_is_about_to_page(one, utc.now()) for one in after.values()):
            return 0
        self._told_of |= {one.number: newest for one in after.values()}
        changes = [Change(self._before.get(key), after.get(key)) for key in scene.about]
        self._story.tell(Line(Kind.SCENE, utc.now(), number, changes))
        self._next, self._acted = number + 1, False
        return 1

    def _post(self, scene: Scene, ids: Sequence[str]) -> None:
        now = utc.now()
        notices = zip(scene.notices, ids, strict=True)
        body = {"notifications": [one.object(event_id, now) for one, event_id in notices]}
        bearer = {"Authorization": f"Bearer {self._stage.token}"}
        answer = self._ask("POST", "/webhooks/icinga", json=body, headers=bearer)
        if answer.status_code == UNAVAILABLE:
            raise NobodyAnswers("the desk cannot keep anything now")
        if answer.status_code != ACCEPTED:
            raise NotAccepted(f"scene {ids[0]}: {answer.status_code} {answer.text}")

    def _take(self, about: tuple[str, str]) -> None:
        """Take a ticket as the colleague, as the button on the desk's page does."""
        with self._database.transaction() as session:
            ticket = standings(session, [about]).get(about)
            person = staff.person(session, COLLEAGUE)
            if ticket is None or person is None:
                return
            directory = self._installation.directories.current(session)
            try:
                answers.acknowledge(session, directory, ticket.number, person, "page", utc.now())
            except WrongState:
                # The visitor was faster and has resolved it.
                return

    def _watch(self) -> int:
        """Tell what happened without us: a page that fell due, somebody who took a ticket."""
        with self._database.reading() as session:
            statement = (
                select(JournalEntry)
                .where(JournalEntry.id > self._seen, JournalEntry.kind.in_(BY_ITSELF))
                .order_by(JournalEntry.id)
            )
            found = session.scalars(statement).all()
            for entry in found:
                self._seen = entry.id
                if entry.id > self._told_of.get(entry.ticket_number, 0):
                    change = Change(None, standing(session, entry.ticket_number))
                    self._story.tell(Line(BY_ITSELF[entry.kind], entry.at, None, [change]))
        return len(found)

    def _newest_entry(self) -> int:
        with self._database.reading() as session:
            return _newest_entry(session)


def _is_settled(session: Session, event_ids: Sequence[str]) -> bool:
    """Return whether nothing of these events waits in the inbox."""
    waiting = select(func.count(InboxEntry.id)).where(
        InboxEntry.source == SOURCE,
        InboxEntry.event_id.in_(event_ids),
        InboxEntry.state == WAITING,
    )
    return not session.scalar(waiting)


def _is_about_to_page(one: Standing, now: datetime) -> bool:
    return one.paging == "live" and one.page_at is not None and one.page_at <= now


def _newest_entry(session: Session) -> int:
    return session.scalar(select(func.max(JournalEntry.id))) or 0


def play(stage: Stage, speed: float, say: Callable[[str], None]) -> None:
    """Play the day, `speed` times as fast as it is written, until told to stop."""
    stop, parent = Stop(), os.getppid()
    forever(stop, Player(stage, speed, say).step, parent)
