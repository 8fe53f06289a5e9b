"""`bridge simulate` as its users type it; and nothing leaves the house."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from bridge.oncall import paging
from bridge.oncall.message import PageMessage
from bridge.outbox.outcome import Outcome
from tests.builders import EXAMPLE, later, notification
from tests.lab.sink import Answer, Sink
from tests.simulation.world import action, written

Simulate = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture
def bridge(tmp_path: Path) -> Simulate:
    """Run `bridge` in a folder of its own, in which it has to leave nothing behind."""
    temporary = tmp_path / "tmp"
    temporary.mkdir()
    clean = {k: v for k, v in os.environ.items() if not k.startswith("BRIDGE_")}

    def run(*arguments: str | Path) -> "subprocess.CompletedProcess[str]":
        done = subprocess.run(
            [sys.executable, "-m", "bridge", *map(str, arguments)],
            cwd=tmp_path,
            env=clean | {"TMPDIR": str(temporary)},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )
        assert "Traceback" not in done.stderr, done.stderr
        assert list(temporary.iterdir()) == []
        return done

    return run


def _file(folder: Path, *lines: Mapping[str, Any]) -> Path:
    path = folder / "night.jsonl"
    path.write_bytes(written(lines))
    return path


CRITICAL = notification(at=later(0))


def test_events_are_played_without_a_database(bridge: Simulate, tmp_path: Path) -> None:
    file = _file(tmp_path, CRITICAL, action(later(75), "acknowledge"))

    done = bridge("simulate", "--desk", EXAMPLE, "--events", file, "--json")
    told = bridge("simulate", "--desk", EXAMPLE, "--events", file)

    found = json.loads(done.stdout)
    assert (done.returncode, done.stderr) == (0, "")
    assert [ticket["reference"] for ticket in found["tickets"]] == ["[Ticket #10001]"]
    assert found["tickets"][0]["clocks"][0]["state"] == "missed"
    assert found["pages"][0] | {"urgency": "high"} == {
        "at": "2026-11-23T09:01:00Z",
        "ticket": 10001,
        "person": "anna",
        "channel": "push",
        "round": 1,
        "step": 1,
        "urgency": "high",
        "outcome": "accepted",
    }
    assert [one["missed_by"] for one in found["breaches"]] == [900]
    assert "MISSED by 15 min" in told.stdout
    assert not (tmp_path / "var").exists()


REACHING = """
staff:
  - id: anna
    channels: {push: "json://127.0.0.1:PORT/anna", sms: "json://127.0.0.1:PORT/sms", chat: "env:NO"}
  - id: ben
    channels: {push: "json://127.0.0.1:PORT/ben", sms: "file:/nowhere/at/all"}
calendars: {always: {timezone: Europe/Berlin, hours: {mon-sun: ["00:00-24:00"]}}}
policies:
  standby:
    steps: [{page: [anna, ben, "room:json://127.0.0.1:PORT/room"], then: 5m}]
    fallback: [anna]
customers:
  - number: "1001"
    contacts: [{name: E, email: e@acme.example, status_mails: [opened, recovered]}]
    contracts:
      - id: acme-care
        addresses: [acme-247@desk.example]
        fault: {calendar: always, response: {P2: 1h}, page: {P2: now}}
        policy: standby
sources:
  - id: main
    api: "https://127.0.0.1:PORT"
    ca: file:/nowhere/ca.crt
    user: u
    password: env:NO_SUCH_PASSWORD
