"""A real Icinga with our drop-in: whatever a plugin says arrives, as it is or cut."""

import pytest

from tests.icinga_conf.world import World

AWKWARD_TEXTS = [
    pytest.param("costs $5, $$, $host.name$ and $", id="dollars"),
    pytest.param('quote " \' ` back\\slash \\u0041 {"a": 1}', id="quotes and backslashes"),
    pytest.param("Größe ß € 漢字 😀", id="umlauts and more"),
    pytest.param("first line\nsecond\tline\r\nthird", id="lines"),
    pytest.param("bell \x07 escape \x1b[31m delete \x7f", id="control characters"),
    pytest.param("; rm -rf / # $(id) `id` && | > < ~ *", id="shell"),
]


@pytest.mark.parametrize("text", AWKWARD_TEXTS)
def test_what_a_plugin_says_arrives_unchanged(world: World, text: str) -> None:
    service = 'mail $host.name$ "q" / # % ü'
    seen = len(world.sent("web01", service))
    world.icinga.check_result("web01", service, 2 if seen % 2 else 1, text)

    found = world.next("web01", service, after=seen)

    assert found["output"] == text
    assert found["service"]["name"] == service


@pytest.mark.parametrize(
    ("text", "limit"),
    [
        pytest.param("x" * 1_000_000, 16384, id="a megabyte"),
        pytest.param("ü" * 500_000, 8192, id="a megabyte of umlauts"),
        pytest.param("$" * 1_000_000, 16384, id="a megabyte of dollars"),
        pytest.param("\x01" * 1_000_000, 16384, id="a megabyte of control characters"),
    ],
)
def test_a_megabyte_of_output_is_cut(world: World, text: str, limit: int) -> None:
    seen = len(world.sent("web01", "empty form"))
    world.icinga.check_result("web01", "empty form", 1 + seen % 2, text)

    found = world.next("web01", "empty form", after=seen)

    assert found["output"] == text[:limit]


def test_what_is_still_too_long_in_json_is_cut_further(world: World) -> None:
    said, host = "\x01" * 100_000, "storm99"
    world.icinga.check_result(host, state=1, output=said)
    world.next(host)
    world.icinga.action("send-custom-notification", host, author="anna", comment=said)

    found = world.next(host, after=1)

    assert (found["output"], found["comment"]) == (said[:1024], said[:1024])


def test_output_that_is_not_utf8_arrives_with_replacement_characters(world: World) -> None:
    world.icinga.action("reschedule-check", "web01", "not UTF-8", force=True)

    found = world.next("web01", "not UTF-8")

    assert found["output"].startswith("CRITICAL - \ufffdä\ufffd")
    assert found["output"].endswith('"end"')
