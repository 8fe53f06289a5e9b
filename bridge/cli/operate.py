"""The commands of daily operation: inbox, icinga and check."""

from pathlib import Path

import click

from bridge import utc
from bridge.cli.context import as_json, given_settings, opened, print_result
from bridge.errors import Refused, Temporary
from bridge.flows import reconcile as flow
from bridge.icinga import conf
from bridge.inbox import actions, queries
from bridge.worker.watcher import Watcher


def add_to(group: click.Group) -> None:
    """Add these commands to the program."""
    group.add_command(inbox)
    group.add_command(icinga)


@click.group()
def inbox() -> None:
    """What came in and could not be processed."""


@inbox.command("list")
@as_json
def list_failed(as_json: bool) -> None:
    """List what was set aside, with its reason."""
    with opened() as installation, installation.database.reading() as session:
        found = [
            {
                "id": entry.id,
                "source": entry.source,
                "event_id": entry.event_id,
                "received_at": utc.iso(entry.received_at),
                "reason": entry.reason,
            }
            for entry in queries.failed(session)
        ]
    lines = [
        f"{one['id']}  {one['received_at']}  {one['source']}  {one['reason']}" for one in found
    ]
    print_result(found, lambda: "\n".join(lines) or "nothing failed", json_wanted=as_json)


@inbox.command()
@click.argument("ids", nargs=-1, type=int)
@click.option("--all", "every", is_flag=True, help="Everything that was set aside.")
@as_json
def replay(ids: tuple[int, ...], every: bool, as_json: bool) -> None:
    """Let entries that were set aside be processed again."""
    if bool(ids) == every:
        raise click.UsageError("name the entries (bridge inbox list), or --all of them")
    with opened() as installation, installation.database.transaction() as session:
        count = actions.replay(session, None if every else ids)
    print_result({"replayed": count}, lambda: f"{count} to be processed again", json_wanted=as_json)
    if not every and count < len(ids):
        raise Refused(f"{len(ids) - count} of these are no failed entries")


@click.group()
def icinga() -> None:
    """Work with an Icinga 2."""


@icinga.command("conf")
@click.option("--out", required=True, type=click.Path(path_type=Path, file_okay=False))
@as_json
def write_conf(out: Path, as_json: bool) -> None:
    """Write the drop-in for Icinga, with this desk's address, into a folder."""
    written = conf.render(out, given_settings().public_url)
    names = [str(path) for path in written]
    print_result({"files": names}, lambda: "\n".join(names), json_wanted=as_json)


@icinga.command()
@click.argument("source")
@as_json
def reconcile(source: str, as_json: bool) -> None:
    """Compare SOURCE's problems with our tickets now, and file what was lost."""
    with opened() as installation:
        with installation.database.reading() as session:
            flow.source(session, source)  # a wrong name is refused; it would not get better
        new = Watcher(installation).reconcile(source)
    if new is None:
        raise Temporary(f"{source} could not be asked; the log above says why")
    print_result({"new": new}, lambda: f"{new} new differences", json_wanted=as_json)
