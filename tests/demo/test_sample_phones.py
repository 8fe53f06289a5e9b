"""`bridge serve --sample-phones`: whoever tries the sample out sees a page-out arrive."""

import json
import os
import re
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

from tests.demo.conftest import PROGRAM, free_port
from tests.demo.test_desk import DESK

PASSWORD = "correct horse battery"


def run(folder: Path, *arguments: str) -> str:
    done = subprocess.run(
        [PROGRAM, *arguments], cwd=folder, capture_output=True, text=True, check=True
    )
    return done.stdout.strip()


@pytest.fixture
def served(tmp_path: Path) -> Iterator[tuple[Path, str]]:
    """A folder with the sample applied, and the address at which it is served."""
    port = free_port()
    desk = DESK.read_text().replace("127.0.0.1:8080", f"127.0.0.1:{port}")
    (tmp_path / "desk.yaml").write_text(desk)
    run(tmp_path, "apply", "desk.yaml")
    with (tmp_path / "log").open("wb") as log:
        process = subprocess.Popen(
            [PROGRAM, "serve", "--port", str(port), "--sample-phones"],
            cwd=tmp_path,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
        )
    yield tmp_path, f"http://127.0.0.1:{port}"
    process.send_signal(signal.SIGTERM)
    process.wait(30)


def form_of(page: str) -> dict[str, str]:
    found = re.search(r'name="csrf_token" value="([^"]+)"', page)
    assert found, page
    return {"csrf_token": found[1], "password": PASSWORD, "again": PASSWORD}


def logged_in(folder: Path, url: str) -> requests.Session:
    """Follow the one-time link that `bridge user add` prints."""
    browser = requests.Session()
    link = json.loads(run(folder, "user", "add", "anna", "--role", "engineer", "--json"))["link"]
    path = "/" + link.split("/", 3)[3]
    until = time.monotonic() + 30
    while True:
        try:
            page = browser.get(f"{url}{path}", timeout=10)
            break
        except requests.ConnectionError:
            assert time.monotonic() < until, (folder / "log").read_text()
            time.sleep(0.2)
    browser.post(f"{url}{path}", data=form_of(page.text), timeout=10).raise_for_status()
    return browser


def test_the_commands_on_the_page_let_a_phone_ring(served: tuple[Path, str]) -> None:
    folder, url = served
    browser = logged_in(folder, url)
    page = browser.get(f"{url}/demo/phones", timeout=10).text
    commands = re.search(r"<pre[^>]*>(.*?)</pre>", page, re.DOTALL)
    assert commands, page
    text = commands[1].replace("&#34;", '"').replace("&#39;", "'").replace("&amp;", "&")
    alarm = "\n".join(line for line in text.splitlines() if "RECOVERY" not in line)

    said = subprocess.run(
        ["bash", "-c", alarm],
        cwd=folder,
        env=os.environ | {"PATH": f"{PROGRAM.parent}:{os.environ['PATH']}"},
        capture_output=True,
        text=True,
        check=True,
    )
    until = time.monotonic() + 30
    shown = ""
    while "P1 DOWN web01" not in shown and time.monotonic() < until:
        time.sleep(0.3)
        shown = browser.get(f"{url}/demo/phone/anna", timeout=10).text
        shown += browser.get(f"{url}/demo/phone/ben", timeout=10).text

    assert '"kept":1' in said.stdout
    assert "P1 DOWN web01" in shown
    assert "web01" in browser.get(f"{url}/board", timeout=10).text
    assert (folder / "var" / "bridge.db.phones").exists()
    assert "/demo/phones" in (folder / "log").read_text()


def test_postgresql_is_refused_at_once(tmp_path: Path) -> None:
    done = subprocess.run(
        [PROGRAM, "serve", "--sample-phones", "--port", str(free_port())],
        cwd=tmp_path,
        env=os.environ | {"BRIDGE_DATABASE_URL": "postgresql://nobody@127.0.0.1:1/x"},
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 1
    assert "SQLite only" in done.stderr
