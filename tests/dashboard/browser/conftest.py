"""A real browser, and a real server for it to talk to."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page

from bridge import utc
from bridge.app import create_app
from bridge.dashboard.assets import STATIC
from bridge.installation import Installation
from tests import builders
from tests.dashboard import world
from tests.dashboard.browser.site import Site
from tests.lab.requirements import need

HTMX = STATIC / "vendor" / "htmx.min.js"


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, Any]:
    """The machine's own browser; Playwright's download is not needed."""
    return {"executable_path": need("chromium", "apt install chromium"), "args": ["--no-sandbox"]}


@pytest.fixture(scope="session", autouse=True)
def htmx() -> None:
    """The library that the pages load; without it skip, saying how to get it."""
    if HTMX.exists():
        return
    message = "htmx.min.js is missing: npm ci --ignore-scripts && npm run vendor"
    if os.environ.get("REQUIRE_ALL_PARTS") == "1":
        pytest.fail(message)
    pytest.skip(message)


@pytest.fixture
def database_url(migrated_sqlite: Path, tmp_path: Path) -> str:
    """One engine is enough here: the browser cannot tell."""
    path = tmp_path / "bridge.db"
    shutil.copy(migrated_sqlite, path)
    return f"sqlite:///{path}"


@pytest.fixture
def desk(installation: Installation) -> Installation:
    """An installation with the sample desk, in real time."""
    builders.apply_desk(installation, now=utc.now().replace(year=2026, month=1))
    for label in ("anna", "ben", "lead"):
        world.let_in(installation, label)
    world.beat(installation)
    return installation


@pytest.fixture
def site(desk: Installation) -> Iterator[Site]:
    """The desk's pages on a real port."""
    with Site(create_app(desk)) as running:
        yield running


@pytest.fixture
def complaints(context: BrowserContext) -> Iterator[list[str]]:
    """What the browser complains about; a test that wants none looks at it."""
    found: list[str] = []
    context.on("weberror", lambda error: found.append(str(error.error)))
    context.on(
        "console",
        lambda message: found.append(message.text) if message.type == "error" else None,
    )
    return found  # type: ignore[return-value]


@pytest.fixture
def anna(page: Page, site: Site, complaints: list[str]) -> Page:
    """A page on which Anna has logged in by the form, in English."""
    site.log_in(page, "anna", "en")
    return page
