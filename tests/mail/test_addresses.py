"""Which addresses a mail may go to, and how they stand on the wire."""

import pytest

from bridge.mail.addresses import BadAddress, needs_utf8, on_the_wire


@pytest.mark.parametrize(
    ("address", "wire", "utf8"),
    [
        pytest.param("Erika@ACME.example", "Erika@acme.example", False, id="only domains lowered"),
        pytest.param("a@büro.example", "a@xn--bro-hoa.example", False, id="umlaut in the domain"),
        pytest.param("a@straße.example", "a@xn--strae-oqa.example", False, id="ß is not ss"),
        pytest.param("a@BÜRO。example", "a@xn--bro-hoa.example", False, id="another full stop"),
        pytest.param("jörg@acme.example", "jörg@acme.example", True, id="umlaut in front"),
        pytest.param("o'hara+t1=x/y@a.example", "o'hara+t1=x/y@a.example", False, id="odd signs"),
        pytest.param("root@localhost", "root@localhost", False, id="one label"),
    ],
)
def test_an_address_on_the_wire(address: str, wire: str, utf8: bool) -> None:
    assert on_the_wire(address) == wire
    assert needs_utf8(on_the_wire(address)) is utf8


@pytest.mark.parametrize(
    "address",
    [
        pytest.param("", id="nothing"),
        pytest.param("erika", id="no domain"),
        pytest.param("@acme.example", id="no local part"),
        pytest.param("a@b@", id="an empty domain"),
        pytest.param("a b@acme.example", id="a blank"),
        pytest.param("a@acme.example\r\nBcc: x@evil.example", id="a header behind it"),
        pytest.param("a\r\nRCPT TO:<x@evil.example>@acme.example", id="a command inside"),
        pytest.param("a>@acme.example", id="a bracket"),
        pytest.param('"a b"@acme.example', id="quoted"),
        pytest.param("a,b@acme.example", id="two in one"),
        pytest.param("a..b@acme.example", id="two dots"),
        pytest.param(".a@acme.example", id="a dot in front"),
        pytest.param("a@[192.0.2.1]", id="a number for a domain"),
        pytest.param("a@acme..example", id="an empty label"),
        pytest.param("a@-acme.example", id="a hyphen in front"),
        pytest.param("a@acme.example.", id="a dot at the end"),
        pytest.param("a@x\u202ey.example", id="a domain that turns around"),
        pytest.param("a\u0085b@acme.example", id="a control"),
        pytest.param(f"{'a' * 65}@acme.example", id="a long local part"),
        pytest.param(f"a@{'b' * 64}.example", id="a long label"),
        pytest.param(f"a@{'b.' * 130}example", id="a long domain"),
    ],
)
def test_what_is_no_address_is_refused(address: str) -> None:
    with pytest.raises(BadAddress):
        on_the_wire(address)
