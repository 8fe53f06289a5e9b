"""The command line as its users type it: output, errors as sentences, exit codes."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.builders import EXAMPLE

COMPLETE = Path(__file__).parents[1] / "desk_file" / "example.yaml"


@dataclass(frozen=True)
class Done:
    """What a command printed, and its exit code."""

    code: int
    out: str
    err: str

    @property
    def data(self) -> Any:
        """Return what it printed as JSON."""
        return json.loads(self.out)


Bridge = Callable[..., Done]


@pytest.fixture
def bridge(tmp_path: Path) -> Bridge:
    """Run `bridge` in a folder of its own, as a process of its own."""
    clean = {k: v for k, v in os.environ.items() if not k.startswith("BRIDGE_")}

    def run(*arguments: str | Path, **environment: str) -> Done:
        done = subprocess.run(
            [sys.executable, "-m", "bridge", *map(str, arguments)],
            cwd=tmp_path,
            env=clean | environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )
        assert "Traceback" not in done.stderr, done.stderr
        return Done(done.returncode, done.stdout, done.stderr)

    return run


def test_apply_says_what_changes_and_a_dry_run_changes_nothing(bridge: Bridge) -> None:
    dry = bridge("apply", EXAMPLE, "--dry-run")
    nothing = bridge("export")
    applied = bridge("apply", EXAMPLE, "--json")
    again = bridge("apply", EXAMPLE)

    assert dry.code == 0
    assert "+ customers 1001" in dry.out
    assert nothing.out == "{}\n"
    assert {"section": "customers", "name": "1001", "change": "added", "fields": []} in (
        applied.data["changes"]
    )
    assert again.out == "nothing changes\n"


def test_apply_refuses_with_file_line_and_advice_and_keeps_nothing(
    bridge: Bridge, tmp_path: Path
) -> None:
    wrong = tmp_path / "wrong.yaml"
    wrong.write_text(EXAMPLE.read_text().replace("calendar: always", "calendar: allways"))
    refused = bridge("apply", wrong)

    line = wrong.read_text().splitlines().index("          calendar: allways") + 1
    assert refused.code == 1
    assert f"wrong.yaml:{line}:" in refused.err
    assert "always" in refused.err
    assert bridge("export").out == "{}\n"


def test_a_file_that_is_not_there_is_a_wrong_use(bridge: Bridge) -> None:
    assert bridge("apply", "nowhere.yaml").code == 2


@pytest.mark.parametrize(
    ("arguments", "due", "guaranteed"),
    [
        pytest.param(
            ("--calendar", "office", "--minutes", "240", "--from", "2026-11-27T18:12"),
            "2026-11-30T11:00:00Z",
            False,
            id="by calendar, a local time",
        ),
        pytest.param(
            ("--calendar", "office", "--minutes", "480", "--from", "2026-11-23T08:00:00Z",
             "--pause", "2026-11-23T10:00/2026-11-23T12:00"),
            "2026-11-24T09:00:00Z",
            False,
            id="with a pause",
        ),
        pytest.param(
            ("--address", "acme-247@desk.example", "--class", "fault", "--priority", "P1",
             "--from", "2026-11-29T03:00:00+01:00"),
            "2026-11-29T02:30:00Z",
            True,
            id="by contract address",
        ),
        pytest.param(
            ("--address", "acme-247@desk.example", "--class", "fault", "--priority", "P1",
             "--from", "2025-11-29T03:00:00+01:00"),
            "2025-11-29T02:30:00Z",
            False,
            id="before the contract: no guarantee",
        ),
    ],
)  # fmt: skip
def test_sla_due_gives_the_moment_and_its_sum(
    bridge: Bridge, arguments: tuple[str, ...], due: str, guaranteed: bool
) -> None:
    found = bridge("sla", "due", "--desk", COMPLETE, *arguments, "--json").data

    assert (found["due"], found["guaranteed"]) == (due, guaranteed)
    assert sum(piece["seconds"] for piece in found["pieces"]) == found["target_minutes"] * 60
    assert found["pieces"][-1]["to"] == due


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        pytest.param(("--calendar", "offise", "--minutes", "5"), 1, "offise", id="calendar"),
        pytest.param(("--calendar", "office"), 2, "--minutes", id="no minutes"),
        pytest.param(
            ("--address", "a@b", "--class", "fault", "--priority", "P1"), 1, "a@b", id="address"
        ),
    ],
)
def test_sla_due_refuses_with_a_sentence(
    bridge: Bridge, arguments: tuple[str, ...], code: int, said: str
) -> None:
    refused = bridge("sla", "due", "--desk", COMPLETE, "--from", "2026-11-23T09:00", *arguments)

    assert refused.code == code
    assert said in refused.err


def test_a_local_time_that_the_clock_skips_is_refused(bridge: Bridge) -> None:
    refused = bridge(
        "sla", "due", "--desk", COMPLETE, "--calendar", "office", "--minutes", "5",
        "--from", "2026-03-29T02:30",
    )  # fmt: skip

    assert refused.code == 1
    assert "does not exist" in refused.err


def test_oncall_who_names_people_and_until_when(bridge: Bridge) -> None:
    found = bridge(
        "oncall", "who", "--desk", COMPLETE, "--schedule", "primary",
        "--at", "2026-12-25T10:00", "--json",
    ).data  # fmt: skip

    assert found == {
        "at": "2026-12-25T09:00:00Z",
        "on_call": ["ben"],
        "until": "2026-12-25T17:00:00Z",
    }


def test_a_token_is_shown_once_and_its_source_made_known(bridge: Bridge) -> None:
    first = bridge("token", "add", "icinga", "--scope", "webhook", "--source", "berlin", "--json")
    second = bridge("token", "add", "icinga", "--scope", "webhook", "--source", "berlin")

    assert set(first.data) == {"token"}
    assert "berlin" in first.err
    assert second.code == 1
    assert "another name" in second.err


def test_a_webhook_token_needs_its_source(bridge: Bridge) -> None:
    refused = bridge("token", "add", "x", "--scope", "webhook")

    assert refused.code == 1
    assert "--source" in refused.err


def test_a_user_gets_a_link_to_choose_a_password(bridge: Bridge) -> None:
    made = bridge("user", "add", "carl", "--role", "engineer", "--json")
    wrong = bridge("user", "add", "dora", "--role", "boss")

    assert made.data["login"] == "carl"
    assert "/setup/" in made.data["link"]
    assert wrong.code == 1
    assert "engineer" in wrong.err


def test_check_names_what_is_missing(bridge: Bridge) -> None:
    empty = bridge("check", "--json")
    bridge("apply", EXAMPLE)
    good = bridge("check")

    assert empty.code == 1
    assert next(one["about"] for one in empty.data if not one["good"]) == "desk file"
    assert good.code == 0, good.out


def test_check_tells_why_icinga_cannot_be_asked(bridge: Bridge, tmp_path: Path) -> None:
    text = EXAMPLE.read_text().replace(
        "- {id: icinga-main}",
        "- {id: icinga-main, api: 'https://127.0.0.1:1', user: u, password: geheim99,"
        " ca: file:ca.crt}",
    )
    (tmp_path / "desk.yaml").write_text(text)
    bridge("apply", "desk.yaml")
    checked = bridge("check")

    assert checked.code == 1
    assert "file:ca.crt cannot be read" in checked.out
    assert "geheim99" not in checked.out + checked.err


def test_the_inbox_lists_nothing_and_replay_wants_names(bridge: Bridge) -> None:
    assert bridge("inbox", "list", "--json").data == []
    assert bridge("inbox", "replay").code == 2
    assert bridge("inbox", "replay", "7").code == 1


def test_unknown_settings_are_refused_and_the_nearest_named(bridge: Bridge) -> None:
    refused = bridge("export", BRIDGE_DATABSE_URL="sqlite:///x.db")

    assert refused.code == 1
    assert "BRIDGE_DATABASE_URL" in refused.err


def test_postgresql_without_a_key_says_how_to_make_one(bridge: Bridge) -> None:
    refused = bridge("export", BRIDGE_DATABASE_URL="postgresql://u@127.0.0.1:1/x")

    assert refused.code == 1
    assert "BRIDGE_SECRET_KEY_FILE" in refused.err


def test_a_database_that_is_away_is_a_try_again(bridge: Bridge) -> None:
    refused = bridge(
        "export",
        BRIDGE_DATABASE_URL="postgresql://u:geheim99@127.0.0.1:1/x",
        BRIDGE_SECRET_KEY="k" * 40,
    )

    assert refused.code == 75
    assert "geheim99" not in refused.err


def test_the_schema_of_the_desk_file_is_printed(bridge: Bridge) -> None:
    assert bridge("schema").data["$schema"].startswith("https://json-schema.org/")


def test_the_drop_in_is_written_for_this_desk(bridge: Bridge, tmp_path: Path) -> None:
    written = bridge("icinga", "conf", "--out", "conf", BRIDGE_PUBLIC_URL="https://desk.example")

    assert written.code == 0
    assert "https://desk.example/webhooks/icinga" in (tmp_path / "conf" / "notify.conf").read_text()
