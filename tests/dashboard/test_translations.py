"""Every text of the code is there in German, and nothing else is."""

import re
from collections.abc import Iterator

from babel.messages.catalog import Message
from babel.messages.pofile import read_po

from bridge.language import CATALOGUES
from tests.dashboard.texts import Found, texts

PLACEHOLDER = re.compile(r"%\(\w+\)s|\{\w+\}|</?\w+>")


def german() -> dict[str, Message]:
    with (CATALOGUES / "de.po").open("rb") as file:
        catalogue = read_po(file, locale="de", abort_invalid=True)
    return {_english(message): message for message in catalogue if message.id}


def _english(message: Message) -> str:
    return message.id[0] if isinstance(message.id, tuple | list) else message.id


def _strings(message: Message) -> Iterator[str]:
    for string in message.string if isinstance(message.string, tuple | list) else [message.string]:
        yield string or ""


def test_the_finder_finds_texts_of_code_and_of_templates_and_plurals() -> None:
    found = texts()

    assert any(one.where.endswith(".py:52") or ".py:" in one.where for one in found)
    assert any(".html:" in one.where for one in found)
    assert any(one.plural for one in found)
    assert "Respond by {moment}" in {one.text for one in found}
    assert "I have it" in {one.text for one in found}


def test_every_text_is_translated() -> None:
    known = german()

    missing = [
        f"{one.where}: {one.text!r}"
        for one in texts()
        if one.text not in known or not all(_strings(known[one.text]))
    ]

    assert missing == []


def test_nothing_is_translated_that_nobody_says() -> None:
    assert set(german()) - {one.text for one in texts()} == set()


def test_no_translation_is_only_a_guess() -> None:
    assert [one.id for one in german().values() if one.fuzzy] == []


def test_translations_keep_what_is_filled_in() -> None:
    said = {one.text: one for one in texts()}

    changed = [
        text
        for text, message in german().items()
        if text in said and any(not _fits(said[text], string) for string in _strings(message))
    ]

    assert changed == []


def _fits(one: Found, string: str) -> bool:
    wanted = {frozenset(PLACEHOLDER.findall(each)) for each in (one.text, one.plural or one.text)}
    return frozenset(PLACEHOLDER.findall(string)) in wanted
