"""The blueprint of the pages, and the address of a ticket."""

from flask import Blueprint

# Longer numbers fit into no database, and name no ticket.
TICKET = "/tickets/<int(max=999999999999):number>"

blueprint = Blueprint(
    "dashboard",
    __name__,
    template_folder="templates",
    static_folder="static",
    static_url_path="/static",
)
