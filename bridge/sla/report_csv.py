"""A report as CSV: one row for each promise, fit for the Excel of its reader's language."""

import csv
from collections.abc import Iterator
from datetime import datetime
from io import StringIO
from zoneinfo import ZoneInfo

from bridge.sla.report import Line
from bridge.sla.report_document import Report
from bridge.sla.report_words import DECIMAL, Words

# Excel takes a file for UTF-8 by this mark alone, and splits it at its language's own sign.
BYTE_ORDER_MARK = "\ufeff"
SEPARATOR = {"de": ";", "en": ","}
WRITTEN = {"de": "%d.%m.%Y %H:%M:%S", "en": "%Y-%m-%d %H:%M:%S"}
# What begins with one of these a spreadsheet would calculate, whoever wrote it.
FORMULA = ("=", "+", "-", "@", "\t", "\r")


def csv_of(report: Report, language: str) -> bytes:
    """Return the report's promises as CSV: UTF-8 with a mark, lines ending in CR LF.

    Moments are wall times in the customer's zone; used minutes are open time.
    """
    words = Words(report, language)
    text = StringIO(newline="")
    writer = csv.writer(text, delimiter=SEPARATOR[language], lineterminator="\r\n")
    writer.writerow(_head(words))
    writer.writerows(_row(line, words) for line in report.lines)
    writer.writerows(_corrected(words))
    return (BYTE_ORDER_MARK + text.getvalue()).encode()


def _head(words: Words) -> list[str]:
    zone = words.report.subject.zone
    return [
        words.say("Month"),
        words.say("Ticket"),
        words.say("Title"),
        words.say("Contract"),
        words.say("Class"),
        words.say("Priority"),
        words.say("Promise"),
        words.say("No."),
        words.say("Guaranteed"),
        f"{words.say('Start')} ({zone})",
        f"{words.say('Due')} ({zone})",
        f"{words.say('Stop')} ({zone})",
        words.say("Target (min)"),
        words.say("Used (min)"),
        words.say("Result"),
        words.say("Explanation"),
    ]


def _row(line: Line, words: Words) -> list[str]:
    is_missed = line.counts and line.outcome == "missed"
    return [
        words.report.subject.month,
        str(line.ticket),
        _harmless(line.title),
        _harmless(line.contract),
        words.ticket_class(line.ticket_class),
        line.priority,
        words.kind(line.kind, line.rule),
        str(line.nth),
        words.say("yes") if line.guaranteed else words.say("no"),
        _moment(line.started_at, words),
        _moment(line.due_at, words),
        _moment(line.stopped_at, words),
        str(line.target_minutes),
        f"{line.consumed_seconds / 60:.2f}".replace(".", DECIMAL[words.language]),
        words.outcome(line.outcome),
        _harmless(words.why(line)) if is_missed else "",
    ]


def _corrected(words: Words) -> Iterator[list[str]]:
    """Yield a row for each change of a month that was told before; their result says so."""
    for one in words.report.corrections:
        for change in one.changes:
            after = change.after
            yield [
                one.month,
                str(change.ticket),
                _harmless(change.title),
                *[""] * 3,
                words.kind(change.kind),
                str(change.nth),
                words.say("yes"),
                "",
                _moment(after.due_at if after else None, words),
                _moment(after.stopped_at if after else None, words),
                *[""] * 2,
                words.say("correction"),
                _harmless(words.change(change)),
            ]


def _moment(moment: datetime | None, words: Words) -> str:
    if moment is None:
        return ""
    local = moment.astimezone(ZoneInfo(words.report.subject.zone))
    return local.strftime(WRITTEN[words.language])


def _harmless(text: str) -> str:
    return f"'{text}" if text.startswith(FORMULA) else text
