"""One entry of a ticket's journal, with all that is needed to put it into words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from bridge import utc
from bridge.language import Say
from bridge.moments import Moments
from bridge.tickets.journal import Event


@dataclass(frozen=True)
class Told:
    """An entry of the journal, in the language of whoever reads it.

    who: the name of who did it. names: our people by their ids. zone: the customer's.
    """

    event: Event
    who: str
    data: Mapping[str, Any]
    names: Mapping[int, str]
    at: Moments
    zone: str | None
    say: Say

    def value(self, key: str) -> str:
        """Return what the data says under `key`; a dash for nothing."""
        found = self.data.get(key)
        return "–" if found is None or found == "" else str(found)

    def moment(self, key: str) -> str:
        """Return the moment in the data under `key` as people write it; a dash for none."""
        text = self.data.get(key)
        return self.at.zoned(utc.from_iso(text), self.zone) if text else "–"

    def minutes(self, key: str) -> str:
        """Return the length of time in the data under `key`, which is in minutes."""
        return self.at.length(timedelta(minutes=self.data.get(key) or 0))

    def people(self, ids: Sequence[int]) -> str:
        """Return the names of our people, put together."""
        return ", ".join(self.names.get(one, f"#{one}") for one in ids)


def actor_name(actor: str, author: str | None, names: Mapping[int, str], say: Say) -> str:
    """Return who did something: one of ours, an author we do not know, or a machine."""
    kind, _, number = actor.partition(":")
    if kind == "staff" and number.isdigit():
        return names.get(int(number)) or say("somebody who has left")
    match kind, author:
        case "icinga", str(name):
            return say("%(name)s in Icinga") % {"name": name}
        case "token", str(name):
            return say("the program %(name)s") % {"name": name}
        case _, str(name):
            return name
    return "Icinga" if kind == "icinga" else "Bridge"
