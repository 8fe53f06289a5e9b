"""Who is served next."""

from dataclasses import dataclass

from bridge.worker.bulkhead import Bulkhead


@dataclass(frozen=True)
class Errand:
    name: str
    destination: str


def line(limit: int, *errands: str) -> Bulkhead[Errand]:
    """Return a line of errands; the letters of a name are its destination."""
    waiting: Bulkhead[Errand] = Bulkhead(limit)
    for name in errands:
        waiting.put(Errand(name, name.rstrip("0123456789")))
    return waiting


def taken(waiting: Bulkhead[Errand]) -> list[str]:
    return [job.name for job in iter(waiting.take, None)]


def test_destinations_take_turns_and_each_keeps_its_order() -> None:
    assert taken(line(9, "a1", "a2", "a3", "b1", "b2", "c1")) == [
        "a1",
        "b1",
        "c1",
        "a2",
        "b2",
        "a3",
    ]


def test_no_destination_has_more_than_its_share_at_once() -> None:
    waiting = line(2, "a1", "a2", "a3", "b1")

    assert taken(waiting) == ["a1", "b1", "a2"]
    assert len(waiting) == 1


def test_a_release_lets_the_next_one_of_the_destination_run() -> None:
    waiting = line(1, "a1", "a2")
    first = waiting.take()
    assert first is not None
    assert waiting.take() is None

    waiting.release(first)

    assert taken(waiting) == ["a2"]


def test_what_is_put_back_goes_first_and_does_not_count_as_running() -> None:
    waiting = line(1, "a1", "a2")
    first = waiting.take()
    assert first is not None

    waiting.put_back(first)

    assert taken(waiting) == ["a1"]


def test_what_is_cleared_is_returned_and_waits_no_more() -> None:
    waiting = line(1, "a1", "a2", "b1")
    waiting.take()

    assert sorted(job.name for job in waiting.clear()) == ["a2", "b1"]
    assert len(waiting) == 0
    assert waiting.take() is None
