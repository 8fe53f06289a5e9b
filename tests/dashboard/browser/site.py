"""The pages on a real port, to be stopped and started again on the same one."""

import threading
from typing import Self

from flask import Flask
from playwright.sync_api import Page
from werkzeug.serving import BaseWSGIServer, WSGIRequestHandler, make_server

from tests.dashboard import world


class _Quiet(WSGIRequestHandler):
    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Say nothing."""


class Site:
    """A server in a thread."""

    def __init__(self, app: Flask) -> None:
        self._app = app
        self._port = 0
        self._server: BaseWSGIServer | None = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def start(self) -> None:
        """Listen, on the port of the last time."""
        self._server = make_server(
            "127.0.0.1", self._port, self._app, threaded=True, request_handler=_Quiet
        )
        self._port = self._server.port
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def stop(self) -> None:
        """Answer nobody any more."""
        if self._server is not None:
            self._server.shutdown()
            self._server.server_close()
            self._server = None

    def address(self, path: str = "/") -> str:
        """Return the whole address of a path."""
        return f"http://127.0.0.1:{self._port}{path}"

    def log_in(self, page: Page, label: str, language: str) -> None:
        """Log in by the form, and switch to `language`."""
        page.goto(self.address("/login"))
        page.fill("#login", label)
        page.fill("#password", world.PASSWORD)
        page.click(".card button")
        page.wait_for_url(self.address("/"))
        speak(page, language)


def speak(page: Page, language: str) -> None:
    """Switch the page to this language, if it speaks another one."""
    switch = page.locator(f".languages button[value={language}]")
    if switch.count():
        switch.click()
        page.wait_for_selector(f"html[lang={language}]")
