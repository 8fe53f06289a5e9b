"""Links that act without a log-in: signed, for one person, for a day."""

from dataclasses import dataclass

from bridge.keys import BadLink, Keys

PURPOSE = "page"
# Source: docs/oncall.md, "R24".
MAX_AGE_SECONDS = 24 * 3600


@dataclass(frozen=True)
class PageLink:
    """What the link in a page carries: whose it is, and which page of which ticket it was in."""

    ticket_number: int
    staff_id: int
    run_id: int
    generation: int
    step: int
    action: str = "acknowledge"


def url(keys: Keys, public_url: str, link: PageLink) -> str:
    """Return the address that shows the page's ticket, and acknowledges it when posted to."""
    value = [
        link.ticket_number,
        link.staff_id,
        link.run_id,
        link.generation,
        link.step,
        link.action,
    ]
    return f"{public_url}/a/{keys.sign(PURPOSE, value)}"


def read(keys: Keys, token: str) -> PageLink:
    """Return what a link carries; raises BadLink for one that is forged or more than a day old."""
    value = keys.unsign(PURPOSE, token, MAX_AGE_SECONDS)
    try:
        return PageLink(*value)
    except TypeError as error:
        raise BadLink("this link is not valid, or no longer") from error
