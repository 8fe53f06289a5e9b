"""Keeps rows of the board as they were rendered, because most are the same the next time."""

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Lock

from markupsafe import Markup

from bridge.dashboard.board_page import ShownRow

MOST = 2000


@dataclass
class RowCache:
    """The rows that were rendered last, by everything that is in them but their countdown.

    For pages whose script sets the countdowns at once.
    """

    most: int = MOST
    _rows: OrderedDict[object, Markup] = field(default_factory=OrderedDict)
    _lock: Lock = field(default_factory=Lock)

    def html(self, key: object, render: Callable[[], Markup]) -> Markup:
        """Return what `render` makes of a row, or made of it the last time."""
        with self._lock:
            known = self._rows.get(key)
            if known is not None:
                self._rows.move_to_end(key)
                return known
        made = render()
        with self._lock:
            self._rows[key] = made
            while len(self._rows) > self.most:
                self._rows.popitem(last=False)
        return made


ROWS = RowCache()


@dataclass(frozen=True)
class Rendering:
    """Rows for one reader; `beside` is what else is in each of them: language, rights, the hour."""

    beside: tuple[object, ...]
    is_kept: bool

    def row(self, one: ShownRow, render: Callable[[ShownRow], Markup]) -> Markup:
        """Return a row, rendered now where it is not known."""
        if not self.is_kept:
            return render(one)
        return ROWS.html((one.look, self.beside), lambda: render(one))
