"""What every entrance of one process shares: settings, keys, database and configuration."""

from dataclasses import dataclass, field

from bridge import keys
from bridge.database import Database
from bridge.flows.directory import Directories
from bridge.keys import Keys
from bridge.settings import Settings


@dataclass(frozen=True)
class Installation:
    """One installation as one process sees it; make it after any fork."""

    settings: Settings
    keys: Keys
    database: Database
    directories: Directories = field(default_factory=Directories)

    @classmethod
    def open(cls, settings: Settings) -> "Installation":
        """Return the installation of these settings; raises BadDatabaseUrl and NoKey."""
        # First, because where to look for the key depends on the database.
        database = Database(settings.database_url)
        return cls(settings, keys.load(settings), database)
