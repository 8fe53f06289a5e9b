"""What the commands share: settings, an installation, and how they print."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click

from bridge import schema, settings
from bridge.installation import Installation
from bridge.settings import Settings

as_json = click.option("--json", "as_json", is_flag=True, help="Print JSON for programs.")


def given_settings() -> Settings:
    """Return the settings that the options and the environment name."""
    config: Path | None = click.get_current_context().find_root().obj
    return settings.load(config)


@contextmanager
def opened() -> Iterator[Installation]:
    """Give the installation, its database brought to this version's schema."""
    installation = Installation.open(given_settings())
    try:
        schema.migrate(installation.database)
        yield installation
    finally:
        installation.database.close()


def print_result(value: Any, as_text: Callable[[], str], *, json_wanted: bool) -> None:
    """Print `value` as JSON, or else the text."""
    click.echo(json.dumps(value, ensure_ascii=False, indent=2) if json_wanted else as_text())
