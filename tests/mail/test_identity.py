"""Message-IDs that only this installation can give."""

import pytest

from bridge.keys import Keys
from bridge.mail import identity
from bridge.mail.identity import Identity, NotOurs
from bridge.mail.outgoing import MESSAGE_ID

OLD, NEW = "o" * 40, "n" * 40
KEYS = Keys((OLD,))


@pytest.mark.parametrize("known", [Identity(7, 10001), Identity(2**60, None)], ids=repr)
def test_what_was_given_is_read_back(known: Identity) -> None:
    given = identity.message_id(KEYS, known, "support@desk.example")

    assert MESSAGE_ID.fullmatch(given)
    assert given.endswith("@desk.example>")
    assert identity.read(KEYS, given) == known
    assert identity.read(Keys((NEW, OLD)), f" {given[1:-1]} ") == known


@pytest.mark.parametrize(
    "given",
    ["", "<>", "<x@desk.example>", "<W10@desk.example>", "no brackets", "<ä.b.c@desk.example>"],
)
def test_what_was_not_given_is_nobodys(given: str) -> None:
    with pytest.raises(NotOurs):
        identity.read(KEYS, given)


def test_another_installations_are_not_ours() -> None:
    given = identity.message_id(Keys((NEW,)), Identity(7, 10001), "support@desk.example")

    with pytest.raises(NotOurs):
        identity.read(KEYS, given)
