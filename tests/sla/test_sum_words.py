"""The sum in words: every kind and state of a clock, explained in both languages."""

from collections.abc import Sequence

import pytest

from bridge.moments import Moments
from bridge.sla.book import PromiseBook
from bridge.sla.facts import Fact
from bridge.sla.facts import FactKind as Kind
from bridge.sla.sentence import written
from bridge.sla.sum_words import account
from tests.sla.promised import (
    BERLIN,
    LATER_OFFICE,
    at,
    book,
    calendar,
    fact,
    opened,
    story,
    terms,
)
from tests.sla.sum_cases import CASES, RESPONSE, SOLUTION, answered


def told(
    facts: Sequence[Fact],
    which: tuple[str, int],
    now: str,
    language: str = "en",
    known: PromiseBook | None = None,
) -> str:
    """Return the whole sum of one clock."""
    kind, nth = which
    moments = Moments(language, BERLIN, at(now))
    found = account(story(list(facts), kind, nth, known), at(now))
    return "\n".join(written(one, moments) for one in found.sentences)


def test_the_whole_sum_reads_like_this_in_english() -> None:
    facts = [opened("11-27 18:12"), answered("11-30 10:07")]

    assert told(facts, RESPONSE, "11-30 12:00").splitlines() == [
        "Promised: a response within 4 h of open time (calendar “office”, contract “acme-care”,"
        " request, P3).",
        "It is guaranteed, because the ticket came through acme-247@desk.example.",
        "It began Fri 27 Nov 18:12 CET.",
        "That was outside the service hours: the first moment that counts is Mon 30 Nov 08:00 CET.",
        "Counted: Mon 30 Nov 08:00 – 12:00 = 4 h.",
        "Due Mon 30 Nov 12:00 CET.",
        "It stopped Mon 30 Nov 10:07 CET by a public answer, 1 h 53 min before it was due: kept.",
        "2 h 7 min of open time were used from its start to its stop.",
        "Calendar “office” in its first version.",
        "Contract “acme-care” as valid since Thu 1 Jan 00:00 CET.",
    ]


def test_the_whole_sum_reads_like_this_in_german() -> None:
    facts = [opened("11-27 18:12"), answered("11-30 10:07")]

    assert told(facts, RESPONSE, "11-30 12:00", "de").splitlines() == [
        "Zugesagt: eine Reaktion binnen 4 h Servicezeit (Kalender „office“, Vertrag „acme-care“,"
        " Anfrage, P3).",
        "Garantiert, weil das Ticket über acme-247@desk.example kam.",
        "Die Uhr begann Fr 27.11. 18:12 MEZ.",
        "Das war außerhalb der Servicezeit: Der erste Augenblick, der zählt, ist"
        " Mo 30.11. 08:00 MEZ.",
        "Gezählt: Mo 30.11. 08:00 – 12:00 = 4 h.",
        "Fällig Mo 30.11. 12:00 MEZ.",
        "Sie endete Mo 30.11. 10:07 MEZ durch eine öffentliche Antwort, 1 h 53 min vor der"
        " Fälligkeit: eingehalten.",
        "2 h 7 min Servicezeit wurden vom Beginn bis zum Ende verbraucht.",
        "Kalender „office“ in seiner ersten Fassung.",
        "Vertrag „acme-care“, wie er seit Do 01.01. 00:00 MEZ gilt.",
    ]


@pytest.mark.parametrize(("facts", "which", "now", "said"), CASES)
def test_the_sum_says(facts: list[Fact], which: tuple[str, int], now: str, said: list[str]) -> None:
    found = told(facts, which, now)

    for words in said:
        assert words in found


@pytest.mark.parametrize(("facts", "which", "now", "said"), CASES)
def test_every_sum_is_whole_in_both_languages(
    facts: list[Fact], which: tuple[str, int], now: str, said: list[str]
) -> None:
    english, german = (told(facts, which, now, language) for language in ("en", "de"))

    assert said
    assert len(german.splitlines()) == len(english.splitlines())
    for one, other in zip(german.splitlines(), english.splitlines(), strict=True):
        assert one != other
        assert "%" not in one + other


def test_of_many_pieces_the_sentence_names_the_first_and_the_last() -> None:
    facts = [opened("12-28 09:00", "P4")]
    known = book(terms(request={"calendar": "office", "response": {"P4": "100h"}}))

    found = told(facts, RESPONSE, "12-28 10:00", known=known)

    assert "Mon 28 Dec 09:00 – 17:00 = 8 h; " in found
    assert "; 8 more stretches = 72 h; " in found
    assert found.count(" = ") == 5


def test_new_service_hours_move_a_running_clock_and_both_versions_are_named() -> None:
    known = book(office=(calendar(2, LATER_OFFICE, at("11-24 07:00")),))
    facts = [opened("11-23 15:00"), fact(Kind.HOURS_CHANGED, "11-24 07:00", 2, calendar="office")]

    found = told(facts, SOLUTION, "11-24 13:00", known=known)

    assert "a new version of calendar “office” came into force.\nThat makes it due later" in found
    assert "Calendar “office” in its first version.\nCalendar “office” as valid since" in found


def test_new_terms_that_promise_the_same_are_named_and_move_nothing() -> None:
    known = book(terms(), terms(2, at("11-24 07:00")))
    facts = [opened("11-23 15:00"), fact(Kind.TERMS_CHANGED, "11-24 07:00", 2, contract_version=2)]

    found = told(facts, SOLUTION, "11-24 13:00", known=known)

    assert "came into force.\nThe due time stays as it was." in found
    assert found.count("Contract “acme-care” as valid since") == 2


@pytest.mark.parametrize(("facts", "which", "now", "said"), CASES)
def test_the_pieces_of_every_clock_add_up_to_what_is_promised(
    facts: list[Fact], which: tuple[str, int], now: str, said: list[str]
) -> None:
    clock = story(facts, *which).course
    found = clock.explain()

    total = sum(piece.seconds for piece in found.pieces)
    assert said
    assert now
    assert found.due is None or total == clock.promise.count.allowance.total_seconds()
