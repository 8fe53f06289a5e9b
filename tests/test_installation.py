"""What an installation says that cannot be opened: first what has to be mended first."""

from pathlib import Path

import pytest

from bridge.database import BadDatabaseUrl
from bridge.errors import Refused
from bridge.installation import Installation
from bridge.keys import NoKey
from bridge.settings import Settings


@pytest.mark.parametrize(
    ("url", "refusal"),
    [
        pytest.param("mysql://db/bridge", BadDatabaseUrl, id="a database we do not know"),
        pytest.param("nonsense", BadDatabaseUrl, id="no address"),
        pytest.param("sqlite://", BadDatabaseUrl, id="no file"),
        pytest.param("postgresql://db/bridge", NoKey, id="only the key is missing"),
    ],
)
def test_a_wrong_database_is_told_before_a_missing_key(url: str, refusal: type[Refused]) -> None:
    with pytest.raises(refusal):
        Installation.open(Settings(database_url=url))


def test_no_key_is_made_for_a_database_that_cannot_be(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)

    with pytest.raises(BadDatabaseUrl):
        Installation.open(Settings(database_url="sqlite+nonsense:///bridge.db"))

    assert list(tmp_path.iterdir()) == []
