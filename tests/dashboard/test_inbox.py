"""What failed to be processed: why, and trying again."""

from flask.testing import FlaskClient

from bridge.inbox import actions as inbox
from bridge.inbox import queries
from bridge.installation import Installation
from tests import builders
from tests.builders import MONDAY_9_UTC as NOW
from tests.dashboard import world


def failed_entries(desk: Installation, count: int = 2) -> list[int]:
    """Leave entries that could not be processed; return their ids."""
    said = [builders.notification(host=f"<b>host{n}</b>") for n in range(count)]
    with desk.database.transaction() as session:
        builders.keep(session, said, NOW)
        entries = inbox.take(session, 10)
        for entry in entries:
            inbox.fail(session, entry.id, "ValueError: <i>what it was</i>", NOW)
        return [entry.id for entry in entries]


def waiting(desk: Installation) -> int:
    with builders.looking(desk) as session:
        return len([one for one in queries.failed(session) if one.state == "failed"])


def test_an_empty_inbox_says_so(anna: FlaskClient) -> None:
    html = anna.get("/inbox").get_data(as_text=True)

    assert "Everything that came in has been processed." in html
    assert "None among the last 500 that were processed." in html


def test_what_failed_is_shown_with_its_reason_as_text(lea: FlaskClient, desk: Installation) -> None:
    failed_entries(desk)

    html = lea.get("/inbox").get_data(as_text=True)

    assert html.count("ValueError: &lt;i&gt;what it was&lt;/i&gt;") == 2
    assert "&lt;b&gt;host0&lt;/b&gt;" in html
    assert html.count("Process it again</button>") == 2
    assert "Process all of them again" in html


def test_the_board_leads_there(lea: FlaskClient, desk: Installation) -> None:
    failed_entries(desk)

    html = lea.get("/").get_data(as_text=True)

    assert "2 notifications could not be processed." in html
    assert 'href="/inbox"' in html


def test_a_manager_lets_one_be_processed_again(lea: FlaskClient, desk: Installation) -> None:
    first, _ = failed_entries(desk)

    answer = world.post(lea, "/inbox/replay", "/", entry=str(first))

    assert (answer.status_code, answer.headers["Location"]) == (303, "/inbox")
    assert "1 entry will be processed again." in lea.get("/inbox").get_data(as_text=True)
    assert waiting(desk) == 1


def test_a_manager_lets_all_be_processed_again(lea: FlaskClient, desk: Installation) -> None:
    failed_entries(desk, 3)

    world.post(lea, "/inbox/replay", "/", entry="all")

    assert "3 entries will be processed again." in lea.get("/inbox").get_data(as_text=True)
    assert waiting(desk) == 0


def test_a_form_without_an_entry_replays_nothing(lea: FlaskClient, desk: Installation) -> None:
    failed_entries(desk)

    for entry in ("", "²", "-1", "everything"):
        assert world.post(lea, "/inbox/replay", "/", entry=entry).status_code == 303

    assert waiting(desk) == 2


def test_engineers_see_it_and_cannot_replay(anna: FlaskClient, desk: Installation) -> None:
    failed_entries(desk)

    html = anna.get("/inbox").get_data(as_text=True)
    answer = world.post(anna, "/inbox/replay", "/", entry="all")

    assert "Process it again" not in html
    assert "Managers and admins can let them be processed again." in html
    assert answer.status_code == 403
    assert waiting(desk) == 2


def test_types_that_bridge_does_not_know_are_shown(anna: FlaskClient, desk: Installation) -> None:
    builders.hear(desk, builders.notification("QUANTUMLEAP", host="web07"))

    html = anna.get("/inbox").get_data(as_text=True)

    assert "QUANTUMLEAP" in html
    assert "web07 / http" in html
