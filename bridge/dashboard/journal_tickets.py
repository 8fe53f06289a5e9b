"""Sentences about what happened to a ticket itself, and what Icinga and people said about it."""

from bridge.dashboard.journal_told import Told


def opened(one: Told) -> str:
    """Say how the ticket began, and why it belongs to nobody where it does not."""
    text = _found(one) if one.data.get("host") else _asked(one)
    return f"{text} {_unassigned(one)}".strip()


def _found(one: Told) -> str:
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
    return text % {"where": where, "state": one.value("state"), "priority": one.value("priority")}


def _asked(one: Told) -> str:
    _ = one.say
    by_way = {
        "mail": _("A mail came in: ticket opened with priority %(priority)s."),
        "phone": _("%(who)s took a call: ticket opened with priority %(priority)s."),
        "portal": _("It was asked for in the portal: ticket opened with priority %(priority)s."),
    }
    way = one.data.get("source") or one.data.get("via") or ""
    text = by_way.get(way, _("%(who)s opened the ticket with priority %(priority)s."))
    return text % {"who": one.who, "priority": one.value("priority")}


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


def priority_changed(one: Told) -> str:
    """Say who gave it which priority."""
    text = one.say("%(who)s changed the priority from %(before)s to %(after)s.")
    return text % {"who": one.who, "before": one.value("from"), "after": one.value("to")}


def class_changed(one: Told) -> str:
    """Say what kind of matter it is now."""
    _ = one.say
    classes = {"fault": _("fault"), "request": _("request")}
    before, after = (classes.get(one.value(key), one.value(key)) for key in ("from", "to"))
    text = _("%(who)s changed the class from %(before)s to %(after)s.")
    return text % {"who": one.who, "before": before, "after": after}


def contract_changed(one: Told) -> str:
    """Say that it is under another contract, and what that is worth."""
    _ = one.say
    if one.data.get("contract") is None:
        text = _("%(who)s took it out of its contract: nothing is promised for it now.")
    elif one.data.get("guaranteed"):
        text = _("%(who)s put it under another contract, whose promises are guaranteed.")
    else:
        text = _("%(who)s put it under another contract, with targets and no guarantee.")
    return text % {"who": one.who}


def answered(one: Told) -> str:
    """Say that the customer has been answered, and how; the text follows."""
    _ = one.say
    by_way = {
        "mail": _("%(who)s answered the customer by mail:"),
        "phone": _("%(who)s answered the customer by phone:"),
        "portal": _("%(who)s answered the customer in the portal:"),
    }
    text = by_way.get(one.data.get("via") or "", _("%(who)s answered the customer:"))
    return text % {"who": one.who}


def answer_withdrawn(one: Told) -> str:
    """Say that an answer did not reach the customer; the reason follows."""
    return one.say("Answer undeliverable: it did not reach the customer, and counts no more.")


def customer_wrote(one: Told) -> str:
    """Say that the customer wrote, and whether that brought a guarantee; the text follows."""
    _ = one.say
    by_way = {
        "mail": _("The customer wrote by mail:"),
        "phone": _("The customer called:"),
        "portal": _("The customer wrote in the portal:"),
    }
    return by_way.get(one.data.get("via") or "", _("The customer wrote:"))


def waiting(one: Told) -> str:
    """Say for whom it waits, and until when."""
    _ = one.say
    text = _("Now it waits for the customer.")
    if one.data.get("for") == "third_party":
        text = _("Now it waits for a third party.")
    if one.data.get("until"):
        text += " " + _("That is looked at again %(moment)s.") % {"moment": one.moment("until")}
    return text


def waiting_ended(one: Told) -> str:
    """Say that it waits for nobody any more."""
    return one.say("It waits for nobody any more.")


def merged(one: Told) -> str:
    """Say into which ticket it went."""
    text = one.say("%(who)s merged it into ticket #%(number)s: everything goes on there.")
    return text % {"who": one.who, "number": one.value("into")}


def absorbed(one: Told) -> str:
    """Say which ticket went into this one."""
    text = one.say("Ticket #%(number)s was merged into this one, with what it was promised.")
    return text % {"number": one.value("number")}


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
