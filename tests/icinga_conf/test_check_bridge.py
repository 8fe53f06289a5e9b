"""The plugin check_bridge: what Icinga hears of a Bridge that is ready, is not, or is away."""

import os
import subprocess
import time
from pathlib import Path

import pytest
from pytest_httpserver import HTTPServer

from bridge.icinga import conf

PLUGIN = conf.shipped_folder() / "scripts/check_bridge"
READY = {"reasons": [], "status": "ready"}
NOT_READY = {
    "reasons": ["the worker has been silent for 99 s", "[Ticket #10001] nobody is paged"],
    "status": "not ready",
}


def checked(*arguments: str) -> tuple[int, str]:
    done = subprocess.run(
        [PLUGIN, *arguments], capture_output=True, text=True, check=False, timeout=30
    )
    return done.returncode, done.stdout.strip()


def test_a_bridge_that_is_ready_is_ok(httpserver: HTTPServer) -> None:
    httpserver.expect_request("/readyz").respond_with_json(READY)

    assert checked("-u", httpserver.url_for("/")) == (
        0,
        "BRIDGE OK - takes in, works through, passes on",
    )


def test_one_that_is_not_ready_is_critical_with_its_reasons(httpserver: HTTPServer) -> None:
    httpserver.expect_request("/readyz").respond_with_json(NOT_READY, status=503)

    assert checked("-u", httpserver.url_for("/")) == (
        2,
        "BRIDGE CRITICAL - the worker has been silent for 99 s; [Ticket #10001] nobody is paged",
    )


def test_one_that_does_not_answer_is_critical() -> None:
    status, said = checked("-u", "http://127.0.0.1:9", "-t", "2")

    assert status == 2
    assert said == "BRIDGE CRITICAL - no answer from http://127.0.0.1:9 within 2 s"


def test_a_notification_that_waits_too_long_is_critical(
    httpserver: HTTPServer, tmp_path: Path
) -> None:
    httpserver.expect_request("/readyz").respond_with_json(READY)
    old = tmp_path / "1.json"
    old.write_text("{}")
    os.utime(old, (time.time() - 900,) * 2)
    (tmp_path / "2.json").write_text("{}")

    status, said = checked("-u", httpserver.url_for("/"), "-s", str(tmp_path))

    assert status == 2
    assert said == f"BRIDGE CRITICAL - 1 notifications wait in {tmp_path} for over 300 s"


@pytest.mark.parametrize("wrong", [(), ("-u", "http://x", "-a", "soon"), ("-z",)])
def test_used_wrongly_it_says_how(wrong: tuple[str, ...]) -> None:
    status, said = checked(*wrong)

    assert status == 3
    assert said.startswith("BRIDGE UNKNOWN")
