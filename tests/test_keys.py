"""Keys: made once, kept private, changed without losing what the old one made."""

import stat
from pathlib import Path

import pytest
import time_machine

from bridge import keys
from bridge.keys import BadLink, Keys, NoKey, WrongKey
from bridge.settings import Settings
from tests.lab.processes import said_by_children

OLD = "an old key that is long enough for this"
NEW = "a new key that is long enough for this."
PROCESSES = 12


def beside(path: Path) -> Settings:
    return Settings(database_url=f"sqlite:///{path}")


def test_a_key_is_made_beside_the_sqlite_file_for_its_owner_alone(tmp_path: Path) -> None:
    settings = beside(tmp_path / "var" / "bridge.db")

    made = keys.load(settings)

    path = tmp_path / "var" / "bridge.db.key"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert path.read_text().strip() == made.secrets[0]
    assert len(made.secrets[0]) >= keys.SHORTEST
    assert keys.load(settings) == made
    assert [one.name for one in path.parent.iterdir()] == ["bridge.db.key"]


def test_processes_that_start_together_agree_on_one_key(tmp_path: Path) -> None:
    settings = beside(tmp_path / "bridge.db")

    made = said_by_children(PROCESSES, lambda: keys.load(settings).secrets[0])

    assert len(made) == PROCESSES
    assert set(made) == {keys.load(settings).secrets[0]}
    assert [one.name for one in tmp_path.iterdir()] == ["bridge.db.key"]


def test_two_installations_have_two_keys(tmp_path: Path) -> None:
    assert keys.load(beside(tmp_path / "a.db")) != keys.load(beside(tmp_path / "b.db"))


def test_postgresql_needs_a_key_and_is_told_how() -> None:
    with pytest.raises(NoKey, match="BRIDGE_SECRET_KEY_FILE"):
        keys.load(Settings(database_url="postgresql://db/bridge"))


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("", id="empty"),
        pytest.param("too short", id="short"),
        pytest.param(f"{NEW.replace(' ', '-')}\nshort", id="one of them short"),
    ],
)
def test_a_short_key_is_refused_and_not_repeated(text: str) -> None:
    with pytest.raises(NoKey) as caught:
        keys.load(Settings(secret_key=text))

    assert "32 characters" in str(caught.value)
    assert not text or text not in str(caught.value)


@pytest.mark.parametrize(
    ("spoil", "why"),
    [
        pytest.param(lambda path: path.mkdir(), "directory", id="a folder"),
        pytest.param(lambda path: path.write_bytes(b"\xff" * 40), "not text", id="bytes"),
        pytest.param(lambda path: path.write_text(""), "32 characters", id="empty"),
    ],
)
def test_a_key_file_that_is_none_is_refused(tmp_path: Path, spoil: object, why: str) -> None:
    assert callable(spoil)
    spoil(tmp_path / "bridge.db.key")

    with pytest.raises(NoKey, match=why):
        keys.load(beside(tmp_path / "bridge.db"))


def test_a_folder_that_cannot_be_made_is_refused_in_words(tmp_path: Path) -> None:
    (tmp_path / "var").write_text("a file where a folder should be")

    with pytest.raises(NoKey, match="is not to be had"):
        keys.load(beside(tmp_path / "var" / "bridge.db"))


def test_what_the_old_key_made_is_good_after_a_rotation_and_new_things_need_the_new_key() -> None:
    before, between, after = Keys((OLD,)), Keys((NEW, OLD)), Keys((NEW,))
    old_secret, old_link = before.encrypt("geheim ü"), before.sign("page", [1, "a"])
    new_secret, new_link = between.encrypt("geheim ü"), between.sign("page", [1, "a"])

    assert between.decrypt(old_secret) == between.decrypt(new_secret) == "geheim ü"
    assert between.unsign("page", old_link, 60) == [1, "a"]
    assert after.decrypt(new_secret) == "geheim ü"
    assert after.unsign("page", new_link, 60) == [1, "a"]
    assert between.session_secrets()[0] == after.session_secrets()[0]
    with pytest.raises(WrongKey):
        after.decrypt(old_secret)
    with pytest.raises(WrongKey):
        before.decrypt(new_secret)
    with pytest.raises(BadLink):
        after.unsign("page", old_link, 60)


def test_several_keys_are_given_one_a_line_newest_first() -> None:
    given = Settings(secret_key=f"{'n' * 40}\n{'o' * 40}\n")

    assert keys.load(given).secrets == ("n" * 40, "o" * 40)


@pytest.mark.parametrize(
    "spoil",
    [
        pytest.param(lambda token: ("A" if token[0] != "A" else "B") + token[1:], id="changed"),
        pytest.param(lambda token: token[1:], id="cut"),
        pytest.param(lambda _: "", id="empty"),
        pytest.param(lambda token: token.replace(".", "", 1), id="without a dot"),
        pytest.param(lambda token: "ä" + token, id="not ASCII"),
        pytest.param(lambda _: Keys((NEW,)).sign("page", 1), id="another installation's"),
        pytest.param(lambda _: Keys((OLD,)).sign("setup", 1), id="for another purpose"),
    ],
)
def test_a_spoilt_link_is_refused(spoil: object) -> None:
    ours = Keys((OLD,))
    assert callable(spoil)

    with pytest.raises(BadLink):
        ours.unsign("page", spoil(ours.sign("page", 1)), 60)


def test_a_link_is_good_until_its_age_is_over() -> None:
    ours = Keys((OLD,))
    with time_machine.travel("2026-11-23T09:00:00Z", tick=False) as clock:
        link = ours.sign("page", 1)
        clock.shift(60)
        assert ours.unsign("page", link, 60) == 1
        clock.shift(1)
        with pytest.raises(BadLink):
            ours.unsign("page", link, 60)


def test_keys_are_shown_without_their_secrets() -> None:
    assert OLD not in repr(Keys((OLD,)))
