"""Made-up desk files for Hypothesis: of every form, though their names may lead nowhere."""

from datetime import date
from typing import Any

from hypothesis import strategies as st

Plain = st.SearchStrategy[Any]

names = st.from_regex(r"[A-Za-z0-9][A-Za-z0-9._-]{0,8}", fullmatch=True)
TRAPS = (
    "NO|no|y|null|~|12|1.5|08:00|2026-01-01|a: b|a #b|- a|'|\"|{a}|[|Müller & Söhne|a\nb|=|<<|"
    "0x1F|*a|!t|>|%|@|1_000|1e3|\ufeffx|😀|a  b|on|Dr. X (y)|\x85\u2028x"
)
# Texts that readers of YAML stumble over, and any other.
texts = st.one_of(
    st.sampled_from(TRAPS.split("|")),
    st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=20),
).filter(lambda text: text == text.strip() != "")
durations = st.builds(lambda n, unit: f"{n}{unit}", st.integers(0, 3000), st.sampled_from("smhd"))
minutes = st.builds(lambda n, unit: f"{n}{unit}", st.integers(1, 3000), st.sampled_from("mhd"))
days = st.dates(date(1970, 1, 1), date(2099, 12, 31)).map(str)
priorities = st.sampled_from(["P1", "P2", "P3", "P4"])
zones = st.sampled_from(["Europe/Berlin", "UTC", "America/New_York", "Pacific/Apia"])
languages = st.sampled_from(["de", "en"])
emails = st.builds(lambda a, b: f"{a}@{b}.example", names, names)
factors = st.one_of(st.integers(1, 100), st.decimals(1, 100, places=4).map(str))
secrets = st.one_of(
    names.map(lambda name: f"ntfys://ntfy.example/{name}"),
    st.sampled_from(["env:X", "file:/etc/x y", "secret:staff.anna.push", "json://[::1]:80/?a=b#c"]),
)
windows = st.lists(
    st.sampled_from(["00:00-06:00", "08:00-12:00", "13:00-17:30", "20:00-24:00"]),
    unique=True,
    min_size=1,
)
weeks = st.one_of(
    st.dictionaries(
        st.sampled_from(["mon", "tue", "wed,thu", "fri", "sat-sun"]), windows, min_size=1
    ),
    st.fixed_dictionaries({"mon-sun": windows}),
)


def entry(required: dict[str, Plain], optional: dict[str, Plain]) -> Plain:
    return st.fixed_dictionaries(required, optional=optional)


def by_priority(values: Plain) -> Plain:
    return st.dictionaries(priorities, values)


holidays = st.one_of(
    st.sampled_from(["DE-NW", "NO", "AT"]),
    st.just({"of": "DE-BY", "categories": ["catholic", "public"]}),
)
calendars = entry(
    {"timezone": zones, "hours": weeks},
    {
        "holidays": holidays,
        "special": st.dictionaries(
            st.sampled_from(["12-24", "02-29", "2027-02-08", "2027-08-02/2027-08-13"]),
            st.one_of(st.just("closed"), windows),
        ),
        "valid_from": days,
    },
)


@st.composite
def people(draw: st.DrawFn) -> Any:
    channels = draw(st.dictionaries(names, secrets, max_size=3))
    person = {"id": draw(names), "channels": channels}
    optional: dict[str, Plain] = {
        "name": texts,
        "email": emails,
        "language": languages,
        "roles": st.lists(st.sampled_from(["engineer", "manager", "admin"]), unique=True),
        "icinga_users": st.lists(texts, unique=True, max_size=2),
        "quiet": entry({"hours": st.just("22:00-7:00")}, {"timezone": zones}),
    }
    if channels:
        rule = st.builds(
            lambda name, wait: f"{name} {wait}", st.sampled_from([*channels]), durations
        )
        optional["page"] = optional["page_low"] = st.lists(rule, min_size=1, max_size=3)
    return {**person, **draw(entry({}, optional))}


