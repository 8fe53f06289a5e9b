"""What is trusted and how long is waited, against real TLS servers."""

import ssl
import time
from pathlib import Path

import pytest
import requests.adapters

from bridge.errors import BridgeError
from bridge.icinga import answers, session
from bridge.icinga.access import Access
from bridge.icinga.client import Icinga
from tests.icinga.conftest import access_to
from tests.icinga.odd_server import Behaviour, OddServer, answering
from tests.lab import pki
from tests.lab.icinga import Icinga as Daemon

OTHER_ENVIRONMENT = ["REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"]


def asks(access: Access) -> bool:
    """Return True once the daemon has answered."""
    with Icinga(access) as door:
        return door.status().pid > 0


def test_the_ca_may_be_a_path_or_the_text_itself(daemon: Daemon) -> None:
    text = daemon.ca_file.read_text()

    assert asks(Access(daemon.url, str(daemon.ca_file), "root", "lab"))
    assert asks(Access(daemon.url, text, "root", "lab"))


def test_another_ca_is_not_trusted(daemon: Daemon, other_authority: Path) -> None:
    with pytest.raises(answers.Untrusted, match="certificate"):
        asks(Access(daemon.url, str(other_authority), "root", "lab"))


@pytest.mark.parametrize("variable", OTHER_ENVIRONMENT)
def test_the_environment_does_not_change_whom_we_trust(
    daemon: Daemon, other_authority: Path, variable: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(variable, str(daemon.ca_file))
    with pytest.raises(answers.Untrusted):
        asks(Access(daemon.url, str(other_authority), "root", "lab"))

    monkeypatch.setenv(variable, str(other_authority))
    assert asks(access_to(daemon))


def test_the_public_cas_are_not_trusted_beside_ours(
    daemon: Daemon, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Not a CA of the daemon's CA's name: OpenSSL would look at the first of them only.
    ours, _ = pki.issue(pki.new_authority(tmp_path), "elsewhere")
    monkeypatch.setattr(requests.adapters, "DEFAULT_CA_BUNDLE_PATH", str(daemon.ca_file))

    with pytest.raises(answers.Untrusted):
        asks(Access(daemon.url, str(ours), "root", "lab"))


def test_a_certificate_for_another_name_is_not_trusted(tmp_path: Path) -> None:
    with OddServer(tmp_path, answering("200 OK", b"{}"), name="elsewhere") as server:
        access = Access(server.url, str(server.authority.ca_file), "root", "lab")

        with pytest.raises(answers.Untrusted, match="localhost"):
            asks(access)


def test_a_name_with_umlauts_may_log_in(daemon: Daemon) -> None:
    assert asks(access_to(daemon, "anna ü", "pä:ss word"))


@pytest.mark.parametrize("as_text", [False, True], ids=["paths", "texts"])
def test_a_client_certificate_logs_in(daemon: Daemon, tmp_path: Path, as_text: bool) -> None:
    certificate, key = pki.issue(daemon.authority, "bridge")
    given = [path.read_text() if as_text else str(path) for path in (certificate, key)]

    assert asks(Access(daemon.url, str(daemon.ca_file), certificate=given[0], key=given[1]))


def test_proxies_of_the_environment_are_not_used(
    daemon: Daemon, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:9")

    assert asks(access_to(daemon))


def test_nothing_at_the_address_is_unreachable(tmp_path: Path) -> None:
    with OddServer(tmp_path, answering("200 OK", b"{}")) as server:
        access = Access(server.url, str(server.authority.ca_file), "root", "lab")

    with pytest.raises(answers.Unreachable) as refused:
        asks(access)
    assert not isinstance(refused.value, answers.NoAnswer)


def _hang(secure: ssl.SSLSocket) -> None:
    time.sleep(5)


def _close(secure: ssl.SSLSocket) -> None:
    secure.close()


def _stop_in_the_middle(secure: ssl.SSLSocket) -> None:
    secure.sendall(b'HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n{"results": [')


def _trickle(secure: ssl.SSLSocket) -> None:
    secure.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\n")
    for _ in range(50):
        secure.sendall(b" ")
        time.sleep(0.1)


def _never_end(secure: ssl.SSLSocket) -> None:
    secure.sendall(b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n")
    while True:
        secure.sendall(b" " * 65536)


REDIRECT = answering("302 Found", b"", "Location: https://localhost:1/login")
SICK = [
    pytest.param(_hang, answers.NoAnswer, id="hangs"),
    pytest.param(_close, answers.NoAnswer, id="closes without an answer"),
    pytest.param(_stop_in_the_middle, answers.NoAnswer, id="stops in the middle"),
    pytest.param(_trickle, answers.NoAnswer, id="trickles"),
    pytest.param(answering("200 OK", b"<html>Hello"), answers.NotIcinga, id="a web page"),
    pytest.param(answering("200 OK", b"[" * 99999), answers.NotIcinga, id="nested too deep"),
    pytest.param(REDIRECT, answers.NotIcinga, id="sends us elsewhere"),
    pytest.param(answering("503 Busy", b"<html>"), answers.Busy, id="503 of a proxy"),
    pytest.param(
        answering("503 Busy", b'{"error":503,"status":"Reloading"}'), answers.Busy, id="503"
    ),
]


@pytest.mark.parametrize(("behaviour", "error"), SICK)
def test_a_sick_server_is_told_in_time(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    behaviour: Behaviour,
    error: type[BridgeError],
) -> None:
    monkeypatch.setattr(session, "TIMEOUT", (1, 1))
    monkeypatch.setattr(session, "LONGEST_ANSWER_SECONDS", 1)
    began = time.monotonic()

    with (
        OddServer(tmp_path, behaviour) as server,
        Icinga(Access(server.url, str(server.authority.ca_file), "root", "lab")) as door,
        pytest.raises(error),
    ):
        door.acknowledge("web01", "http", "Anna", "[Ticket #1]")

    assert time.monotonic() - began < 4


def test_an_answer_without_end_is_given_up_before_it_fills_the_memory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(session, "LARGEST_ANSWER", 1_000_000)

    with OddServer(tmp_path, _never_end) as server:
        access = Access(server.url, str(server.authority.ca_file), "root", "lab")
        with Icinga(access) as door, pytest.raises(answers.NoAnswer, match="bytes"):
            door.visible_hosts()


def test_a_question_is_asked_again_over_a_new_connection_an_action_is_not(tmp_path: Path) -> None:
    with OddServer(tmp_path, _close) as server:
        access = Access(server.url, str(server.authority.ca_file), "root", "lab")
        with Icinga(access) as door:
            with pytest.raises(answers.NoAnswer):
                door.add_comment("web01", "http", "Anna", "once")
            after_the_action = server.connections
            with pytest.raises(answers.NoAnswer):
                door.visible_hosts()

    assert (after_the_action, server.connections) == (1, 3)
