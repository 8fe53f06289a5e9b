"""Subjects in and out."""

import pytest

from bridge.mail.subject import bare, tagged


@pytest.mark.parametrize(
    ("subject", "wanted"),
    [
        pytest.param("Drucker brennt", "Drucker brennt", id="as it is"),
        pytest.param("Re: AW: Antw: WG: Fwd: x", "x", id="a pile"),
        pytest.param("RE[2]: Re (3): AW^4: x", "x", id="counted"),
        pytest.param("回复：SV: VS: RV: TR: x", "x", id="in other languages"),
        pytest.param("Re: [Ticket #10001] Re: x", "x", id="our tag between"),
        pytest.param("[TICKET #10001] [Ticket #10002] x", "x", id="two tags"),
        pytest.param("[Ticket #ABC] x", "[Ticket #ABC] x", id="another system's tag"),
        pytest.param("Research: x", "Research: x", id="a word that begins like Re"),
        pytest.param("x\r\n\ty", "x y", id="folded"),
        pytest.param("Re:", "", id="nothing left"),
    ],
)
def test_the_bare_subject(subject: str, wanted: str) -> None:
    assert bare(subject) == wanted


@pytest.mark.parametrize(
    ("subject", "number", "answers", "wanted"),
    [
        pytest.param("x", 10001, False, "[Ticket #10001] x", id="the first mail"),
        pytest.param("AW: [Ticket #10001] x", 10001, True, "Re: [Ticket #10001] x", id="a reply"),
        pytest.param("SLA report", None, False, "SLA report", id="about no ticket"),
        pytest.param("Re: [Ticket #7] x", 8, False, "[Ticket #8] x", id="another ticket's tag"),
    ],
)
def test_the_subject_of_our_mail(
    subject: str, number: int | None, answers: bool, wanted: str
) -> None:
    assert tagged(subject, number, answers=answers) == wanted
    assert tagged(wanted, number, answers=answers) == wanted


def test_a_long_subject_keeps_its_tag() -> None:
    found = tagged("x" * 1000, 10001, answers=True)

    assert found.startswith("Re: [Ticket #10001] xxx")
    assert len(found) == 250
