"""Where nobody will be on call: looked for when something changes, and every night."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from bridge import utc
from bridge.flows import auditing
from bridge.flows.auditing import GAP, Found
from bridge.flows.directory import Directory
from bridge.oncall import coverage
from bridge.oncall.coverage import Uncovered

NAMED = 3


def ahead(directory: Directory, now: datetime) -> list[Uncovered]:
    """Return where nobody will be on call within 400 days, by policy. See `coverage.groups`."""
    policies = {label: policy for label, (_, policy) in directory.policies.items()}
    return coverage.uncovered(policies, directory.schedules, now)


def sentence(one: Uncovered) -> str:
    """Return in one English sentence who is missing where and when, times in UTC."""
    schedules = ", ".join(one.group.schedules)
    named = [
        f"{utc.iso(gap.starts_at)} to {utc.iso(gap.ends_at)}" for gap in one.outlook.gaps[:NAMED]
    ]
    more = one.outlook.gap_count - len(named)
    told = "; ".join(named) + (f"; and {more} more" if more > 0 else "")
    return f"nobody is on call in {schedules}: {told}"


def key(one: Uncovered) -> str:
    """Return what the finding about this group is known by."""
    policy = one.group.policy
    return f"{GAP}:policy:{policy}" if policy else f"{GAP}:schedule:{one.group.schedules[0]}"


def found(directory: Directory, now: datetime) -> list[Found]:
    """Return what is found wrong."""
    return [Found(GAP, key(one), sentence(one)) for one in ahead(directory, now)]


def settle(session: Session, seen: Sequence[Found], now: datetime) -> None:
    """Write down the gaps there are, and end what is over; the same again changes nothing.

    What is said of one that was known already is said as it is now.
    """
    texts = {one.key: one.text for one in seen}
    for row in auditing.open_findings(session):
        if row.key in texts:
            row.text = texts[row.key]
    auditing.settle(session, seen, (f"{GAP}:",), now)
