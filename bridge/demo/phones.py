"""The phones of the sample people: they take what Apprise posts to them, and show it."""

import json
import re
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from werkzeug.wrappers import Request, Response

from bridge import utc
from bridge.demo.story import Lines

PEOPLE = ("anna", "ben", "lead")
PREFIX = "/demo/phone/"
LARGEST_BYTES = 64 * 1024
# What a phone shows; older ones are forgotten.
MOST_MESSAGES = 40
LINK = re.compile(r"^https?://[^/\s]+(/a/[\w.~-]+)$", re.MULTILINE)

StartResponse = Callable[..., Any]
WsgiApp = Callable[[dict[str, Any], StartResponse], Iterable[bytes]]


@dataclass(frozen=True)
class Message:
    """One page-out as it arrived; `token` is that of the link in it, or empty."""

    person: str
    channel: str
    at: datetime
    title: str
    text: str
    token: str


class Phones:
    """What has arrived on all phones, kept in a file that outlives a restart of the web part."""

    def __init__(self, file: Path) -> None:
        self._lines = Lines(file)

    def take(self, person: str, told: dict[str, Any], now: datetime) -> None:
        """Keep what a provider would push to the phone of `person`."""
        kept = {name: str(told.get(name, "")) for name in ("title", "message", "channel")}
        self._lines.add(kept | {"person": person, "at": utc.iso(now)})

    def messages(self, person: str) -> Sequence[Message]:
        """Return what arrived on the phone of `person`, the newest first."""
        found: deque[Message] = deque(maxlen=MOST_MESSAGES)
        for one in self._lines.all():
            if one["person"] == person:
                found.appendleft(_message(one))
        return list(found)


def _message(kept: dict[str, str]) -> Message:
    link = LINK.search(kept["message"])
    text = kept["message"].replace(link[0], "") if link else kept["message"]
    return Message(
        person=kept["person"],
        channel=kept["channel"] or "push",
        at=utc.from_iso(kept["at"]),
        title=kept["title"],
        text="\n".join(line for line in text.splitlines() if line.strip()),
        token=link[1].removeprefix("/a/") if link else "",
    )


class Provider:
    """Stands before the application as a provider of push messages would, elsewhere.

    It takes what is posted to a phone and passes everything else on: pages come without a
    log-in and without the mark that protects our forms.
    """

    def __init__(self, wsgi_app: WsgiApp, phones: Phones) -> None:
        self._pass_on = wsgi_app
        self._phones = phones

    def __call__(self, environ: dict[str, Any], start_response: StartResponse) -> Iterable[bytes]:
        """Answer one request: 204 taken, 400 no page, 404 nobody's phone, 413, 415 no JSON."""
        request = Request(environ)
        if request.method != "POST" or not request.path.startswith(PREFIX):
            return self._pass_on(environ, start_response)
        answer = Response(status=self._taken(request))
        return answer(environ, start_response)

    def _taken(self, request: Request) -> int:
        person = request.path.removeprefix(PREFIX)
        if person not in PEOPLE:
            return 404
        # Pages of other sites cannot send this type here without being asked first.
        if request.mimetype != "application/json":
            return 415
        if (request.content_length or LARGEST_BYTES + 1) > LARGEST_BYTES:
            return 413
        try:
            told = json.loads(request.get_data())
        except ValueError:
            return 400
        if not isinstance(told, dict):
            return 400
        self._phones.take(person, told, utc.now())
        return 204
