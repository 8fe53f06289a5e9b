"""What a report says, in German and English: months, kinds, verdicts, and why one was missed."""

from dataclasses import dataclass
from datetime import timedelta
from typing import assert_never

from bridge.language import Say, say
from bridge.moments import Moments
from bridge.sla.corrections import Change, Standing
from bridge.sla.month import Month
from bridge.sla.report import RECOVERED, Line, Outcome
from bridge.sla.report_document import Report
from bridge.sla.response_times import MINUTES, SHARES, Bucket

LAST_IN_TIME = 100
HOUR_SECONDS = 3600
A_DAY = timedelta(days=1)
DECIMAL = {"de": ",", "en": "."}
PER_CENT = {"de": "\u202f%", "en": "%"}


@dataclass(frozen=True)
class Words:
    """Writes a report in `language`; moments in the customer's zone, as of when it was made."""

    report: Report
    language: str

    @property
    def say(self) -> Say:
        """Return what translates a text."""
        return say(self.language)

    @property
    def at(self) -> Moments:
        """Return what writes moments."""
        subject = self.report.subject
        return Moments(self.language, subject.zone, subject.as_of)

    def month(self, text: str = "") -> str:
        """Return a month such as `2026-11`, or that of the report, as people write it."""
        return month_name(Month.of_text(text or self.report.subject.month), self.language)

    def percentage(self, value: float | None) -> str:
        """Return a percentage to a tenth; a dash where there is none."""
        return percent_text(value, self.language)

    def lasts(self, seconds: float | None) -> str:
        """Return a length of time in hours and minutes, and seconds where it is short."""
        if seconds is None:
            return "–"
        whole = int(seconds) if seconds < HOUR_SECONDS else int(seconds) // 60 * 60
        if 0 < seconds < 1:
            return "< 1 s"
        return self.at.exact(timedelta(seconds=whole))

    def minutes(self, count: int) -> str:
        """Return a number of minutes as a length of time."""
        return self.at.minutes(count)

    def kind(self, kind: str, rule: str | None = None) -> str:
        """Return the word for a kind of promise."""
        match kind:
            case "response":
                return self.say("Response")
            case "update" if rule == "status":
                return self.say("Status")
            case "update":
                return self.say("Update")
            case _:
                return self.say("Solution")

    def ticket_class(self, name: str) -> str:
        """Return the word for a class of tickets."""
        return self.say("Fault") if name == "fault" else self.say("Request")

    def outcome(self, outcome: Outcome) -> str:
        """Return the word for what became of a promise."""
        match outcome:
            case Outcome.KEPT:
                return self.say("kept")
            case Outcome.MISSED:
                return self.say("missed")
            case Outcome.CANCELLED:
                return self.say("cancelled")
            case Outcome.MERGED:
                return self.say("merged")
            case Outcome.NOT_DUE:
                return self.say("not due yet")
            case _:
                assert_never(outcome)

    def why(self, line: Line) -> str:
        """Return why a promise was missed: when what happened, and the open time it took."""
        return f"{self._what_happened(line)} {self._used(line)}"

    def _what_happened(self, line: Line) -> str:
        assert line.due_at is not None
        if line.stopped_at is None:
            late = self.report.subject.as_of - line.due_at
            return self._nothing_yet(line) % {"late": self._late(late)}
        filled = {
            "moment": self.at.exactly(line.stopped_at),
            "late": self._late(line.stopped_at - line.due_at),
        }
        if line.ended_by == RECOVERED and line.kind != "solution":
            text = self.say("Nobody answered before it recovered %(moment)s, %(late)s too late.")
        elif line.kind == "solution":
            text = self.say("Solved %(moment)s, %(late)s too late.")
        else:
            text = self.say("Answered %(moment)s, %(late)s too late.")
        return text % filled

    def _late(self, lasts: timedelta) -> str:
        return self.lasts(lasts.total_seconds()) if lasts < A_DAY else self.at.length(lasts)

    def _nothing_yet(self, line: Line) -> str:
        if line.kind == "solution":
            return self.say("Not solved yet, overdue for %(late)s.")
        return self.say("Nobody has answered yet, overdue for %(late)s.")

    def _used(self, line: Line) -> str:
        if line.counted_from != line.started_at:
            text = self.say(
                "The target changed %(moment)s: from then on %(used)s of service time were used,"
                " %(target)s were promised."
            )
            return text % {
                "moment": self.at.exactly(line.counted_from),
                "used": self.lasts(line.count_seconds),
                "target": self.minutes(line.counted_minutes),
            }
        text = self.say("%(used)s of service time were used, %(target)s were promised.")
        return text % {
            "used": self.lasts(line.consumed_seconds),
            "target": self.minutes(line.target_minutes),
        }

    def share(self, bucket: Bucket) -> str:
        """Return the name of a bucket of shares of the target."""
        return _between(bucket, SHARES, PER_CENT[self.language])

    def in_minutes(self, bucket: Bucket) -> str:
        """Return the name of a bucket of minutes."""
        return _between(bucket, MINUTES, " min")

    def is_late(self, bucket: Bucket) -> bool:
        """Return whether a bucket of shares holds what was too late."""
        return bucket.up_to is None or bucket.up_to > LAST_IN_TIME

    def change(self, change: Change) -> str:
        """Return how a promise of a frozen month was told, and how it is."""
        text = self.say("was told as: %(before)s; is: %(after)s")
        return text % {
            "before": self._standing(change.before),
            "after": self._standing(change.after),
        }

    def _standing(self, standing: Standing | None) -> str:
        if standing is None:
            return self.say("not in this month")
        word = self.outcome(standing.outcome)
        if standing.stopped_at is None:
            return word
        return f"{word} ({self.at.exactly(standing.stopped_at)})"


def percent_text(value: float | None, language: str) -> str:
    """Return a percentage to a tenth, as people write it; a dash where there is none."""
    if value is None:
        return "–"
    return f"{value:.1f}".replace(".", DECIMAL[language]) + PER_CENT[language]


def month_name(month: Month, language: str) -> str:
    """Return a month as people write it, `November 2026`."""
    return f"{month_names(language)[month.month - 1]} {month.year}"


def month_names(language: str) -> tuple[str, ...]:
    """Return the names of the months."""
    _ = say(language)
    return (
        _("January"),
        _("February"),
        _("March"),
        _("April"),
        _("May"),
        _("June"),
        _("July"),
        _("August"),
        _("September"),
        _("October"),
        _("November"),
        _("December"),
    )


def _between(bucket: Bucket, ends: tuple[int, ...], unit: str) -> str:
    if bucket.up_to is None:
        return f"> {ends[-1]}{unit}"
    place = ends.index(bucket.up_to)
    begin = ends[place - 1] if place else 0
    return f"{begin}–{bucket.up_to}{unit}"
