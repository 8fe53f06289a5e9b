"""What sites do to the way from Icinga to Bridge: outages, storms, doubles and odd texts."""

import html
import time
from pathlib import Path

import requests
from sqlalchemy import func, select

from bridge.inbox.models import DONE, InboxEntry
from bridge.outbox.models import ACCEPTED, CLAIMED
from tests.lab.locks import locked
from tests.story import phone
from tests.story import world as worlds
from tests.story.world import World

# As a plugin of bad manners prints it.
ODD = (
    "CRITICAL - $host.name$ costs 5$ \"quoted\" 'single' back\\slash äöü€🚨 <b>bold</b> &amp;"
    " \x1b[31mred\x1b[0m \x07bell \u202eturned {{ 7 * 7 }} %s {0}"
)
ODD_SHOWN = (
    "CRITICAL - $host.name$ costs 5$ \"quoted\" 'single' back\\slash äöü€🚨 <b>bold</b> &amp;"
    " red bell turned {{ 7 * 7 }} %s {0}"
)
MEGABYTE = 1_000_000
OUTPUT_LIMIT = 16 * 1024

MORE_USERS = """
object User "second" { }
object User "third" { }
for (number in range(2)) {
  object Notification "more" + string(number) {
    import "bridge-service-notification"
    host_name = "web01"
    service_name = "s0"
    users = [ "bridge", "second", "third" ]
  }
}
"""


def test_what_icinga_notifies_while_bridge_is_down_is_neither_lost_nor_doubled(
    site_that_does_not_ask: World,
) -> None:
    world = site_that_does_not_ask
    first, *others = world.fresh(6)
    world.fail(first)
    world.page(world.ticket(first))
    world.all_arrived()

    assert world.bridge.running[-1].stop() == 0
    world.recover(first)
    for service in others:
        world.fail(service)
    world.bridge.wait_for("a full spool", lambda: len(world.spooled()) == 6)
    spooled = world.spooled()
    world.bridge.start()
    world.all_arrived()

    world.ticket(first, state="closed")
    world.one_page_each([first, *others])
    assert world.post(*spooled).json() == {"kept": 0, "duplicates": 6}


def test_a_reload_in_the_middle_of_many_notifications_loses_none(site: World) -> None:
    services = site.fresh(30)

    site.fail_all(services)
    site.icinga.reload()

    site.one_page_each(services)
    site.fail_all(services, state=0)
    site.icinga.reload()
    for service in services:
        site.ticket(service, state="closed")


def test_many_users_and_notification_objects_make_one_ticket(
    tmp_path: Path, database_url: str
) -> None:
    with worlds.wired(tmp_path, database_url, with_api=False, more_objects=MORE_USERS) as world:
        world.bridge.start()

        world.fail("s0")
        world.bridge.wait_for("seven notifications", lambda: _worked_through(world) == 7)
        world.one_page_each(["s0"])
        world.recover("s0")
        world.bridge.wait_for("seven more", lambda: _worked_through(world) == 14)

        closed = world.ticket("s0", state="closed")
        assert len(world.journal(closed, "recovered")) == 1


def _worked_through(world: World) -> int:
    with world.bridge.database.reading() as session:
        statement = select(func.count()).where(InboxEntry.state == DONE)
        return session.scalar(statement) or 0


def test_odd_output_is_cut_and_cleaned_and_nothing_in_it_is_obeyed(site: World) -> None:
    _odd_output(site)


def test_odd_output_found_by_reconcile_is_treated_the_same(site_that_is_not_told: World) -> None:
    _odd_output(site_that_is_not_told)


def _odd_output(world: World) -> None:
    (service,) = world.fresh(1)

    world.fail(service, output=f"{ODD} {'x' * MEGABYTE}\nsecond line\n")
    ticket = world.ticket(service)
    page = world.page(ticket)

    shown = world.about(ticket).output
    assert shown.startswith(f"{ODD_SHOWN} xxx")
    assert len(shown.encode()) <= OUTPUT_LIMIT
    assert ODD_SHOWN in page.json()["message"]
    seen = requests.get(phone.link_of(page)).text
    assert "<b>bold</b>" not in seen
    assert ODD_SHOWN in html.unescape(seen)


def test_everything_is_taken_up_after_the_database_was_locked_for_20_seconds(site: World) -> None:
    *under_way, later, by_hand = site.fresh(6)
    site.all_arrived()
    parts = site.bridge.running[-1].children()
    with site.slow_phone(1.5):
        site.fail_all(under_way)
        claimed = [site.ticket(service) for service in under_way]
        site.bridge.wait_for("all to be claimed", lambda: site.outbox(*claimed)[CLAIMED] == 4)

        with locked(str(site.bridge.settings["database_url"])):
            until = time.monotonic() + 20
            site.fail(later)
            answer = site.post(_well(by_hand))
            assert answer.status_code == 503
            assert int(answer.headers["Retry-After"]) > 0
            assert len(site.spooled()) == 1
            time.sleep(until - time.monotonic())
    site.all_arrived()

    site.one_page_each([*under_way, later])
    known = {ACCEPTED: 4}
    site.bridge.wait_for("all to be known as accepted", lambda: site.outbox(*claimed) == known)
    assert site.post(_well(by_hand)).json() == {"kept": 1, "duplicates": 0}
    assert site.bridge.running[-1].children() == parts


def _well(service: str) -> dict[str, object]:
    """Return a notification that opens nothing."""
    return {
        "id": f"by-hand-{service}",
        "type": "RECOVERY",
        "time": time.time(),
        "host": {"name": worlds.HOST},
        "service": {"name": service, "state": "OK"},
    }
