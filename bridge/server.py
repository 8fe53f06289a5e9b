"""The web server: gunicorn inside a part of the process tree, on a socket bound beforehand."""

import gc
import socket
from collections.abc import Callable
from typing import Any

from flask import Flask
from gunicorn.app.base import BaseApplication

from bridge.app import create_app
from bridge.errors import Refused
from bridge.installation import Installation
from bridge.settings import Settings

BACKLOG = 2048

MakeApp = Callable[[Installation], Flask]


class AddressTaken(Refused):
    """Something else listens there already, or the address is not this machine's."""


def bound(host: str, port: int) -> socket.socket:
    """Return a listening socket; raises AddressTaken.

    It is bound before anything is forked: a refusal is told at once, and while the web part is
    started again connections wait instead of being refused.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listening = socket.socket(family, socket.SOCK_STREAM)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((host, port))
    except (OSError, OverflowError) as error:
        listening.close()
        raise AddressTaken(
            f"cannot listen on {host}:{port}: {error}; choose another --port"
        ) from error
    listening.listen(BACKLOG)
    listening.set_inheritable(True)
    return listening


class _Server(BaseApplication):  # type: ignore[misc]
    def __init__(self, settings: Settings, listening: socket.socket, make_app: MakeApp) -> None:
        self._settings = settings
        self._listening = listening
        self._make_app = make_app
        super().__init__()

    def load_config(self) -> None:
        for name, value in {
            "bind": f"fd://{self._listening.fileno()}",
            "workers": 1,
            "worker_class": "gthread",
            "threads": self._settings.web_threads,
            "keepalive": 75,
            "timeout": 60,
            "graceful_timeout": 10,
            "loglevel": "warning",
            "proc_name": "bridge web",
            "control_socket_disable": True,
        }.items():
            if name in self.cfg.settings:
                self.cfg.set(name, value)

    def load(self) -> Any:
        made = self._make_app(Installation.open(self._settings))
        # What lives as long as the process need not be searched for garbage again and again.
        gc.collect()
        gc.freeze()
        return made


def serve(settings: Settings, listening: socket.socket, make_app: MakeApp = create_app) -> None:
    """Answer requests on `listening` until told to stop.

    make_app: is called in the process that answers, after every fork.
    """
    _Server(settings, listening, make_app).run()
