"""What is broken at the desk itself, so that the board can say it in words."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum

SILENT = timedelta(seconds=30)
STUCK = timedelta(seconds=60)
# So many intervals may pass before an Icinga counts as not compared.
INTERVALS = 3
# So long a mail may wait for a server that is away, or wants to be asked twice.
HELD = timedelta(minutes=15)
LOST_LATELY = timedelta(days=3)


class Kind(Enum):
    """What can be broken."""

    NO_WORKER = "no_worker"
    WORKER_SILENT = "worker_silent"
    COURIER_SILENT = "courier_silent"
    INBOX_STUCK = "inbox_stuck"
    OUTBOX_STUCK = "outbox_stuck"
    INBOX_FAILED = "inbox_failed"
    NOT_RECONCILED = "not_reconciled"
    MAIL_NOT_CONFIGURED = "mail_not_configured"
    MAIL_HELD = "mail_held"
    MAIL_LOST = "mail_lost"
    CLOCKS_DIFFER = "clocks_differ"


@dataclass(frozen=True, slots=True)
class Trouble:
    """One thing that is broken: since when, how many, and what or why, where that is known."""

    kind: Kind
    since: datetime | None = None
    count: int = 0
    name: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Pulse:
    """What tells whether anything has happened since the last look, and whether all is well.

    clocks_differing: how many clocks were not what the journal makes of them, when they were last
    compared, at proved_at.
    """

    last_journal_id: int | None
    worker_beat_at: datetime | None
    courier_beat_at: datetime | None
    inbox_failed: int
    inbox_since: datetime | None
    outbox_since: datetime | None
    clocks_differing: int | None = None
    proved_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class SourceFact:
    """An Icinga that can be asked: when it last answered, and why it did not since."""

    label: str
    reconciled_at: datetime | None
    error: str | None


@dataclass(frozen=True, slots=True)
class MailFact:
    """The mails that wait after a try, since when and why, and whom none has reached lately.

    is_configured: whether they could have been tried at all.
    """

    held: int = 0
    since: datetime | None = None
    reason: str = ""
    is_configured: bool = True
    lost: int = 0


NO_MAIL = MailFact()


def troubles(
    pulse: Pulse,
    sources: Sequence[SourceFact],
    interval: timedelta,
    now: datetime,
    mail: MailFact = NO_MAIL,
) -> list[Trouble]:
    """Return what is broken at `now`, the worst first; `interval` is that of the reconcile."""
    processes = list(_processes(pulse, now))
    silent = {one.kind for one in processes}
    # What waits because nobody works needs no second line.
    works = silent.isdisjoint({Kind.NO_WORKER, Kind.WORKER_SILENT})
    delivers = silent.isdisjoint({Kind.NO_WORKER, Kind.COURIER_SILENT})
    return [
        *processes,
        *(_stuck(Kind.INBOX_STUCK, pulse.inbox_since, now) if works else ()),
        *(_stuck(Kind.OUTBOX_STUCK, pulse.outbox_since, now) if delivers else ()),
        *([Trouble(Kind.INBOX_FAILED, count=pulse.inbox_failed)] if pulse.inbox_failed else []),
        *_clocks(pulse),
        *_sources(sources, interval, now),
        *_mail(mail, now),
    ]


def _clocks(pulse: Pulse) -> Iterator[Trouble]:
    if pulse.clocks_differing:
        yield Trouble(Kind.CLOCKS_DIFFER, since=pulse.proved_at, count=pulse.clocks_differing)


def _processes(pulse: Pulse, now: datetime) -> Iterator[Trouble]:
    if pulse.worker_beat_at is None:
        yield Trouble(Kind.NO_WORKER)
        return
    for kind, beat_at in (
        (Kind.WORKER_SILENT, pulse.worker_beat_at),
        (Kind.COURIER_SILENT, pulse.courier_beat_at),
    ):
        if beat_at is not None and now - beat_at > SILENT:
            yield Trouble(kind, since=beat_at)


def _stuck(kind: Kind, since: datetime | None, now: datetime) -> Iterator[Trouble]:
    if since is not None and now - since > STUCK:
        yield Trouble(kind, since=since)


def _sources(
    sources: Sequence[SourceFact], interval: timedelta, now: datetime
) -> Iterator[Trouble]:
    for one in sources:
        last = one.reconciled_at
        if last is None or now - last > INTERVALS * interval:
            yield Trouble(Kind.NOT_RECONCILED, last, name=one.label, reason=one.error or "")


def _mail(mail: MailFact, now: datetime) -> Iterator[Trouble]:
    if mail.since is not None and not mail.is_configured:
        yield Trouble(Kind.MAIL_NOT_CONFIGURED, mail.since, mail.held, reason=mail.reason)
    elif mail.since is not None and now - mail.since > HELD:
        yield Trouble(Kind.MAIL_HELD, mail.since, mail.held, reason=mail.reason)
    if mail.lost:
        yield Trouble(Kind.MAIL_LOST, count=mail.lost)
