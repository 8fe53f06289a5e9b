"""Clocks of every kind and state, and what the sum in words says of each."""

import pytest

from bridge.sla.facts import Fact
from bridge.sla.facts import FactKind as Kind
from tests.sla.promised import at, fact, iso, opened


def rose(moment: str, before: str, after: str) -> Fact:
    return Fact(Kind.PRIORITY_RAISED, at(moment), 1, {"from": before, "to": after})


def fell(moment: str, before: str, after: str) -> Fact:
    return Fact(Kind.PRIORITY_CHANGED, at(moment), 1, {"from": before, "to": after})


def answered(moment: str, answer: str = "a") -> Fact:
    return fact(Kind.ANSWERED, moment, answer=answer, via="mail")


def waits(moment: str, whom: str = "customer") -> Fact:
    return Fact(Kind.WAITING, at(moment), 1, {"for": whom, "until": None})


def wrote(moment: str, *, guaranteed: bool = True) -> Fact:
    return fact(
        Kind.CUSTOMER_WROTE, moment, message="m", via="mail", contract=7, guaranteed=guaranteed
    )


RESPONSE, SOLUTION, UPDATE = ("response", 1), ("solution", 1), ("update", 1)
THEIRS = {
    "kind": "response", "rule": None, "started_at": iso("11-24 08:10"),
    "counted_from": iso("11-24 08:10"), "counted_minutes": 120, "target_minutes": 120,
    "calendar": "office", "contract_version": 1, "contract": 7, "customer": 1,
    "guaranteed": True, "priority": "P2", "class": "request", "due_at": iso("11-24 10:10"),
}  # fmt: skip


