"""The script of the day: about thirty notifications and a helpful colleague, in 120 seconds."""

from bridge.demo.script import Notice, Scene, Whose, words

COLLEAGUE = "ben"
LASTS_SECONDS = 120.0

ACME, NORDLICHT, PRAXIS, NOBODY = Whose.ACME, Whose.NORDLICHT, Whose.PRAXIS, Whose.NOBODY
SHOPS = tuple(f"shop{number:02d}" for number in range(1, 13))
LAST_SHOP = SHOPS[-1]

DAY = (
    Scene(
        2,
        words("A warning can wait: it has a clock, and wakes nobody."),
        (
            Notice(
                "PROBLEM", ACME, "file01", "disk", "WARNING", "DISK WARNING - /srv 9% free (41 GB)"
            ),
        ),
    ),
    Scene(
        7,
        words("Support on weekdays only: this contract promises nothing for a warning."),
        (
            Notice(
                "PROBLEM",
                PRAXIS,
                "praxis-srv",
                "backup",
                "WARNING",
                "BACKUP WARNING - the last good backup is 26 h old",
            ),
        ),
    ),
    Scene(
        13,
        words("This one is for you: press “I have it” on the phone that rings."),
        (
            Notice(
                "PROBLEM",
                ACME,
                "erp01",
                "http",
                "CRITICAL",
                "HTTP CRITICAL - 503 Service Unavailable, 10.01 s",
                impact="high",
                seconds_old=20,
            ),
        ),
    ),
    Scene(
        21,
        words("Urgent, but the phone waits a minute: many an alarm is over by then."),
        (
            Notice(
                "PROBLEM",
                ACME,
                "web01",
                "https",
                "CRITICAL",
                "CONNECT CRITICAL - timed out after 10 s",
            ),
        ),
    ),
    Scene(
        26,
        words(
            "No data is bad news for this customer: their contract makes it P2, and it will stay."
        ),
        (
            Notice(
                "PROBLEM",
                NORDLICHT,
                "scan-gw",
                "heartbeat",
                "UNKNOWN",
                "HEARTBEAT UNKNOWN - no data from the scanners for 12 min",
            ),
        ),
    ),
    Scene(
        32,
        words("Over before a phone rang; the clock says “cancelled”, not “kept”."),
        (Notice("RECOVERY", ACME, "web01", "https", "OK", "HTTP OK - 200, 0.21 s"),),
    ),
    Scene(
        38,
        words("A colleague will help with this one."),
        (
            Notice(
                "PROBLEM",
                NORDLICHT,
                "whs-db",
                "postgres",
                "CRITICAL",
                "POSTGRES CRITICAL - no connection: FATAL: too many clients already",
                seconds_old=15,
            ),
        ),
    ),
    Scene(
        45,
        words("It gets worse: a new priority brings a shorter promise, never a longer one."),
        (
            Notice(
                "PROBLEM",
                ACME,
                "file01",
                "disk",
                "CRITICAL",
                "DISK CRITICAL - /srv 2% free (9 GB)",
            ),
        ),
    ),
    Scene(
        51,
        words("The clock runs on: this customer was promised an answer, and a nod is none."),
        takes=("whs-db", "postgres"),
    ),
    Scene(
        56,
        words("What people write in Icinga stands in the ticket's journal, word for word."),
        (
            Notice(
                "CUSTOM",
                NORDLICHT,
                "whs-db",
                "postgres",
                "CRITICAL",
                author="jonas",
                comment="Could you raise the limit of connections while you are at it? No hurry.",
            ),
        ),
    ),
    Scene(
        60,
        words("Acknowledged in Icinga counts here too: the clock stops, and nobody is paged."),
        (
            Notice(
                "ACKNOWLEDGEMENT",
                ACME,
                "file01",
                "disk",
                "CRITICAL",
                "DISK CRITICAL - /srv 2% free (9 GB)",
                author="ben",
                comment="Log rotation hangs, I am on it.",
            ),
        ),
    ),
    Scene(
        64,
        words("Resolved at once, closed after five quiet minutes."),
        (
            Notice(
                "RECOVERY", NORDLICHT, "whs-db", "postgres", "OK", "POSTGRES OK - 41 connections"
            ),
        ),
    ),
    Scene(
        68,
        words("Up and down and up again: one ticket that says so, not ten."),
        (
            Notice(
                "FLAPPINGSTART",
                ACME,
                "vpn01",
                "ping",
                "WARNING",
                "PING WARNING - 22% packet loss",
            ),
        ),
    ),
    Scene(
        72,
        words("Back within half an hour: the same ticket again, with all that was written in it."),
        (
            Notice(
                "PROBLEM",
                NORDLICHT,
                "whs-db",
                "postgres",
                "CRITICAL",
                "POSTGRES CRITICAL - no connection: FATAL: too many clients already",
            ),
        ),
    ),
    Scene(
        77,
        words("Somebody works on a database and has told nobody."),
        (
            Notice(
                "PROBLEM",
                ACME,
                "db02",
                "replication",
                "CRITICAL",
                "REPLICATION CRITICAL - the replica does not answer",
            ),
        ),
    ),
    Scene(
        81,
        words("Planned work, announced late: from now on the phones stay silent for it."),
        (
            Notice(
                "DOWNTIMESTART",
                ACME,
                "db02",
                "replication",
                "CRITICAL",
                author="ben",
                comment="Upgrade of the database",
            ),
        ),
    ),
    Scene(
        85,
        words("A whole host, and an important one: nothing waits."),
        (
            Notice(
                "PROBLEM",
                ACME,
                "fw01",
                "",
                "DOWN",
                "PING CRITICAL - 100% packet loss",
                impact="high",
                seconds_old=30,
            ),
        ),
    ),
    Scene(
        90,
        words("A storm: one switch, twelve alarms in one second, twelve clocks."),
        tuple(
            Notice("PROBLEM", ACME, shop, "till", "CRITICAL", "TCP CRITICAL - no route to the till")
            for shop in SHOPS
        ),
    ),
    Scene(
        96,
        words("Nobody's: no contract fits, so it waits under “unassigned”, and is not lost."),
        (
            Notice(
                "PROBLEM",
                NOBODY,
                "nas-basement",
                "raid",
                "CRITICAL",
                "RAID CRITICAL - degraded, disk 3 of 4 failed",
            ),
        ),
    ),
    Scene(
        101,
        words("The switch is back within the minute: what had not rung yet stays silent."),
        tuple(
            Notice("RECOVERY", ACME, shop, "till", "OK", "TCP OK - 0.004 s") for shop in SHOPS[:-1]
        ),
    ),
    Scene(
        106,
        words("Calm again: flapping has ended."),
        (Notice("FLAPPINGEND", ACME, "vpn01", "ping", "OK", "PING OK - packet loss 0%, 12 ms"),),
    ),
    Scene(
        110,
        words("The firewall is somebody's now: no second phone rings."),
        takes=("fw01", ""),
    ),
    Scene(
        114,
        words(
            "The planned work is over and the problem is not: now it is an alarm like any other."
        ),
        (Notice("DOWNTIMEEND", ACME, "db02", "replication", "CRITICAL", author="ben"),),
    ),
    Scene(
        118,
        words("Serious by now, and still nobody is woken: that is what this contract says."),
        (
            Notice(
                "PROBLEM",
                PRAXIS,
                "praxis-srv",
                "backup",
                "CRITICAL",
                "BACKUP CRITICAL - the last good backup is 50 h old",
            ),
        ),
    ),
)
