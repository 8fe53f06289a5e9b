"""The demo's installation: a fresh database in a folder of its own, with the sample desk in it."""

import secrets
from dataclasses import dataclass, field
from importlib.resources import files
from pathlib import Path

from bridge import schema, utc
from bridge.desk_file import keeping
from bridge.desk_file.loading import load_bytes
from bridge.installation import Installation
from bridge.settings import Settings
from bridge.staff import actions as staff

SOURCE = "icinga-main"
GUEST = "demo-guest"
# Where the sample's channels lead, until they are told where the demo listens.
SAMPLE_PHONES = "json://127.0.0.1:8080/demo/phone/"
WILDCARDS = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 - compared, not bound


@dataclass(frozen=True)
class Stage:
    """Where the day plays; `token` is the one that Icinga would have."""

    folder: Path
    settings: Settings
    token: str = field(repr=False)

    @property
    def visit_url(self) -> str:
        """Return the address at which a visitor looks on."""
        return f"{self.settings.public_url}/demo"


def set_up(folder: Path, host: str, port: int) -> Stage:
    """Make the installation in `folder`, for a demo that listens on `host` and `port`.

    Nobody's settings are asked: a demo must never find somebody's real database.
    """
    address = reached_at(host, port)
    settings = Settings(
        database_url=f"sqlite:///{folder / 'bridge.db'}",
        public_url=f"http://{address}",
        log_level="warning",
        delivery_processes=2,
    )
    installation = Installation.open(settings)
    try:
        schema.migrate(installation.database)
        return Stage(folder, settings, _furnish(installation, address))
    finally:
        installation.database.close()


def reached_at(host: str, port: int) -> str:
    """Return host and port as this machine reaches what listens there."""
    here = WILDCARDS.get(host, host)
    return f"[{here}]:{port}" if ":" in here else f"{here}:{port}"


def _furnish(installation: Installation, address: str) -> str:
    """Apply the sample desk file, let the guest in, and return a token for the webhook."""
    now = utc.now()
    sample = (files("bridge.demo") / "desk.yaml").read_text("utf8")
    text = sample.replace(SAMPLE_PHONES, f"json://{address}/demo/phone/")
    with installation.database.transaction() as session:
        desk = load_bytes([("desk.yaml", text.encode())], keeping.known_names(session))
        keeping.apply(session, installation.keys, desk.document, now)
        guest = staff.add_person(session, GUEST, "Demo guest", ("engineer",))
        # Nobody knows it: the guest comes in by the door at /demo alone.
        staff.set_password(session, guest, secrets.token_urlsafe(24), now)
        return staff.add_token(session, "demo-icinga", "webhook", SOURCE, now)
