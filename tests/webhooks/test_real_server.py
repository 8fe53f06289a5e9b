"""The webhook behind the real web server: bodies as they travel, and many at once."""

import gzip
import json
import socket
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import requests

from bridge.webhooks import MAX_BODY_BYTES
from tests.builders import notification
from tests.lab.bridge_process import Bridge
from tests.webhooks.conftest import JSON

MEGABYTE = 1024 * 1024
TIMEOUT_SECONDS = 20


class Server:
    """A running web part with a token for its webhook."""

    def __init__(self, bridge: Bridge) -> None:
        self.port = bridge.port
        self.url = f"{bridge.public_url}/webhooks/icinga"
        self.token = bridge.token()
        self.log = bridge.log
        self.headers = {"Authorization": f"Bearer {self.token}", "Content-Type": JSON}

    def post(self, data: bytes | Iterable[bytes], **headers: str) -> requests.Response:
        given = self.headers | {name.replace("_", "-"): value for name, value in headers.items()}
        return requests.post(self.url, data=data, headers=given, timeout=TIMEOUT_SECONDS)

    def raw(self, head: str, body: bytes) -> str:
        """Send a request as it is, and return the first line of the answer."""
        with socket.create_connection(("127.0.0.1", self.port), TIMEOUT_SECONDS) as connection:
            lines = [
                "POST /webhooks/icinga HTTP/1.1",
                "Host: bridge.test",
                *(f"{name}: {value}" for name, value in self.headers.items()),
                head,
            ]
            connection.sendall("\r\n".join(lines).encode() + b"\r\n\r\n" + body)
            connection.shutdown(socket.SHUT_WR)
            return connection.makefile("rb").readline().decode().strip()


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("server")
    with Bridge(folder, f"sqlite:///{folder / 'bridge.db'}") as bridge:
        bridge.start("web")
        yield Server(bridge)


def pieces(body: bytes, size: int) -> Iterator[bytes]:
    for start in range(0, len(body), size):
        yield body[start : start + size]


def test_a_body_in_pieces_of_unknown_length_is_kept(server: Server) -> None:
    body = json.dumps(notification(output="x" * 100_000)).encode()

    answer = server.post(pieces(body, 7000))

    assert answer.request.headers["Transfer-Encoding"] == "chunked"
    assert (answer.status_code, answer.json()) == (202, {"kept": 1, "duplicates": 0})


@pytest.mark.parametrize("chunked", [False, True], ids=["of known length", "in pieces"])
@pytest.mark.parametrize(
    ("size", "status"),
    [(MAX_BODY_BYTES, 202), (MAX_BODY_BYTES + 1, 413), (8 * MEGABYTE, 413), (64 * MEGABYTE, 413)],
)
def test_a_body_has_four_mebibytes_at_most_and_its_sender_learns_why(
    server: Server, chunked: bool, size: int, status: int
) -> None:
    body = json.dumps(notification()).encode().ljust(size)

    answer = server.post(pieces(body, 65536) if chunked else body)

    assert answer.status_code == status
    assert answer.headers["Content-Type"] == JSON


def test_a_body_that_breaks_off_is_not_kept(server: Server) -> None:
    body = json.dumps(notification()).encode()

    status = server.raw(f"Content-Length: {len(body) + 10}", body)

    assert not status.startswith("HTTP/1.1 2")


@pytest.mark.parametrize(
    ("head", "status"),
    [
        pytest.param("X-Nothing: 1", "400", id="no length"),
        pytest.param("Content-Length: many", "400", id="a length that is none"),
        pytest.param("Content-Length: -1", "400", id="a negative length"),
        pytest.param("Expect: 200-ok\r\nContent-Length: 2", "4", id="an odd expectation"),
    ],
)
def test_odd_requests_are_refused(server: Server, head: str, status: str) -> None:
    assert server.raw(head, b"{}").startswith(f"HTTP/1.1 {status}")


def test_a_packed_body_is_refused(server: Server) -> None:
    packed = gzip.compress(json.dumps(notification()).encode())

    answer = server.post(packed, Content_Encoding="gzip")

    assert answer.status_code == 415
    assert "Content-Encoding" in answer.json()["errors"][0]["message"]


def test_one_id_posted_by_many_at_once_is_kept_once(server: Server) -> None:
    body = json.dumps(notification()).encode()

    with ThreadPoolExecutor(16) as threads:
        answers = list(threads.map(server.post, [body] * 16))

    assert {answer.status_code for answer in answers} == {202}
    assert sum(answer.json()["kept"] for answer in answers) == 1
    assert sum(answer.json()["duplicates"] for answer in answers) == 15


def test_a_connection_is_good_for_many_requests(server: Server) -> None:
    with requests.Session() as kept_open:
        kept_open.headers.update(server.headers)
        for number in range(20):
            said = notification() if number % 2 else {"id": number}
            answer = kept_open.post(server.url, json=said, timeout=TIMEOUT_SECONDS)
            assert answer.status_code == (202 if number % 2 else 400)


def test_neither_token_nor_traceback_is_in_the_log(server: Server) -> None:
    server.post(b"not JSON")
    server.post(b"[" * 100_000)

    said = Path(server.log).read_text()

    assert server.token not in said
    assert "Traceback" not in said
