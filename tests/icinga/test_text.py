"""Text from a monitored machine is safe to store and to show."""

import pytest

from bridge.icinga.text import clean, has_control_characters


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        pytest.param("two\r\nlines\tand a tab", "two\nlines\tand a tab", id="line breaks stay"),
        pytest.param("\x1b[31mred\x1b[0m", "red", id="colours go"),
        pytest.param("a\x00b\x07c\x9bd", "abcd", id="control characters go"),
        pytest.param("abc\u202etxt.exe", "abctxt.exe", id="reversed text"),
        pytest.param("half \ud83d pair", "half  pair", id="half a character"),
        pytest.param("<b>ü€😀</b>", "<b>ü€😀</b>", id="the rest stays"),
    ],
)
def test_output_is_cleaned(said: str, kept: str) -> None:
    assert clean(said) == kept


@pytest.mark.parametrize("character", ["a", "ü", "€", "😀", "\x00a", "\n"])
def test_output_is_cut_at_16_kib_between_characters(character: str) -> None:
    output = clean(character * 1_000_000)

    assert 16_380 <= len(output.encode()) <= 16_384
    assert output.endswith("…")
    assert not output.strip("…" + character.strip("\x00"))


def test_output_of_exactly_16_kib_is_whole() -> None:
    assert clean("a" * 16_384) == "a" * 16_384


@pytest.mark.parametrize("name", ["a\nb", "a\x00", "a\x1bb", "a\x85b", "\ud800"])
def test_a_name_with_control_characters_is_known(name: str) -> None:
    assert has_control_characters(name)


@pytest.mark.parametrize("name", ["a b", "ü", "\u00a0", "a\u200bb", "日本", "%!#?/"])
def test_other_names_are_fine(name: str) -> None:
    assert not has_control_characters(name)
