"""Sentences about the mails of a ticket."""

from bridge.dashboard.journal_told import Told


def mail_accepted(one: Told) -> str:
    """Say that a mail server has a mail, and for how many of those it goes to."""
    text = one.say("A mail has left: the mail server has it for %(accepted)s of %(of)s recipients.")
    return text % {"accepted": one.value("accepted"), "of": one.value("recipients")}


def mail_failed(one: Told) -> str:
    """Say whom a mail has not reached, why, and whether it is tried again."""
    values = {
        "accepted": one.value("accepted"),
        "of": one.value("recipients"),
        "reason": one.value("reason"),
        "moment": one.moment("again_at"),
    }
    if one.data.get("again_at"):
        text = one.say("A mail did not get through yet (%(reason)s). Next try: %(moment)s.")
        return text % values
    text = one.say(
        "A mail did not reach everybody, or perhaps not: %(accepted)s of %(of)s recipients have it"
        " for certain (%(reason)s)."
    )
    return text % values
