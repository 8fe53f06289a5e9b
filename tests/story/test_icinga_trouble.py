"""An Icinga that forgets, that nobody tells, that loses objects, and in which people work too."""

import time

import requests

from bridge.flows import reconcile
from bridge.icinga.models import Source
from tests.story import phone
from tests.story.desk import SOURCE
from tests.story.world import HOST, OBJECTS, SERVICES, World

AUTHOR = "anna-in-icinga"
# When the second channel of the insistent contract rings.
SECOND_RINGS_AFTER = 4.0


def test_an_acknowledgement_in_icinga_arrives_by_notification(
    site_that_does_not_ask: World,
) -> None:
    _acknowledged_in_icinga(site_that_does_not_ask, notify=True)


def test_an_acknowledgement_in_icinga_arrives_by_reconcile(site: World) -> None:
    _acknowledged_in_icinga(site, notify=False)


def _acknowledged_in_icinga(world: World, *, notify: bool) -> None:
    world.fail("insistent")
    ticket = world.ticket("insistent")
    page = world.page(ticket)

    said = {"author": AUTHOR, "comment": "I look at it", "notify": notify}
    world.icinga.action("acknowledge-problem", HOST, "insistent", **said)

    acknowledged = world.ticket("insistent", acknowledged_by="Anna Bëispiel")
    (entry,) = world.journal(acknowledged, "acknowledged")
    assert entry.data["via"] == "icinga"
    assert entry.words is not None
    assert entry.words.text == "I look at it"
    time.sleep(max(0, page.arrived + SECOND_RINGS_AFTER + 1 - time.time()))
    assert [one.path for one in world.pages(ticket)] == ["/ben"]
    assert len(world.comments("insistent")) == 1


def test_without_an_answer_the_second_channel_rings(site_that_is_not_told: World) -> None:
    site_that_is_not_told.fail("insistent")
    ticket = site_that_is_not_told.ticket("insistent")

    both = site_that_is_not_told.bridge.wait_for(
        "the second page",
        lambda: found if len(found := site_that_is_not_told.pages(ticket)) > 1 else None,
    )

    assert [page.path for page in both] == ["/ben", "/ben-sms"]


def test_after_a_crash_of_icinga_the_acknowledgement_is_given_again_and_nothing_closes(
    site: World,
) -> None:
    kept, forgotten, lost = site.fresh(3)
    site.fail(kept)
    ticket = site.ticket(kept)
    page = site.page(ticket)
    # A reload writes down the states that are there after a crash.
    site.icinga.reload()
    requests.post(phone.link_of(page))
    site.bridge.wait_for("Icinga to know", lambda: site.is_acknowledged_in_icinga(kept))
    site.bridge.wait_for("it to be known", lambda: site.journal(ticket, "icinga_acknowledged"))
    site.fail(forgotten)
    site.page(site.ticket(forgotten))

    site.fail(lost)
    site.icinga.crash()
    site.icinga.start()

    assert site.seen(forgotten)["last_check_result"] is None
    site.bridge.wait_for("Icinga to know", lambda: site.is_acknowledged_in_icinga(kept))
    site.bridge.wait_for("the ticket to say so", lambda: site.journal(ticket, "icinga_forgot"))
    assert {one["author"] for one in site.comments(kept)} == {"Anna Bëispiel"}
    _after_reconciles(site, 2)
    assert site.ticket(forgotten).state == "open"
    site.fail(lost)
    site.recover(forgotten)
    site.ticket(forgotten, state="closed")
    site.one_page_each([kept, forgotten, lost])


def test_reconcile_alone_opens_and_closes_tickets(site_that_is_not_told: World) -> None:
    world, (service,) = site_that_is_not_told, site_that_is_not_told.fresh(1)
    gaps = _source(world).gap_total

    world.fail(service)
    ticket = world.ticket(service)
    world.page(ticket)
    world.recover(service)

    world.ticket(service, state="closed")
    assert world.journal(ticket, "opened")[0].data["found_by"] == "reconcile"
    assert _source(world).gap_total == gaps + 2
    metrics = requests.get(f"{world.bridge.public_url}/metrics").text
    assert f'bridge_source_gap_total{{source="{SOURCE}"}} {gaps + 2}.0' in metrics
    told = [one["type"] for one in world.spooled() if one["service"]["name"] == service]
    assert told == ["PROBLEM", "RECOVERY"]


def test_what_is_removed_from_icinga_never_closes_a_ticket(site: World) -> None:
    gone, stays = site.fresh(2)
    site.fail(gone)
    site.fail(stays)
    ticket = site.ticket(gone)

    def are_open() -> bool:
        _after_reconciles(site, 2)
        return site.ticket(gone).state == site.ticket(stays).state == "open"

    _monitor(site, OBJECTS, without=gone)
    site.bridge.wait_for("the ticket to say so", lambda: site.journal(ticket, "object_gone"))
    assert are_open()
    # Without any object, Icinga may just as well hide all of them from us.
    _monitor(site, "", without=gone)
    assert are_open()
    assert not site.journal(site.ticket(stays), "object_gone")
    # Back, and not checked yet.
    _monitor(site, OBJECTS)
    assert are_open()
    assert len(site.journal(ticket, "object_gone")) == 1

    site.recover(gone)
    site.ticket(gone, state="closed")


def _monitor(world: World, objects: str, without: str = "") -> None:
    number = without.removeprefix("s")
    services = f"range({SERVICES})"
    left = f"range({number}) + range({number} + 1, {SERVICES})" if without else services
    world.icinga.write(
        "conf.d/objects.conf", (objects % {"services": SERVICES}).replace(services, left)
    )
    world.icinga.reload()


def _source(world: World) -> Source:
    with world.bridge.database.reading() as session:
        return reconcile.source(session, SOURCE)


def _after_reconciles(world: World, count: int) -> None:
    """Wait until Icinga has been asked so often again."""
    for _ in range(count):
        before = _source(world).reconciled_at

        def is_over(before: object = before) -> bool:
            return _source(world).reconciled_at != before

        world.bridge.wait_for("a reconcile", is_over)
