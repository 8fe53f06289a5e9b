"""Sentences about a ticket's escalation, and the pages that left the house."""

from bridge.dashboard.journal_told import Told


def escalation_started(one: Told) -> str:
    """Say when somebody will be paged."""
    return one.say("Paging begins %(due)s.") % {"due": one.moment("due_at")}


def escalation_held(one: Told) -> str:
    """Say that nobody is paged for now, and why."""
    _ = one.say
    match one.data.get("because"):
        case "snooze":
            text = _("%(who)s snoozed it: nobody is paged until %(until)s, unless it gets worse.")
            return text % {"who": one.who, "until": one.moment("until")}
        case "parent":
            return _("Paging is held: the host's ticket pages for it.")
        case "storm":
            return _("Paging is held: one ticket pages for all of this storm.")
        case _downtime:
            return _("Paging is held as long as the downtime lasts.")


def escalation_ended(one: Told) -> str:
    """Say why nobody is paged any more."""
    _ = one.say
    reasons = {
        "recovered": _("Paging ended: the problem is over."),
        "resolved": _("Paging ended: the ticket is resolved."),
    }
    return reasons.get(one.value("reason"), _("Paging ended."))


def paged(one: Told) -> str:
    """Say who was paged."""
    _ = one.say
    people = one.people(one.data.get("people") or [])
    if one.data.get("step") == 0:
        told = _("Paged %(people)s alone.") % {"people": people}
    else:
        step = {"people": people, "step": one.value("step")}
        told = _("Paged %(people)s (step %(step)s).") % step
    return told + (" " + _("This was late.") if one.data.get("late") else "")


def escalation_restarted(one: Told) -> str:
    """Say that paging begins anew, and why."""
    _ = one.say
    reasons = {
        "expired": _("Nothing was heard of the owner: paging begins anew."),
        "worse": _("It became worse: paging begins anew."),
        "not_confirmed": _("The owner did not confirm: paging begins anew."),
        "declined": _("The owner cannot do it: the next ones are paged."),
        "escalated": _("Help was asked for: the next ones are paged."),
        "snooze_over": _("The snooze is over: paging begins anew."),
    }
    return reasons.get(one.value("why"), _("Paging begins anew."))


def fallback_paged(one: Told) -> str:
    """Say that nobody answered, and whom that was told."""
    _ = one.say
    people = one.people(one.data.get("people") or [])
    told = _("Unanswered: paged the fallback, %(people)s.") % {"people": people}
    return told + (" " + _("This was late.") if one.data.get("late") else "")


def step_undeliverable(one: Told) -> str:
    """Say that nobody of a step can be reached."""
    text = one.say("Nobody in step %(step)s could be reached: passed on.")
    return text % {"step": one.value("step")}


def confirmed(one: Told) -> str:
    """Say who has it still, or now."""
    return one.say("%(who)s has said that it is theirs.") % {"who": one.who}


def escalated(one: Told) -> str:
    """Say who asked for help."""
    return one.say("%(who)s asked for help: the next ones are paged now.") % {"who": one.who}


def _person(one: Told) -> str:
    person = one.data.get("person")
    return one.people([person]) if person else "–"


def declined(one: Told) -> str:
    """Say who cannot do it."""
    return one.say("%(person)s cannot do it.") % {"person": _person(one)}


def handover_asked(one: Told) -> str:
    """Say who is to take it over."""
    text = one.say("%(who)s asked %(person)s to take it over.")
    return text % {"who": one.who, "person": _person(one)}


def told(one: Told) -> str:
    """Say who was told what."""
    _ = one.say
    texts = {
        "taken": _("Told %(people)s who has it."),
        "recovered": _("Told %(people)s that it is over."),
        "reminder": _("Reminded %(people)s: others are called in 10 minutes."),
        "summary": _("Told %(people)s, who came on call, that somebody has it."),
        "not_taken_over": _("Told %(people)s that nobody took it over."),
    }
    text = texts.get(one.value("news"), _("Told %(people)s."))
    return text % {"people": one.people(one.data.get("people") or [])}


def nobody_on_call(one: Told) -> str:
    """Say that a step found nobody."""
    text = one.say("Nobody was on call in step %(step)s: passed on.")
    return text % {"step": one.value("step")}


def _delivery(one: Told) -> dict[str, str]:
    return {
        "person": _person(one),
        "channel": one.value("channel"),
        "again": one.moment("again_at"),
    }


def delivered(one: Told) -> str:
    """Say that a provider took a page."""
    _ = one.say
    told = _("The page to %(person)s by %(channel)s was accepted.") % _delivery(one)
    if one.data.get("repeat"):
        told += " " + _("It was a repeat, because the first one may have arrived.")
    return told


def delivery_failed(one: Told) -> str:
    """Say that a page did not get through, and what happens next; the reason follows."""
    _ = one.say
    if one.value("outcome") == "maybe":
        text = _("Nobody knows whether the page to %(person)s by %(channel)s arrived:")
    elif one.data.get("again_at"):
        text = _("The page to %(person)s by %(channel)s failed and is tried again %(again)s:")
    else:
        text = _("The page to %(person)s by %(channel)s failed for good:")
    return text % _delivery(one)


def delivery_repeated(one: Told) -> str:
    """Say that a page goes out a second time."""
    text = one.say("The page to %(person)s by %(channel)s is sent once more.")
    return text % _delivery(one)
