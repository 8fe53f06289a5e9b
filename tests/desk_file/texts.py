"""Desk files to begin from, and the mistakes found in one."""

from pathlib import Path
from textwrap import dedent

from bridge.desk_file.errors import DeskFileError, DeskFileRefused
from bridge.desk_file.loading import DeskFile, load_bytes
from bridge.desk_file.references import NOTHING_KNOWN, KnownNames

EXAMPLE = Path(__file__).with_name("example.yaml")

ANNA = """\
staff:
  - {id: anna, channels: {push: "ntfys://ntfy.example/anna", sms: "env:ANNA_SMS"}}
"""
OFFICE = """\
calendars:
  office: {timezone: Europe/Berlin, hours: {mon-fri: ["08:00-17:00"]}}
"""
STANDBY = """\
policies:
  standby: {steps: [{page: [anna], then: 5m}], fallback: [anna]}
"""


def contract(*lines: str, before: str = "") -> str:
    """Return a customer with one contract that has these lines, the first of them in line 4."""
    inside = "".join(f"        {line}\n" for line in lines)
    return f'{before}customers:\n  - number: "1"\n    contracts:\n      - id: care\n{inside}'


def read(*texts: str, known: KnownNames = NOTHING_KNOWN) -> DeskFile:
    """Return what the texts say, called a.yaml, b.yaml and so on."""
    files = [(f"{chr(ord('a') + at)}.yaml", dedent(text).encode()) for at, text in enumerate(texts)]
    return load_bytes(files, known)


def mistakes(*texts: str, known: KnownNames = NOTHING_KNOWN) -> tuple[DeskFileError, ...]:
    """Return what is wrong with the texts; nothing where they are good."""
    try:
        read(*texts, known=known)
    except DeskFileRefused as refusal:
        return refusal.errors
    return ()