layers = st.one_of(
    entry(
        {
            "rotation": st.one_of(st.just("weekly"), st.just({"every": 2, "unit": "weeks"})),
            "handover": st.sampled_from(["mon 09:00", "fri 16:30"]),
            "starts": days,
            "people": st.lists(names, min_size=1, max_size=3),
        },
        {"only": weeks},
    ),
    st.just({"rotation": "hourly", "starts": "2026-01-05", "people": ["a"]}),
    st.just(
        {"rotation": "monthly", "handover": "31 9:00", "starts": "2026-01-05", "people": ["a"]}
    ),
)
changes = st.one_of(
    entry({"replace": names, "with": names}, {}),
    entry({"add": st.one_of(names, st.lists(names, min_size=1, max_size=2))}, {}),
    entry({"remove": names}, {}),
    entry({"cover": names}, {}),
)
overrides = changes.map(
    lambda change: {"from": "2026-12-24T09:00", "to": "2026-12-27T09:00:30+01:00", **change}
)
schedules = entry(
    {"timezone": zones, "layers": st.lists(layers, max_size=2)},
    {"overrides": st.lists(overrides, max_size=2)},
)
targets = st.one_of(
    names, names.map(lambda name: f"schedule:{name}"), secrets.map(lambda url: f"room:{url}")
)
policies = entry(
    {
        "steps": st.lists(
            entry({"page": st.lists(targets, min_size=1, max_size=2), "then": durations}, {}),
            min_size=1,
            max_size=2,
        ),
        "fallback": st.lists(names, min_size=1, max_size=2),
    },
    {
        "start_delay": st.one_of(
            durations,
            st.dictionaries(st.one_of(priorities, st.just("else")), durations, min_size=1),
        ),
        "rounds": st.integers(1, 100),
        "repeat_fallback": minutes,
        "ack_timeout": by_priority(minutes),
    },
)
terms = {"response": by_priority(minutes), "solution": by_priority(minutes)}
accounts = entry(
    {},
    {
        "monthly": minutes,
        "first_month": minutes,
        "overdraft": minutes,
        "from": days.map(lambda day: day[:7]),
        "increment": minutes,
        "by_how": st.dictionaries(
            st.sampled_from(["onsite", "phone"]), entry({}, {"minimum": minutes}), max_size=2
        ),
        "tariff": entry(
            {},
            {
                "outside": entry({"calendar": names, "factor": factors}, {}),
                "weekend": factors,
                "holiday": entry({"of": st.just("DE-NW"), "factor": factors}, {}),
            },
        ),
        "beyond": st.sampled_from(["invoice", "carry"]),
        "cap": st.one_of(st.none(), minutes),
        "expires_after": st.one_of(st.none(), st.integers(1, 120)),
        "close_on": st.one_of(st.none(), st.integers(1, 28)),
        "at_end": st.sampled_from(["forfeit", "payout", "usable 1 months", "usable 12 months"]),
    },
)
contracts = entry(
    {"id": names},
    {
        "addresses": st.lists(emails, unique=True, max_size=2),
        "valid_from": days,
        "fault": entry({"calendar": names}, {**terms, "status_every": by_priority(minutes)}),
        "request": entry({"calendar": names}, {**terms, "update": by_priority(minutes)}),
        "third_party_pauses": st.booleans(),
        "warn_at": st.lists(st.integers(1, 100), max_size=3),
        "priorities": st.dictionaries(st.sampled_from(["DOWN", "WARNING"]), priorities),
        "policy": names,
        "response_met_by": entry({}, {"fault": st.sampled_from(["acknowledge", "answer"])}),
        "hours": accounts,
    },
)
contacts = entry(
    {"email": emails},
    {
        "name": texts,
        "status_mails": st.just(["opened"]),
        "portal": st.booleans(),
        "sla_report": st.booleans(),
    },
)
customers = entry(
    {"number": st.one_of(names, st.integers(0, 9999))},
    {
        "name": texts,
        "language": languages,
        "timezone": zones,
        "domains": st.just(["acme.example"]),
        "manager": names,
        "team": names,
        "contacts": st.lists(contacts, max_size=1),
        "contracts": st.lists(contracts, max_size=2),
    },
)
doors = entry(
    {"id": names},
    {
        "user": texts,
        "password": secrets,
        "ca": st.sampled_from(["file:/etc/ca.crt", "-----BEGIN CERTIFICATE-----\nMII\n"]),
    },
)


def listed(entries: Plain, key: str) -> Plain:
    return st.lists(entries, max_size=2, unique_by=lambda each: str(each[key]))


desk_files = entry(
    {},
    {
        "calendars": st.dictionaries(names, calendars, max_size=2),
        "staff": listed(people(), "id"),
        "teams": st.dictionaries(names, entry({}, {"lead": names}), max_size=2),
        "schedules": st.dictionaries(names, schedules, max_size=2),
        "policies": st.dictionaries(names, policies, max_size=2),
        "customers": listed(customers, "number"),
        "desk": entry(
            {},
            {
                "name": texts,
                "quiet_time": durations,
                "reopen_window": st.one_of(durations, entry({}, {"people": durations})),
                "sla_report": entry(
                    {"from": st.just("2026-11")},
                    {"day": st.integers(1, 28), "at": st.just("06:30")},
                ),
            },
        ),
        "sources": listed(doors, "id"),
        "mailboxes": listed(
            entry(
                {"id": names, "user": texts, "password": secrets},
                {"for": st.lists(emails, unique=True, max_size=2)},
            ).map(lambda box: {**box, "imap": "imaps://mail.example:993/INBOX"}),
            "id",
        ),
    },
)
