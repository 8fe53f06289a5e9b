"""A small HTTP sink that records what arrives and answers as it is told."""

import json
import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self


@dataclass(frozen=True)
class Request:
    """One request as it arrived."""

    path: str
    headers: dict[str, str]
    body: bytes
    arrived: float

    def json(self) -> Any:
        """Return the body, parsed; fails if it is not UTF-8 JSON."""
        return json.loads(self.body.decode("utf-8", "strict"))

    def notifications(self) -> list[dict[str, Any]]:
        """Return the webhook objects in the body, one or many."""
        body = self.json()
        found: list[dict[str, Any]] = body.get("notifications", [body])
        return found


@dataclass(frozen=True)
class Answer:
    """What the sink says, after `delay` seconds; a body that is no text is sent as JSON."""

    status: int = 202
    body: Any = None
    delay: float = 0.0
    headers: dict[str, str] = field(default_factory=dict)


Script = Callable[[Request], Answer]


class Sink:
    """The sink as a context manager: `with Sink() as sink: ... sink.requests`.

    Without a script it answers 202 like the webhook. `sink.say(Answer(503), Answer(401))` scripts
    the next answers; `sink.always = lambda request: Answer(...)` decides the others.
    """

    def __init__(self, port: int = 0) -> None:
        self.requests: list[Request] = []
        self.always: Script = accept
        self._next: deque[Answer] = deque()
        self._lock = threading.Lock()
        self._server = _Server(("127.0.0.1", port), _handler(self))
        self.port: int = self._server.server_address[1]

    @property
    def public_url(self) -> str:
        """Return what a site would call its public URL."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def url(self) -> str:
        """Return the address of the webhook."""
        return f"{self.public_url}/webhooks/icinga"

    def say(self, *answers: Answer) -> None:
        """Answer the next requests so, one each."""
        with self._lock:
            self._next.extend(answers)

    def notifications(self) -> list[dict[str, Any]]:
        """Return every webhook object that arrived, in order."""
        with self._lock:
            requests = list(self.requests)
        return [found for request in requests for found in request.notifications()]

    def wait_for(self, count: int, seconds: float = 20.0) -> list[dict[str, Any]]:
        """Return the webhook objects once there are `count`; fails after `seconds`."""
        end = time.monotonic() + seconds
        while True:
            found = self.notifications()
            if len(found) >= count:
                return found
            if time.monotonic() > end:
                raise AssertionError(f"{len(found)} of {count} arrived in {seconds} s: {found}")
            time.sleep(0.02)

    def take(self, request: Request) -> Answer:
        """Record the request and choose the answer."""
        with self._lock:
            self.requests.append(request)
            scripted = self._next.popleft() if self._next else None
        return scripted or self.always(request)

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()


def accept(request: Request) -> Answer:
    """Answer as the webhook does when it has kept everything."""
    return Answer(202, {"kept": len(request.notifications()), "duplicates": 0})


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 4096


def _handler(sink: Sink) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            length = int(self.headers.get("Content-Length", 0))
            headers = {name.lower(): value for name, value in self.headers.items()}
            body = self.rfile.read(length)
            answer = sink.take(Request(self.path, headers, body, time.time()))
            time.sleep(answer.delay)
            content = answer.body if isinstance(answer.body, str) else json.dumps(answer.body)
            self.send_response(answer.status)
            for name, value in {"Content-Type": "application/json", **answer.headers}.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(content.encode())))
            self.end_headers()
            self.wfile.write(content.encode())

        def log_message(self, *_: object) -> None:
            """Keep the test's output clean."""

    return Handler
