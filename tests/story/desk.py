"""The desk file of the stories, and how Bridge gets it."""

from pathlib import Path
from string import Template

from bridge import utc
from bridge.database import Database
from bridge.installation import Installation
from bridge.keys import Keys
from bridge.settings import Settings
from bridge.staff import actions as staff
from tests import builders
from tests.lab.bridge_process import SECRET, Bridge
from tests.lab.icinga import Icinga
from tests.lab.sink import Sink

SOURCE = "icinga-main"
API_PASSWORD = "lab-api"
TEMPLATE = Path(__file__).with_name("desk.yaml")


def text(sink: Sink, icinga: Icinga | None) -> str:
    """Return the desk file, whose people are paged at the sink.

    icinga: whom the source asks; None for a source of notifications only.
    """
    source = f"{{id: {SOURCE}}}"
    if icinga:
        password = icinga.folder / "api-password"
        password.write_text(API_PASSWORD)
        source = (
            f'{{id: {SOURCE}, api: "{icinga.url}", user: bridge,'
            f' password: "file:{password}", ca: "file:{icinga.ca_file}"}}'
        )
    return Template(TEMPLATE.read_text()).substitute(sink_port=sink.port, source=source)


def by_hand(bridge: Bridge, desk: str) -> str:
    """Apply a desk file and return a token for the source's webhook, as people do."""
    bridge.apply(desk)
    return bridge.token(source=SOURCE)


def at_once(bridge: Bridge, desk: str) -> str:
    """Do the same in this process, which takes a tenth of the time."""
    settings = Settings(database_url=str(bridge.settings["database_url"]))
    installation = Installation(settings, Keys((SECRET,)), Database(settings.database_url))
    builders.apply_desk(installation, desk, utc.now())
    with installation.database.transaction() as session:
        token = staff.add_token(session, "story", "webhook", SOURCE, utc.now())
    installation.database.close()
    return token
