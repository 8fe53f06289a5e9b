"""The process tree: forks each part, starts what died again, and stops all of it cleanly."""

import ctypes
import logging
import os
import signal
import sys
import time
import traceback
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import FrameType

log = logging.getLogger(__name__)

PR_SET_PDEATHSIG = 1
STOPPING = (signal.SIGTERM, signal.SIGINT)
STOP_SECONDS = 20.0
# What dies again and again is started ever more slowly, up to this.
LONGEST_PAUSE_SECONDS = 15.0
STEADY_SECONDS = 60.0
LIBC = ctypes.CDLL(None) if sys.platform == "linux" else None

Part = Callable[[], None]


@dataclass
class _Child:
    name: str
    run: Part
    pid: int = 0
    started: float = 0.0
    pause: float = 0.0
    again_at: float = field(default=0.0)


class Tree:
    """Runs the named parts, each in a process of its own, until told to stop.

    For one thread. A part that ends is started again. Parts die with this process.
    """

    def __init__(self, parts: Mapping[str, Part]) -> None:
        self._children = [_Child(name, run) for name, run in parts.items()]
        self._stopping = False
        for number in STOPPING:
            signal.signal(number, self._stop)

    def run(self) -> None:
        """Start all parts and look after them; return when they have stopped."""
        while not self._stopping:
            now = time.monotonic()
            for child in self._children:
                if not child.pid and now >= child.again_at:
                    self._start(child)
            self._bury()
            time.sleep(0.05)
        self._end()

    def _stop(self, _number: int, _frame: FrameType | None) -> None:
        self._stopping = True

    def _start(self, child: _Child) -> None:
        sys.stdout.flush()
        sys.stderr.flush()
        parent = os.getpid()
        # A signal that comes before the part has handlers of its own waits until it has.
        before = signal.pthread_sigmask(signal.SIG_BLOCK, STOPPING)
        try:
            child.pid = os.fork()
            if child.pid == 0:
                _become(child.run, parent)
        except OSError as error:
            child.again_at = time.monotonic() + LONGEST_PAUSE_SECONDS
            why = {"part": child.name, "error": error.strerror}
            log.error("part cannot be started, trying again", extra=why)  # noqa: TRY400
        finally:
            signal.pthread_sigmask(signal.SIG_SETMASK, before)
        child.started = time.monotonic()

    def _bury(self) -> None:
        for child in self._children:
            if child.pid and os.waitpid(child.pid, os.WNOHANG)[0]:
                steady = time.monotonic() - child.started > STEADY_SECONDS
                child.pause = 0.0 if steady else min(child.pause * 2 + 0.1, LONGEST_PAUSE_SECONDS)
                child.pid, child.again_at = 0, time.monotonic() + child.pause
                if not self._stopping:
                    log.warning("part ended, starting it again", extra={"part": child.name})

    def _end(self) -> None:
        deadline = time.monotonic() + STOP_SECONDS
        self._signal(signal.SIGTERM)
        while any(child.pid for child in self._children) and time.monotonic() < deadline:
            self._bury()
            time.sleep(0.02)
        self._signal(signal.SIGKILL)

    def _signal(self, number: signal.Signals) -> None:
        for child in self._children:
            if child.pid:
                os.kill(child.pid, number)


def _become(run: Part, parent: int) -> None:
    """Run a part in this freshly forked process, and end the process with it."""
    status = 1
    try:
        for number in STOPPING:
            signal.signal(number, signal.SIG_DFL)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, STOPPING)
        if LIBC is not None:
            LIBC.prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
        if os.getppid() == parent:
            run()
        status = 0
    except SystemExit as ended:
        status = ended.code if isinstance(ended.code, int) else 1
    except BaseException:  # noqa: BLE001 - the last chance to say why; then the process ends
        log.critical("part failed: %s", traceback.format_exc())
    finally:
        logging.shutdown()
        # Not sys.exit: what the parent would clean up at its end is not this process's.
        os._exit(status)
