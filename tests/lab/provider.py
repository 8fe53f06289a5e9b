"""A provider of messages that does what it is told, in a process of its own.

Over HTTP the first part of the path (for ntfy: the topic) is an account, over SMTP the name in
front of the @. What an account does is scripted; one without a script does what its name says.
"""

import json
import select
import socket
import socketserver
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import requests

CONTROL = "-"
FOR_EVER_SECONDS = 600.0
DRIP_SECONDS = 0.2
REDIRECTED_TO = "/200/redirected"
RETRY_AFTER_SECONDS = 7


@dataclass(frozen=True)
class Copy:
    """One message that reached the provider, whatever it answered."""

    account: str
    behaviour: str
    method: str
    path: str
    headers: dict[str, str]
    body: Any


class Book:
    """What arrived, and what is to happen next."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self.copies: list[Copy] = []
        self.scripts: dict[str, list[str]] = {}

    def next_behaviour(self, account: str) -> str:
        """Return what the account does now; the last line of a script is repeated."""
        with self._lock:
            script = self.scripts.get(account, [account])
            return script.pop(0) if len(script) > 1 else script[0]

    def keep(self, copy: Copy) -> None:
        with self._lock:
            self.copies.append(copy)

    def forget(self) -> None:
        with self._lock:
            self.copies, self.scripts = [], {}


BOOK = Book()


class WebHandler(BaseHTTPRequestHandler):
    """A status (200, 302, 429 …), hang, accept-then-hang, drip, cut, die, nocredit, slow:SECONDS.

    As a gateway: took:ID (accepted under this number) or refused:CODE; both answer 200.
    """

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    timeout = FOR_EVER_SECONDS

    def do_GET(self) -> None:
        self._handle()

    def do_POST(self) -> None:
        self._handle()

    def do_PUT(self) -> None:
        self._handle()

    def do_DELETE(self) -> None:
        self._handle()

    def log_message(self, *_: object) -> None:
        """Nothing: the book knows."""

    def _handle(self) -> None:
        text = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
        parts = self.path.partition("?")[0].strip("/").split("/")
        if parts[0] == CONTROL:
            self._control(parts[1:], text)
            return
        body = _parsed(text)
        account = parts[0] or (body.get("topic", "") if isinstance(body, dict) else "")
        behaviour = BOOK.next_behaviour(account)
        BOOK.keep(
            Copy(account, behaviour, self.command, self.path, dict(self.headers.items()), body)
        )
        self._behave(behaviour)

    def _control(self, parts: list[str], text: str) -> None:
        match self.command, parts:
            case "GET", ["copies"]:
                self._answer(200, json.dumps([asdict(copy) for copy in BOOK.copies]))
            case "PUT", ["scripts", account]:
                BOOK.scripts[account] = json.loads(text)
                self._answer(200)
            case "DELETE", ["copies"]:
                BOOK.forget()
                self._answer(200)
            case _:
                self._answer(404)

    def _behave(self, behaviour: str) -> None:
        match behaviour.partition(":"):
            case ["hang", *_]:
                self._until_the_other_end_leaves()
            case ["drip", *_]:
                self._drip()
            case ["cut", *_]:
                self._start(200, length=1000)
                self.wfile.write(b"{")
                self.close_connection = True
            case ["die", *_]:
                self.close_connection = True
            case ["nocredit", *_]:
                self._answer(200, '{"status": "error", "message": "no credit"}')
            case ["took", _, number]:
                self._answer(200, json.dumps({"accepted": True, "id": number}))
            case ["refused", _, code]:
                self._answer(200, json.dumps({"accepted": False, "code": code}))
            case ["accept-then-hang", *_]:
                self._start(200, length=2)
                self.wfile.flush()
                self._until_the_other_end_leaves()
            case ["slow", _, seconds]:
                time.sleep(float(seconds))
                self._answer(200)
            case [status, *_] if status.isdecimal():
                self._answer(int(status))
            case _:
                self._answer(404)

    def _start(self, status: int, length: int) -> None:
        self.send_response(status)
        if status in range(300, 400):
            self.send_header("Location", REDIRECTED_TO)
        if status == HTTPStatus.TOO_MANY_REQUESTS:
            self.send_header("Retry-After", str(RETRY_AFTER_SECONDS))
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(length))
        self.end_headers()

    def _answer(self, status: int, body: str = "{}") -> None:
        self._start(status, len(body.encode()))
        self.wfile.write(body.encode())

    def _drip(self) -> None:
        self._start(200, length=100_000)
        try:
            while True:
                self.wfile.write(b" ")
                time.sleep(DRIP_SECONDS)
        except OSError:
            self.close_connection = True

    def _until_the_other_end_leaves(self) -> None:
        select.select([self.connection], [], [], FOR_EVER_SECONDS)
        self.close_connection = True


class MailHandler(socketserver.StreamRequestHandler):
    """SMTP: ok, a status given to RCPT, data-STATUS after the message, or hang after it."""

    def handle(self) -> None:
        self._say(220)
        account = ""
        while line := self.rfile.readline():
            word = line.split(b" ")[0].strip().upper().decode()
            if word == "RCPT":
                account = line.partition(b"<")[2].partition(b"@")[0].decode()
                self._say(int(account) if account.isdecimal() else 250)
            elif word == "DATA":
                self._message(account)
            elif word == "QUIT":
                self._say(221)
                return
            else:
                self._say(250)

    def _message(self, account: str) -> None:
        self._say(354)
        body = b"".join(iter(self.rfile.readline, b".\r\n")).decode()
        BOOK.keep(Copy(account, account, "DATA", "", {}, body))
        if account == "hang":
            select.select([self.connection], [], [], FOR_EVER_SECONDS)
        else:
            self._say(int(account.removeprefix("data-")) if account.startswith("data-") else 250)

    def _say(self, status: int) -> None:
        self.wfile.write(f"{status} so be it\r\n".encode())


class WebServer(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128


class MailServer(socketserver.ThreadingTCPServer):
    daemon_threads = True


@dataclass(frozen=True)
class Provider:
    """A running provider. `mute_port` takes connections and never reads a byte."""

    port: int
    mail_port: int
    mute_port: int

    def url(self, account: str, scheme: str = "json", rest: str = "") -> str:
        """Return the Apprise URL of an account."""
        return f"{scheme}://127.0.0.1:{self.port}/{account}{rest}"

    def mail_url(self, account: str) -> str:
        return (
            f"mailto://127.0.0.1:{self.mail_port}/{account}@example.com"
            "?from=bridge@example.com&mode=insecure"
        )

    def script(self, account: str, *behaviours: str) -> None:
        """Let an account do one thing after the other, and the last one from then on."""
        self._ask("PUT", f"scripts/{account}", list(behaviours))

    def copies(self, account: str | None = None) -> list[Copy]:
        """Return what arrived, in order."""
        every = [Copy(**each) for each in self._ask("GET", "copies").json()]
        return [copy for copy in every if account in (None, copy.account)]

    def forget(self) -> None:
        """Start anew: no copies, no scripts."""
        self._ask("DELETE", "copies")

    def _ask(self, method: str, what: str, body: object = None) -> requests.Response:
        url = f"http://127.0.0.1:{self.port}/{CONTROL}/{what}"
        answer = requests.request(method, url, json=body, timeout=10)
        answer.raise_for_status()
        return answer


@contextmanager
def running() -> Iterator[Provider]:
    """Run a provider until the end of the block."""
    process = subprocess.Popen(
        [sys.executable, str(Path(__file__))],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )
    assert process.stdout is not None
    try:
        yield Provider(**json.loads(process.stdout.readline()))
    finally:
        process.kill()
        process.communicate()


def _parsed(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return text


def main() -> None:
    web, mail = WebServer(("127.0.0.1", 0), WebHandler), MailServer(("127.0.0.1", 0), MailHandler)
    with socket.create_server(("127.0.0.1", 0), backlog=64) as mute:
        for server in (web, mail):
            threading.Thread(target=server.serve_forever, daemon=True).start()
        ports = [each.getsockname()[1] for each in (web.socket, mail.socket, mute)]
        print(json.dumps(asdict(Provider(*ports))), flush=True)
        # Whoever started us is gone when this ends.
        sys.stdin.read()


if __name__ == "__main__":
    main()
