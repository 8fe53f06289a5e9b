"""Log lines: one each, with their fields, and without a secret in any corner of them."""

import io
import json
import logging
from collections.abc import Callable, Iterator

import pytest

from bridge import logs
from bridge.keys import Keys

TOKEN = "s3cr3t-t0ken"
ACCESS_TOKEN = "bridge_Zk9-abcdefghijklmnopqrstuvwxyz0123456789_A"
log = logging.getLogger("bridge.test")

Lines = Callable[[], str]


@pytest.fixture(params=[False, True], ids=["text", "json"])
def as_json(request: pytest.FixtureRequest) -> bool:
    return bool(request.param)


@pytest.fixture
def lines(as_json: bool) -> Iterator[Lines]:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    stream = io.StringIO()
    logs.set_up(as_json=as_json, stream=stream)
    yield stream.getvalue
    root.handlers[:] = handlers
    root.setLevel(level)


@pytest.mark.parametrize(
    ("text", "safe"),
    [
        pytest.param("to ntfys://u:p@ntfy.example/anna now", "to ntfys://*** now", id="a channel"),
        pytest.param("postgresql://b:pw@db/x down", "postgresql://*** down", id="a database"),
        pytest.param('"https://h/?k=1" said', '"https://***" said', id="in quotes"),
        pytest.param(
            "Authorization: Bearer abcdefgh1234", "Authorization: Bearer ***", id="bearer"
        ),
        pytest.param("basic dXNlcjpwYXNz", "basic ***", id="basic"),
        pytest.param(
            "Exception on /feeds/x5fKq_-w3Zt.ics [GET]",
            "Exception on /feeds/***.ics [GET]",
            id="the address of a calendar",
        ),
        pytest.param(f"token {ACCESS_TOKEN}!", "token ***!", id="one of our tokens"),
        pytest.param("a line without any of it", "a line without any of it", id="harmless"),
        pytest.param("bridge_source_gap_total", "bridge_source_gap_total", id="a short name"),
        pytest.param("10.0.0.1 web01.example.com", "10.0.0.1 web01.example.com", id="names"),
    ],
)
def test_what_may_be_secret_is_taken_out(text: str, safe: str) -> None:
    assert logs.redacted(text) == safe


def test_the_right_in_a_links_path_is_taken_out() -> None:
    signed = Keys(("a key that is long enough for tests",)).sign("page", [10001, 3, 7, 1, 1])

    found = logs.redacted(f"Exception on /p/{signed} [GET]")

    assert found == "Exception on /p/*** [GET]"


@pytest.mark.parametrize("text", ["a." * 100_000, "a" * 200_000, "bearer " * 20_000])
@pytest.mark.timeout(5)
def test_a_long_text_is_looked_through_quickly(text: str) -> None:
    assert logs.redacted(text) == text


def test_a_line_has_its_phrase_and_its_fields(lines: Lines, as_json: bool) -> None:
    log.info("ticket opened", extra={"ticket": 10001, "priority": "P1"})

    if as_json:
        found = json.loads(lines())
        assert found.pop("timestamp").endswith("Z")
        assert found == {
            "event": "ticket opened", "level": "info", "ticket": 10001, "priority": "P1",
        }  # fmt: skip
    else:
        assert "ticket opened" in lines()
        assert "ticket=10001" in lines()
        assert lines().count("\n") == 1


class Thing:
    """Something that shows its secret."""

    def __repr__(self) -> str:
        return f"<Thing at https://host/{TOKEN}>"


@pytest.mark.parametrize(
    "value",
    [
        pytest.param(f'said "https://host/{TOKEN}" twice', id="a text with quotes"),
        pytest.param({"a": [f"https://host/{TOKEN}"]}, id="a list in a mapping"),
        pytest.param({f"https://host/{TOKEN}": 1}, id="a key"),
        pytest.param((1, None, f"Bearer {TOKEN}"), id="a tuple"),
        pytest.param(Thing(), id="an object"),
        pytest.param(f"https://host/ä{TOKEN}\\{TOKEN}", id="behind an umlaut and a backslash"),
    ],
)
def test_no_field_shows_a_secret(lines: Lines, as_json: bool, value: object) -> None:
    log.warning("delivery failed", extra={"why": value})

    assert TOKEN not in lines()
    if as_json:
        assert json.loads(lines())["event"] == "delivery failed"


def fail_with_a_secret() -> None:
    password = TOKEN
    # A traceback quotes the source, so that the secret is not written here but put together.
    raise ValueError(f'bad address "https://host/{password}" with Bearer {password}')


def test_a_traceback_is_complete_and_shows_neither_secrets_nor_variables(
    lines: Lines, as_json: bool
) -> None:
    try:
        fail_with_a_secret()
    except ValueError:
        log.exception("it broke", extra={"entry": 7})

    assert TOKEN not in lines()
    shown = json.loads(lines())["exception"] if as_json else lines()
    assert "Traceback (most recent call last)" in shown
    assert "in fail_with_a_secret" in shown
    assert 'ValueError: bad address "https://***" with Bearer ***' in shown
    assert lines().count("\n") == 1 or not as_json


def test_a_secret_among_the_arguments_is_taken_out(lines: Lines) -> None:
    log.error("cannot reach %s", f"https://host/{TOKEN}")

    assert TOKEN not in lines()
    assert "cannot reach https://***" in lines()


def test_talkative_libraries_are_quiet(lines: Lines) -> None:
    logging.getLogger("apprise").info("posting to https://host/%s", TOKEN)
    logging.getLogger("urllib3.connectionpool").debug("GET /%s", TOKEN)

    assert lines() == ""


def test_the_level_is_the_lowest_that_is_written(lines: Lines) -> None:
    stream = io.StringIO()
    logs.set_up(as_json=True, level="warning", stream=stream)

    log.info("nothing")
    log.warning("something")

    assert json.loads(stream.getvalue())["event"] == "something"
