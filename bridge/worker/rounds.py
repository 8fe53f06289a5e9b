"""What the loops of all processes share: a name, a heartbeat, a stop, and patience with errors."""

import logging
import os
import signal
import time
from collections.abc import Callable
from types import FrameType

from bridge.database import Database, now
from bridge.errors import Temporary
from bridge.heartbeats import actions as heartbeats
from bridge.worker.names import process_name

log = logging.getLogger(__name__)

BEAT_SECONDS = 5.0
# Between two looks at the database when there was nothing to do: two of them are the most that a
# page waits on its way from the webhook to the provider.
IDLE_SECONDS = 0.05
PAUSE_SECONDS = 1.0
# Between two looks for processes of this node that died with something in hand.
LOOK_SECONDS = 2.0


class Stop:
    """Becomes true when the process is told to end, between two rounds."""

    def __init__(self) -> None:
        self.asked = False
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._ask)

    def _ask(self, _number: int, _frame: FrameType | None) -> None:
        self.asked = True


def heartbeat(database: Database, kind: str) -> Callable[[], None]:
    """Return a function that writes the heartbeat, called as often as one likes."""
    last = float("-inf")
    name = f"{kind}@{process_name()}"

    def beat() -> None:
        nonlocal last
        if time.monotonic() - last >= BEAT_SECONDS:
            with database.transaction() as session:
                heartbeats.beat(session, name, kind, now(session))
            last = time.monotonic()

    return beat


def forever(stop: Stop, one_round: Callable[[], int], parent: int) -> None:
    """Call `one_round` until told to stop, or until the parent process is gone.

    It returns how much it did; after nothing there is a short pause, after a database that cannot
    be used a longer one. Any other error ends the process, and its parent starts a new one.
    """
    while not stop.asked and os.getppid() == parent:
        try:
            done = one_round()
        except Temporary as error:
            log.warning("paused", extra={"reason": str(error)})
            time.sleep(PAUSE_SECONDS)
        else:
            if not done:
                time.sleep(IDLE_SECONDS)
