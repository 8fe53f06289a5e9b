"""Sentences about what happened to a ticket itself, and what Icinga and people said about it."""

from bridge.dashboard.journal_told import Told


def opened(one: Told) -> str:
    """Say how the ticket began, and why it belongs to nobody where it does not."""
    _ = one.say
    where = one.value("host")
    if one.data.get("service"):
        where = f"{where} / {one.value('service')}"
    text = _("%(where)s is %(state)s: ticket opened with priority %(priority)s.")
    if one.data.get("found_by"):
        text = _(
            "%(where)s is %(state)s: ticket opened with priority %(priority)s, found by comparing"
            " with Icinga because no notification had come."
        )
    values = {"where": where, "state": one.value("state"), "priority": one.value("priority")}
    return f"{text % values} {_unassigned(one)}".strip()


def _unassigned(one: Told) -> str:
    _ = one.say
    match one.data.get("unassigned"):
        case "no_address":
            return _("It is nobody's: Icinga named neither a contract address nor a customer.")
        case "unknown_address":
            return _("It is not guaranteed: no contract has the address that Icinga named.")
        case "unknown_customer":
            return _("It is nobody's: no customer has the number that Icinga named.")
        case "contract_not_valid":
            return _("It is not guaranteed: the contract of its address was not valid then.")
        case _nothing:
            return ""


def state_changed(one: Told) -> str:
    """Say which state followed which."""
    text = one.say("The state went from %(before)s to %(after)s.")
    return text % {"before": one.value("from"), "after": one.value("to")}


def priority_raised(one: Told) -> str:
    """Say which priority followed which."""
    text = one.say("The priority rose from %(before)s to %(after)s.")
    return text % {"before": one.value("from"), "after": one.value("to")}


def recovered(one: Told) -> str:
    """Say that the problem is over."""
    return one.say("Recovered: the state is %(state)s.") % {"state": one.value("state")}


def reopened(one: Told) -> str:
    """Say that the problem came back within the window, or who thought that it has."""
    if not one.data.get("state"):
        return one.say("%(who)s reopened it: nobody has it now.") % {"who": one.who}
    text = one.say("The problem is back, and so is this ticket: the state is %(state)s.")
    return text % {"state": one.value("state")}


def acknowledged(one: Told) -> str:
    """Say who took the ticket, and how."""
    _ = one.say
    by_way = {
        "link": _("%(who)s has it (by the link in a page)."),
        "icinga": _("%(who)s has it (acknowledged in Icinga)."),
        "api": _("%(who)s has it (through the API)."),
        "mail": _("%(who)s has it (by mail)."),
    }
    text = by_way.get(one.data.get("via") or "", _("%(who)s has it."))
    return text % {"who": one.who}


def unacknowledged(one: Told) -> str:
    """Say that nobody has the ticket any more."""
    return one.say("%(who)s took the acknowledgement away: nobody has it now.") % {"who": one.who}


def assigned(one: Told) -> str:
    """Say who became the owner."""
    owner = one.data.get("owner")
    name = one.people([owner]) if owner else "–"
    return one.say("%(who)s assigned it to %(owner)s.") % {"who": one.who, "owner": name}


def resolved(one: Told) -> str:
    """Say who resolved the ticket; the text follows."""
    return one.say("%(who)s resolved it:") % {"who": one.who}


def closed(one: Told) -> str:
    """Say who closed the ticket, or that time did."""
    if one.data.get("after") == "quiet_time":
        return one.say("Closed, because it stayed quiet.")
    return one.say("%(who)s closed it.") % {"who": one.who}


def noted(one: Told) -> str:
    """Say who noted something; the text follows."""
    return one.say("%(who)s noted:") % {"who": one.who}


def commented(one: Told) -> str:
    """Say who commented in Icinga; the text follows."""
    return one.say("%(who)s commented:") % {"who": one.who}


def flapping_started(one: Told) -> str:
    """Say that the state changes too often."""
    return one.say("Flapping: the state changes too often to mean much.")


def flapping_ended(one: Told) -> str:
    """Say that the state holds again."""
    return one.say("No longer flapping: the state holds.")


def downtime_started(one: Told) -> str:
    """Say that a downtime began."""
    return one.say("A downtime began: nobody is paged for as long as it lasts.")


def downtime_ended(one: Told) -> str:
    """Say that a downtime is over."""
    return one.say("The downtime is over.")


def unknown_notification(one: Told) -> str:
    """Say that Icinga sent something new to us."""
    text = one.say("Icinga sent a notification of a type that Bridge does not know: %(type)s.")
    return text % {"type": one.value("type")}


def object_gone(one: Told) -> str:
    """Say that a person has to decide, because Icinga cannot tell any more."""
    return one.say(
        "The object is gone from Icinga, which can no longer say that all is well: look yourself,"
        " then resolve the ticket."
    )


def icinga_acknowledged(one: Told) -> str:
    """Say that Icinga knows who has it."""
    return one.say("Icinga has confirmed the acknowledgement.")


def icinga_refused(one: Told) -> str:
    """Say that Icinga did not take the acknowledgement; the reason follows."""
    return one.say("Icinga did not take the acknowledgement:")


def icinga_forgot(one: Told) -> str:
    """Say that Icinga lost what it had confirmed."""
    return one.say("Icinga has forgotten the acknowledgement: it is told again.")
