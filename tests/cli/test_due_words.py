"""What `bridge sla due` tells people; no process is needed for that."""

from pathlib import Path

from click.testing import CliRunner

from bridge.cli import bridge

COMPLETE = Path(__file__).parents[1] / "desk_file" / "example.yaml"


def told_by(*arguments: str | Path) -> str:
    """Return what the command prints."""
    done = CliRunner().invoke(bridge, [str(one) for one in arguments], catch_exceptions=False)
    assert done.exit_code == 0
    return done.output


def test_sla_due_explains_in_words() -> None:
    told = told_by(
        "sla", "due", "--desk", COMPLETE, "--calendar", "office", "--minutes", "60",
        "--from", "2026-11-23T16:30",
    )  # fmt: skip

    assert told.splitlines()[:3] == [
        "Due Tue 24 Nov 2026 08:30 CET.",
        "1 h of open time in calendar “office”.",
        "Counted: Mon 23 Nov 2026 16:30 – 17:00 = 30 min; Tue 24 Nov 2026 08:00 – 08:30 = 30 min;"
        " together 1 h.",
    ]


def test_sla_due_explains_a_promise_in_german() -> None:
    told = told_by(
        "sla", "due", "--desk", COMPLETE, "--address", "acme-247@desk.example", "--class",
        "request", "--priority", "P2", "--from", "2026-06-03T16:00", "--language", "de",
    )  # fmt: skip

    assert told.startswith("Fällig Fr 05.06.2026 09:00 MESZ.")
    assert "Zugesagt: eine Reaktion binnen 2 h Servicezeit" in told
    assert "Geschlossen: Do 04.06.2026 (Fronleichnam)." in told


def test_sla_due_tells_every_pause_and_leaves_no_piece_out() -> None:
    told = told_by(
        "sla", "due", "--desk", COMPLETE, "--calendar", "office", "--minutes", "3600",
        "--from", "2026-11-23T09:00", "--pause", "2026-11-23T10:00/2026-11-23T12:00",
    )  # fmt: skip

    assert "Paused Mon 23 Nov 2026 10:00 – 12:00: 2 h of open time did not count." in told
    pieces = [line for line in told.splitlines() if line.startswith("  ")]
    assert pieces[:2] == [
        "  Mon 23 Nov 2026 09:00 – 10:00 = 1 h",
        "  Mon 23 Nov 2026 12:00 – 17:00 = 5 h",
    ]
    assert len(pieces) == 8
