"""A missing program is never skipped in silence where everything is required."""

import pytest

from tests.lab.requirements import need


def test_a_program_that_is_there_is_found() -> None:
    assert need("sh", "it is always there").endswith("/sh")


def test_a_missing_program_skips_and_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("REQUIRE_ALL_PARTS", raising=False)

    with pytest.raises(pytest.skip.Exception, match="no-such-program is missing: apt install it"):
        need("no-such-program", "apt install it")


def test_a_missing_program_fails_where_all_are_required(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REQUIRE_ALL_PARTS", "1")

    with pytest.raises(pytest.fail.Exception, match="no-such-program is missing: apt install it"):
        need("no-such-program", "apt install it")
