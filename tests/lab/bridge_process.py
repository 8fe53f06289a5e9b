"""A real Bridge for tests: its command line and its processes, in a folder of their own."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any, Self, TypeVar

import requests
from sqlalchemy import select

from bridge.database import Database, DatabaseUnavailable
from bridge.heartbeats.models import Heartbeat
from bridge.settings import Settings
from bridge.worker.names import pid_of

PROGRAM = Path(sys.executable).with_name("bridge")
SECRET = "a-key-for-tests-only-long-enough-to-be-one"
LOG_SHOWN = 6000
START_SECONDS = 60.0

T = TypeVar("T")


class Process:
    """One `bridge serve`, `bridge web` or `bridge worker`, with the parts it has forked."""

    def __init__(self, command: list[str], log: Path, **how: Any) -> None:
        with log.open("ab") as output:
            # A group of its own, which can be killed as a whole.
            self._process = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                **how,
            )

    @property
    def pid(self) -> int:
        """Return the process on top, which forks the parts and starts them again."""
        return self._process.pid

    @property
    def is_running(self) -> bool:
        return self._process.poll() is None

    @property
    def is_alive(self) -> bool:
        """Say whether anything of the tree is left."""
        self._process.poll()
        try:
            os.killpg(self.pid, 0)
        except ProcessLookupError:
            return False
        return True

    def children(self) -> set[int]:
        """Return the processes of its parts."""
        listed = Path(f"/proc/{self.pid}/task/{self.pid}/children")
        return set(map(int, listed.read_text().split())) if listed.exists() else set()

    def stop(self, seconds: float = 30.0) -> int:
        """Stop as systemd does, and return the exit code; fails if it does not stop."""
        self._process.terminate()
        try:
            return self._process.wait(seconds)
        except subprocess.TimeoutExpired:
            self.kill()
            raise AssertionError(f"it did not stop within {seconds} s of TERM") from None

    def kill(self) -> None:
        """Kill the whole tree at once, as a lack of memory or of power does."""
        with suppress(ProcessLookupError):
            os.killpg(self.pid, signal.SIGKILL)
        self._process.wait()


class Bridge:
    """One installation: `with Bridge(folder, url) as bridge: bridge.start()`.

    more: settings by their names, such as `reconcile_seconds=2`. Everything it printed is in
    `log`. `database` is for looking: what a test changes, it changes as people and programs do.
    """

    def __init__(self, folder: Path, database_url: str, **more: object) -> None:
        self.port = free_port()
        self.public_url = f"http://127.0.0.1:{self.port}"
        self.folder = folder
        self.log = folder / "bridge.log"
        self.settings = {
            "database_url": database_url,
            "public_url": self.public_url,
            "secret_key": SECRET,
            "delivery_processes": 2,
            **more,
        }
        self.database = Database(database_url)
        self.running: list[Process] = []

    def run(self, *arguments: str) -> str:
        """Run one command and return what it printed; fails with its words unless it is done."""
        done = subprocess.run(
            [PROGRAM, *arguments],
            env=self._environment(),
            cwd=self.folder,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, f"bridge {' '.join(arguments)}: {done.stdout}{done.stderr}"
        return done.stdout

    def apply(self, desk: str) -> str:
        """Apply a desk file, and return what it says has changed."""
        file = self.folder / "desk.yaml"
        file.write_text(desk)
        return self.run("apply", str(file))

    def token(self, scope: str = "webhook", source: str = "icinga-main") -> str:
        """Make a token and return it."""
        return self.run("token", "add", scope, "--scope", scope, "--source", source).strip()

    def start(self, command: str = "serve", **more: object) -> Process:
        """Start `serve`, `web` or `worker`, and return once it answers, or works."""
        arguments = [] if command == "worker" else ["--port", str(self.port)]
        process = Process(
            [str(PROGRAM), command, *arguments],
            self.log,
            env=self._environment(**more),
            cwd=self.folder,
        )
        self.running.append(process)
        if command != "worker":
            self.wait_for("the web to answer", self._answers, START_SECONDS)
        if command != "web":
            for kind in ("worker", "courier", "watcher"):
                self.part(kind)
        return process

    def part(self, kind: str) -> int:
        """Return the process that is the worker, the courier or the watcher now, once there is one.

        Of the process that was started last.
        """
        process = self.running[-1]

        def living() -> int | None:
            with self.database.reading() as session:
                names = session.scalars(select(Heartbeat.name).where(Heartbeat.kind == kind)).all()
            alive = process.children() & {pid_of(name.partition("@")[2]) for name in names}
            return next(iter(alive), None)

        return self.wait_for(f"a {kind}", living, START_SECONDS)

    def wait_for(self, what: str, condition: Callable[[], T | None], seconds: float = 20.0) -> T:
        """Return what the condition gives once that is true; fails after `seconds`, with the log.

        A database that is locked, and a web that does not answer yet, are waited for.
        """
        end = time.monotonic() + seconds
        found: T | str | None = "nothing"
        while time.monotonic() < end:
            try:
                found = condition()
            except (DatabaseUnavailable, requests.RequestException) as error:
                found = str(error)
            else:
                if found:
                    return found
            time.sleep(0.02)
        raise AssertionError(f"waited {seconds} s for {what}; last: {found!r}{self.told()}")

    def told(self) -> str:
        """Return the end of the log, to end a failure's message with."""
        text = self.log.read_text(errors="replace") if self.log.exists() else "(empty)"
        return f"\n--- the end of its log:\n{text[-LOG_SHOWN:]}"

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for process in self.running:
            process.kill()
        self.database.close()

    def _answers(self) -> bool:
        assert self.running[-1].is_running, f"it has ended{self.told()}"
        return requests.get(f"{self.public_url}/healthz", timeout=5).ok

    def _environment(self, **more: object) -> dict[str, str]:
        given = {**self.settings, **more}
        assert not given.keys() - Settings.model_fields.keys(), given
        named = {f"BRIDGE_{name.upper()}": str(value) for name, value in given.items()}
        return {"PATH": os.environ["PATH"], "HOME": str(self.folder), **named}


def free_port() -> int:
    """Return a port of the loopback interface that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
