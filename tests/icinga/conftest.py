"""A real Icinga with a few hosts and services, and our door to it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from bridge.icinga.access import Access
from bridge.icinga.client import Icinga
from tests.lab import pki
from tests.lab.icinga import Icinga as Daemon

# Icinga allows everything in a name but "!", which parts host and service.
ODD_HOST = "web 01/ä?x=1#y%41"
ODD_SERVICE = "disk C: 50% /?#ü \"q' && $x$"

OBJECTS = """\
template Host "passive" {
  check_command = "dummy"
  max_check_attempts = 1
  enable_active_checks = false
}
template Service "passive" {
  check_command = "dummy"
  max_check_attempts = 1
  enable_active_checks = false
}
object HostGroup "linux" { }
object Host "web01" {
  import "passive"
  display_name = "Web 1"
  address = "192.0.2.1"
  groups = [ "linux" ]
  vars.bridge = { customer = "1001", priority = 3 }
  vars.snmp_community = "secret"
}
object Host "%(odd_host)s" { import "passive" }
for (name in [ "http", "disk", "ssh", "mail", "ntp", "dns", "cron", "ldap" ]) {
  apply Service name {
    import "passive"
    assign where host.name == "web01"
  }
}
object Service "prio" {
  import "passive"
  host_name = "web01"
  vars.bridge.priority = 1
}
object Service "soft" {
  import "passive"
  host_name = "web01"
  max_check_attempts = 3
}
object Service "%(odd_service)s" {
  import "passive"
  host_name = "%(odd_host)s"
}
object ApiUser "anna ü" { password = "pä:ss word"; permissions = [ "*" ] }
object ApiUser "certificate" { client_cn = "bridge"; permissions = [ "*" ] }
object ApiUser "nothing" { password = "x"; permissions = [ "status/query" ] }
object ApiUser "half" {
  password = "x"
  permissions = [ "status/query", "objects/query/Host", "objects/query/Service" ]
}
object ApiUser "nobodys" {
  password = "x"
  permissions = [
    "status/query",
    { permission = "objects/query/Host", filter = {{ host.name == "none" }} },
    { permission = "objects/query/Service", filter = {{ host.name == "none" }} }
  ]
}
"""


def new_daemon() -> Daemon:
    """Return an Icinga with these objects, not started yet."""
    odd_service = ODD_SERVICE.replace('"', '\\"')
    objects = OBJECTS % {"odd_host": ODD_HOST, "odd_service": odd_service}
    return Daemon({"conf.d/objects.conf": objects})


def access_to(daemon: Daemon, user: str = "root", password: str = "lab") -> Access:
    """Return how to reach the daemon."""
    return Access(daemon.url, str(daemon.ca_file), user, password)


@pytest.fixture(scope="package")
def daemon() -> Iterator[Daemon]:
    """An Icinga that the tests share: each uses objects of its own, and leaves it running."""
    with new_daemon() as running:
        yield running


@pytest.fixture
def own_daemon() -> Iterator[Daemon]:
    """An Icinga that a test may reload, freeze and kill."""
    with new_daemon() as running:
        yield running


@pytest.fixture
def door(daemon: Daemon) -> Iterator[Icinga]:
    """Our door to the shared Icinga."""
    with Icinga(access_to(daemon)) as opened:
        yield opened


@pytest.fixture
def other_authority(tmp_path: Path) -> Path:
    """The certificate of a CA that has nothing to do with the daemon."""
    return pki.new_authority(tmp_path).ca_file
