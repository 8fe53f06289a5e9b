"""Single values are read strictly and written in one way."""

from datetime import timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridge.desk_file.document_staff import PageRule, page_rule_from_text
from bridge.desk_file.durations import duration_from_text, duration_text
from bridge.desk_file.secret import SecretKind, secret_from_text, stored_name, url_from_text
from bridge.desk_file.values import factor_from_text, factor_text, month_from_text

LONGEST_SECONDS = 3660 * 86400


@pytest.mark.parametrize(
    ("written", "seconds", "canonical"),
    [
        pytest.param("0s", 0, "0s", id="nothing"),
        pytest.param("90s", 90, "90s", id="seconds"),
        pytest.param("60s", 60, "1m", id="a minute"),
        pytest.param("90m", 5400, "90m", id="minutes"),
        pytest.param("60m", 3600, "1h", id="an hour"),
        pytest.param("24h", 86400, "24h", id="a day reads as hours"),
        pytest.param("1d", 86400, "24h", id="a day"),
        pytest.param("2d", 172800, "2d", id="days"),
        pytest.param("36h", 129600, "36h", id="a day and a half"),
    ],
)
def test_a_duration_has_one_text(written: str, seconds: int, canonical: str) -> None:
    assert duration_from_text(written) == timedelta(seconds=seconds)
    assert duration_text(timedelta(seconds=seconds)) == canonical


@given(st.integers(0, LONGEST_SECONDS))
def test_the_text_of_a_duration_is_read_as_the_same_duration(seconds: int) -> None:
    duration = timedelta(seconds=seconds)

    assert duration_from_text(duration_text(duration)) == duration


@given(st.integers(0, 999_999_999), st.sampled_from("smhd"))
def test_the_text_of_a_duration_that_was_read_stays_the_same(number: int, unit: str) -> None:
    written = f"{number}{unit}"
    try:
        once = duration_text(duration_from_text(written))
    except ValueError as error:
        assert "longer than ten years" in str(error)  # noqa: PT017
        return

    assert duration_text(duration_from_text(once)) == once


@pytest.mark.parametrize(
    ("written", "advice"),
    [
        pytest.param(30, "write 30m", id="number"),
        pytest.param("30 min", "write 30m", id="min"),
        pytest.param("4 Hours", "such as 90s", id="capitals"),
        pytest.param("2H", "write 2h", id="capital unit"),
        pytest.param("1h15m", "write 75m", id="two units"),
        pytest.param("1:30", "write 90m", id="clock"),
        pytest.param("1.5h", "such as 90s", id="fraction"),
        pytest.param("", "such as 90s", id="empty"),
        pytest.param("٣m", "such as 90s", id="other digits"),
        pytest.param(None, "a duration is wanted here", id="nothing"),
        pytest.param(True, "a duration is wanted here", id="true"),
    ],
)
def test_what_is_no_duration_is_told_what_to_write(written: object, advice: str) -> None:
    with pytest.raises(ValueError, match=r"duration|unit") as refusal:
        duration_from_text(written)

    assert advice in str(refusal.value)


@pytest.mark.parametrize(
    ("written", "exact", "canonical"),
    [
        pytest.param("1.5", Fraction(3, 2), "1.5", id="text"),
        pytest.param(Decimal("1.50"), Fraction(3, 2), "1.5", id="number in YAML"),
        pytest.param(2, Fraction(2), "2", id="whole number"),
        pytest.param("2.0", Fraction(2), "2", id="zeros"),
        pytest.param("100", Fraction(100), "100", id="hundred"),
        pytest.param(1.1, Fraction(11, 10), "1.1", id="number in JSON"),
    ],
)
def test_a_factor_is_exact(written: object, exact: Fraction, canonical: str) -> None:
    factor = factor_from_text(written)

    assert Fraction(factor) == exact
    assert factor_text(factor) == canonical


@given(st.decimals(1, 100, places=6))
def test_the_text_of_a_factor_is_read_as_the_same_factor(factor: Decimal) -> None:
    assert factor_from_text(factor_text(factor)) == factor


@pytest.mark.parametrize(
    "written", [True, None, "1e2", Decimal("1e2"), "NaN", "-2", "1.2345678", []]
)
def test_what_is_no_factor_is_refused(written: object) -> None:
    with pytest.raises(ValueError, match="is no factor"):
        factor_from_text(written)


def test_a_month_knows_its_first_day() -> None:
    month = month_from_text("2026-03")

    assert month.first_day.isoformat() == "2026-03-01"
    assert str(month) == "2026-03"


@pytest.mark.parametrize(
    ("written", "canonical"),
    [
        pytest.param("sms 2m", "sms 2m", id="as written"),
        pytest.param("sms  120s", "sms 2m", id="other unit"),
        pytest.param("push 0s", "push 0m", id="at once"),
        pytest.param("push", "push 0m", id="at once, not said"),
    ],
)
def test_a_page_rule_has_one_text(written: str, canonical: str) -> None:
    rule = page_rule_from_text(written)

    assert str(rule) == canonical
    assert page_rule_from_text(canonical) == rule
    assert isinstance(rule, PageRule)


@pytest.mark.parametrize(
    ("written", "kind", "value"),
    [
        pytest.param("env:ANNA_SMS", SecretKind.ENV, "ANNA_SMS", id="variable"),
        pytest.param("file:/etc/x y", SecretKind.FILE, "/etc/x y", id="file"),
        pytest.param("secret:staff.anna.push", SecretKind.STORED, "staff.anna.push", id="stored"),
        pytest.param("ntfys://n/a", SecretKind.LITERAL, "ntfys://n/a", id="URL"),
        pytest.param("pass:word", SecretKind.LITERAL, "pass:word", id="colon in a password"),
    ],
)
def test_a_secret_is_a_reference_or_itself(written: str, kind: SecretKind, value: str) -> None:
    secret = secret_from_text(written)

    assert (secret.kind, secret.value, str(secret)) == (kind, value, written)


def test_a_secret_is_not_in_its_repr() -> None:
    assert "hunter2" not in repr(secret_from_text("hunter2"))
    assert secret_from_text("env:X").url is None
    assert url_from_text("ntfys://n/a").url == "ntfys://n/a"


def test_a_stored_secret_is_named_after_its_owner() -> None:
    name = stored_name("staff", "anna", "push")

    assert secret_from_text(f"secret:{name}").value == "staff.anna.push"
