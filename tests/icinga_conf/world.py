"""What the throw-away Icinga of these tests monitors, and how its notifications are awaited."""

import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.lab.dropin import DropIn
from tests.lab.icinga import Icinga
from tests.lab.sink import Sink

# A real plugin: only one that Icinga runs itself can say what is no UTF-8.
NOT_UTF8_PLUGIN = r"""#!/bin/sh
printf 'CRITICAL - \377\303\244\300\200 "end"\n'
exit 2
"""

OBJECTS = r"""
object HostGroup "linux" { }
object HostGroup "web \"quoted\"" { }
object ServiceGroup "http" { }
object CheckCommand "not-utf8" { command = [ "%(plugin)s" ] }

object Host "web01" {
  import "lab-host"
  address = "192.0.2.1"
  display_name = "Web-Server „eins“"
  groups = [ "linux", "web \"quoted\"" ]
  vars.bridge = {
    address = "acme-247@desk.example", customer = 1001, priority = 3, impact = "high"
  }
}
object Service "http" { import "lab-service"; host_name = "web01"
  groups = [ "http" ]
  vars.bridge = { priority = 2, note = "of no concern to Bridge" }
}
object Service "mail $host.name$ \"q\" / # %% ü" { import "lab-service"; host_name = "web01" }
object Service "flat" { import "lab-service"; host_name = "web01"
  vars.bridge_address = "globex@desk.example"
  vars.bridge_customer = "2002"
  vars.bridge_priority = "P1"
}
object Service "empty form" { import "lab-service"; host_name = "web01"
  vars.bridge = { address = "", customer = null }
  vars.bridge_priority = ""
}
object Service "nonsense" { import "lab-service"; host_name = "web01"
  vars.bridge = { customer = "costs 5$$ and $host.name$", priority = "urgent", impact = [ 1, 2 ] }
}
object Service "opted out" { import "lab-service"; host_name = "web01"
  vars.bridge.enabled = false
}
object Service "opted out by form" { import "lab-service"; host_name = "web01"
  vars.bridge_enabled = "n"
}
object Service "flapping" { import "lab-service"; host_name = "web01"; enable_flapping = true }
object Service "not UTF-8" { import "lab-service"; host_name = "web01"; check_command = "not-utf8" }

object Host "no vars" { import "lab-host" }
object Service "http" { import "lab-service"; host_name = "no vars" }
object Host "never checked" { import "lab-host" }
object Host "vars is text" { import "lab-host"; vars.bridge = "acme" }
object Host "opted out" { import "lab-host"; vars.bridge.enabled = false }
object Service "out too" { import "lab-service"; host_name = "opted out" }
object Service "back in" { import "lab-service"; host_name = "opted out"
  vars.bridge.enabled = true
}

for (number in range(100)) {
  object Host "storm" + string(number) { import "lab-host" }
}
"""


@dataclass(frozen=True)
class World:
    """Icinga, the sink its notifications end in, and the drop-in between them."""

    icinga: Icinga
    sink: Sink
    drop_in: DropIn

    def sent(self, host: str, service: str | None = None) -> list[dict[str, Any]]:
        """Return what has arrived about one object, in the order of arrival."""
        return [
            found
            for found in self.sink.notifications()
            if found["host"]["name"] == host
            and (found["service"] or {"name": None})["name"] == service
        ]

    def next(self, host: str, service: str | None = None, after: int = 0) -> dict[str, Any]:
        """Return what follows the first `after` notifications about an object, once it is here."""
        end = time.monotonic() + 20
        while len(found := self.sent(host, service)) <= after:
            assert time.monotonic() < end, f"nothing about {host}!{service}, but {found}"
            time.sleep(0.05)
        return found[after]


def configuration(folder: Path) -> dict[str, str]:
    """Return the files to write below Icinga's configuration folder."""
    plugin = folder / "bridge/not-utf8"
    plugin.write_text(NOT_UTF8_PLUGIN)
    plugin.chmod(0o755)
    return {"conf.d/objects.conf": OBJECTS % {"plugin": plugin}}
