"""Every mistake about customers, sources and mailboxes has its line and says what to do."""

import pytest

from tests.desk_file.texts import ANNA, OFFICE, STANDBY, contract, mistakes

CUSTOMERS = [
    pytest.param("customers:\n  - {name: ACME}\n", 2, "`number:` is missing", id="no number"),
    pytest.param(
        'customers:\n  - number: "1"\n  - number: 1\n',
        3,
        "the customer 1 is there twice",
        id="twice",
    ),
    pytest.param(
        'customers:\n  - number: "1"\n    domains: ["@acme.example"]\n',
        3,
        "write what stands after the @",
        id="domain with @",
    ),
    pytest.param(
        'customers:\n  - number: "1"\n    contacts:\n      - {name: E, portal: true}\n',
        4,
        "E needs an email",
        id="portal without email",
    ),
    pytest.param(
        'customers:\n  - number: "1"\n    contacts:\n      - {name: E, sla_report: true}\n',
        4,
        "E needs an email",
        id="report without email",
    ),
    pytest.param(
        'customers:\n  - number: "1"\n    contacts:\n      - {email: e@x.example}\n'
        "      - {email: E@x.example}\n",
        5,
        "is there twice at this customer",
        id="contact twice",
    ),
    pytest.param(
        f'{ANNA}customers:\n  - number: "1"\n    manager: ana\n', 5, "no person 'ana'", id="manager"
    ),
    pytest.param(
        'customers:\n  - number: "1"\n    team: i\n', 3, "there is no team 'i'", id="team"
    ),
    pytest.param(contract("response: {P1: 1h}"), 5, "under fault or request", id="key too high up"),
    pytest.param(
        contract("fault: {response: {P1: 1h}}"), 5, "`calendar:` is missing", id="no calendar"
    ),
    pytest.param(
        contract("fault: {calendar: ofice}", before=OFFICE),
        7,
        "did you mean office?",
        id="calendar",
    ),
    pytest.param(
        contract("fault: {calendar: office, response: {P5: 1h}}", before=OFFICE),
        7,
        "write P1, P2, P3 or P4",
        id="P5",
    ),
    pytest.param(
        contract("fault: {calendar: office, response: {P1: 120d}}", before=OFFICE),
        7,
        "is more than the calendar office is open in a year",
        id="never due",
    ),
    pytest.param(
        contract("fault: {calendar: office, page: {P1: now}}", before=OFFICE),
        7,
        "the contract has no policy: add `policy:`",
        id="page without policy",
    ),
    pytest.param(
        contract(
            "fault: {calendar: office, page: {P1: at night}}",
            "policy: standby",
            before=OFFICE + ANNA + STANDBY,
        ),
        11,
        "write now or service-hours",
        id="page when",
    ),
    pytest.param(
        contract("policy: standbye", before=ANNA + STANDBY), 9, "did you mean standby?", id="policy"
    ),
    pytest.param(
        contract("valid_from: 2026-02-01", "valid_to: 2026-01-01"),
        6,
        "2026-01-01 is not after valid_from, 2026-02-01",
        id="ends before it begins",
    ),
    pytest.param(
        contract("valid_to: 2027-01-01", "hours: {monthly: 5h}"),
        6,
        "say what becomes of the hours that are left, at_end",
        id="end without at_end",
    ),
    pytest.param(
        contract("addresses: [a@d.example]") + "      - {id: two, addresses: [A@d.example]}\n",
        6,
        "belongs to the contract care already",
        id="address of two contracts",
    ),
    pytest.param(
        contract() + '  - number: "2"\n    contracts: [{id: care}]\n',
        6,
        "customer 1 has a contract care already",
        id="contract of two customers",
    ),
    pytest.param(
        contract("response_met_by: {request: acknowledge}"), 5, "write answer", id="met by"
    ),
]

DOORS = [
    pytest.param(
        "sources:\n  - {id: i, api: 'http://i:5665', user: u, password: p, ca: 'file:/x'}\n",
        2,
        "such as https://icinga.example:5665",
        id="API without TLS",
    ),
    pytest.param(
        "sources:\n  - {id: i, api: 'https://i:5665', user: u, password: p}\n",
        2,
        "add `ca: file:`",
        id="API without CA",
    ),
    pytest.param(
        "sources:\n  - {id: i, api: 'https://i:5665', ca: 'file:/x'}\n",
        2,
        "add `user:` and `password:`",
        id="API without login",
    ),
    pytest.param(
        "sources:\n  - {id: i, ca: /etc/ca.crt}\n", 2, "write file: and its path", id="bare path"
    ),
    pytest.param(
        "sources:\n  - {id: i, certificate: 'file:/c'}\n", 2, "add `key:`", id="certificate alone"
    ),
    pytest.param(
        "mailboxes:\n  - {id: m, imap: mail.example, user: u, password: p}\n",
        2,
        "such as imaps://mail.example",
        id="IMAP without scheme",
    ),
    pytest.param(
        "mailboxes:\n  - {id: m, imap: 'imaps://u:p@mail.example', user: u, password: p}\n",
        2,
        "do not belong into this URL",
        id="password in the URL",
    ),
    pytest.param(
        "mailboxes:\n  - {id: m, imap: 'imaps://mail.example', user: u}\n",
        2,
        "`password:` is missing",
        id="no password",
    ),
]


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [*CUSTOMERS, *DOORS],
)
def test_a_mistake_is_the_only_one_told_and_has_its_line(
    text: str, line: int, message: str
) -> None:
    found = mistakes(text)

    assert [(error.file, error.line) for error in found] == [("a.yaml", line)], found
    assert message in found[0].message
