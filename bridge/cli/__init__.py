"""The command `bridge`: one program for everything, errors as sentences, and exit codes."""

import sys
from pathlib import Path

import click

from bridge import __version__, logs
from bridge.cli import (
    calculate,
    check,
    demo,
    desk,
    operate,
    people,
    report,
    serve,
    simulate,
    verify,
)
from bridge.errors import BridgeError, Temporary

REFUSED, TRY_AGAIN = 1, 75


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="bridge")
@click.option(
    "--config",
    type=click.Path(path_type=Path, dir_okay=False),
    help="The settings file; else BRIDGE_CONFIG, else ./bridge.toml.",
)
@click.pass_context
def bridge(context: click.Context, config: Path | None) -> None:
    """From an Icinga alarm to a kept promise: the desk of an IT service provider.

    Exit codes: 0 done, 1 refused or found wanting, 2 used wrongly, 75 try again.
    """
    context.obj = config
    logs.set_up(as_json=False, level="warning")


for commands in (
    serve,
    demo,
    desk,
    check,
    people,
    calculate,
    operate,
    simulate,
    report,
    verify,
):
    commands.add_to(bridge)


def main() -> None:
    """Run the command line; an error that Bridge raises on purpose is a sentence, not a trace."""
    try:
        bridge()
    except Temporary as error:
        click.echo(f"bridge: {error}", err=True)
        sys.exit(TRY_AGAIN)
    except BridgeError as error:
        click.echo(f"bridge: {error}", err=True)
        sys.exit(REFUSED)
    except OSError as error:
        # A folder that cannot be written, a disk that is full: a sentence says as much.
        click.echo(f"bridge: {error.filename or ''} {error.strerror or error}".strip(), err=True)
        sys.exit(REFUSED)
