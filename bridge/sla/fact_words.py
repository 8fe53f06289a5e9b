"""What happened to a ticket in few words, for those who follow the course of a clock."""

from collections.abc import Callable, Mapping

from bridge.sla.facts import Fact, FactKind
from bridge.sla.sentence import Sentence, Value, words


def class_words(ticket_class: str) -> Sentence:
    """Return what people call a class of tickets."""
    if ticket_class == "fault":
        return Sentence(words("fault"))
    return Sentence(words("request"))


def waited_for(fact: Fact) -> Sentence:
    """Return whom a ticket waits for."""
    if fact.data.get("for") == "third_party":
        return Sentence(words("waiting for a third party"))
    return Sentence(words("waiting for the customer"))


def _plain(text: str) -> Callable[[Fact], Sentence]:
    return lambda _fact: Sentence(text)


def _with(text: str, *keys: str) -> Callable[[Fact], Sentence]:
    return lambda fact: Sentence(text, {key: _value(fact, key) for key in keys})


def _value(fact: Fact, key: str) -> Value:
    found = fact.data.get(key)
    return "–" if found is None else str(found)


def _class_changed(fact: Fact) -> Sentence:
    values: dict[str, Value] = {
        key: class_words(str(fact.data.get(key, ""))) for key in ("from", "to")
    }
    return Sentence(words("class %(from)s → %(to)s"), values)


PRIORITY = _with(words("priority %(from)s → %(to)s"), "from", "to")
WORDS: Mapping[FactKind, Callable[[Fact], Sentence]] = {
    FactKind.OPENED: _plain(words("ticket opened")),
    FactKind.REOPENED: _plain(words("ticket reopened")),
    FactKind.PRIORITY_RAISED: PRIORITY,
    FactKind.PRIORITY_CHANGED: PRIORITY,
    FactKind.CLASS_CHANGED: _class_changed,
    FactKind.CONTRACT_CHANGED: _plain(words("another contract")),
    FactKind.ACKNOWLEDGED: _plain(words("somebody has it")),
    FactKind.ANSWERED: _plain(words("public answer")),
    FactKind.ANSWER_WITHDRAWN: _plain(words("answer undeliverable")),
    FactKind.CUSTOMER_WROTE: _plain(words("customer wrote")),
    FactKind.WAITING: waited_for,
    FactKind.WAITING_ENDED: _plain(words("no longer waiting")),
    FactKind.RECOVERED: _plain(words("problem over")),
    FactKind.RESOLVED: _plain(words("resolved by a person")),
    FactKind.MERGED: _with(words("merged into #%(into)s"), "into"),
    FactKind.ABSORBED: _with(words("#%(number)s merged into this"), "number"),
    FactKind.TERMS_CHANGED: _plain(words("new version of the contract")),
    FactKind.HOURS_CHANGED: _plain(words("new version of the calendar")),
    FactKind.CLOCK_CORRECTED: _plain(words("corrected by a person")),
    FactKind.CLOCK_WARNED: _with(words("warned at %(percent)s %%"), "percent"),
}


def short_words(fact: Fact) -> Sentence:
    """Return what happened, in few words."""
    return WORDS[fact.kind](fact)
