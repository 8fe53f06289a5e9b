"""Rows that were rendered before are not rendered again, and not for others."""

from markupsafe import Markup

from bridge.dashboard.row_cache import RowCache


def test_a_known_row_is_not_rendered_again() -> None:
    cache, rendered = RowCache(), list[str]()

    def render(text: str) -> Markup:
        rendered.append(text)
        return Markup(text)

    first = cache.html(("look", "anna"), lambda: render("one"))
    again = cache.html(("look", "anna"), lambda: render("two"))
    other = cache.html(("look", "ben"), lambda: render("three"))

    assert (first, again, other) == ("one", "one", "three")
    assert rendered == ["one", "three"]


def test_the_rows_that_were_not_asked_for_longest_are_forgotten() -> None:
    cache = RowCache(most=2)
    for key in ("a", "b", "a", "c"):
        cache.html(key, lambda: Markup("old"))

    found = [cache.html(key, lambda: Markup("new")) for key in ("a", "c", "b")]

    assert found == ["old", "old", "new"]
