"""The command that asks what if: plays events, or the past, against a desk file; sends nothing."""

import signal
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import FrameType
from zoneinfo import ZoneInfo

import click

from bridge import utc
from bridge.cli.calculate import desk_option
from bridge.cli.context import as_json, opened, print_result
from bridge.desk_file.document import Document
from bridge.desk_file.loading import load
from bridge.simulation import event_file
from bridge.simulation.comparison import Comparison
from bridge.simulation.desk import simulated_desk
from bridge.simulation.moments import BadMoment, moment, only_zone
from bridge.simulation.playing import play
from bridge.simulation.replay import compare
from bridge.simulation.report import Report


def add_to(group: click.Group) -> None:
    """Add this command to the program."""
    group.add_command(simulate)


@click.command()
@desk_option
@click.option(
    "--events",
    type=click.Path(path_type=Path, dir_okay=False, exists=True),
    help="What happens: a JSON object in each line.",
)
@click.option("--until", help="The end; without it: nothing more is due, or a week has passed.")
@click.option("--from", "begin", help="Or play again what came in from this moment …")
@click.option("--to", "end", help="… to before this one.")
@click.option("--past", "month", help="The same for a month, such as 2026-10.")
@as_json
def simulate(
    desks: tuple[Path, ...],
    events: Path | None,
    until: str | None,
    begin: str | None,
    end: str | None,
    month: str | None,
    as_json: bool,
) -> None:
    """Play events, or what happened here, against a desk file in virtual time; sends nothing."""
    asked = (events is not None, bool(begin and end), month is not None)
    if sum(asked) != 1 or (bool(begin) != bool(end)) or (until and events is None):
        raise click.UsageError(
            "give --events FILE (and --until), or --from and --to, or --past MONTH"
        )
    _end_cleanly()
    document = load(desks).document
    found: Report | Comparison
    if events is not None:
        found = _played(document, events, until)
    else:
        found = _compared(document, *_range(document, begin, end, month))
    print_result(found.plain(), found.text, json_wanted=as_json)


def _played(document: Document, file: Path, until: str | None) -> Report:
    found = event_file.read(str(file), file.read_bytes(), document)
    end = _moment("--until", until, document) if until else None
    if end is not None and end < found[0].at:
        raise click.UsageError("--until is before the first event")
    with simulated_desk(document, found[0].at) as desk:
        return Report.of(desk, play(desk, found, end))


def _compared(document: Document, begin: datetime, end: datetime) -> Comparison:
    with opened() as installation:
        return compare(installation.database, document, begin, end, utc.now())


def _range(
    document: Document, begin: str | None, end: str | None, month: str | None
) -> tuple[datetime, datetime]:
    if month is not None:
        return _month(month, only_zone(document) or ZoneInfo("UTC"))
    from_ = _moment("--from", begin or "", document)
    to = _moment("--to", end or "", document)
    if to <= from_:
        raise click.UsageError("--to is not after --from")
    return from_, to


def _month(text: str, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """Return where the month begins and ends in `zone`."""
    try:
        first = datetime.strptime(text, "%Y-%m").replace(tzinfo=zone)
        next_first = (first + timedelta(days=31)).replace(day=1)
    except (ValueError, OverflowError) as error:
        raise click.UsageError(f"--past: {text!r} is no month: write 2026-10") from error
    return first.astimezone(UTC), next_first.astimezone(UTC)


def _moment(option: str, text: str, document: Document) -> datetime:
    try:
        return moment(text, only_zone(document))
    except BadMoment as error:
        raise click.UsageError(f"{option}: {error}") from error


def _end_cleanly() -> None:
    """Leave nothing behind when somebody stops us."""

    def end(_number: int, _frame: FrameType | None) -> None:
        sys.exit(1)

    signal.signal(signal.SIGTERM, end)
    signal.signal(signal.SIGHUP, end)
