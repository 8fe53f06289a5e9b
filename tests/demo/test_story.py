"""The story comes back from its file as it was told, and never half."""

from pathlib import Path

from bridge.demo.standing import Standing
from bridge.demo.story import Change, Kind, Line, Story
from tests import builders

OPEN = Standing(
    number=10003,
    title="erp01 / http",
    customer="ACME GmbH",
    state="open",
    priority="P1",
    due_at=builders.later(30),
    paging="live",
    page_at=None,
    pages=1,
    people=("Anna Beispiel",),
    taken_by=None,
)


def test_what_was_told_is_read_as_it_was(tmp_path: Path) -> None:
    begun = Line(Kind.BEGUN, builders.MONDAY_9_UTC)
    scene = Line(Kind.SCENE, builders.later(1), 2, [Change(None, OPEN), Change(OPEN, None)])
    story = Story(tmp_path)

    story.tell(begun)
    story.tell(scene)

    assert story.so_far() == [Line(Kind.BEGUN, builders.MONDAY_9_UTC, None, []), scene]


def test_a_story_that_has_not_begun_is_empty(tmp_path: Path) -> None:
    assert Story(tmp_path).so_far() == []


def test_a_line_that_is_being_written_is_not_read(tmp_path: Path) -> None:
    story = Story(tmp_path)
    story.tell(Line(Kind.BEGUN, builders.MONDAY_9_UTC))

    with (tmp_path / "story.jsonl").open("a") as file:
        file.write('{"kind":"over","at":"2026')

    assert [line.kind for line in story.so_far()] == [Kind.BEGUN]
