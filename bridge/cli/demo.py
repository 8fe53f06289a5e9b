"""The command that shows what Bridge is: a provider's day, on a database of its own."""

import os
import signal
import sys
import tempfile
from functools import partial
from pathlib import Path
from types import FrameType

import click

from bridge import __version__, server
from bridge.cli.serve import back_parts, host_option, port_option, run
from bridge.demo import player, stage
from bridge.demo.app import create_demo_app
from bridge.demo.day import LASTS_SECONDS
from bridge.demo.stage import WILDCARDS, Stage

PROXIES = ("http_proxy", "https_proxy", "all_proxy")


def add_to(group: click.Group) -> None:
    """Add this command to the program."""
    group.add_command(demo)


@click.command()
@host_option
@port_option
@click.option(
    "--speed",
    default=1.0,
    show_default=True,
    type=click.FloatRange(0.5, 100),
    help="How many times as fast as written.",
)
def demo(host: str, port: int, speed: float) -> None:
    """Play a provider's day in two minutes; needs no Icinga, sends nothing, keeps nothing."""
    _end_cleanly()
    # Pages and notifications go from this machine to itself, which no proxy can reach.
    for name in PROXIES:
        os.environ.pop(name, None)
        os.environ.pop(name.upper(), None)
    listening = server.bound(host, port)
    with tempfile.TemporaryDirectory(prefix="bridge-demo-", ignore_cleanup_errors=True) as folder:
        set_up = stage.set_up(Path(folder), host, port)
        _announce(set_up, host, speed)
        web = partial(
            server.serve, set_up.settings, listening, partial(create_demo_app, folder=Path(folder))
        )
        play = partial(player.play, set_up, speed, click.echo)
        run(set_up.settings, {"web": web} | back_parts(set_up.settings) | {"player": play})


def _announce(set_up: Stage, host: str, speed: float) -> None:
    seconds = LASTS_SECONDS / speed
    click.echo(f"Bridge {__version__} shows a provider's day of {seconds:.0f} seconds.")
    click.echo(f"Open {set_up.visit_url} (no password; stop it with Ctrl-C)")
    if host in WILDCARDS:
        click.echo("Everybody who reaches this machine may look, and press the buttons.")
    click.echo("A demo: sample customers, in a folder that is deleted at the end.")


def _end_cleanly() -> None:
    """Let nothing remain when somebody stops us before the process tree listens, or hangs up."""

    def end(_number: int, _frame: FrameType | None) -> None:
        sys.exit(0)

    def hang_up(_number: int, _frame: FrameType | None) -> None:
        os.kill(os.getpid(), signal.SIGTERM)

    signal.signal(signal.SIGTERM, end)
    signal.signal(signal.SIGINT, end)
    signal.signal(signal.SIGHUP, hang_up)
