"""A desk file that leads nowhere."""

from bridge.simulation.desk import simulated_desk
from bridge.simulation.silent_desk import NOWHERE, silenced
from bridge.vault.models import Secret
from tests.builders import MONDAY_9_UTC
from tests.simulation.world import desk

REAL = """
staff:
  - id: anna
    channels:
      push: "ntfys://topic@ntfy.real.example/anna"
      sms: "env:ANNA_SMS"
      chat: "secret:staff.anna.chat"
    page: [push 0m, sms 2m]
  - {id: ben, channels: {push: "ntfys://ntfy.real.example/ben", sms: "file:/run/secrets/ben"}}
policies:
  standby:
    steps: [{page: [anna, "room:slack://real-token/room", "room:env:ROOM"], then: 5m}]
    fallback: [ben]
sources:
  - id: main
    api: "https://icinga.real.example:5665"
    ca: file:/etc/real.crt
    user: u
    password: env:ICINGA_PASSWORD
mailboxes:
  - {id: m, imap: "imaps://mail.real.example", user: u, password: env:IMAP, for: [a@b.example]}
"""


def test_no_address_and_no_reference_is_left() -> None:
    text = str(silenced(desk(REAL)).plain())

    for word in ("real", "env:", "file:", "secret:"):
        assert word not in text
    assert text.count(NOWHERE) == 3 + 2 + 2


def test_whom_the_rules_page_stays_as_it_is() -> None:
    before, after = desk(REAL), silenced(desk(REAL))

    assert before.staff is not None
    assert after.staff is not None
    assert after.staff[0].page == before.staff[0].page
    assert list(after.staff[0].channels) == list(before.staff[0].channels)
    assert after.policies is not None
    assert [step.then for step in after.policies["standby"].steps] == [
        step.then for step in (before.policies or {})["standby"].steps
    ]


def test_the_database_of_the_simulation_holds_no_real_secret() -> None:
    with simulated_desk(desk(REAL), MONDAY_9_UTC) as simulated:
        kept = [
            simulated.keys.decrypt(one.ciphertext) for one in simulated.session.query(Secret).all()
        ]

    assert kept
    assert all(one.startswith(NOWHERE) for one in kept)
