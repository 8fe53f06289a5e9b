"""How moments and lengths of time are written on a page; what mails and sums write is the same."""

from bridge.moments import Moments, countdown, exact, length

__all__ = ["Moments", "countdown", "exact", "length"]
