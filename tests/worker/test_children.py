"""Delivery processes that hang, die, are killed, and lose their parent."""

import json
import logging
import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from bridge.oncall import paging
from bridge.oncall.message import PageMessage
from bridge.outbox.outcome import Delivered, Outcome
from bridge.worker.child import Payload
from bridge.worker.children import ChildPool, UnknownDoor
from tests.lab import provider
from tests.lab.provider import Provider

ROOT = Path(__file__).parents[2]
SECRET = "tk-53cr3t"
PAGE = PageMessage(title="web01 DOWN", body="ACME")
PATIENCE_SECONDS = 20.0
MEGABYTE = 1024 * 1024

# A parent on its own, as the courier will be: it loads Apprise, forks, and says who its
# children are; then it waits to be killed.
PARENT = """
import json, sys
from bridge.oncall import paging
from bridge.oncall.message import PageMessage
from bridge.worker.children import ChildPool
paging.load()
pool = ChildPool(3, {"page": paging.page_door})
for number, url in enumerate(sys.stdin.readline().split()):
    payload = paging.page_payload(url, PageMessage("web01 DOWN", "ACME"))
    pool.submit(str(number), "page", payload, 600, str(number))
done = [key for key, _ in pool.collect(1.0)]
print(json.dumps(pool.pids), flush=True)
sys.stdin.read()
"""


def accepting(payload: Payload) -> Delivered:
    return Delivered(Outcome.ACCEPTED, str(payload.get("say", "")))


def sleeping(payload: Payload) -> Delivered:
    time.sleep(payload["seconds"])
    return Delivered(Outcome.ACCEPTED, "slept")


def dying(_: Payload) -> Delivered:
    os.kill(os.getpid(), signal.SIGKILL)
    raise AssertionError


def breaking(payload: Payload) -> Delivered:
    raise ValueError(payload["secret"])


def measuring(_: Payload) -> Delivered:
    files = Counter(
        os.path.realpath(entry).partition(":")[0]
        for entry in Path("/proc/self/fd").iterdir()
        if os.path.lexists(entry)
    )
    handlers = {s.name: signal.getsignal(s) for s in (signal.SIGUSR1, signal.SIGTERM)}
    return Delivered(
        Outcome.ACCEPTED,
        json.dumps({"files": files, "handlers": {k: str(v) for k, v in handlers.items()}}),
    )


def watched(payload: Payload) -> Delivered:
    hosts: set[str] = set()

    def note(event: str, arguments: tuple[object, ...]) -> None:
        if event in ("socket.connect", "socket.getaddrinfo", "socket.gethostbyname"):
            target = arguments[1] if event == "socket.connect" else arguments[0]
            hosts.add(str(target[0] if isinstance(target, tuple) else target))

    sys.addaudithook(note)
    delivered = paging.page_door(payload)
    return Delivered(delivered.outcome, json.dumps(sorted(hosts)))


DOORS: dict[str, Callable[[Payload], Delivered]] = {
    "page": paging.page_door,
    "accepting": accepting,
    "sleeping": sleeping,
    "dying": dying,
    "breaking": breaking,
    "measuring": measuring,
    "watched": watched,
}


@pytest.fixture(scope="module")
def running_lab() -> Iterator[Provider]:
    with provider.running() as lab:
        yield lab


@pytest.fixture
def lab(running_lab: Provider) -> Provider:
    running_lab.forget()
    return running_lab


@pytest.fixture
def pool() -> Iterator[ChildPool]:
    paging.load()
    with ChildPool(3, DOORS) as children:
        yield children


def submit_page(
    pool: ChildPool, key: str, url: str, budget: float = 8.0, destination: str | None = None
) -> None:
    pool.submit(key, "page", paging.page_payload(url, PAGE), budget, destination or key)


def collected(pool: ChildPool, count: int) -> dict[str, Delivered]:
    """Return the next `count` results; a key that comes twice fails."""
    end, found = time.monotonic() + PATIENCE_SECONDS, dict[str, Delivered]()
    while len(found) < count and time.monotonic() < end:
        for key, delivered in pool.collect(0.5):
            assert key not in found
            found[key] = delivered
    assert len(found) == count
    return found


