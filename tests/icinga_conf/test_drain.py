"""The drain: what is left is posted in order, kept while it may pass, set aside when it cannot."""

import os
import subprocess
from pathlib import Path

import pytest

from tests.icinga_conf.node import Node, numbers
from tests.lab.sink import Answer, Sink, accept


def answer_400(*places: int, kept: int = 0) -> Answer:
    """Return the webhook's answer that names these entries."""
    errors = [{"index": place, "field": "time", "message": 'no "index": 0'} for place in places]
    return Answer(400, {"kept": kept, "duplicates": 0, "errors": errors})


def test_an_empty_spool_is_no_work(node: Node, sink: Sink) -> None:
    assert node.drain() == (0, "")

    assert sink.requests == []


def test_what_waited_is_posted_in_order_in_batches_of_fifty(node: Node, sink: Sink) -> None:
    node.put(*reversed(range(120)))

    assert node.drain() == (0, "")

    assert [len(request.notifications()) for request in sink.requests] == [50, 50, 20]
    assert numbers(sink.notifications()) == list(range(120))
    assert all(list(request.json()) == ["notifications"] for request in sink.requests)
    assert node.waiting() == []


def test_after_an_outage_the_next_notification_takes_the_waiting_ones_along(
    node: Node, sink: Sink
) -> None:
    node.put(1, 2, 3)

    assert node.notify(4) == (0, "")

    assert numbers(sink.notifications()) == [1, 2, 3, 4]


@pytest.mark.parametrize(
    ("status", "said"),
    [
        pytest.param(401, "refuses the token", id="401"),
        pytest.param(403, "refuses the token", id="403"),
        pytest.param(408, "HTTP 408", id="408"),
        pytest.param(429, "HTTP 429", id="429"),
        pytest.param(500, "HTTP 500", id="500"),
        pytest.param(502, "HTTP 502", id="502"),
        pytest.param(503, "HTTP 503", id="503"),
        pytest.param(200, "is not what Bridge answers", id="200 of something else"),
        pytest.param(302, "is not what Bridge answers", id="302 to a login page"),
    ],
)
def test_it_is_kept_while_that_may_pass(node: Node, sink: Sink, status: int, said: str) -> None:
    files = node.put(1, 2)
    sink.say(Answer(status, headers={"Location": sink.url}))

    code, output = node.drain()

    assert code == 75
    assert said in output
    assert output.count("\n") == 1
    assert node.waiting() == files
    assert len(sink.requests) == 1
    assert said in (node.spool / "work/last-error").read_text()
    assert node.drain() == (0, "")
    assert numbers(sink.notifications()[2:]) == [1, 2]
    assert not (node.spool / "work/last-error").exists()


def test_no_answer_keeps_it(node: Node, sink: Sink) -> None:
    files = node.put(1)
    node.point_to("http://127.0.0.1:9/webhooks/icinga")

    code, said = node.drain()

    assert code == 75
    assert "curl: (7)" in said
    assert node.waiting() == files


def test_a_missing_configuration_keeps_it(node: Node) -> None:
    files = node.put(1)
    node.config.unlink()

    code, said = node.drain()

    assert code == 75
    assert said.count("\n") == 1
    assert node.waiting() == files


@pytest.mark.parametrize("status", [400, 404, 405, 413, 415, 422])
def test_what_bridge_will_never_take_is_set_aside_with_the_reason(
    node: Node, sink: Sink, status: int
) -> None:
    (file,) = node.put(1)
    sink.say(Answer(status, {"detail": "because"}))

    code, said = node.drain()

    reason = node.spool / "rejected" / f"{file.name}.reason"
    assert code == 0
    assert said == f"bridge-notify: set aside {file.name}: HTTP {status}\n"
    assert node.waiting() == []
    assert node.rejected() == [file.name, reason.name]
    assert reason.read_text() == f'HTTP {status}\n{{"detail": "because"}}\n'


def test_of_a_batch_only_the_named_are_set_aside(node: Node, sink: Sink) -> None:
    files = node.put(0, 1, 2, 3)
    sink.say(answer_400(1, 3, kept=2))

    assert node.drain()[0] == 0

    assert len(sink.requests) == 1
    assert node.waiting() == []
    assert node.rejected() == sorted(
        name for file in (files[1], files[3]) for name in (file.name, f"{file.name}.reason")
    )


@pytest.mark.parametrize(
    "refusal",
    [
        pytest.param(Answer(413, "too large"), id="413"),
        pytest.param(Answer(400, "<html>index</html>"), id="400 of something else"),
        pytest.param(Answer(422, {"detail": "?"}), id="422"),
    ],
)
def test_a_batch_refused_as_a_whole_is_posted_one_by_one(
    node: Node, sink: Sink, refusal: Answer
) -> None:
    files = node.put(0, 1, 2)
    sink.say(refusal, Answer(202), answer_400(0), Answer(202))

    assert node.drain()[0] == 0

    assert [numbers(request.notifications()) for request in sink.requests] == [
        [0, 1, 2],
        [0],
        [1],
        [2],
    ]
    assert node.rejected() == [files[1].name, f"{files[1].name}.reason"]


def test_a_failure_in_the_middle_loses_nothing(node: Node, sink: Sink) -> None:
    files = node.put(*range(120))
    sink.say(Answer(202), Answer(503))

    assert node.drain()[0] == 75

    assert node.waiting() == files[50:]


def test_what_was_set_aside_can_be_moved_back(node: Node, sink: Sink) -> None:
    (file,) = node.put(1)
    sink.say(Answer(404))
    node.drain()

    (node.spool / "rejected" / file.name).rename(file)

    assert node.drain() == (0, "")
    assert numbers(sink.notifications()) == [1, 1]


@pytest.mark.skipif(os.getuid() != 0, reason="needs root, to be somebody else than the owner")
def test_nobody_but_the_owner_of_the_spool_drains_it(node: Node) -> None:
    files = node.put(1)
    os.chown(node.spool, 12345, 12345)

    code, said = node.drain()

    assert code == 1
    assert said == f"bridge-notify: run me as the owner of {node.spool}\n"
    assert node.waiting() == files


def test_a_spool_that_has_filled_the_disk_can_be_drained(tmp_path: Path, sink: Sink) -> None:
    disk = ["mount", "-t", "tmpfs", "-o", "size=256k", "tmpfs", str(tmp_path)]
    if subprocess.run(disk, capture_output=True, check=False).returncode:
        pytest.skip("needs the right to mount a small disk")
    try:
        node = Node(tmp_path)
        node.point_to(sink.url)
        sink.always = lambda _: Answer(503)
        spooled = 0
        while node.notify(spooled)[0] == 0:
            spooled += 1
        sink.always = accept
        sink.requests.clear()

        assert node.drain() == (0, "")

        assert numbers(sink.notifications()) == list(range(spooled))
    finally:
        subprocess.run(["umount", str(tmp_path)], check=True)


def test_in_an_outage_not_every_notification_asks_again(node: Node, sink: Sink) -> None:
    sink.always = lambda _: Answer(503)
    for number in range(10):
        assert node.notify(number)[0] == 0

    assert len(node.waiting()) == 10
    assert len(sink.requests) < 5
