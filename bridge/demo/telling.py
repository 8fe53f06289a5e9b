"""What a line of the story says: what happened, what the desk made of it, and why it is told."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bridge.demo.day import DAY
from bridge.demo.script import Notice, Scene, words
from bridge.demo.standing import Standing
from bridge.demo.story import Change, Kind, Line
from bridge.moments import Moments

HELPER = "Ben"
OVER_STATES = frozenset({"resolved", "closed"})
SOON = timedelta(hours=12)
HALF_A_MINUTE = timedelta(seconds=30)
MOODS = {
    "CRITICAL": "bad",
    "DOWN": "bad",
    "UNKNOWN": "warning",
    "WARNING": "warning",
    "OK": "good",
    "UP": "good",
}

OPENED = words("ticket %(number)s (%(priority)s) opened for %(customer)s")
SEVERAL_OPENED = words("%(count)s tickets (%(priority)s) opened for %(customer)s")
RESOLVED = words("ticket %(number)s is resolved")
SEVERAL_RESOLVED = words("%(count)s tickets are resolved")
HAS_IT = words("%(name)s has ticket %(number)s")
SAID = {
    "PROBLEM": words("Icinga: %(what)s is %(state)s."),
    "RECOVERY": words("Icinga: %(what)s is %(state)s again."),
    "CUSTOM": words("%(name)s writes in Icinga: “%(text)s”"),
    "ACKNOWLEDGEMENT": words("%(name)s acknowledges %(what)s in Icinga: “%(text)s”"),
    "FLAPPINGSTART": words("Icinga: %(what)s goes up and down, it flaps."),
    "FLAPPINGEND": words("Icinga: %(what)s flaps no more, and is %(state)s."),
    "DOWNTIMESTART": words("Icinga: a downtime begins for %(what)s."),
    "DOWNTIMEEND": words("Icinga: the downtime of %(what)s is over."),
}


@dataclass(frozen=True)
class Told:
    """One line as it is shown; `number` is a ticket's to look at, `mood` colours it."""

    at: datetime
    said: str
    came: str
    aside: str
    mood: str
    number: int | None


