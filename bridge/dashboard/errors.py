"""What a visitor reads when something went wrong: what it is, and what to do now."""

from flask import current_app
from werkzeug.exceptions import default_exceptions

from bridge.dashboard.wording import gettext as _
from bridge.dashboard.wording import page_language


def _told(status: int) -> tuple[str, str]:
    """Return the headline for a status, and what to do."""
    known = {
        400: (_("That did not work"), _("Go back, look at what you typed, and try again.")),
        401: (_("Please log in"), _("Log in, then try again.")),
        403: (_("You may look, but not change this"), _("Ask an admin for another role.")),
        404: (_("There is nothing here"), _("Check the address, or look for it on the board.")),
        405: (_("That did not work"), _("Open the page again and use its buttons.")),
        409: (_("Somebody was faster"), _("Open the page again to see how things stand.")),
        410: (_("This link has done its work"), ""),
        413: (_("That is too much at once"), _("Send less: a few pages of text at most.")),
        429: (_("Too many tries"), _("Wait five minutes, then try again.")),
        503: (
            _("Bridge cannot reach its database"),
            _("Try again in a few seconds. If it lasts, call whoever runs Bridge."),
        ),
    }
    broken = _("Something broke in Bridge"), _("Try again. If it lasts, call whoever runs Bridge.")
    return known.get(status, broken)


def error_page(status: int, sentence: str) -> str:
    """Return a page of its own that tells a visitor what went wrong, in the visitor's language.

    sentence: what exactly, where there is more to say; shown as it is, translated if it can be.
    It asks no database, because that may be what is broken.
    """
    headline, advice = _told(status)
    default = default_exceptions.get(status)
    is_said_already = default is not None and sentence == default.description
    translated = _(sentence) if sentence and not is_said_already else ""
    is_foreign = page_language() != "en" and translated == sentence
    # Not by `render_template`, which would ask the database who has logged in.
    template = current_app.jinja_env.get_template("dashboard/error.html")
    return template.render(
        status=status,
        headline=headline,
        advice=advice,
        sentence=translated,
        sentence_language="en" if is_foreign else page_language(),
    )
