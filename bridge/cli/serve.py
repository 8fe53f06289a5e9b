"""The commands that run: serve, web and worker."""

import gc
from collections.abc import Callable
from functools import partial

import click

from bridge import __version__, logs, schema, server
from bridge.app import create_app
from bridge.cli.context import given_settings
from bridge.dashboard.setup import setup_url
from bridge.demo.app import create_app_with_phones, phones_file
from bridge.installation import Installation
from bridge.oncall import paging
from bridge.settings import Settings
from bridge.staff import queries as staff
from bridge.worker import parts
from bridge.worker.tree import Part, Tree

HOST, PORT = "127.0.0.1", 8080

host_option = click.option(
    "--host", default=HOST, show_default=True, help="Listen on this address."
)
port_option = click.option("--port", default=PORT, show_default=True, type=click.IntRange(1, 65535))


def add_to(group: click.Group) -> None:
    """Add these commands to the program."""
    for command in (serve, web, worker):
        group.add_command(command)


def at(settings: Settings, host: str, port: int) -> Settings:
    """Return the settings with the public URL where we listen, unless one was given."""
    if "public_url" in settings.model_fields_set:
        return settings
    shown = "127.0.0.1" if host in {"0.0.0.0", "::"} else host  # noqa: S104 - compared, not bound
    return settings.model_copy(update={"public_url": f"http://{shown}:{port}"})


def prepare(settings: Settings) -> str | None:
    """Migrate the database; return the link for the first login where nobody can log in yet."""
    installation = Installation.open(settings)
    try:
        schema.migrate(installation.database)
        with installation.database.reading() as session:
            if staff.has_credentials(session):
                return None
        return setup_url(installation.keys, settings.public_url, None)
    finally:
        installation.database.close()


def back_parts(settings: Settings) -> dict[str, Part]:
    """Return the parts behind the web."""
    return {
        "worker": partial(parts.work, settings),
        "courier": partial(parts.deliver, settings),
        "watcher": partial(parts.watch, settings),
    }


def run(settings: Settings, tree_parts: dict[str, Callable[[], None]]) -> None:
    """Run these parts until told to stop."""
    logs.set_up(as_json=settings.log_json, level=settings.log_level)
    # Loaded and set apart before the forks, so that all processes share it.
    paging.load()
    gc.collect()
    gc.freeze()
    Tree(tree_parts).run()


def announce(settings: Settings, first_login: str | None) -> None:
    """Print where to look."""
    click.echo(f"Bridge {__version__} runs at {settings.public_url} (stop it with Ctrl-C)")
    if first_login:
        click.echo(f"First login, good for one day and one person: {first_login}")


@click.command()
@host_option
@port_option
@click.option(
    "--sample-phones",
    is_flag=True,
    help="To try the sample desk file out: draw its people's phones at /demo/phones.",
)
def serve(host: str, port: int, sample_phones: bool) -> None:
    """Run everything: migrates the database, answers requests, works, delivers."""
    settings = at(given_settings(), host, port)
    make_app: server.MakeApp = create_app
    if sample_phones:
        make_app = partial(create_app_with_phones, file=phones_file(settings))
    listening = server.bound(host, port)
    announce(settings, prepare(settings))
    if sample_phones:
        click.echo(f"Phones of the sample's people: {settings.public_url}/demo/phones")
        if port != PORT:
            click.echo(f"The sample's channels name port {PORT}: write {port} in your desk file")
    web_part = {"web": partial(server.serve, settings, listening, make_app)}
    run(settings, web_part | back_parts(settings))


@click.command()
@host_option
@port_option
def web(host: str, port: int) -> None:
    """Answer requests only; any number of these may share one PostgreSQL."""
    settings = at(given_settings(), host, port)
    listening = server.bound(host, port)
    announce(settings, prepare(settings))
    run(settings, {"web": partial(server.serve, settings, listening)})


@click.command()
def worker() -> None:
    """Work and deliver only; any number of these may share one PostgreSQL."""
    settings = given_settings()
    prepare(settings)
    click.echo(f"Bridge {__version__} works (stop it with Ctrl-C)")
    run(settings, back_parts(settings))
