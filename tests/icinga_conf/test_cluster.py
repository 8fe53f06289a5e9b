"""The drop-in in a cluster, split by zone as icinga-conf/README.md says."""

from tests.lab import dropin
from tests.lab.icinga import Icinga
from tests.lab.sink import Sink

GLOBAL_ZONE = ("constants.conf", "commands.conf", "templates.conf")
MASTER_ZONE = ("users.conf", "apply.conf")

ZONES = """
object Endpoint "satellite" { }
object Zone "satellite" { endpoints = [ "satellite" ]; parent = ZoneName }
object Zone "global-templates" { global = true }
"""


def test_a_host_of_a_satellite_zone_is_notified_by_the_master() -> None:
    icinga = Icinga({"conf.d/zones.conf": ZONES})
    with Sink() as sink:
        drop_in = dropin.install(icinga, sink.public_url)
        (icinga.folder / "etc/conf.d/bridge.conf").unlink()
        for zone, names in {"global-templates": GLOBAL_ZONE, "localhost": MASTER_ZONE}.items():
            for name in names:
                text = (drop_in.files / "bridge" / name).read_text()
                icinga.write(f"zones.d/{zone}/bridge/{name}", text)
        icinga.write("zones.d/satellite/hosts.conf", 'object Host "far" { import "lab-host" }\n')
        with icinga:
            icinga.action("send-custom-notification", "far", author="anna", comment="hello")
            (found,) = sink.wait_for(1)

    assert (found["host"]["name"], found["type"]) == ("far", "CUSTOM")
