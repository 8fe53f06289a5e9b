"""What counts as broken."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bridge.dashboard.trouble import NO_MAIL, Kind, MailFact, Pulse, SourceFact, troubles

NOW = datetime(2026, 11, 23, 3, tzinfo=UTC)
INTERVAL = timedelta(seconds=30)
WELL = Pulse(
    last_journal_id=1,
    worker_beat_at=NOW,
    courier_beat_at=NOW,
    inbox_failed=0,
    inbox_since=None,
    outbox_since=None,
)


def ago(seconds: float) -> datetime:
    return NOW - timedelta(seconds=seconds)


@pytest.mark.parametrize(
    ("changes", "kinds"),
    [
        pytest.param({}, [], id="all is well"),
        pytest.param({"worker_beat_at": None}, [Kind.NO_WORKER], id="no worker"),
        pytest.param({"worker_beat_at": ago(30)}, [], id="a worker silent for 30 s"),
        pytest.param({"worker_beat_at": ago(31)}, [Kind.WORKER_SILENT], id="and for 31 s"),
        pytest.param({"courier_beat_at": ago(31)}, [Kind.COURIER_SILENT], id="a silent courier"),
        pytest.param({"courier_beat_at": None}, [], id="a courier that never was"),
        pytest.param({"inbox_since": ago(60)}, [], id="what waits for a minute"),
        pytest.param({"inbox_since": ago(61)}, [Kind.INBOX_STUCK], id="and longer"),
        pytest.param({"outbox_since": ago(61)}, [Kind.OUTBOX_STUCK], id="a page that is due"),
        pytest.param({"inbox_failed": 2}, [Kind.INBOX_FAILED], id="something failed"),
        pytest.param({"clocks_differing": 0, "proved_at": NOW}, [], id="clocks that were proved"),
        pytest.param(
            {"clocks_differing": 1, "proved_at": NOW}, [Kind.CLOCKS_DIFFER], id="one that differs"
        ),
        pytest.param(
            {"worker_beat_at": ago(90), "inbox_since": ago(90), "outbox_since": ago(90)},
            [Kind.WORKER_SILENT, Kind.OUTBOX_STUCK],
            id="what waits for a silent worker is not told twice",
        ),
        pytest.param(
            {"worker_beat_at": None, "inbox_since": ago(90), "outbox_since": ago(90)},
            [Kind.NO_WORKER],
            id="nor what waits where nothing runs",
        ),
    ],
)
def test_what_is_broken_is_told_once(changes: dict[str, object], kinds: list[Kind]) -> None:
    found = troubles(replace(WELL, **changes), [], INTERVAL, NOW)  # type: ignore[arg-type]

    assert [one.kind for one in found] == kinds


@pytest.mark.parametrize(
    ("last", "is_told"),
    [(ago(90), False), (ago(91), True), (None, True)],
    ids=["three intervals ago", "longer ago", "never"],
)
def test_an_icinga_that_is_not_compared_is_told_with_its_reason(
    last: datetime | None, is_told: bool
) -> None:
    found = troubles(WELL, [SourceFact("icinga-main", last, "no route to host")], INTERVAL, NOW)

    assert [(one.name, one.reason, one.since) for one in found] == (
        [("icinga-main", "no route to host", last)] if is_told else []
    )


@pytest.mark.parametrize(
    ("mail", "kinds"),
    [
        pytest.param(NO_MAIL, [], id="no mail waits"),
        pytest.param(MailFact(1, ago(15 * 60), "busy"), [], id="one waits for a quarter hour"),
        pytest.param(MailFact(1, ago(15 * 60 + 1), "busy"), [Kind.MAIL_HELD], id="and longer"),
        pytest.param(
            MailFact(1, ago(1), "set", is_configured=False), [Kind.MAIL_NOT_CONFIGURED],
            id="what nobody has configured is told at once",
        ),
        pytest.param(MailFact(lost=2), [Kind.MAIL_LOST], id="somebody was not reached"),
        pytest.param(
            MailFact(3, ago(9999), "busy", lost=1), [Kind.MAIL_HELD, Kind.MAIL_LOST], id="both"
        ),
    ],
)  # fmt: skip
def test_mails_that_do_not_arrive_are_told(mail: MailFact, kinds: list[Kind]) -> None:
    found = troubles(WELL, [], INTERVAL, NOW, mail)

    assert [one.kind for one in found] == kinds