@dataclass(frozen=True)
class Teller:
    """Tells lines in one language: `say` translates, `at` writes moments."""

    say: Callable[[str], str]
    at: Moments

    def told(self, line: Line) -> Told | None:
        """Return what a line says; None for one that only marks the beginning or the end."""
        first = line.changes[0].after if line.changes else None
        number = first.number if first else None
        if line.kind is Kind.SCENE and line.scene is not None:
            scene = DAY[line.scene]
            came = self._sentence(self._came_of(line))
            said, mood = self._said(scene, line.changes), _mood(scene)
            return Told(line.at, said, came, self.say(scene.aside), mood, number)
        if first is None:
            return None
        if line.kind is Kind.PAGED:
            said = self.say("Nobody has taken ticket %(number)s yet.") % {"number": number}
            return Told(line.at, said, self._sentence([self._people(first)]), "", "bad", number)
        said = self.say("Somebody has pressed “I have it”.")
        facts = {"name": first.taken_by or "?", "number": number}
        parts = [self.say(HAS_IT) % facts, self.say("paging stops")]
        return Told(line.at, said, self._sentence(parts), "", "person", number)

    def _sentence(self, parts: Sequence[str]) -> str:
        text = ", ".join(parts) + "."
        return text[0].upper() + text[1:]

    def _said(self, scene: Scene, changes: Sequence[Change]) -> str:
        if scene.takes:
            if not _is_taken_now(changes[0]):
                return self.say("%(name)s wants to help, but somebody was faster.") % {
                    "name": HELPER
                }
            return self.say("%(name)s presses “I have it” on the board.") % {"name": HELPER}
        notice = scene.notices[0]
        facts = {
            "what": self._what(scene.notices),
            "state": notice.state,
            "name": notice.author.capitalize(),
            "text": notice.comment,
        }
        return self.say(SAID[notice.kind]) % facts

    def _what(self, notices: Sequence[Notice]) -> str:
        first = notices[0]
        if len(notices) > 1:
            facts = {"service": first.service, "count": len(notices)}
            return self.say("%(service)s on %(count)s hosts") % facts
        if not first.service:
            return self.say("the host %(host)s") % {"host": first.host}
        return self.say("%(service)s on %(host)s") % {"service": first.service, "host": first.host}

    def _came_of(self, line: Line) -> Sequence[str]:
        changes = [one for one in line.changes if one.after]
        first = changes[0].after if changes else None
        if first and line.scene is not None and DAY[line.scene].takes and first.taken_by:
            facts = {"name": first.taken_by, "number": first.number}
            return [self.say(HAS_IT) % facts, self.say("paging stops")]
        if not changes:
            return [self.say("no ticket is open for it, so nothing else happens")]
        return list(self._parts(changes, line.at))

    def _parts(self, changes: Sequence[Change], now: datetime) -> Iterator[str]:
        change = changes[0]
        after, before = change.after, change.before
        assert after is not None
        yield self._heading(changes, after)
        if after.state in OVER_STATES or after.taken_by:
            if _is_over_now(change) or _is_taken_now(change):
                yield self.say("paging stops") if after.pages else self.say("nobody was paged")
            return
        is_new = _is_new(change)
        if is_new or (before and before.due_at != after.due_at):
            yield from self._due(after, now, is_new=is_new and not _is_same_ticket(change))
        if is_new or before is None or before.paging != after.paging or _has_paged(change):
            yield self._paging(change, after)

    def _heading(self, changes: Sequence[Change], after: Standing) -> str:
        change = changes[0]
        before = change.before
        facts = {
            "number": after.number,
            "count": len(changes),
            "customer": after.customer or self.say("nobody"),
            "priority": after.priority,
            "before": before.priority if before else "",
            "name": after.taken_by or "",
        }
        several = len(changes) > 1
        if _is_new(change) and not _is_same_ticket(change):
            text = SEVERAL_OPENED if several else OPENED
        elif _is_new(change):
            text = words("ticket %(number)s is open again")
        elif _is_over_now(change):
            text = SEVERAL_RESOLVED if several else RESOLVED
        elif _is_taken_now(change):
            text = HAS_IT
        elif before and before.priority != after.priority:
            text = words("ticket %(number)s rises from %(before)s to %(priority)s")
        else:
            text = words("it is written down in ticket %(number)s")
        return self.say(text) % facts

    def _due(self, after: Standing, now: datetime, *, is_new: bool) -> Iterator[str]:
        if after.due_at is None:
            if is_new:
                yield self.say("no answer is promised for it")
            return
        left = after.due_at - now + HALF_A_MINUTE
        if left < SOON:
            yield self.say("answer due in %(time)s") % {"time": self.at.length(left)}
        else:
            moment = self.at.short(after.due_at)
            yield self.say("answer due %(moment)s") % {"moment": moment}

    def _paging(self, change: Change, after: Standing) -> str:
        if _has_paged(change):
            return self._people(after)
        if after.paging == "held":
            return self.say("nobody is paged during the downtime")
        if after.page_at is not None:
            moment = self.at.short(after.page_at)
            return self.say("whoever is on call is paged at %(moment)s") % {"moment": moment}
        return self.say("nobody is paged")

    def _people(self, after: Standing) -> str:
        people = ", ".join(after.people)
        return self.say("%(people)s is paged") % {"people": people}


def _mood(scene: Scene) -> str:
    if scene.takes or scene.notices[0].author:
        return "person"
    return MOODS.get(scene.notices[0].state, "info")


def _is_same_ticket(change: Change) -> bool:
    return bool(change.before and change.after and change.before.number == change.after.number)


def _is_new(change: Change) -> bool:
    """Return whether a ticket was opened, or opened again."""
    if change.after is None or change.after.state in OVER_STATES:
        return False
    return not _is_same_ticket(change) or bool(change.before and change.before.state in OVER_STATES)


def _is_over_now(change: Change) -> bool:
    is_over = bool(change.after and change.after.state in OVER_STATES)
    return is_over and not (change.before and change.before.state in OVER_STATES)


def _is_taken_now(change: Change) -> bool:
    has_it = bool(change.after and change.after.taken_by)
    return has_it and not (change.before and change.before.taken_by)


def _has_paged(change: Change) -> bool:
    before = change.before.pages if change.before else 0
    return bool(change.after and change.after.pages > before)
