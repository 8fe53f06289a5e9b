"""The script on the node: any text and any byte becomes JSON, and a bad macro costs only itself."""

import os
import shutil
import time
from typing import Any

import pytest

from bridge.icinga.notification import parse
from tests.icinga_conf.node import Node
from tests.lab.sink import Sink

PLAIN = {"BRIDGE_TYPE": "PROBLEM", "BRIDGE_HOST": "web01", "BRIDGE_HOST_STATE": "DOWN"}

AWKWARD = [
    pytest.param("Größe ß € 漢字 😀", id="umlauts and more"),
    pytest.param("quote \" ' ` back\\slash \\u0041 \\\\", id="quotes and backslashes"),
    pytest.param("one\ntwo\r\nthree\t\n", id="lines"),
    pytest.param("".join(map(chr, range(1, 32))) + "\x7f", id="control characters"),
    pytest.param("$HOME $(id) `id` %s %d \\n {} [] * ?", id="shell and printf"),
    pytest.param("", id="nothing"),
]


@pytest.mark.parametrize("text", AWKWARD)
def test_any_text_survives_plain_variables(node: Node, sink: Sink, text: str) -> None:
    code, said = node.run(**PLAIN, BRIDGE_OUTPUT=text, BRIDGE_COMMENT=text, BRIDGE_AUTHOR=text)

    (found,) = sink.notifications()
    assert (code, said) == (0, "")
    assert [found[key] for key in ("output", "comment", "author")] == [text] * 3


@pytest.mark.parametrize("text", AWKWARD)
def test_any_text_survives_as_json(node: Node, sink: Sink, text: str) -> None:
    assert node.notify(output=text) == (0, "")

    assert sink.notifications()[0]["output"] == text


@pytest.mark.parametrize(
    "raw",
    [
        pytest.param(b"\xff\xfe plain", id="never UTF-8"),
        pytest.param(b"Gr\xf6\xdfe", id="Latin-1"),
        pytest.param(b"cut \xc3", id="cut in a character"),
        pytest.param(b"\xe2\x82 cut and \xf0\x9f\x98\xff on", id="cut and on"),
        pytest.param(b"\xc0\x80 \xe0\x80\xaf \xf0\x80\x80\xaf", id="too long forms"),
        pytest.param(b"\xed\xa0\x80 \xf4\x90\x80\x80 \xf5\x80", id="surrogates and beyond"),
        pytest.param(b"\x80\xbf \xc3\xa4 \xf4\x8f\xbf\xbf", id="between good ones"),
    ],
)
def test_bytes_that_are_not_utf8_become_replacement_characters(
    node: Node, sink: Sink, raw: bytes
) -> None:
    assert node.run(**PLAIN, BRIDGE_OUTPUT=os.fsdecode(raw)) == (0, "")

    found: str = sink.notifications()[0]["output"]
    kept = raw.decode("utf-8", "ignore")
    assert found.replace("\ufffd", "") == kept
    assert ("\ufffd" in found) == (kept.encode() != raw)


def test_a_plain_notification_has_the_shape_of_the_webhook(node: Node, sink: Sink) -> None:
    plain = {
        "TYPE": "RECOVERY",
        "TIME": "1795421240",
        "NUMBER": "3",
        "NOTIFICATION": "web01!http!bridge",
        "AUTHOR": "anna",
        "COMMENT": "seen",
        "OUTPUT": "OK",
        "VARS": '{"customer":"1001"}',
        "HOST": "web01",
        "HOST_DISPLAY": "Web 1",
        "HOST_ADDRESS": "192.0.2.1",
        "HOST_STATE": "UP",
        "HOST_STATE_TYPE": "HARD",
        "HOST_HARD_CHANGE": "1795421240.25",
        "HOST_GROUPS": "linux;web",
        "SERVICE": "http",
        "SERVICE_STATE": "OK",
        "SERVICE_STATE_TYPE": "HARD",
    }
    node.run(**{f"BRIDGE_{name}": value for name, value in plain.items()})

    (found,) = sink.notifications()
    assert parse(found).notes == ()
    del found["id"]
    assert found == {
        "type": "RECOVERY",
        "time": 1795421240,
        "number": 3,
        "notification": "web01!http!bridge",
        "author": "anna",
        "comment": "seen",
        "output": "OK",
        "host": {
            "name": "web01",
            "display_name": "Web 1",
            "address": "192.0.2.1",
            "state": "UP",
            "state_type": "HARD",
            "last_hard_state_change": 1795421240.25,
            "groups": ["linux", "web"],
        },
        "service": {
            "name": "http",
            "display_name": "http",
            "state": "OK",
            "state_type": "HARD",
            "groups": [],
        },
        "vars": {"customer": "1001"},
    }


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        pytest.param("BRIDGE_TIME", "now", None, id="time"),
        pytest.param("BRIDGE_NUMBER", "$notification.number$", None, id="number"),
        pytest.param("BRIDGE_VARS", "Object of type 'Function'", None, id="vars"),
        pytest.param("BRIDGE_HOST_HARD_CHANGE", "-1", None, id="hard change"),
        pytest.param("BRIDGE_STAMP", "17", None, id="stamp"),
        pytest.param("BRIDGE_STAMP", "../../../../etc/x", None, id="stamp that is a path"),
    ],
)
def test_a_macro_that_went_wrong_costs_only_itself(
    node: Node, sink: Sink, name: str, value: str, expected: Any
) -> None:
    assert node.run(**{**PLAIN, name: value}) == (0, "")

    (found,) = sink.notifications()
    assert parse(found).notes == ()
    assert abs(found["time"] - time.time()) < 5
    assert (found["number"], found["vars"]) == (0, {})


@pytest.mark.parametrize("program", ["mawk", "gawk", "original-awk", "busybox"])
def test_every_awk_writes_the_same(node: Node, sink: Sink, program: str) -> None:
    found_program = shutil.which(program)
    if not found_program:
        pytest.skip(f"{program} is not installed")
    raw = b'Gr\xf6\xdfe \xc3\xa4 \xf0\x9f\x98\x80 \x01 " \\ / & $HOME \xed\xa0\x80' + b"x" * 20_000

    node = node.with_tools(awk=found_program)
    assert node.run(**PLAIN, BRIDGE_OUTPUT=os.fsdecode(raw), BRIDGE_VARS="{}") == (0, "")

    (found,) = sink.notifications()
    assert found["output"].startswith(
        'Gr\ufffd\ufffde ä 😀 \x01 " \\ / & $HOME \ufffd\ufffd\ufffdxxx'
    )
    assert len(found["output"].encode()) > 16_000
