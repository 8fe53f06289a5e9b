"""How values are read from the results of Icinga's API, which may come from anything."""

from collections.abc import Mapping

from bridge.icinga.answers import NotIcinga
from bridge.icinga.fields import seconds
from bridge.icinga.text import NAME_LIMIT, clean

Values = Mapping[str, object]


def inside(given: Values, *names: str) -> Values:
    """Return the object found by following `names`; raises NotIcinga."""
    for name in names:
        found = given.get(name)
        if not isinstance(found, Mapping):
            raise NotIcinga(f"a result of Icinga's has no {name}")
        given = found
    return given


def number(given: Values, name: str) -> float:
    """Return a number; raises NotIcinga."""
    found = seconds(given.get(name))
    if found is None:
        raise NotIcinga(f"a result of Icinga's has no {name}")
    return found


def name_in(given: Values, name: str) -> str:
    """Return the name of an object, as it is; raises NotIcinga where there is none."""
    found = given.get(name)
    if not isinstance(found, str) or not found:
        raise NotIcinga(f"a result of Icinga's has no {name}")
    return found


def text(given: Values, name: str, limit: int = NAME_LIMIT) -> str:
    """Return a cleaned text, or `""`."""
    found = given.get(name)
    return clean(found, limit) if isinstance(found, str) else ""


def texts(given: Values, name: str) -> tuple[str, ...]:
    """Return the cleaned texts of a list, or nothing."""
    found = given.get(name)
    if not isinstance(found, list):
        return ()
    return tuple(clean(one, NAME_LIMIT) for one in found if isinstance(one, str))
