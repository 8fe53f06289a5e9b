"""A throw-away Icinga 2 on the loopback interface, with its own certificates and folders."""

import base64
import grp
import http.client
import json
import os
import pwd
import shutil
import signal
import socket
import ssl
import subprocess
import tempfile
import time
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, Self

from tests.lab import pki
from tests.lab.requirements import need

MAIN_CONF = """\
include <itl>
object Endpoint NodeName { }
object Zone ZoneName { endpoints = [ NodeName ] }
object IcingaApplication "app" { }
object CheckerComponent "checker" { }
object NotificationComponent "notification" { }
object FileLogger "main-log" { severity = "%(severity)s"; path = LogDir + "/icinga2.log" }
object ApiListener "api" { bind_host = "127.0.0.1"; bind_port = %(port)d }
object ApiUser "root" { password = "lab"; permissions = [ "*" ] }
include_recursive "conf.d"
"""

FOLDERS = (
    *("etc/conf.d", "etc/zones.d", "lib/certs", "log", "cache", "spool", "run"),
    "bridge",
)


class NotStarted(Exception):
    """Icinga did not start; the message ends with what it printed."""


class Icinga:
    """The daemon as a context manager; `start()` returns once its API answers.

    conf: files below its configuration folder, `{"conf.d/hosts.conf": "object Host ..."}`.
    As root the daemon runs as user nagios, otherwise as whoever runs the tests. `folder` is
    readable for that user, and `folder / "bridge"` belongs to it.
    """

    def __init__(self, conf: Mapping[str, str] | None = None, severity: str = "notice") -> None:
        self._program = need("icinga2", "apt install icinga2-bin")
        self.folder = Path(tempfile.mkdtemp(prefix="bridge-icinga-", dir="/tmp"))
        self.folder.chmod(0o755)
        self.port = _free_port()
        self.user = "nagios" if os.getuid() == 0 else pwd.getpwuid(os.getuid()).pw_name
        self.group = grp.getgrgid(pwd.getpwnam(self.user).pw_gid).gr_name
        self._process: subprocess.Popen[bytes] | None = None
        for name in FOLDERS:
            (self.folder / name).mkdir(parents=True)
        self.write("icinga2.conf", MAIN_CONF % {"port": self.port, "severity": severity})
        for name, text in (conf or {}).items():
            self.write(name, text)
        self.authority = pki.new_authority(self.folder / "lib/certs")
        pki.issue(self.authority, "localhost")
        self._tls = ssl.create_default_context(cafile=self.ca_file)

    @property
    def url(self) -> str:
        """Return the address of the API."""
        return f"https://localhost:{self.port}"

    @property
    def ca_file(self) -> Path:
        """Return the CA to verify the API with."""
        return self.authority.ca_file

    @property
    def pid(self) -> int:
        """Return the id of the umbrella process, which is also its process group."""
        assert self._process is not None, "not started"
        return self._process.pid

    def write(self, name: str, text: str) -> Path:
        """Write a file below the configuration folder and return it."""
        path = self.folder / "etc" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        return path

    def own(self, *paths: Path) -> None:
        """Give files and folders to the daemon's user; for anyone but root they are already."""
        if os.getuid() == 0:
            subprocess.run(
                ["chown", "-R", f"{self.user}:{self.group}", *map(str, paths)], check=True
            )

    def validate(self) -> subprocess.CompletedProcess[str]:
        """Check the configuration without running it, as a reload would."""
        self.own(self.folder)
        return subprocess.run(
            [*self._command(), "-C"],
            env=self._environment(),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )

    def start(self, seconds: float = 30.0) -> None:
        """Run the daemon until its API answers; raises NotStarted after `seconds`."""
        self.own(self.folder)
        # A file, not a pipe: nobody would empty the pipe, and a full one stops the daemon.
        with (self.folder / "log/console.log").open("ab") as console:
            self._process = subprocess.Popen(
                self._command(),
                env=self._environment(),
                cwd=self.folder,
                stdin=subprocess.DEVNULL,
                stdout=console,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        self._wait_until_up(time.monotonic() + seconds, other_than=None)

    def stop(self, seconds: float = 20.0) -> None:
        """Stop as systemd does: TERM, then KILL for the whole group."""
        if self._process is None or self._process.poll() is not None:
            return
        self._process.terminate()
        try:
            self._process.wait(seconds)
        except subprocess.TimeoutExpired:
            self.crash()

    def crash(self) -> None:
        """Kill the umbrella, the worker and the spawn helper at once: `kill -9` of the group."""
        os.killpg(self.pid, signal.SIGKILL)
        assert self._process is not None
        self._process.wait()

    def reload(self, seconds: float = 30.0) -> None:
        """Reload, and return once the new worker answers."""
        before = self._worker()
        os.kill(self.pid, signal.SIGHUP)
        self._wait_until_up(time.monotonic() + seconds, other_than=before)

    def api(
        self, method: str, path: str, body: Any = None, user: str = "root", password: str = "lab"
    ) -> tuple[int, Any]:
        """Return status and answer of one API call; an answer that is no JSON comes as text."""
        login = base64.b64encode(f"{user}:{password}".encode()).decode()
        connection = http.client.HTTPSConnection(
            "localhost", self.port, context=self._tls, timeout=30
        )
        headers = {"Accept": "application/json", "Authorization": f"Basic {login}"}
        try:
            connection.request(method, path, None if body is None else json.dumps(body), headers)
            answer = connection.getresponse()
            status, content = answer.status, answer.read()
        finally:
            connection.close()
        try:
            return status, json.loads(content)
        except ValueError:
            return status, content.decode(errors="replace")

    def action(self, name: str, host: str, service: str | None = None, **values: Any) -> Any:
        """Run an action on one object and return its results; fails unless all are done."""
        kind, target = ("Service", f"{host}!{service}") if service else ("Host", host)
        status, answer = self.api(
            "POST", f"/v1/actions/{name}", {"type": kind, kind.lower(): target, **values}
        )
        assert status == 200, (status, answer)
        assert answer["results"], f"{name} met no object called {target}"
        return answer["results"]

    def check_result(
        self, host: str, service: str | None = None, state: int = 0, output: str = "ok"
    ) -> None:
        """Hand in a check result, as a passive check does; for a host 0 is UP and 1 is DOWN."""
        self.action("process-check-result", host, service, exit_status=state, plugin_output=output)

    def remove(self) -> None:
        """Remove every trace of the daemon from the disk."""
        shutil.rmtree(self.folder, ignore_errors=True)

    def __enter__(self) -> Self:
        try:
            self.start()
        except NotStarted:
            self.remove()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()
        self.remove()

    def _command(self) -> list[str]:
        places = {
            "ConfigDir": "etc",
            "ZonesDir": "etc/zones.d",
            "DataDir": "lib",
            "LogDir": "log",
            "CacheDir": "cache",
            "SpoolDir": "spool",
            "InitRunDir": "run",
        }
        constants = {name: str(self.folder / place) for name, place in places.items()}
        constants |= {"NodeName": "localhost", "ZoneName": "localhost"}
        return [
            *(self._program, "daemon", "-c", str(self.folder / "etc/icinga2.conf")),
            *(f"-D{name}={value}" for name, value in constants.items()),
        ]

    def _environment(self) -> dict[str, str]:
        # The daemon hands its environment to every command, so nothing of the tests' own is in it.
        return {
            "PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
            "ICINGA2_USER": self.user,
            "ICINGA2_GROUP": self.group,
        }

    def _worker(self) -> int | None:
        with suppress(OSError, http.client.HTTPException):
            status, answer = self.api("GET", "/v1/status/IcingaApplication")
            if status == 200:
                found: int = answer["results"][0]["status"]["icingaapplication"]["app"]["pid"]
                return found
        return None

    def _wait_until_up(self, end: float, other_than: int | None) -> None:
        assert self._process is not None
        while True:
            if self._process.poll() is not None:
                raise NotStarted((self.folder / "log/console.log").read_text()[-4000:])
            if self._worker() not in {None, other_than}:
                return
            if time.monotonic() > end:
                self.crash()
                raise NotStarted("its API did not answer in time")
            time.sleep(0.02)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
