"""The schema of the database: every table, and the migrations that lead to it."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text

import bridge.calendars.models
import bridge.customers.models
import bridge.heartbeats.models
import bridge.icinga.models
import bridge.inbox.models
import bridge.mail.models
import bridge.oncall.models
import bridge.outbox.models
import bridge.sla.models
import bridge.staff.models
import bridge.tickets.models
import bridge.vault.models  # noqa: F401 - each import makes its tables known
from bridge.database import Database
from bridge.errors import Refused
from bridge.flows import verifying

# Any number will do, as long as every node asks for the same lock.
MIGRATION_LOCK = 7243601


# Its clocks that run lack what only the rules can tell, such as when to warn.
WITHOUT_FACTS = "0001"


class NewerSchema(Refused):
    """The database was migrated by a newer Bridge than this one."""


def configuration() -> Config:
    """Return Alembic's configuration; the migrations lie beside this file, in a wheel too."""
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent).replace("%", "%%"))
    return config


def revision(connection: Connection) -> str | None:
    """Return the database's revision, or None before the first migration."""
    return MigrationContext.configure(connection).get_current_revision()


def _take_turn(connection: Connection) -> None:
    """Wait on PostgreSQL until no other node migrates, however long it takes."""
    # A migration of large tables takes longer than any request may.
    for setting in ("statement_timeout", "lock_timeout"):
        connection.execute(text(f"SET LOCAL {setting} = 0"))
    connection.execute(text("SELECT pg_advisory_xact_lock(:id)"), {"id": MIGRATION_LOCK})
    # Who waits for a table's lock keeps everybody behind it waiting, so that this ends soon.
    connection.execute(text("SET LOCAL lock_timeout TO DEFAULT"))


def migrate(database: Database, wanted: str = "head") -> bool:
    """Bring the database to this version's schema, all or nothing; return whether it changed.

    wanted: an older revision, for those who want to see what comes of it.
    Several nodes may call this at once: one migrates, the others wait. Raises NewerSchema.
    """
    script = ScriptDirectory.from_config(configuration())
    with database.restructuring() as session:
        connection = session.connection()
        if not database.is_sqlite:
            _take_turn(connection)
        before = revision(connection)
        if before is not None and before not in {s.revision for s in script.walk_revisions()}:
            raise NewerSchema(
                f"the database has schema {before}, which this Bridge does not know:"
                " run the version that migrated it, or a newer one"
            )
        if before == script.get_current_head():
            return False
        config = configuration()
        config.attributes["connection"] = connection
        command.upgrade(config, wanted)
        if before == WITHOUT_FACTS:
            verifying.complete_running(session)
        return True
