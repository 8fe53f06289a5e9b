"""The commands about people and programs: user add and token add."""

import click

from bridge import utc
from bridge.cli.context import as_json, opened, print_result
from bridge.dashboard.setup import setup_url
from bridge.icinga import actions as icinga
from bridge.staff import actions as staff


def add_to(group: click.Group) -> None:
    """Add these commands to the program."""
    group.add_command(user)
    group.add_command(token)


@click.group()
def user() -> None:
    """People who log in."""


@user.command("add")
@click.argument("login")
@click.option(
    "--role", "roles", multiple=True, required=True, help="engineer, manager, admin, reader."
)
@click.option("--name", help="The name that others see; the login where there is none.")
@as_json
def add_user(login: str, roles: tuple[str, ...], name: str | None, as_json: bool) -> None:
    """Let LOGIN in; prints the one-time link under which the password is chosen."""
    with opened() as installation:
        with installation.database.transaction() as session:
            person = staff.add_person(session, login, name or login, roles)
            found = {"login": person.label, "roles": list(person.roles)}
        link = setup_url(installation.keys, installation.settings.public_url, login)
    print_result(
        found | {"link": link},
        lambda: f"{login} chooses a password here, within a day: {link}",
        json_wanted=as_json,
    )


@click.group()
def token() -> None:
    """Tokens for programs."""


@token.command("add")
@click.argument("name")
@click.option("--scope", required=True, help="webhook, api:read, or api:write (includes read).")
@click.option("--source", help="The source of the desk file whose notifications it may post.")
@as_json
def add_token(name: str, scope: str, source: str | None, as_json: bool) -> None:
    """Make a token; it is shown once and never again."""
    with opened() as installation, installation.database.transaction() as session:
        made = staff.add_token(session, name, scope, source, utc.now())
        is_new = source is not None and icinga.known_source(session, source)[1]
    if is_new:
        click.echo(
            f"bridge: source {source} is new, and known for its notifications only;"
            " describe it in the desk file's sources if it has an API",
            err=True,
        )
    print_result({"token": made}, lambda: made, json_wanted=as_json)
