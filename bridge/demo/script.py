"""What a day in the demo is made of: scenes, and in them what Icinga says or a colleague does."""

from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Any


def words(text: str) -> str:
    """Return `text`, marked as one that people read, so that the catalogues must have it."""
    return text


class Whose(Enum):
    """The contract address of each sample customer; nobody's alarms carry none."""

    ACME = "acme-247@desk.example"
    NORDLICHT = "nordlicht-247@desk.example"
    PRAXIS = "sommer@desk.example"
    NOBODY = ""


@dataclass(frozen=True)
class Notice:
    """One notification of Icinga; `service` is empty where it is about the host itself.

    seconds_old: how long before the notification the state became hard.
    """

    kind: str
    whose: Whose
    host: str
    service: str = ""
    state: str = ""
    output: str = ""
    impact: str = ""
    author: str = ""
    comment: str = ""
    seconds_old: float = 0.0

    @property
    def about(self) -> tuple[str, str]:
        """Return host and service, as the desk keeps them."""
        return self.host, self.service

    def object(self, event_id: str, now: datetime) -> dict[str, Any]:
        """Return what Icinga's command posts to the webhook at `now`."""
        changed = now.timestamp() - self.seconds_old
        told = {"state": self.state, "state_type": "HARD", "last_hard_state_change": changed}
        subject = {key: value for key, value in told.items() if self.state}
        host = {"name": self.host, "display_name": self.host, "address": "192.0.2.1"}
        service = {"name": self.service, "display_name": self.service} | subject
        wishes = {"address": self.whose.value, "impact": self.impact}
        return {
            "id": event_id,
            "type": self.kind,
            "time": now.timestamp(),
            "author": self.author,
            "comment": self.comment,
            "output": self.output,
            "host": host | ({"state": "UP", "state_type": "HARD"} if self.service else subject),
            "service": service if self.service else None,
            "vars": {key: value for key, value in wishes.items() if value},
        }


@dataclass(frozen=True)
class Scene:
    """What happens at one moment of the day.

    at: seconds after the day's beginning. notices: posted in one request.
    takes: the host and service whose ticket the colleague takes on the desk's page.
    aside: why it is in the day, in the words of the code, see `words`.
    """

    at: float
    aside: str
    notices: tuple[Notice, ...] = ()
    takes: tuple[str, str] | None = None

    @property
    def about(self) -> tuple[tuple[str, str], ...]:
        """Return host and service of everything that the scene is about."""
        if self.takes:
            return (self.takes,)
        return tuple(notice.about for notice in self.notices)