CASES = [
    pytest.param(
        [opened("11-23 08:00", "P4"), rose("11-23 14:00", "P4", "P1")], RESPONSE, "11-23 14:10",
        ["At Mon 23 Nov 14:00 CET the priority rose from P4 to P1.\n1 h from then on end"
         " Mon 23 Nov 15:00 CET, earlier than Mon 23 Nov 16:00 CET: so that is due.",
         "Counted anew from Mon 23 Nov 14:00 CET on: 1 h.",
         "Counted: Mon 23 Nov 14:00 – 15:00 = 1 h.",
         "10 min of that are used and 50 min are left."],
        id="an upgrade counts from its moment",
    ),
    pytest.param(
        [opened("11-23 08:00", "P4"), rose("11-23 15:50", "P4", "P1"), answered("11-23 16:00")],
        RESPONSE, "11-23 17:00",
        ["1 h from then on would end Mon 23 Nov 16:50 CET, not earlier than Mon 23 Nov 16:00 CET:"
         " so that stays due.", "exactly when it was due: kept."],
        id="an upgrade that would be later moves nothing",
    ),
    pytest.param(
        [opened("11-23 15:00", "P2"),
         fell("11-23 15:50", "P2", "P4")],
        RESPONSE, "11-23 15:55",
        ["the priority fell from P2 to P4.\n8 h are counted from the beginning: due"
         " Tue 24 Nov 14:00 CET instead of Mon 23 Nov 17:00 CET.",
         "Mon 23 Nov 15:00 – 17:00 = 2 h; Tue 24 Nov 08:00 – 14:00 = 6 h; together 8 h."],
        id="a downgrade counts from the beginning",
    ),
    pytest.param(
        [opened("11-23 15:00", "P2"),
         fell("11-23 15:50", "P2", "P4")],
        SOLUTION, "11-23 15:55",
        ["It was cancelled Mon 23 Nov 15:50 CET, because nothing is promised for it any more."],
        id="no longer promised",
    ),
    pytest.param(
        [opened("11-23 09:00", "P2"), waits("11-23 10:00")], SOLUTION, "11-23 15:55",
        ["Counted: Mon 23 Nov 09:00 – 10:00 = 1 h.\nPaused since Mon 23 Nov 10:00 CET (waiting for"
         " the customer), after 1 h: nobody can say when it is due until the pause ends; then 7 h"
         " are left."],
        id="paused without an end",
    ),
    pytest.param(
        [opened("11-23 09:00", "P2"), waits("11-23 10:00"), wrote("11-23 12:00")], SOLUTION,
        "11-23 15:55",
        ["Paused Mon 23 Nov 10:00 – 12:00 (waiting for the customer): 2 h of open time did not"
         " count.\nDue Tue 24 Nov 10:00 CET."],
        id="a pause that has ended",
    ),
    pytest.param(
        [opened("11-23 09:00", "P2"), fact(Kind.RESOLVED, "11-23 10:00"),
         fact(Kind.REOPENED, "11-24 09:00", after=iso("11-23 10:00"), began=None)],
        SOLUTION, "11-24 10:00",
        ["Paused Mon 23 Nov 10:00 – Tue 24 Nov 09:00 (it was resolved, and came back): 8 h of open"
         " time did not count.\nDue Tue 24 Nov 16:00 CET."],
        id="resolved and back",
    ),
    pytest.param(
        [opened("11-23 09:00", "P2"),
         Fact(Kind.CLASS_CHANGED, at("11-23 09:30"), 1,
              {"from": "request", "to": "fault", "priority": "P2"})],
        RESPONSE, "11-23 09:55",
        ["the class changed from request to fault: from then on calendar “always” counts.",
         "From Mon 23 Nov 09:30 CET on: Calendar “always” in its first version."],
        id="another class, another calendar",
    ),
    pytest.param(
        [opened("11-23 09:00"), answered("11-23 10:00"),
         fact(Kind.ANSWER_WITHDRAWN, "11-23 10:05", answer="a", reason="5.1.1"),
         answered("11-23 13:30", "b")],
        RESPONSE, "11-23 15:00",
        ["the answer of Mon 23 Nov 10:00 CET turned out to be undeliverable: it counts no more.\n"
         "So the clock went on as if it had never stopped.",
         "by a public answer, 30 min after it was due: missed."],
        id="an answer that came back",
    ),
    pytest.param(
        [opened("11-23 09:00", "P1", "fault"), fact(Kind.RECOVERED, "11-23 09:10", state="OK")],
        RESPONSE, "11-23 10:00",
        ["The problem went away Mon 23 Nov 09:10 CET, before anybody answered and before it was"
         " due: cancelled, and in no report."],
        id="over before anybody answered",
    ),
    pytest.param(
        [opened("11-23 09:00", "P1", "fault"), fact(Kind.RECOVERED, "11-23 10:10", state="OK")],
        RESPONSE, "11-23 11:00",
        ["It stopped Mon 23 Nov 10:10 CET when the problem went away, 40 min after it was due:"
         " missed."],
        id="over after its due",
    ),
    pytest.param(
        [opened("11-23 09:00", guaranteed=False, address=None), wrote("11-23 10:10")],
        RESPONSE, "11-23 11:00",
        ["Aimed at: a response within 4 h",
         "It is a target, no guarantee: the ticket did not come through an address of the"
         " contract.",
         "when a message through an address of the contract began it anew with a guarantee."],
        id="without guarantee",
    ),
    pytest.param(
        [opened("11-23 09:00", guaranteed=False, address=None), wrote("11-23 10:10")],
        ("response", 2), "11-23 11:00",
        ["Promised: a response within 4 h",
         "It is guaranteed from the customer's message on, because that came through an address of"
         " the contract.\nIt began Mon 23 Nov 10:10 CET with the customer's message."],
        id="guaranteed from a message on",
    ),
    pytest.param(
        [opened("11-24 09:00"), answered("11-24 10:00"), wrote("11-24 16:10")],
        UPDATE, "11-24 17:00",
        ["Promised: an answer to the customer's message within 8 h",
         "It began Tue 24 Nov 16:10 CET with the customer's message.",
         "Closed: Wed 25 Nov (special day).\nDue Thu 26 Nov 15:10 CET."],
        id="an update, over a special day",
    ),
    pytest.param(
        [opened("11-24 09:00", "P1", "fault"), fact(Kind.ACKNOWLEDGED, "11-24 09:10", via="link"),
         answered("11-24 10:00")],
        ("update", 2), "11-24 13:00",
        ["Promised: a status while the fault is open within 2 h",
         "It began Tue 24 Nov 10:00 CET with the answer before it.",
         "Now, Tue 24 Nov 13:00 CET, it has been overdue for 1 h."],
        id="a status that is overdue",
    ),
    pytest.param(
        [opened("11-24 09:00", "P1", "fault"), fact(Kind.MERGED, "11-24 09:10", into=10002)],
        RESPONSE, "11-24 13:00",
        ["It ended Tue 24 Nov 09:10 CET, when the ticket was merged into #10002."],
        id="merged",
    ),
    pytest.param(
        [opened("11-24 09:00"), fact(Kind.ABSORBED, "11-24 09:30", number=10002, clocks=[THEIRS])],
        RESPONSE, "11-24 10:00",
        ["It began Tue 24 Nov 08:10 CET in ticket #10002, which was merged into this one.",
         "That makes it due earlier, Tue 24 Nov 10:10 CET instead of Tue 24 Nov 13:00 CET."],
        id="taken over from a merged ticket",
    ),
    pytest.param(
        [opened("11-23 15:00"), answered("11-24 12:00"),
         fact(Kind.CLOCK_CORRECTED, "11-24 15:00", clock="response", nth=1,
              stopped_at=iso("11-23 16:00"), started_at=None, cancel=False)],
        RESPONSE, "11-24 16:00",
        ["At Tue 24 Nov 15:00 CET a person corrected this clock; why stands in the journal.",
         "It stopped Mon 23 Nov 16:00 CET by a person's correction, 18 h before it was due: kept."],
        id="corrected",
    ),
    pytest.param(
        [opened("10-25 00:30", "P3", "fault", flagged="implausible_time")], RESPONSE, "10-25 01:00",
        ["The time that was reported was not plausible, so that it counts from arrival.",
         "Counted: Sun 25 Oct 00:30 CEST – 03:30 CET = 4 h.",
         "The clocks were put back by 1 h, to Sun 25 Oct 02:00 CET: the time that came twice counts"
         " twice.\nDue Sun 25 Oct 03:30 CET."],
        id="the night with an hour more",
    ),
    pytest.param(
        [opened("03-29 00:30", "P3", "fault")], RESPONSE, "03-29 01:00",
        ["Counted: Sun 29 Mar 00:30 CET – 05:30 CEST = 4 h.",
         "The clocks were put forward by 1 h, to Sun 29 Mar 03:00 CEST: the time between is no time"
         " and does not count.\nDue Sun 29 Mar 05:30 CEST."],
        id="the night with an hour less",
    ),
    pytest.param(
        [opened("06-03 16:00", "P2")], SOLUTION, "06-03 17:00",
        ["Closed: Thu 4 Jun (Corpus Christi).\nDue Fri 5 Jun 15:00 CEST."],
        id="a holiday by its name",
    ),
    pytest.param(
        [opened("12-23 16:00")], SOLUTION, "12-23 17:00",
        ["Closed: Fri 25 Dec (Christmas Day).\nOther service hours: Thu 24 Dec 08:00 – 12:00."],
        id="a short day and a holiday",
    ),
    pytest.param(
        [opened("11-23 09:00"), fact(Kind.ACKNOWLEDGED, "11-23 09:05", via="page"),
         answered("11-23 13:00:01")],
        RESPONSE, "11-23 15:00",
        ["It stopped Mon 23 Nov 13:00:01 CET by a public answer, 1 s after it was due: missed.",
         "4 h 1 s of open time were used"],
        id="a second too late",
    ),
]  # fmt: skip
