"""Our drop-in, rendered for a throw-away Icinga."""

from dataclasses import dataclass
from pathlib import Path

from bridge.icinga import conf
from tests.lab.icinga import Icinga

TOKEN = "lab-token"

# Passive, and hard at the first result, so that every result handed in is a state change.
MONITORED = """\
template Host "lab-host" {
  check_command = "dummy"
  enable_active_checks = false
  max_check_attempts = 1
}
template Service "lab-service" {
  check_command = "dummy"
  enable_active_checks = false
  max_check_attempts = 1
}
"""


@dataclass(frozen=True)
class DropIn:
    """Where things of the drop-in are in the lab."""

    files: Path
    script: Path
    config: Path
    spool: Path

    def waiting(self) -> list[Path]:
        """Return the notifications that are still in the spool, oldest first."""
        return sorted(self.spool.glob("*.json"))


def install(icinga: Icinga, public_url: str, token: str = TOKEN, api_password: str = "") -> DropIn:
    """Render the drop-in below the lab's folder and include it; before `start()` or `reload()`."""
    files = icinga.folder / "site"
    drop_in = DropIn(
        files=files,
        script=files / "scripts/bridge-notify",
        config=files / "notify.conf",
        spool=icinga.folder / "bridge/spool",
    )
    places = conf.Places(
        script=str(drop_in.script),
        config=str(drop_in.config),
        spool=str(drop_in.spool),
        user=icinga.user,
    )
    conf.render(files, public_url, token=token, api_password=api_password, places=places)
    icinga.write("conf.d/bridge.conf", f'include_recursive "{files}/bridge"\n')
    icinga.write("conf.d/lab-templates.conf", MONITORED)
    icinga.own(files)
    return drop_in
