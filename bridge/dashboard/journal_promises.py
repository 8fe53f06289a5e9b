"""Sentences about a ticket's clocks."""

from bridge.dashboard.journal_told import Told


def _clock(one: Told) -> str:
    _ = one.say
    names = {"response": _("Response"), "update": _("Update"), "solution": _("Solution")}
    name = names.get(one.value("clock"), one.value("clock"))
    if one.data.get("rule") == "status":
        name = _("Status")
    nth = one.data.get("nth") or 1
    return f"{name} {nth}" if nth > 1 else name


def clock_started(one: Told) -> str:
    """Say what is promised, until when, and what that is worth."""
    _ = one.say
    text = _(
        "%(clock)s promised within %(target)s by calendar “%(calendar)s”: due %(due)s, guaranteed."
    )
    if not one.data.get("guaranteed"):
        text = _(
            "%(clock)s aimed at within %(target)s by calendar “%(calendar)s”: due %(due)s, a"
            " target without guarantee."
        )
    told = text % {
        "clock": _clock(one),
        "target": one.minutes("target_minutes"),
        "calendar": one.value("calendar"),
        "due": one.moment("due_at"),
    }
    if one.data.get("flagged"):
        told += " " + _(
            "The time that was reported was not plausible, so that it counts from arrival."
        )
    return told


def clock_changed(one: Told) -> str:
    """Say what is promised now."""
    _ = one.say
    text = _("%(clock)s: the target is %(target)s now, due %(due)s.")
    if not one.data.get("due_at"):
        text = _("%(clock)s: the target is %(target)s now; when it is due, the pause decides.")
    due, target = one.moment("due_at"), one.minutes("target_minutes")
    return text % {"clock": _clock(one), "target": target, "due": due}


def clock_stopped(one: Told) -> str:
    """Say how a promise ended."""
    _ = one.say
    verdicts = {
        "kept": _("%(clock)s: kept. It was due %(due)s."),
        "missed": _("%(clock)s: missed. It was due %(due)s."),
        "cancelled": _("%(clock)s: cancelled, and in no report. It was due %(due)s."),
        "merged": _("%(clock)s: goes on in the other ticket."),
        "withdrawn": _("%(clock)s: taken back, because the answer that began it has come back."),
    }
    text = verdicts.get(one.value("verdict"), _("%(clock)s: stopped. It was due %(due)s."))
    return text % {"clock": _clock(one), "due": one.moment("due_at")}


def clock_paused(one: Told) -> str:
    """Say that a clock stands still."""
    return one.say("%(clock)s: the clock is paused.") % {"clock": _clock(one)}


def clock_resumed(one: Told) -> str:
    """Say that a clock runs again, and until when."""
    text = one.say("%(clock)s: the clock runs again, due %(due)s.")
    return text % {"clock": _clock(one), "due": one.moment("due_at")}


def clock_revived(one: Told) -> str:
    """Say that a clock that had stopped has not, as we know now."""
    text = one.say("%(clock)s: its stop no longer counts; the clock goes on, due %(due)s.")
    return text % {"clock": _clock(one), "due": one.moment("due_at")}


def clock_corrected(one: Told) -> str:
    """Say who corrected what of a clock; the reason follows."""
    _ = one.say
    if one.data.get("cancel"):
        text = _("%(who)s cancelled the clock %(clock)s as a correction:")
    elif one.data.get("started_at"):
        text = _("%(who)s corrected the start of the clock %(clock)s to %(start)s:")
    else:
        text = _("%(who)s corrected the stop of the clock %(clock)s to %(stop)s:")
    start, stop = one.moment("started_at"), one.moment("stopped_at")
    return text % {"who": one.who, "clock": _clock(one), "start": start, "stop": stop}


def clock_warned(one: Told) -> str:
    """Say who was told that a promise is being used up."""
    _ = one.say
    text = _("%(clock)s: %(percent)s %% of the time are used, due %(due)s. Warned: %(people)s.")
    if not one.data.get("people"):
        text = _("%(clock)s: %(percent)s %% of the time are used, due %(due)s; nobody to warn.")
    people = one.people(one.data.get("people") or [])
    values = {"percent": one.value("percent"), "due": one.moment("due_at"), "people": people}
    return text % ({"clock": _clock(one)} | values)


def terms_changed(one: Told) -> str:
    """Say that the contract says something new from now on."""
    return one.say("A new version of the contract came into force: its promises count from now on.")


def hours_changed(one: Told) -> str:
    """Say that service hours are others from now on."""
    text = one.say(
        "A new version of calendar “%(calendar)s” came into force, and counts from now on."
    )
    return text % {"calendar": one.value("calendar")}