def is_alive(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state != "Z"


def all_gone(pids: list[int], seconds: float = 3.0) -> bool:
    end = time.monotonic() + seconds
    while any(map(is_alive, pids)) and time.monotonic() < end:
        time.sleep(0.02)
    return not any(map(is_alive, pids))


def test_each_key_comes_back_with_its_own_outcome(pool: ChildPool, lab: Provider) -> None:
    for account in ("200", "401", "500", "die"):
        submit_page(pool, account, lab.url(account))

    found = collected(pool, 4)

    assert {key: delivered.outcome for key, delivered in found.items()} == {
        "200": Outcome.ACCEPTED,
        "401": Outcome.FAILED_FOR_GOOD,
        "500": Outcome.FAILED_FOR_NOW,
        "die": Outcome.MAYBE,
    }
    assert len(lab.copies()) == 4


@pytest.mark.parametrize(("scheme", "rest"), [("json", ""), ("ntfy", "?image=no"), ("ntfy", "")])
def test_a_page_talks_to_its_provider_and_to_nobody_else(
    pool: ChildPool, lab: Provider, scheme: str, rest: str
) -> None:
    payload = paging.page_payload(lab.url("200", scheme, rest), PAGE)
    pool.submit("a", "watched", payload, 8, "x")

    assert collected(pool, 1)["a"] == Delivered(Outcome.ACCEPTED, '["127.0.0.1"]')


def test_what_the_receiver_asks_for_comes_back_too(pool: ChildPool, lab: Provider) -> None:
    submit_page(pool, "a", lab.url("429"))

    assert collected(pool, 1)["a"].retry_after_seconds == provider.RETRY_AFTER_SECONDS


@pytest.mark.parametrize("account", ["hang", "drip", "mute"])
def test_a_child_over_its_budget_is_killed_and_replaced(
    pool: ChildPool, lab: Provider, account: str
) -> None:
    before = set(pool.pids)
    url = f"json://127.0.0.1:{lab.mute_port}/x" if account == "mute" else lab.url(account)
    submit_page(pool, "slow", url, budget=0.5)

    started = time.monotonic()
    found = collected(pool, 1)

    assert found["slow"] == Delivered(Outcome.MAYBE, "no answer within its budget")
    assert 0.5 <= time.monotonic() - started < 1.5
    pool.submit("next", "accepting", {}, 1, "x")
    assert collected(pool, 1)["next"].outcome is Outcome.ACCEPTED
    (killed,) = before - set(pool.pids)
    assert all_gone([killed])
    assert len(pool.pids) == 3
    assert len(lab.copies()) == (0 if account == "mute" else 1)


def test_a_child_that_dies_leaves_a_maybe_and_is_replaced(pool: ChildPool) -> None:
    pool.submit("a", "dying", {}, 5, "x")

    assert collected(pool, 1)["a"] == Delivered(Outcome.MAYBE, "the delivery process died")
    pool.collect(0)
    assert len(pool.pids) == 3


def test_a_child_that_died_at_rest_costs_no_delivery(pool: ChildPool) -> None:
    for pid in pool.pids:
        os.kill(pid, signal.SIGKILL)
    assert all_gone(pool.pids)

    for key in "abc":
        pool.submit(key, "accepting", {}, 5, key)

    assert {each.outcome for each in collected(pool, 3).values()} == {Outcome.ACCEPTED}


def test_a_stopped_child_is_over_its_budget_like_any_other(pool: ChildPool) -> None:
    for pid in pool.pids:
        os.kill(pid, signal.SIGSTOP)

    pool.submit("a", "accepting", {}, 0.3, "x")

    assert collected(pool, 1)["a"].outcome is Outcome.MAYBE


def test_a_door_that_breaks_is_a_maybe_that_names_the_place_and_not_the_text(
    pool: ChildPool,
) -> None:
    pool.submit("a", "breaking", {"secret": SECRET}, 5, "x")

    found = collected(pool, 1)["a"]

    assert found.outcome is Outcome.MAYBE
    assert found.reason.startswith("the door broke: ValueError at test_children.py:")


def test_a_door_that_does_not_exist_is_refused_at_once(pool: ChildPool) -> None:
    with pytest.raises(UnknownDoor):
        pool.submit("a", "window", {}, 5, "x")


def test_one_hanging_destination_leaves_a_child_to_the_others(
    pool: ChildPool, lab: Provider
) -> None:
    for number in range(6):
        submit_page(pool, f"stuck{number}", lab.url("hang"), budget=3, destination="bad")
    started = time.monotonic()
    for number in range(20):
        submit_page(pool, f"good{number}", lab.url("200"), destination="good")

    found = collected(pool, 20)

    assert all(key.startswith("good") for key in found)
    assert time.monotonic() - started < 2
    assert (pool.running, pool.waiting) == (2, 4)


def test_waiting_does_not_use_up_the_budget(pool: ChildPool) -> None:
    for number in range(6):
        pool.submit(str(number), "sleeping", {"seconds": 0.4}, 0.8, "one")

    assert {each.outcome for each in collected(pool, 6).values()} == {Outcome.ACCEPTED}


def test_in_a_storm_with_deaths_every_key_comes_back_exactly_once(
    pool: ChildPool, lab: Provider
) -> None:
    dice, expected = random.Random(7), dict[str, Outcome]()
    for number in range(80):
        key, kind = str(number), dice.choice(["page", "page", "accepting", "dying", "sleeping"])
        expected[key] = Outcome.MAYBE if kind in ("dying", "sleeping") else Outcome.ACCEPTED
        payload = {"page": paging.page_payload(lab.url("200"), PAGE), "sleeping": {"seconds": 9}}
        budget = 0.1 if kind == "sleeping" else 8
        pool.submit(key, kind, payload.get(kind, {}), budget, dice.choice("abc"))

    found = collected(pool, 80)

    assert {key: delivered.outcome for key, delivered in found.items()} == expected
    assert pool.collect(0.2) == []


def test_with_nothing_to_do_collecting_does_not_wait(pool: ChildPool) -> None:
    started = time.monotonic()

    assert pool.collect(5) == []
    assert time.monotonic() - started < 0.5


def test_a_large_payload_fits(pool: ChildPool) -> None:
    pool.submit("a", "accepting", {"say": "x", "attachment": "y" * 8 * MEGABYTE}, 5, "x")

    assert collected(pool, 1)["a"].reason == "x"


def test_a_signal_to_the_whole_group_does_not_end_a_delivery(pool: ChildPool) -> None:
    pool.submit("a", "sleeping", {"seconds": 0.5}, 5, "x")
    pool.collect(0.1)

    for pid in pool.pids:
        os.kill(pid, signal.SIGTERM)
        os.kill(pid, signal.SIGINT)

    assert collected(pool, 1)["a"].reason == "slept"


def test_a_child_has_neither_files_nor_signal_handlers_of_its_parent(
    tmp_path: Path,
) -> None:
    before = signal.signal(signal.SIGUSR1, lambda *_: None)
    try:
        with (tmp_path / "database").open("w"), ChildPool(3, DOORS) as pool:
            pool.submit("a", "measuring", {}, 5, "x")
            found = json.loads(collected(pool, 1)["a"].reason)
    finally:
        signal.signal(signal.SIGUSR1, before)

    (line,) = [name for name in found["files"] if name != os.devnull]
    assert line.endswith("socket")
    assert found["files"][line] == 1
    assert found["handlers"] == {"SIGUSR1": "0", "SIGTERM": "1"}


def test_closing_lets_what_runs_finish_and_says_what_did_not_begin() -> None:
    pool = ChildPool(2, DOORS)
    pids = pool.pids
    pool.submit("short", "sleeping", {"seconds": 0.3}, 9, "a")
    pool.submit("long", "sleeping", {"seconds": 9}, 9, "b")
    pool.submit("late", "accepting", {}, 9, "c")

    started = time.monotonic()
    found = dict(pool.close(grace_seconds=1))

    assert time.monotonic() - started < 2
    assert {key: each.outcome for key, each in found.items()} == {
        "short": Outcome.ACCEPTED,
        "long": Outcome.MAYBE,
        "late": Outcome.FAILED_FOR_NOW,
    }
    assert all_gone(pids, seconds=0)
    assert pool.close() == []


def test_nothing_secret_shows_in_command_lines_logs_output_or_reasons(
    pool: ChildPool,
    lab: Provider,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
) -> None:
    caplog.set_level(logging.DEBUG)
    for account in ("200", "500", "hang", "die"):
        url = lab.url(account, rest=f"/{SECRET}?+X-Token={SECRET}")
        submit_page(pool, account, url, budget=1)
    pool.submit("broken", "breaking", {"secret": SECRET}, 1, "x")

    lines, reasons = "", ""
    for _ in range(200):
        lines += "".join(read(path) for path in Path("/proc").glob("[0-9]*/cmdline"))
        reasons += "".join(each.reason for _, each in pool.collect(0.02))
        if not (pool.running or pool.waiting):
            break

    heard = capfd.readouterr()
    assert {copy.headers["X-Token"] for copy in lab.copies()} == {SECRET}
    assert "delivery process ended" in caplog.text
    assert SECRET not in lines + reasons + caplog.text + heard.out + heard.err


def read(path: Path) -> str:
    try:
        return path.read_text(errors="replace")
    except OSError:
        return ""


@pytest.mark.parametrize("accounts", [[], ["hang"], ["hang", "drip", "hang"]])
def test_when_the_parent_is_killed_its_children_are_gone(
    lab: Provider, accounts: list[str]
) -> None:
    with parent([lab.url(account) for account in accounts]) as process:
        pids = told_pids(process)
        assert all(map(is_alive, pids))
        process.kill()
        process.wait()

        assert all_gone(pids)


def test_three_children_share_most_of_their_memory(
    lab: Provider, record_property: Callable[[str, object], None]
) -> None:
    with parent([lab.url("200")] * 6) as process:
        sizes = [proportional_megabytes(pid) for pid in told_pids(process)]
        process.kill()

    record_property("pss_megabytes", sizes)
    assert max(sizes) < 25


def parent(urls: list[str]) -> subprocess.Popen[str]:
    process = subprocess.Popen(
        [sys.executable, "-c", PARENT],
        cwd=ROOT,
        text=True,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    assert process.stdin is not None
    process.stdin.write(" ".join(urls) + "\n")
    process.stdin.flush()
    return process


def told_pids(process: "subprocess.Popen[str]") -> list[int]:
    assert process.stdout is not None
    pids: list[int] = json.loads(process.stdout.readline())
    return pids


def proportional_megabytes(pid: int) -> float:
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    (size,) = [int(line.split()[1]) for line in lines if line.startswith("Pss:")]
    return size / 1024
