"""The script of the day: what it posts is what Icinga could have posted."""

from pathlib import Path

import pytest

from bridge.demo.day import COLLEAGUE, DAY, LASTS_SECONDS
from bridge.demo.script import Notice, Whose
from bridge.desk_file.loading import load
from bridge.icinga import notification
from bridge.icinga.notification import NotificationType
from tests import builders
from tests.demo.test_desk import DESK

NOTICES = [
    pytest.param(notice, id=f"{scene.at:.0f} s {notice.kind} {notice.host}")
    for scene in DAY
    for notice in scene.notices
]


def known_addresses(path: Path) -> set[str]:
    document = load([path]).document
    contracts = [one for customer in document.customers or () for one in customer.contracts]
    return {address for contract in contracts for address in contract.addresses}


@pytest.mark.parametrize("notice", NOTICES)
def test_each_notice_is_a_notification_without_faults(notice: Notice) -> None:
    said = notification.parse(notice.object("demo-1", builders.MONDAY_9_UTC))

    assert said.type is NotificationType[notice.kind]
    assert said.notes == ()
    assert said.key == notice.about
    assert said.vars.address == notice.whose.value


def test_the_scenes_are_in_order_and_end_in_time() -> None:
    moments = [scene.at for scene in DAY]

    assert moments == sorted(set(moments))
    assert moments[-1] < LASTS_SECONDS


def test_every_scene_is_a_notification_or_something_a_colleague_does() -> None:
    assert all(bool(scene.notices) != bool(scene.takes) for scene in DAY)


def test_a_colleague_takes_only_what_is_a_problem_by_then() -> None:
    for scene in DAY:
        if scene.takes:
            before = [n for s in DAY if s.at < scene.at for n in s.notices]
            last = [n for n in before if n.about == scene.takes and n.state][-1]
            assert last.kind == "PROBLEM"


def test_the_customers_and_the_colleague_are_in_the_sample() -> None:
    document = load([DESK]).document

    assert {whose.value for whose in Whose} - {""} == known_addresses(DESK)
    assert COLLEAGUE in [person.id for person in document.staff or ()]


def test_icinga_announces_no_problem_during_a_downtime() -> None:
    begun: set[tuple[str, str]] = set()
    for scene in DAY:
        for notice in scene.notices:
            if notice.kind == "DOWNTIMESTART":
                begun.add(notice.about)
            elif notice.kind == "DOWNTIMEEND":
                begun.remove(notice.about)
            assert not (notice.kind == "PROBLEM" and notice.about in begun)


@pytest.mark.parametrize(
    "kind",
    [
        *("PROBLEM", "RECOVERY", "ACKNOWLEDGEMENT", "CUSTOM", "FLAPPINGSTART", "FLAPPINGEND"),
        *("DOWNTIMESTART", "DOWNTIMEEND"),
    ],
)
def test_the_day_has_something_of_everything(kind: str) -> None:
    assert any(notice.kind == kind for scene in DAY for notice in scene.notices)


def test_the_day_has_a_storm_a_host_a_worsening_and_a_problem_of_nobodys() -> None:
    notices = [notice for scene in DAY for notice in scene.notices]
    states = {
        about: [n.state for n in notices if n.about == about] for about in map(_about, notices)
    }

    assert max(len(scene.notices) for scene in DAY) == 12
    assert any(notice.state == "DOWN" for notice in notices)
    assert ["WARNING", "CRITICAL"] in [found[:2] for found in states.values()]
    assert ["CRITICAL", "CRITICAL", "OK", "CRITICAL"] in states.values()
    assert any(notice.whose is Whose.NOBODY for notice in notices)


def _about(notice: Notice) -> tuple[str, str]:
    return notice.about
