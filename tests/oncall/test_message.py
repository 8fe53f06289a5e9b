"""What a page says within the limits of a channel."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridge.oncall.message import PageMessage, cleaned, written

LINK = "https://desk.example/a/1"
PAGE = PageMessage(
    title="[Ticket #10001] web01 DOWN",
    body="ACME GmbH, web01, DOWN\n\nCRITICAL - no answer for 30 s",
    link=LINK,
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("web01 \u202eNWOD\u202c", "web01 NWOD", id="text turned round"),
        pytest.param("a\u2066b\u2069c\u200e\u200f\u061c", "abc", id="isolates and marks"),
        pytest.param("a\x00b\x1b[31mc\x7f\x9b", "ab[31mc", id="control characters"),
        pytest.param("a\r\nb\u2028c\x85d", "a\nb\nc\nd", id="every end of a line"),
        pytest.param("a\rb", "ab", id="a return that overwrites"),
        pytest.param("a\tb", "a b", id="a tab"),
        pytest.param("a\ud800b", "ab", id="half a character"),
        pytest.param("Müller 👩\u200d🔧 straße", "Müller 👩\u200d🔧 straße", id="people's text"),
    ],
)
def test_control_and_bidi_characters_are_removed(text: str, expected: str) -> None:
    assert cleaned(text) == expected


def test_the_link_stands_right_after_the_first_paragraph() -> None:
    text = written(PAGE, title_limit=250, body_limit=4000)

    assert text.title == "[Ticket #10001] web01 DOWN"
    assert text.body == f"ACME GmbH, web01, DOWN\n{LINK}\n\nCRITICAL - no answer for 30 s"


@pytest.mark.parametrize(
    ("limit", "expected"),
    [
        pytest.param(58, f"ACME GmbH, web01, DOWN\n{LINK}\n\nCRITICAL…", id="the rest is cut"),
        pytest.param(47, f"ACME GmbH, web01, DOWN\n{LINK}", id="no room for the rest"),
        pytest.param(40, f"ACME GmbH, web…\n{LINK}", id="the first paragraph is cut"),
        pytest.param(24, LINK, id="only the link"),
        pytest.param(23, "ACME GmbH, web01, DOWN…", id="no room for the link"),
        pytest.param(0, "", id="no room at all"),
    ],
)
def test_what_is_too_long_is_cut_from_the_end_and_the_link_last(limit: int, expected: str) -> None:
    assert written(PAGE, title_limit=250, body_limit=limit).body == expected


def test_a_title_is_one_line_and_cut_to_its_limit() -> None:
    page = PageMessage(title="one\ntwo three", body="")

    assert written(page, title_limit=250, body_limit=99).title == "one two three"
    assert written(page, title_limit=8, body_limit=99).title == "one two…"


def test_a_repeat_says_so_first() -> None:
    page = PageMessage(title="web01 DOWN", body="", repeat=True)

    assert written(page, title_limit=250, body_limit=99).title == "Possible repeat: web01 DOWN"


@given(
    title=st.text(max_size=300),
    body=st.text(max_size=300),
    link=st.sampled_from(["", LINK]),
    repeat=st.booleans(),
    limit=st.integers(0, 200),
)
def test_a_title_in_the_body_never_makes_it_too_long(
    title: str, body: str, link: str, repeat: bool, limit: int
) -> None:
    text = written(PageMessage(title, body, link, repeat=repeat), title_limit=0, body_limit=limit)

    joined = f"{text.title}\r\n{text.body}" if text.title and text.body else text.title + text.body
    assert len(joined) <= limit


def test_a_title_that_shares_the_limit_leaves_less_to_the_body() -> None:
    page = PageMessage(title="x" * 10, body="y" * 100)

    assert len(written(page, title_limit=250, body_limit=60, shared=True).body) == 60 - 10 - 12
