"""Who does something with a ticket: one of our people, or a program with a token."""

from dataclasses import dataclass

from bridge.errors import Refused
from bridge.staff.models import StaffMember
from bridge.tickets.journal import Actor, staff, token


@dataclass(frozen=True)
class Program:
    """A program that acts with a token, and goes by the token's name."""

    name: str


# Who does something with a ticket.
Acting = StaffMember | Program


class EmptyText(Refused):
    """What somebody has to read, or to know the reason of, needs some words."""


def actor(who: Acting) -> Actor:
    """Return who it was, for the journal."""
    match who:
        case StaffMember():
            return staff(who.id)
        case Program():
            return token(who.name)


def some_words(text: str, missing: str) -> str:
    """Return a text without the space around it; raises EmptyText, saying what is missing."""
    found = text.strip()
    if not found:
        raise EmptyText(missing)
    return found
