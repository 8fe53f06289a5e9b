"""The commands about the desk file: apply, export and schema."""

from contextlib import suppress
from pathlib import Path

import click

from bridge import utc
from bridge.cli.context import as_json, opened, print_result
from bridge.cli.flight_plans import policy_warnings
from bridge.desk_file import keeping
from bridge.desk_file.json_schema import desk_schema_text
from bridge.desk_file.keeping import Changes
from bridge.desk_file.loading import load
from bridge.desk_file.writing import desk_file_text
from bridge.flows.directory import read

FILES = click.Path(path_type=Path, dir_okay=False, exists=True)


class _DryRun(Exception):
    """Ends a transaction that is not to be kept."""


def add_to(group: click.Group) -> None:
    """Add these commands to the program."""
    for command in (apply, export, schema):
        group.add_command(command)


@click.command()
@click.argument("files", nargs=-1, required=True, type=FILES)
@click.option("--dry-run", is_flag=True, help="Say what would change, and change nothing.")
@click.option("--prune", is_flag=True, help="Retire entries that are absent from the files.")
@as_json
def apply(files: tuple[Path, ...], dry_run: bool, prune: bool, as_json: bool) -> None:
    """Take desk files over into the database, all or nothing, and say what changes."""
    changes, warnings = Changes(), []
    with (
        opened() as installation,
        suppress(_DryRun),
        installation.database.transaction() as session,
    ):
        desk = load(files, keeping.known_names(session))
        keys = installation.keys
        changes = keeping.apply(session, keys, desk.document, utc.now(), prune=prune)
        warnings = policy_warnings(read(session), utc.now())
        if dry_run:
            raise _DryRun
    value = {
        "dry_run": dry_run,
        "changes": [
            {"section": c.section, "name": c.name, "change": c.kind, "fields": list(c.fields)}
            for c in changes.entries
        ],
        "warnings": warnings,
    }
    for warning in warnings:
        click.echo(f"bridge: {warning}", err=True)
    print_result(value, changes.text, json_wanted=as_json)


@click.command()
@as_json
def export(as_json: bool) -> None:
    """Print everything in use as a desk file; secrets as references to what is stored."""
    with opened() as installation, installation.database.reading() as session:
        document = keeping.stored_document(session)
    text = desk_file_text(document).removesuffix("\n")
    print_result(document.plain(), lambda: text, json_wanted=as_json)


@click.command()
def schema() -> None:
    """Print the JSON Schema of the desk file, for editors."""
    click.echo(desk_schema_text(), nl=False)
