"""The pages: the live board, the ticket, log-in, the inbox, and the link in a page-out."""

from bridge.dashboard.errors import error_page
from bridge.dashboard.registration import register

__all__ = ["error_page", "register"]
