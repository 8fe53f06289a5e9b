"""Every mistake about calendars, people and on-call duty has its line and says what to do."""

import pytest

from tests.desk_file.texts import ANNA, mistakes

CALENDARS = [
    pytest.param(
        "calendars:\n  a:\n    timezone: Europe/Berln\n",
        3,
        "did you mean Europe/Berlin?",
        id="zone",
    ),
    pytest.param(
        'calendars:\n  a:\n    hours: {mon: ["08:00-17:00"]}\n',
        2,
        "`timezone:` is missing (The zone of all its times): add it",
        id="no zone",
    ),
    pytest.param(
        "calendars:\n  a:\n    timezone: UTC\n", 2, "the calendar has no window", id="no window"
    ),
    pytest.param(
        "calendars:\n  a:\n    timezone: UTC\n    hours:\n      mon: 08:00-17:00\n",
        5,
        "a list is wanted here",
        id="window without list",
    ),
    pytest.param(
        'calendars:\n  a:\n    timezone: UTC\n    hours:\n      mon: ["17:00-08:00"]\n',
        5,
        "goes over midnight: write it as two",
        id="over midnight",
    ),
    pytest.param(
        'calendars:\n  a:\n    timezone: UTC\n    hours:\n      mo-fr: ["08:00-17:00"]\n',
        5,
        "did you mean mon?",
        id="German weekday",
    ),
    pytest.param(
        'calendars:\n  a:\n    timezone: UTC\n    hours: {mon: ["08:00-17:00"]}\n'
        "    holidays: DE-XX\n",
        5,
        "DE has",
        id="no such state",
    ),
    pytest.param(
        'calendars:\n  a:\n    timezone: UTC\n    hours: {mon: ["08:00-17:00"]}\n'
        "    special:\n      24.12.: closed\n",
        6,
        "write 12-24 for every year",
        id="German special day",
    ),
    pytest.param("teams:\n  my team: {}\n", 2, "cannot be a name", id="blank in a name"),
]

PEOPLE = [
    pytest.param("staff:\n  - {name: Anna}\n", 2, "`id:` is missing", id="no id"),
    pytest.param(
        "staff:\n  - {id: anna, roles: [boss]}\n", 2, "engineer, manager, admin", id="unknown role"
    ),
    pytest.param(
        "staff:\n  - {id: anna, roles: [admin, admin]}\n", 2, "is there twice", id="role twice"
    ),
    pytest.param(
        "staff:\n  - id: anna\n    channels:\n      push: ntfy.example/anna\n",
        4,
        "this is no Apprise URL",
        id="no URL",
    ),
    pytest.param(
        "staff:\n  - id: anna\n    channels: {sms: 'env:ANNA SMS'}\n",
        3,
        "the name of a variable",
        id="blank in a variable",
    ),
    pytest.param(
        f"{ANNA}    page: [push 0m]\n", 3, "indentation does not fit", id="key below braces"
    ),
    pytest.param(
        "staff:\n  - id: anna\n    channels: {push: 'ntfys://n/a'}\n    page: [pusch 0m]\n",
        4,
        "has no channel 'pusch' (did you mean push?)",
        id="no such channel",
    ),
    pytest.param(
        "staff:\n  - id: anna\n    channels: {push: 'ntfys://n/a'}\n    page: [push at once]\n",
        4,
        "is no rule",
        id="rule of three words",
    ),
    pytest.param(
        "staff:\n  - {id: anna, quiet: {hours: 22-7}}\n", 2, "such as 22:00-07:00", id="quiet hours"
    ),
    pytest.param(
        "staff:\n  - {id: anna}\n  - {id: anna}\n", 3, "first in a.yaml:2: keep one", id="twice"
    ),
    pytest.param(
        "staff:\n  - {id: anna, icinga_users: [ops]}\n  - {id: ben, icinga_users: [ops]}\n",
        3,
        "ops belongs to anna already",
        id="Icinga user of two",
    ),
]

STEPS = f"{ANNA}policies:\n  s:\n    steps: [{{page: [TARGET], then: 5m}}]\n    fallback: [anna]\n"
ON_CALL = [
    pytest.param(
        f"{ANNA}schedules:\n  p:\n    timezone: UTC\n    layers:\n"
        "      - {rotation: weakly, handover: 'mon 09:00', starts: 2026-01-05, people: [anna]}\n",
        7,
        "did you mean weekly?",
        id="rotation",
    ),
    pytest.param(
        f"{ANNA}schedules:\n  p:\n    timezone: UTC\n    layers:\n"
        "      - {rotation: weekly, handover: '09:00', starts: 2026-01-05, people: [anna]}\n",
        7,
        "is no handover",
        id="weekly without a day",
    ),
    pytest.param(
        f"{ANNA}schedules:\n  p:\n    timezone: UTC\n    layers:\n"
        "      - {rotation: daily, handover: '09:00', starts: 2026-01-05, people: [ana]}\n",
        7,
        "there is no person 'ana' (did you mean anna?)",
        id="unknown person on call",
    ),
    pytest.param(
        f"{ANNA}schedules:\n  p:\n    timezone: Europe/Berlin\n    overrides:\n"
        "      - {from: 2026-03-29T02:30, to: 2026-03-30, cover: anna}\n",
        7,
        "the clocks go forward",
        id="skipped hour",
    ),
    pytest.param(
        f"{ANNA}schedules:\n  p:\n    timezone: UTC\n    overrides:\n"
        "      - {from: 2026-03-30, to: 2026-03-29, cover: anna}\n",
        7,
        "is not after its begin",
        id="ends before it begins",
    ),
    pytest.param(
        f"{ANNA}schedules:\n  p:\n    timezone: UTC\n    overrides:\n"
        "      - {from: 2026-03-29, to: 2026-03-30, replace: anna}\n",
        7,
        "replace needs with",
        id="replace without with",
    ),
    pytest.param(
        f"{ANNA}policies:\n  s:\n    steps: [{{page: [anna], then: 5m}}]\n",
        4,
        "`fallback:` is missing (People with two channels of different kinds",
        id="no fallback",
    ),
    pytest.param(
        f"{ANNA}policies:\n  s:\n    steps: []\n    fallback: [anna]\n",
        5,
        "at least one is needed",
        id="no steps",
    ),
    pytest.param(
        STEPS.replace("TARGET", "team:infra"),
        5,
        "'team' is no target: write a person's id, schedule:ID or room:URL",
        id="team as target",
    ),
    pytest.param(
        STEPS.replace("TARGET", "schedule:p"),
        5,
        "there is no schedule 'p'",
        id="unknown schedule",
    ),
    pytest.param(
        "staff:\n  - {id: ben, channels: {push: 'ntfys://n/b', chat: 'slack://a/b/c'}}\n"
        "policies:\n  s:\n    steps: [{page: [ben], then: 5m}]\n    fallback: [ben]\n",
        6,
        "needs two channels of different kinds (push, sms, mail, voice), but has push",
        id="fallback by one kind",
    ),
    pytest.param(
        f"{ANNA}policies:\n  s:\n    steps: [{{page: [anna], then: 5m}}]\n    fallback: [anna]\n"
        "    start_delay: {P1: 0s, els: 60s}\n",
        7,
        "did you mean else?",
        id="els",
    ),
]


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [*CALENDARS, *PEOPLE, *ON_CALL],
)
def test_a_mistake_is_the_only_one_told_and_has_its_line(
    text: str, line: int, message: str
) -> None:
    found = mistakes(text)

    assert [(error.file, error.line) for error in found] == [("a.yaml", line)], found
    assert message in found[0].message
