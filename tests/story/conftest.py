"""Sites that these tests share, on each engine in turn; each test uses services of its own."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.conftest import BOTH
from tests.lab.postgres import Postgres
from tests.story import world as worlds
from tests.story.world import World


@pytest.fixture(scope="package", params=BOTH)
def engine(request: pytest.FixtureRequest) -> str:
    """The kind of database."""
    kind: str = request.param
    return kind


@pytest.fixture(scope="package")
def site(request: pytest.FixtureRequest, engine: str) -> Iterator[World]:
    """Icinga notifies, and is asked."""
    with _running(request, engine) as world:
        yield world


@pytest.fixture(scope="package")
def site_that_does_not_ask(request: pytest.FixtureRequest, engine: str) -> Iterator[World]:
    """Icinga notifies; nothing else tells Bridge anything, and nothing goes back."""
    with _running(request, engine, with_api=False) as world:
        yield world


@pytest.fixture(scope="package")
def site_that_is_not_told(request: pytest.FixtureRequest, engine: str) -> Iterator[World]:
    """Icinga is asked; its notifications are refused."""
    with _running(request, engine, with_token=False) as world:
        yield world


@contextmanager
def _running(
    request: pytest.FixtureRequest, engine: str, *, with_api: bool = True, with_token: bool = True
) -> Iterator[World]:
    factory: pytest.TempPathFactory = request.getfixturevalue("tmp_path_factory")
    folder = factory.mktemp("site")
    with (
        _database(request, engine, folder) as url,
        worlds.wired(folder, url, with_api=with_api, with_token=with_token) as world,
    ):
        world.bridge.start()
        yield world


@contextmanager
def _database(request: pytest.FixtureRequest, engine: str, folder: Path) -> Iterator[str]:
    if engine == "sqlite":
        shutil.copy(request.getfixturevalue("migrated_sqlite"), folder / "bridge.db")
        yield f"sqlite:///{folder / 'bridge.db'}"
        return
    server: Postgres = request.getfixturevalue("postgres")
    with server.database() as url:
        yield url
