"""A report as a sheet of paper: headings, tables, bars and lists with all their words."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from bridge.language import date_and_time
from bridge.sla.corrections import Correction
from bridge.sla.report import Counts, Group, Line
from bridge.sla.report_document import Report
from bridge.sla.report_words import Words
from bridge.sla.response_times import Times

Sheet = dict[str, Any]


def sheet_of(report: Report, language: str) -> Sheet:
    """Return everything that `report.typ` prints, as plain JSON."""
    words = Words(report, language)
    subject, figures = report.subject, report.figures
    return {
        "language": language,
        "title": f"{words.say('SLA report')} {words.month()}",
        "customer": subject.customer_name,
        "desk": " · ".join(filter(None, [subject.desk, subject.desk_address])),
        "page": words.say("Page"),
        "facts": [
            [words.say("Customer"), f"{subject.customer_name} ({subject.customer})"],
            [words.say("Month"), f"{words.month()} ({subject.zone})"],
            [words.say("As of"), standing_of(words)],
        ],
        "figures": _head_figures(figures.total, words),
        "tables": [one for one in _tables(report, words) if one["rows"]],
        "bars": _bars(figures.response_times, words),
        "times": _times_table(report, words),
        "missed": {
            "heading": words.say("Missed promises"),
            "none": words.say("None was missed."),
            "entries": [_entry(line, words, why=words.why(line)) for line in report.missed],
        },
        "corrections": [_correction(one, words) for one in report.corrections],
        "apart": _apart(report, words),
        "notes": list(notes(words)),
    }


def standing_of(words: Words) -> str:
    """Return as of when the report is, and whether that may still change."""
    subject = words.report.subject
    moment = date_and_time(subject.as_of, words.language, subject.zone)
    if subject.is_over:
        return moment
    return words.say("%(moment)s, provisional: the month is not over") % {"moment": moment}


def notes(words: Words) -> Iterator[str]:
    """Yield what one must know to read the figures."""
    yield words.say(
        "A promise belongs to the month in which its clock stopped or was due, whichever is"
        " earlier. It is missed from the first instant after its due time, even while nobody has"
        " answered."
    )
    yield words.say(
        "The percentage is of those kept or missed, rounded down. Cancelled are those whose"
        " problem was over before anybody had to answer; merged are those whose ticket went on in"
        " another one. Neither counts."
    )
    yield words.say(
        "Times are service time: only the agreed service hours count, and for solutions not the"
        " time spent waiting."
    )


def _head_figures(total: Counts, words: Words) -> list[list[str]]:
    return [
        [words.percentage(total.percentage), words.say("kept of those decided")],
        [str(total.promised), words.say("promised")],
        [str(total.kept), words.say("kept")],
        [str(total.missed), words.say("missed")],
        [str(total.cancelled), words.say("cancelled")],
        [str(total.merged), words.say("merged")],
    ]


def count_heads(words: Words) -> list[str]:
    """Return the heads of the columns of counts."""
    return [
        words.say("promised"),
        words.say("kept"),
        words.say("missed"),
        words.say("cancelled"),
        words.say("merged"),
        words.say("in %"),
    ]


def counts_row(counts: Counts, words: Words) -> list[str]:
    """Return the cells of these counts."""
    numbers = (counts.promised, counts.kept, counts.missed, counts.cancelled, counts.merged)
    return [*map(str, numbers), words.percentage(counts.percentage)]


def _tables(report: Report, words: Words) -> Iterator[Sheet]:
    figures = report.figures

    def table(heading: str, named: Iterable[tuple[str, Group]]) -> Sheet:
        return {
            "head": [heading, *count_heads(words)],
            "rows": [[name, *counts_row(group.counts, words)] for name, group in named],
            "foot": [words.say("Total"), *counts_row(figures.total, words)],
        }

    yield table(words.say("Priority"), ((one.name, one) for one in figures.by_priority))
    yield table(words.say("Promise"), ((words.kind(one.name), one) for one in figures.by_kind))
    yield table(words.say("Class"), ((words.ticket_class(o.name), o) for o in figures.by_class))
    if len(figures.by_contract) > 1:
        yield table(words.say("Contract"), ((one.name, one) for one in figures.by_contract))


def _bars(times: Times, words: Words) -> Sheet:
    """Return both distributions: each bar's name, count, whether it was late, and all in words."""
    shares = [
        [words.share(one), one.count, words.is_late(one), words.share(one)]
        for one in times.by_share
    ]
    if times.unanswered:
        name = words.say("no answer")
        shares.append([name, times.unanswered, True, name])
    return {
        "heading": words.say("Response times"),
        "in_time": words.say("in time"),
        "late": words.say("too late"),
        "none": words.say("No response was due."),
        "by_share": {"heading": words.say("In per cent of the target"), "bars": shares},
        "by_minutes": {
            "heading": words.say("In minutes of service time"),
            "bars": [[words.in_minutes(one), one.count, None, ""] for one in times.by_minutes],
        },
        "count": times.answered + times.unanswered,
    }


def _times_table(report: Report, words: Words) -> Sheet:
    figures = report.figures

    def row(name: str, times: Times) -> list[str]:
        return [
            name,
            str(times.answered),
            str(times.unanswered),
            words.lasts(times.median_seconds),
            words.lasts(times.p90_seconds),
        ]

    return {
        "head": [
            words.say("Priority"),
            words.say("answered"),
            words.say("no answer"),
            words.say("half within"),
            words.say("90 % within"),
        ],
        "rows": [row(one.name, one.times) for one in figures.response_times_by_priority],
        "foot": row(words.say("Total"), figures.response_times),
    }


def _entry(line: Line, words: Words, why: str = "") -> Sheet:
    facts = [
        line.priority,
        words.kind(line.kind, line.rule),
        words.ticket_class(line.ticket_class),
        f"{words.say('Start')} {words.at.exactly(line.started_at)}",
    ]
    if line.due_at is None:
        facts.append(words.say("waiting, due later"))
    else:
        facts.append(f"{words.say('Due')} {words.at.exactly(line.due_at)}")
    return {
        "number": f"#{line.ticket}",
        "title": line.title,
        "facts": " · ".join(facts),
        "why": why,
    }


def _correction(correction: Correction, words: Words) -> Sheet:
    return {
        "heading": words.say("Correction of %(month)s") % {"month": words.month(correction.month)},
        "head": ["", *count_heads(words)],
        "rows": [
            [words.say("as told"), *counts_row(correction.before, words)],
            [words.say("as it is"), *counts_row(correction.after, words)],
        ],
        "entries": [
            {
                "number": f"#{one.ticket}",
                "title": one.title,
                "facts": words.kind(one.kind),
                "why": words.change(one),
            }
            for one in correction.changes
        ],
    }


def _apart(report: Report, words: Words) -> list[Sheet]:
    return [
        {
            "heading": words.say("Not due yet"),
            "note": words.say("These promises still run; they count when they are decided."),
            "entries": _short(report.not_due, words),
        },
        {
            "heading": words.say("Targets without guarantee"),
            "note": words.say(
                "These tickets did not come through a contract address: the same times were aimed"
                " at, and count for nothing above."
            ),
            "entries": _short(report.without_guarantee, words),
        },
    ]


def _short(lines: Sequence[Line], words: Words) -> list[Sheet]:
    return [_entry(line, words) | {"why": words.outcome(line.outcome)} for line in lines]
