"""The command sla report: one customer's month as text, CSV, PDF or JSON, and its freezing."""

import json
from pathlib import Path

import click

from bridge import utc
from bridge.api.reports import shape_of
from bridge.cli.calculate import sla
from bridge.cli.context import as_json, opened
from bridge.flows import report_freezing, reports
from bridge.flows.reports import Shown
from bridge.installation import Installation
from bridge.language import best
from bridge.sla.month import Month
from bridge.sla.report_csv import csv_of
from bridge.sla.report_document import Report
from bridge.sla.report_pdf import pdf_of
from bridge.sla.report_sheet import sheet_of


def add_to(_group: click.Group) -> None:
    """Add this command to the others about promises."""
    sla.add_command(report)


@click.command()
@click.option("--customer", required=True, help="The number of the customer.")
@click.option("--month", required=True, help="Year and month, such as 2026-11.")
@click.option("--csv", "as_csv", is_flag=True, help="Print the promises as CSV.")
@click.option("--pdf", type=click.Path(path_type=Path, dir_okay=False), help="Write a PDF.")
@click.option("--freeze", is_flag=True, help="Keep the month as it is, for ever.")
@as_json
def report(
    customer: str, month: str, as_csv: bool, pdf: Path | None, freeze: bool, as_json: bool
) -> None:
    """Tell what became of the promises to a customer in a month; CSV and PDF in their language."""
    if (as_csv, pdf is not None, as_json).count(True) > 1:
        raise click.UsageError("give one of --csv, --pdf and --json")
    wanted = Month.of_text(month)
    with opened() as installation:
        if freeze:
            _freeze(installation, customer, wanted)
        with installation.database.reading() as session:
            directory = installation.directories.current(session)
            found = reports.shown(session, directory, customer, wanted, utc.now())
            kept = (found.frozen.csv, found.frozen.pdf) if found.frozen else (None, None)
    language = best(found.report.subject.language)
    if as_csv:
        click.echo(kept[0] or csv_of(found.report, language), nl=False)
    elif pdf is not None:
        pdf.write_bytes(kept[1] or pdf_of(found.report, language))
    elif as_json:
        click.echo(json.dumps(_plain(found), ensure_ascii=False, indent=2))
    else:
        click.echo(_text(found.report))


def _freeze(installation: Installation, customer: str, month: Month) -> None:
    with installation.database.reading() as session:
        directory = installation.directories.current(session)
        ready = report_freezing.prepare(session, directory, customer, month, utc.now())
    with installation.database.transaction() as session:
        if not report_freezing.freeze(session, ready, None, utc.now()):
            click.echo(f"bridge: {month} was frozen before: it stays as it was told", err=True)


def _plain(found: Shown) -> object:
    return shape_of(found).model_dump(mode="json")


def _text(found: Report) -> str:
    sheet = sheet_of(found, "en")
    lines = [sheet["title"], *(f"{name}: {value}" for name, value in sheet["facts"]), ""]
    for table in sheet["tables"]:
        lines += ["  ".join(f"{cell:>10}" for cell in row) for row in _rows(table)] + [""]
    for one in sheet["missed"]["entries"]:
        lines += [f"{one['number']} {one['title']}", f"  {one['facts']}", f"  {one['why']}"]
    return "\n".join(lines).rstrip()


def _rows(table: dict[str, list[list[str]]]) -> list[list[str]]:
    return [table["head"], *table["rows"], table["foot"]]  # type: ignore[list-item]