"""


def test_nothing_is_sent(bridge: Simulate, tmp_path: Path) -> None:
    desk = tmp_path / "desk.yaml"
    with Sink() as sink:
        sink.always = lambda _request: Answer(200, {})
        desk.write_text(REACHING.replace("PORT", str(sink.port)))
        file = _file(tmp_path, CRITICAL, action(later(9), "acknowledge"))

        done = bridge("simulate", "--desk", desk, "--events", file, "--json")

        silent = list(sink.requests)
        # The very address of Anna's channel would have reached the sink.
        address = f"json://127.0.0.1:{sink.port}/anna"
        sent = paging.deliver(address, PageMessage("title", "body", "http://desk.example/a"))
    assert (done.returncode, done.stderr) == (0, "")
    pages = json.loads(done.stdout)["pages"]
    assert {(one["person"], one["channel"]) for one in pages} >= {
        ("anna", "push"),
        ("anna", "sms"),
        ("anna", "chat"),
        ("ben", "push"),
        ("ben", "sms"),
    }
    assert silent == []
    assert sent.outcome is Outcome.ACCEPTED
    assert len(sink.requests) == 1


@pytest.mark.parametrize("as_json", [(), ("--json",)], ids=["text", "json"])
def test_what_is_refused_prints_nothing_by_halves(
    bridge: Simulate, tmp_path: Path, as_json: tuple[str, ...]
) -> None:
    file = _file(tmp_path, CRITICAL, action(later(1), "close", 7))
    broken = tmp_path / "broken.yaml"
    broken.write_text(EXAMPLE.read_text().replace("calendar: always", "calendar: allways"))

    line = bridge("simulate", "--desk", EXAMPLE, "--events", file, *as_json)
    desk = bridge("simulate", "--desk", broken, "--events", file, *as_json)

    assert (line.returncode, line.stdout) == (1, "")
    assert line.stderr.startswith(f"bridge: {file}:2: there is no ticket number 7")
    assert (desk.returncode, desk.stdout) == (1, "")
    assert f"{broken}:" in desk.stderr
    assert "did you mean always?" in desk.stderr


@pytest.mark.parametrize(
    "arguments",
    [
        pytest.param([], id="nothing to play"),
        pytest.param(["--events", "FILE", "--past", "2026-10"], id="both"),
        pytest.param(["--from", "2026-10-01"], id="half a range"),
        pytest.param(["--from", "2026-10-02", "--to", "2026-10-01"], id="backwards"),
        pytest.param(["--past", "october"], id="no month"),
        pytest.param(["--past", "2026-10", "--until", "2026-11-01"], id="until of the past"),
        pytest.param(["--events", "FILE", "--until", "2020-01-01"], id="until before"),
        pytest.param(["--events", "FILE", "--until", "soon"], id="until when"),
        pytest.param(["--events", "nowhere.jsonl"], id="no such file"),
    ],
)
def test_what_is_used_wrongly_says_so(
    bridge: Simulate, tmp_path: Path, arguments: list[str]
) -> None:
    file = str(_file(tmp_path, CRITICAL))
    given = [file if one == "FILE" else one for one in arguments]

    done = bridge("simulate", "--desk", EXAMPLE, *given)

    assert (done.returncode, done.stdout) == (2, "")


def test_the_past_of_an_empty_installation_is_refused(bridge: Simulate) -> None:
    recent = time.strftime("%Y-%m-%dT00:00Z", time.gmtime(time.time() - 86400))

    done = bridge("simulate", "--desk", EXAMPLE, "--from", recent, "--to", "2199-01-01")
    old = bridge("simulate", "--desk", EXAMPLE, "--past", "2020-10")

    assert (done.returncode, done.stdout) == (1, "")
    assert "nothing came in" in done.stderr
    assert (old.returncode, old.stdout) == (1, "")
    assert "notifications are kept for 30 days" in old.stderr


def test_whoever_stops_it_leaves_nothing_behind(tmp_path: Path) -> None:
    temporary = tmp_path / "tmp"
    temporary.mkdir()
    many = [
        notification(at=later(number), host=f"host{number}", id=f"many-{number}")
        for number in range(3000)
    ]
    file = _file(tmp_path, *many)
    process = subprocess.Popen(
        [sys.executable, "-m", "bridge", "simulate", "--desk", EXAMPLE, "--events", file],
        cwd=tmp_path,
        env=os.environ | {"TMPDIR": str(temporary)},
        stdout=subprocess.PIPE,
    )
    end = time.monotonic() + 30
    while not list(temporary.glob("*/desk.db")):
        assert time.monotonic() < end
        time.sleep(0.05)

    process.send_signal(signal.SIGTERM)
    out, _ = process.communicate(timeout=30)

    assert (process.returncode, out) == (1, b"")
    assert list(temporary.iterdir()) == []
