"""What plugins, clocks and programs really send: it is kept, and worked through afterwards."""

import json
import time
from typing import Any

import pytest
from sqlalchemy import select

from bridge import utc
from bridge.inbox import queries
from bridge.inbox.models import DONE, InboxEntry
from bridge.installation import Installation
from bridge.tickets.models import JournalText
from bridge.worker.processing import Processor
from tests.builders import all_tickets, looking, notification
from tests.webhooks.conftest import Post, told

NOW = time.time()


def host_problem(**more: Any) -> dict[str, Any]:
    return notification(service=None, at=utc.now()) | more


def states_when_done(installation: Installation) -> list[str]:
    processor = Processor(installation)
    while processor.step():
        pass
    with looking(installation) as session:
        assert [entry.reason for entry in queries.failed(session)] == []
        return list(session.scalars(select(InboxEntry.state)))


@pytest.mark.parametrize(
    "more",
    [
        pytest.param({"output": "nul \0 byte"}, id="NUL"),
        pytest.param(
            {"output": "half \ud800 pair", "author": "\udfff"}, id="half a surrogate pair"
        ),
        pytest.param({"output": "a whole pair \U0001f600"}, id="a whole pair"),
        pytest.param({"output": "C:\\u0000\\users"}, id="a backslash and u0000"),
        pytest.param({"output": "\\"}, id="a backslash at the end"),
        pytest.param(
            {"output": "\x1b[31mred\x07\r\n\u202eback"}, id="terminal and direction signs"
        ),
        pytest.param({"output": "x" * 1_000_000}, id="a megabyte"),
        pytest.param({"comment": 5, "author": ["a"], "output": {}}, id="other types"),
        pytest.param({"number": 10**300, "notification": None}, id="a large number"),
        pytest.param({"number": float("nan")}, id="not a number"),
        pytest.param({"number": -1}, id="a negative number"),
        pytest.param({"vars": {"priority": 10**4000, "customer": 10**4000}}, id="larger than any"),
        pytest.param({"vars": {"priority": "P9", "address": 1e308}}, id="wrong wishes"),
        pytest.param({"vars": {"\0": "\0", "address": "\ud800"}}, id="unstorable wishes"),
        pytest.param({"vars": [1]}, id="wishes that are a list"),
        pytest.param({"\0\ud800": {"\0": ["\ud800"]}}, id="unstorable fields nobody knows"),
        pytest.param({"id": "☃" * 128}, id="an id of 128 snowmen"),
        pytest.param({"type": "SOMETHINGNEW"}, id="a type of tomorrow"),
        pytest.param({"deep": json.loads("[" * 500 + "]" * 500)}, id="nested"),
    ],
)
def test_odd_contents_are_kept_and_worked_through(
    post: Post, installation: Installation, more: dict[str, Any]
) -> None:
    answer = post(host_problem(**more))

    assert (answer.status_code, answer.json) == (202, {"kept": 1, "duplicates": 0})
    assert states_when_done(installation) == [DONE]


def test_a_windows_path_is_shown_as_the_plugin_printed_it(
    post: Post, installation: Installation
) -> None:
    post(host_problem(output="C:\\u0000\\users"))
    states_when_done(installation)

    with looking(installation) as session:
        assert session.scalars(select(JournalText.text)).first() == "C:\\u0000\\users"


@pytest.mark.parametrize("name", ["display_name", "address", "groups"])
def test_odd_descriptions_of_a_host_are_kept_and_worked_through(
    post: Post, installation: Installation, name: str
) -> None:
    said = host_problem()
    for number, value in enumerate(["\0", "\ud800", 5, None, ["\0"], {"a": 1}, "x" * 5000]):
        one = said | {"id": f"{number}", "host": said["host"] | {name: value}}
        assert post(one).status_code == 202

    assert set(states_when_done(installation)) == {DONE}


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(b'{"output": "\xff\xfe latin \xe4", %s', id="bytes that are not UTF-8"),
        pytest.param(b'\xef\xbb\xbf{"output": "marked", %s', id="a byte order mark"),
        pytest.param(b'{"output": "caf\xc3\xa9", %s', id="UTF-8"),
        pytest.param(b'{"output": "a", "output": "b", %s', id="a field twice"),
        pytest.param(b' \r\n\t{"number": NaN, "x": [Infinity, -Infinity], %s\n', id="no numbers"),
    ],
)
def test_odd_bytes_are_kept_and_worked_through(
    post: Post, installation: Installation, body: bytes
) -> None:
    rest = json.dumps(host_problem()).encode()[1:].replace(b'"output"', b'"was_output"')

    answer = post(body % rest)

    assert answer.status_code == 202
    assert states_when_done(installation) == [DONE]


@pytest.mark.parametrize("field", ["time", "last_hard_state_change"])
@pytest.mark.parametrize(
    "seconds",
    [
        pytest.param(0, id="1970"),
        pytest.param(-1e10, id="before 1970"),
        pytest.param(4_102_444_799.5, id="2099"),
        pytest.param(1e308, id="never"),
        pytest.param(-1e308, id="before everything"),
        pytest.param(5e-324, id="the smallest number"),
        pytest.param(10**15, id="in milliseconds"),
    ],
)
def test_absurd_clocks_lose_no_alarm(
    post: Post, installation: Installation, field: str, seconds: float
) -> None:
    said = host_problem()
    (said if field == "time" else said["host"])[field] = seconds

    assert post(said).status_code == 202
    assert states_when_done(installation) == [DONE]

    with looking(installation) as session:
        (ticket,) = all_tickets(session)
    assert abs((ticket.opened_at - utc.now()).total_seconds()) < 60 or field == "time"


@pytest.mark.parametrize("seconds", [10**400, float("inf"), float("nan")])
def test_a_time_that_is_no_number_is_refused(post: Post, seconds: float) -> None:
    answer = post(host_problem(time=seconds))

    assert answer.status_code == 400
    assert [error["field"] for error in told(answer)["errors"]] == ["time"]


def test_a_clock_that_is_ahead_does_not_beat_what_follows(
    post: Post, installation: Installation
) -> None:
    post(host_problem(time=NOW + 86400))
    time.sleep(0.01)
    recovery = notification("RECOVERY", utc.now(), service=None)
    post(recovery)

    assert states_when_done(installation) == [DONE] * 2
    with looking(installation) as session:
        (ticket,) = all_tickets(session)
    assert ticket.state == "resolved"


def test_however_deeply_an_entry_is_nested_it_is_kept_or_refused(
    post: Post, installation: Installation
) -> None:
    statuses = set()
    for depth in range(850, 1000, 2):
        head = json.dumps(host_problem()).encode()[:-1]
        answer = post(head + b',"deep":' + b"[" * depth + b"]" * depth + b"}")
        statuses.add(answer.status_code)
        if answer.status_code == 400:
            assert told(answer)["kept"] == 0
            break

    assert statuses == {202, 400}


def test_a_large_batch_is_kept_as_a_whole(post: Post, installation: Installation) -> None:
    smallest = {"type": "CUSTOM", "time": NOW, "host": {"name": "web01"}}
    entries = [smallest | {"id": f"{number}"} for number in range(3000)]

    answer = post({"notifications": entries + entries[:500]})

    assert (answer.status_code, answer.json) == (202, {"kept": 3000, "duplicates": 500})
    with looking(installation) as session:
        ids = session.scalars(select(InboxEntry.event_id).order_by(InboxEntry.id)).all()
    assert ids == [str(number) for number in range(3000)]
