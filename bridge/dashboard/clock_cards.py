"""One clock of a ticket explained: what was promised, how it stands, and the sum behind it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bridge.dashboard.timeline import Drawn, Timeline, timeline
from bridge.dashboard.urgency import Risk, Standing, standing
from bridge.moments import Moments
from bridge.sla.clock import ClockKind, Explanation
from bridge.sla.course import ClockCourse
from bridge.sla.fact_words import short_words
from bridge.sla.promise import DueWarning
from bridge.sla.sentence import Sentence, written
from bridge.sla.story import ClockStory
from bridge.sla.sum_end import used_until_stop
from bridge.sla.sum_words import account, explanation_of

# A sum of more pieces, or a list of more events than this is folded up at first.
MOST_OPEN = 8


@dataclass(frozen=True, slots=True)
class LineEvent:
    """Something that happened while the clock ran; its number is its place in the list."""

    at: datetime
    words: str


@dataclass(frozen=True, slots=True)
class Paragraphs:
    """The sum in sentences, in the language of the page: paragraphs of one subject each."""

    promise: Sequence[str]
    course: Sequence[str]
    counting: Sequence[str]
    ending: Sequence[str]
    versions: Sequence[str]


@dataclass(frozen=True, slots=True)
class ClockCard:
    """A clock as its page shows it.

    standing: None where it does not run. left: open time left; None where it has stopped.
    used: open time up to now or to the stop. explanation: None where the calendar of today no
    longer gives the due time that was promised.
    """

    clock: ClockCourse
    standing: Standing | None
    left: timedelta | None
    used: timedelta
    explanation: Explanation | None
    line: Timeline
    events: Sequence[LineEvent]
    told: Paragraphs

    @property
    def label(self) -> str:
        """Return what tells this clock from the others of its ticket."""
        return f"{self.clock.kind.value}-{self.clock.nth}"

    @property
    def is_over(self) -> bool:
        """Return whether it has stopped."""
        return self.clock.stop is not None

    @property
    def is_past_update(self) -> bool:
        """Return whether it is one of the many clocks that answers start and stop, and was kept."""
        is_update = self.clock.kind is ClockKind.UPDATE
        return is_update and self.is_over and self.clock.state != "missed"

    @property
    def risk(self) -> str:
        """Return how it stands or ended, for its colour; the words stand beside it."""
        return self.standing.risk.value if self.standing else self.clock.state

    @property
    def is_folded(self) -> bool:
        """Return whether the sum has so many pieces that it is folded up at first."""
        return self.explanation is not None and len(self.explanation.pieces) > MOST_OPEN

    @property
    def has_many_events(self) -> bool:
        """Return whether so much happened that the list is folded up at first."""
        return len(self.events) > MOST_OPEN


def clock_card(story: ClockStory, at: Moments, zone: str) -> ClockCard:
    """Return a clock as it stands now, in the language of `at`, in times of `zone`."""
    clock = story.course
    return ClockCard(
        clock=clock,
        standing=_standing(clock, at.now),
        left=clock.promise.left(at.now, clock.pauses) if clock.stop is None else None,
        used=used_until_stop(clock, at.now),
        explanation=explanation_of(clock),
        line=timeline(_drawn(story, at.now), zone),
        events=[LineEvent(one.at, written(short_words(one), at, zone)) for one in story.facts],
        told=_told(story, at, zone),
    )


def _standing(clock: ClockCourse, now: datetime) -> Standing | None:
    """Return how it stands; None where it has stopped, and where a pause leaves its due open."""
    if clock.stop is not None or clock.due is None:
        return None
    count = clock.promise.count
    found = standing(clock.due, count.allowance, count.hours, now)
    if found.risk is Risk.MISSED:
        return found
    return Standing(
        found.risk, clock.promise.left(now, clock.pauses), found.stops_at, found.resumes_at
    )


def _drawn(story: ClockStory, now: datetime) -> Drawn:
    clock = story.course
    return Drawn(
        start=clock.promise.start,
        due=clock.due,
        end=clock.stop or now,
        hours=clock.promise.count.hours,
        pauses=clock.pauses if clock.kind.pauses_count else (),
        events=[one.at for one in story.facts],
        warnings=_warnings(story),
    )


def _warnings(story: ClockStory) -> Sequence[DueWarning]:
    percents = story.terms.warn_at if story.terms else ()
    return story.course.promise.warnings(percents, story.course.pauses)


def _told(story: ClockStory, at: Moments, zone: str) -> Paragraphs:
    found = account(story, at.now)

    def each(sentences: Sequence[Sentence]) -> Sequence[str]:
        return [written(one, at, zone) for one in sentences]

    return Paragraphs(
        promise=each(found.promise),
        course=each((*found.beginning, *found.changes)),
        counting=each(found.counting),
        ending=each(found.ending),
        versions=each(found.versions),
    )
