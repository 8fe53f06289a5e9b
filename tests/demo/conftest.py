"""A stage in a folder of its own, its application, and a demo that really runs."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest
import requests
from flask import Flask
from flask.testing import FlaskClient

from bridge.demo import stage as stages
from bridge.demo.app import create_demo_app
from bridge.demo.stage import Stage
from bridge.installation import Installation
from tests.lab.requirements import need

PROGRAM = Path(sys.executable).with_name("bridge")


@pytest.fixture(autouse=True)
def _push_request_context() -> None:
    """Push none, unlike pytest-flask: each request has its own."""


@pytest.fixture(scope="session")
def browser_type_launch_args() -> Mapping[str, object]:
    """Debian's chromium, which also runs as root."""
    path = need("chromium", "apt install chromium")
    return {"executable_path": path, "args": ["--no-sandbox"]}


@pytest.fixture
def stage(tmp_path: Path) -> Stage:
    """The demo's installation, before anything happens."""
    return stages.set_up(tmp_path, "127.0.0.1", 8080)


@pytest.fixture
def demo_app(stage: Stage) -> Iterator[Flask]:
    """The demo's web application."""
    installation = Installation.open(stage.settings)
    app = create_demo_app(installation, stage.folder)
    app.testing = True
    yield app
    installation.database.close()


@pytest.fixture
def visitor(demo_app: Flask) -> FlaskClient:
    """The browser of somebody who has not been here before."""
    return demo_app.test_client()


@dataclass(frozen=True)
class Running:
    """A `bridge demo` that runs, and the folder in which it makes its own."""

    process: subprocess.Popen[bytes]
    port: int
    temporary: Path
    log: Path

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def wait_for(self, what: str, condition: Callable[[], object], seconds: float = 60) -> None:
        """Wait until the condition holds; fails with what the demo has printed."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            if condition():
                return
            time.sleep(0.1)
        raise AssertionError(f"waited in vain for {what}:\n{self.log.read_text()}")

    def get(self, path: str, browser: requests.Session) -> requests.Response | None:
        """Return the answer to a GET, None while nobody answers."""
        try:
            return browser.get(f"{self.url}{path}", timeout=10)
        except requests.ConnectionError:
            return None

    def descendants(self) -> set[int]:
        """Return every process of its tree, itself included."""
        found, left = set[int](), [self.process.pid]
        while left:
            pid = left.pop()
            found.add(pid)
            children = Path(f"/proc/{pid}/task/{pid}/children")
            left += map(int, children.read_text().split()) if children.exists() else []
        return found


def free_port() -> int:
    """Return a port on which nothing listens now."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


@pytest.fixture
def start_demo(tmp_path: Path) -> Iterator[Callable[[float], Running]]:
    """Start `bridge demo` so many times as fast as written; it is stopped with the test."""
    started: list[Running] = []

    def start(speed: float) -> Running:
        port = free_port()
        temporary, log = tmp_path / "tmp", tmp_path / "demo.log"
        temporary.mkdir()
        # A database of somebody's in the environment must not matter, nor a proxy.
        environment = os.environ | {
            "TMPDIR": str(temporary),
            "BRIDGE_DATABASE_URL": "postgresql://nobody@127.0.0.1:1/production",
            "http_proxy": "http://127.0.0.1:1",
        }
        with log.open("wb") as output:
            process = subprocess.Popen(
                [PROGRAM, "demo", "--port", str(port), "--speed", str(speed)],
                cwd=tmp_path,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
            )
        started.append(Running(process, port, temporary, log))
        return started[-1]

    yield start
    for one in started:
        one.process.terminate()
        try:
            one.process.wait(30)
        except subprocess.TimeoutExpired:
            one.process.kill()
            one.process.wait()
