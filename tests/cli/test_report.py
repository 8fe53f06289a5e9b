"""The command sla report: what it prints, writes, freezes and refuses."""

from pathlib import Path

import pytest

from bridge.database import Database
from bridge.installation import Installation
from bridge.keys import Keys
from bridge.settings import Settings
from tests.cli.test_commands import Bridge, bridge
from tests.conftest import SECRET
from tests.sla import reported

__all__ = ["bridge"]
WHICH = ("--customer", "1001", "--month", "2026-11")


@pytest.fixture
def desk(tmp_path: Path, migrated_sqlite: Path) -> str:
    """The address of a database with a November."""
    path = tmp_path / "bridge.db"
    path.write_bytes(migrated_sqlite.read_bytes())
    url = f"sqlite:///{path}"
    installation = Installation(Settings(database_url=url), Keys((SECRET,)), Database(url))
    reported.set_up(installation)
    with installation.database.transaction() as session:
        reported.add(session, reported.NOVEMBER[:5])
    installation.database.close()
    return url


@pytest.fixture
def environment(desk: str) -> dict[str, str]:
    """What the commands are told."""
    return {"BRIDGE_DATABASE_URL": desk, "BRIDGE_SECRET_KEY": SECRET}


def test_it_prints_text_json_and_csv_and_writes_a_pdf(
    bridge: Bridge, environment: dict[str, str], tmp_path: Path
) -> None:
    text = bridge("sla", "report", *WHICH, **environment)
    told = bridge("sla", "report", *WHICH, "--json", **environment)
    table = bridge("sla", "report", *WHICH, "--csv", **environment)
    pdf = bridge("sla", "report", *WHICH, "--pdf", tmp_path / "a.pdf", **environment)

    assert "SLA report November 2026" in text.out
    assert "17 min 30 s too late" in text.out
    assert (told.data["total"]["kept"], told.data["total"]["missed"]) == (4, 1)
    assert table.out.startswith("\ufeffMonat;Ticket;Titel;")
    assert table.out.count("\n") == 6
    assert (pdf.code, pdf.out) == (0, "")
    assert (tmp_path / "a.pdf").read_bytes().startswith(b"%PDF-1.7")


def test_it_freezes_a_month_that_is_over(bridge: Bridge, environment: dict[str, str]) -> None:
    which = ("--customer", "1001", "--month", "2026-08")

    first = bridge("sla", "report", *which, "--freeze", "--json", **environment)
    second = bridge("sla", "report", *which, "--freeze", "--json", **environment)

    assert first.data["frozen"]["by"] == "bridge"
    assert second.data["frozen"] == first.data["frozen"]
    assert "was frozen before" in second.err


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        pytest.param(("--customer", "9", "--month", "2026-11"), 1, "no customer '9'", id="nobody"),
        pytest.param(("--customer", "1001", "--month", "x"), 1, "'x' is no month", id="no month"),
        pytest.param(
            ("--customer", "1001", "--month", "2098-11", "--freeze"), 1, "is not over", id="early"
        ),
        pytest.param((*WHICH, "--csv", "--json"), 2, "one of --csv", id="two forms"),
        pytest.param(("--month", "2026-11"), 2, "--customer", id="whose"),
    ],
)
def test_what_it_cannot_do_it_says(
    bridge: Bridge, environment: dict[str, str], arguments: tuple[str, ...], code: int, said: str
) -> None:
    done = bridge("sla", "report", *arguments, **environment)

    assert done.code == code
    assert said in done.err
