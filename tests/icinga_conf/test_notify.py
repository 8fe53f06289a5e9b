"""The script on the node: into the spool whatever happens, and one try."""

import json
import subprocess
import time
from pathlib import Path

import pytest

from tests.icinga_conf.node import SCRIPT, TOKEN, Node, command_lines, notification
from tests.lab.requirements import need
from tests.lab.sink import Answer, Sink


@pytest.mark.parametrize("arguments", [["-s", "sh"], ["-s", "dash"]], ids=" ".join)
def test_shellcheck_finds_nothing(arguments: list[str]) -> None:
    shellcheck = need("shellcheck", "apt install shellcheck")

    verdict = subprocess.run(
        [shellcheck, *arguments, SCRIPT], capture_output=True, text=True, check=False
    )

    assert (verdict.returncode, verdict.stdout) == (0, "")


def test_a_notification_is_sent_at_once_and_leaves_nothing_behind(node: Node, sink: Sink) -> None:
    assert node.notify(7) == (0, "")

    (found,) = sink.notifications()
    assert 0 < len(found.pop("id")) <= 128
    assert found == {"type": "PROBLEM", "number": 7, "host": {"name": "web01"}}
    assert sink.requests[0].headers["authorization"] == f"Bearer {TOKEN}"
    assert sink.requests[0].headers["content-type"] == "application/json"
    assert node.waiting() == []


def test_every_notification_has_its_own_id(node: Node, sink: Sink) -> None:
    for number in range(5):
        node.notify(number)

    assert len({found["id"] for found in sink.notifications()}) == 5


def test_while_bridge_is_down_it_waits_in_the_spool_for_its_owner_alone(node: Node) -> None:
    node.point_to("http://127.0.0.1:9/webhooks/icinga")

    code, said = node.notify()

    (file,) = node.waiting()
    assert code == 0
    assert said.startswith(f"bridge-notify: kept in {node.spool}: curl: (7)")
    assert said.count("\n") == 1
    assert file.stat().st_mode & 0o777 == 0o640
    assert node.spool.stat().st_mode & 0o777 == 0o750
    assert json.loads(file.read_text())["number"] == 1


def test_the_id_stays_the_same_when_the_answer_was_lost(node: Node, sink: Sink) -> None:
    sink.say(Answer(503), Answer(202, delay=5))
    node.notify()
    first = sink.notifications()[0]["id"]

    node.point_to(sink.url)
    began = time.monotonic()
    # An older stamp, so that the pause after a failure does not apply.
    assert node.run(**{**notification(2), "BRIDGE_STAMP": "1795421240000000"})[0] == 0
    assert time.monotonic() - began < 4.5
    assert len(node.waiting()) == 2
    assert node.drain() == (0, "")

    ids = [found["id"] for found in sink.notifications()]
    assert ids.count(first) == 3
    assert len(set(ids)) == 2


def test_a_slow_bridge_holds_a_notification_up_for_three_seconds_at_most(
    node: Node, sink: Sink
) -> None:
    sink.say(Answer(202, delay=10))

    began = time.monotonic()
    code, _ = node.notify()

    assert code == 0
    assert time.monotonic() - began < 4.5
    assert len(node.waiting()) == 1


def test_the_token_is_in_no_command_line_and_no_output(node: Node, sink: Sink) -> None:
    sink.say(Answer(401, {"detail": "no"}, delay=1))
    process = node.start(**notification())
    while not sink.requests:
        time.sleep(0.02)

    seen = command_lines()
    out, err = process.communicate()

    assert any("curl" in line and str(node.config) in line for line in seen)
    assert not [line for line in seen if TOKEN in line or "PROBLEM" in line]
    assert TOKEN.encode() not in out + err
    assert not [file for file in node.spool.rglob("*") if file.is_file() and _holds(file, TOKEN)]


@pytest.mark.parametrize(
    "environment",
    [
        pytest.param({}, id="nothing at all"),
        pytest.param({"BRIDGE_TYPE": "PROBLEM"}, id="no host"),
        pytest.param({"BRIDGE_HOST": "web01"}, id="no type"),
        pytest.param({"BRIDGE_JSON": "Object of type 'Function'"}, id="no JSON"),
    ],
)
def test_without_a_notification_it_says_what_is_missing(
    node: Node, environment: dict[str, str]
) -> None:
    code, said = node.run(**environment)

    assert code == 2
    assert said.startswith("bridge-notify: nothing to keep")
    assert said.count("\n") == 1
    assert not node.spool.exists()


def test_a_spool_that_cannot_be_written_is_an_error(node: Node, sink: Sink) -> None:
    node.spool.write_text("a file where the folder should be")

    code, said = node.notify()

    assert code == 1
    assert said == f"bridge-notify: cannot write to {node.spool}: the notification is lost here\n"
    assert sink.requests == []


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full, a Linux device")
def test_a_full_disk_is_an_error(node: Node, tmp_path: Path) -> None:
    # `mkdir` makes the next file of this name end on a full disk.
    stamp, fixed_id = "1795421240000000", "same"
    (node.spool / "work").mkdir(parents=True)
    (node.spool / "rejected").mkdir()
    (node.spool / f".{stamp}.{fixed_id}.part").symlink_to("/dev/full")
    script = tmp_path / "bridge-notify"
    text = SCRIPT.read_text().replace("\nnew_id\n", f"\nid={fixed_id}\n")
    script.write_text(text)

    done = subprocess.run(
        ["sh", script],
        env={
            "PATH": node.path,
            "BRIDGE_NOTIFY_SPOOL": str(node.spool),
            **notification(),
            "BRIDGE_STAMP": stamp,
        },
        capture_output=True,
        check=False,
    )

    assert done.returncode == 1
    assert node.waiting() == []


def _holds(file: Path, text: str) -> bool:
    return text.encode() in file.read_bytes()
