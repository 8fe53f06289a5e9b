"""The web application with what only a demo has: phones to be paged, and the page that shows it."""

from pathlib import Path

from flask import Flask

from bridge.app import create_app
from bridge.demo import phone_pages, stage_pages
from bridge.demo.phones import Phones, Provider
from bridge.errors import Refused
from bridge.installation import Installation
from bridge.settings import Settings


class NoPlaceForPhones(Refused):
    """The sample's phones are for trying out on one machine."""


def create_demo_app(installation: Installation, folder: Path) -> Flask:
    """Return the demo's application; the demo lives in `folder`."""
    app = create_app(installation)
    app.extensions[stage_pages.EXTENSION] = folder
    _add_phones(app, folder / "phones.jsonl", home="/demo")
    app.register_blueprint(stage_pages.blueprint)
    return app


def phones_file(settings: Settings) -> Path:
    """Return where the sample's phones beside a real desk keep their messages.

    Raises NoPlaceForPhones with PostgreSQL: whoever has that has people with phones of their own.
    """
    database = settings.sqlite_file
    if database is None:
        raise NoPlaceForPhones("the sample's phones are for trying out, on SQLite only")
    return database.with_name(f"{database.name}.phones")


def create_app_with_phones(installation: Installation, file: Path) -> Flask:
    """Return the real application with the sample people's phones beside it, to try it out."""
    app = create_app(installation)
    _add_phones(app, file, home="/demo/phones")
    return app


def _add_phones(app: Flask, file: Path, home: str) -> None:
    phones = Phones(file)
    app.extensions[phone_pages.EXTENSION] = phones
    app.jinja_env.globals["demo_home"] = home
    app.register_blueprint(phone_pages.blueprint)
    app.wsgi_app = Provider(app.wsgi_app, phones)  # type: ignore[method-assign]
