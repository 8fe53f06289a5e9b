"""Something that answers at Icinga's address and is not an Icinga in good health."""

import socket
import ssl
import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Self

from tests.lab import pki

Behaviour = Callable[[ssl.SSLSocket], None]


class OddServer:
    """A TLS server that reads one request for each connection and then does as it is told."""

    def __init__(self, folder: Path, behaviour: Behaviour, name: str = "localhost") -> None:
        self.authority = pki.new_authority(folder)
        certificate, key = pki.issue(self.authority, name)
        self._tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self._tls.load_cert_chain(certificate, key)
        self._behaviour = behaviour
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.url = f"https://localhost:{self._listening.getsockname()[1]}"
        self.connections = 0

    def __enter__(self) -> Self:
        threading.Thread(target=self._serve, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        # Without it, the thread that waits for the next connection would still get one.
        self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()

    def _serve(self) -> None:
        with suppress(OSError):
            while True:
                connection, _ = self._listening.accept()
                self.connections += 1
                threading.Thread(target=self._one, args=(connection,), daemon=True).start()

    def _one(self, connection: socket.socket) -> None:
        with suppress(OSError), self._tls.wrap_socket(connection, server_side=True) as secure:
            _read_request(secure)
            self._behaviour(secure)


def _read_request(secure: ssl.SSLSocket) -> None:
    # All of it: what is left unread would reset the connection and take our answer along.
    with secure.makefile("rb") as lines:
        length = 0
        while (line := lines.readline()) not in {b"\r\n", b""}:
            name, _, value = line.partition(b":")
            length = int(value) if name.lower() == b"content-length" else length
        lines.read(length)


def answering(status: str, body: bytes, *headers: str) -> Behaviour:
    """Answer with this status and body, and close."""
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", "Connection: close", *headers]
    answer = "\r\n".join(lines).encode() + b"\r\n\r\n" + body

    def behave(secure: ssl.SSLSocket) -> None:
        secure.sendall(answer)

    return behave
