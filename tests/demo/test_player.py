"""The player posts to the real webhook, goes on after a crash, and tells what others do."""

import threading
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select
from werkzeug.serving import make_server

from bridge import utc
from bridge.demo import stage as stages
from bridge.demo.app import create_demo_app
from bridge.demo.day import DAY
from bridge.demo.player import OPENED, NobodyAnswers, Player
from bridge.demo.stage import Stage
from bridge.demo.story import Kind, Line, Story
from bridge.flows import answers
from bridge.heartbeats import actions as heartbeats
from bridge.inbox.models import InboxEntry
from bridge.installation import Installation
from bridge.staff import queries as staff
from bridge.tickets.models import Ticket
from bridge.worker.processing import Processor
from bridge.worker.timers import Timers
from tests.demo.conftest import free_port

FIRST_P1 = 2


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    """A stage whose web part answers; nobody works behind it."""
    port = free_port()
    found = stages.set_up(tmp_path, "127.0.0.1", port)
    installation = Installation.open(found.settings)
    server = make_server("127.0.0.1", port, create_demo_app(installation, tmp_path), threaded=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield found
    server.shutdown()
    server.server_close()
    installation.database.close()


@pytest.fixture
def installation(stage: Stage) -> Iterator[Installation]:
    """The stage's installation, as the worker sees it."""
    opened = Installation.open(stage.settings)
    yield opened
    opened.database.close()


def player(stage: Stage, said: list[str] | None = None) -> Player:
    return Player(stage, 1, (said if said is not None else []).append)


def begun(stage: Stage, scenes: int, seconds_ago: float) -> Story:
    """Let the story have begun so long ago, with so many scenes told."""
    story = Story(stage.folder)
    story.tell(Line(Kind.BEGUN, utc.now() - timedelta(seconds=seconds_ago)))
    for number in range(scenes):
        story.tell(Line(Kind.SCENE, utc.now(), number))
    return story


def kept(installation: Installation) -> list[str]:
    with installation.database.reading() as session:
        return list(session.scalars(select(InboxEntry.event_id).order_by(InboxEntry.id)))


def work(installation: Installation) -> None:
    """Do what the worker does, until nothing is left."""
    processor, timers = Processor(installation), Timers(installation)
    while processor.step() + timers.step():
        pass


def beat(installation: Installation) -> None:
    with installation.database.transaction() as session:
        for kind in ("worker", "courier"):
            heartbeats.beat(session, kind, kind, utc.now())


def test_the_day_waits_until_everything_runs_and_somebody_looks(
    stage: Stage, installation: Installation
) -> None:
    played, story = player(stage), Story(stage.folder)

    played.step()
    played.step()
    without_worker = story.so_far()
    beat(installation)
    played.step()
    played.step()
    without_visitor = story.so_far()
    (stage.folder / OPENED).touch()
    played.step()

    assert (without_worker, without_visitor) == ([], [])
    assert [line.kind for line in story.so_far()] == [Kind.BEGUN]


def test_a_scene_is_told_when_the_desk_has_done_with_it(
    stage: Stage, installation: Installation
) -> None:
    story = begun(stage, FIRST_P1, 15)
    played = player(stage)

    played.step()
    told_at_once = len(story.so_far())
    work(installation)
    played.step()

    (change,) = story.so_far()[-1].changes
    assert told_at_once == 1 + FIRST_P1
    assert change.before is None
    assert change.after is not None
    assert (change.after.title, change.after.priority) == ("erp01 / http", "P1")
    assert change.after.pages == 1


def test_after_a_crash_the_day_goes_on_where_it_was(
    stage: Stage, installation: Installation
) -> None:
    begun(stage, 3, 60)

    player(stage).step()

    assert kept(installation) == ["demo-03-00"]


def test_a_crash_in_the_middle_of_a_scene_makes_no_second_alarm(
    stage: Stage, installation: Installation
) -> None:
    story = begun(stage, FIRST_P1, 15)

    player(stage).step()
    survivor = player(stage)
    survivor.step()
    work(installation)
    survivor.step()

    assert kept(installation) == ["demo-02-00"]
    assert story.so_far()[-1].scene == FIRST_P1


def test_what_the_visitor_does_is_told_too(stage: Stage, installation: Installation) -> None:
    story = begun(stage, FIRST_P1, 15)
    played = player(stage)
    played.step()
    work(installation)
    played.step()

    with installation.database.transaction() as session:
        directory = installation.directories.current(session)
        guest = staff.person(session, stages.GUEST)
        assert guest is not None
        answers.acknowledge(session, directory, 10001, guest, "page", utc.now())
    played.step()
    played.step()

    assert [line.kind for line in story.so_far()[-2:]] == [Kind.SCENE, Kind.TAKEN]
    (change,) = story.so_far()[-1].changes
    assert change.after is not None
    assert change.after.taken_by == "Demo guest"


def test_the_colleague_takes_a_ticket_as_a_person_does(
    stage: Stage, installation: Installation
) -> None:
    number = next(at for at, scene in enumerate(DAY) if scene.takes)
    opens = next(at for at, scene in enumerate(DAY) if DAY[number].takes in scene.about)
    begun(stage, opens, DAY[opens].at + 1)
    first = player(stage)
    first.step()
    work(installation)
    first.step()
    (stage.folder / "story.jsonl").unlink()
    begun(stage, number, DAY[number].at + 1)

    player(stage).step()

    with installation.database.reading() as session:
        assert session.scalars(select(Ticket.acknowledged_by)).all() == ["Ben Beispiel"]


def test_the_end_is_said_once(stage: Stage) -> None:
    said: list[str] = []
    story = begun(stage, len(DAY), 200)
    played = player(stage, said)

    played.step()
    played.step()
    player(stage, said).step()

    assert len(said) == 1
    assert [line.kind for line in story.so_far()].count(Kind.OVER) == 1


def test_a_web_part_that_is_away_is_waited_for(tmp_path: Path) -> None:
    stage = stages.set_up(tmp_path, "127.0.0.1", free_port())

    with pytest.raises(NobodyAnswers):
        player(stage).step()
