"""Several files' trees as one: a section may be split over files, an entry may not be repeated."""

from collections.abc import Iterable

from bridge.desk_file.errors import DeskFileError, Place, TreePath
from bridge.desk_file.tree import ListNode, MapNode, Node, Scalar

# What names an entry of a section that is a list; the other sections are maps.
NAMED_BY = {"staff": "id", "customers": "number", "sources": "id", "mailboxes": "id"}
SINGULAR = {
    "calendars": "the calendar",
    "staff": "the person",
    "teams": "the team",
    "schedules": "the schedule",
    "policies": "the policy",
    "customers": "the customer",
    "desk": "the desk's",
    "sources": "the source",
    "mailboxes": "the mailbox",
}


def merge(roots: Iterable[MapNode]) -> tuple[MapNode, list[DeskFileError]]:
    """Return the sections of all files as one tree, and what is there twice or does not fit.

    Entries keep the order of the files. Of an entry that is there twice, the first stays.
    """
    whole = MapNode(Place("the desk file"))
    errors: list[DeskFileError] = []
    for root in roots:
        for section, (key_place, node) in root.entries.items():
            if isinstance(node, Scalar) and node.value is None:
                errors.append(_empty(section, key_place))
            elif section not in whole.entries:
                whole.entries[section] = (key_place, _first(section, node, errors))
            else:
                _add(section, whole.entries[section][1], node, key_place, errors)
    return whole, errors


def _first(section: str, node: Node, errors: list[DeskFileError]) -> Node:
    # A copy, so that adding the entries of the next file leaves this file's own tree alone.
    if isinstance(node, ListNode):
        copy = ListNode(node.place)
        _add(section, copy, node, node.place, errors)
        return copy
    if isinstance(node, MapNode):
        return MapNode(node.place, dict(node.entries))
    return node


def _add(
    section: str, whole: Node, more: Node, key_place: Place, errors: list[DeskFileError]
) -> None:
    if isinstance(whole, MapNode) and isinstance(more, MapNode):
        for key, (place, value) in more.entries.items():
            if key in whole.entries:
                errors.append(_twice(section, key, place, whole.entries[key][0]))
            else:
                whole.entries[key] = (place, value)
    elif isinstance(whole, ListNode) and isinstance(more, ListNode):
        places = {name: item.place for item in whole.items if (name := _name(section, item))}
        for item in more.items:
            name = _name(section, item)
            if name is not None and name in places:
                errors.append(_twice(section, name, item.place, places[name]))
            else:
                whole.items.append(item)
                if name is not None:
                    places[name] = item.place
    else:
        errors.append(
            _error(
                key_place,
                (section,),
                f"{section} is written in another form than in {whole.place}: use the same in both",
            )
        )


def _name(section: str, item: Node) -> str | None:
    key = NAMED_BY.get(section)
    if key is None or not isinstance(item, MapNode) or key not in item.entries:
        return None
    value = item.entries[key][1]
    return str(value.value) if isinstance(value, Scalar) and value.value is not None else None


def _empty(section: str, place: Place) -> DeskFileError:
    nothing = "[]" if section in NAMED_BY else "{}"
    return _error(
        place,
        (section,),
        f"{section} has no content: remove the line to leave what is there alone, or write"
        f" {section}: {nothing} to say that there are none",
    )


def _twice(section: str, name: str, place: Place, first: Place) -> DeskFileError:
    what = SINGULAR.get(section, section)
    return _error(
        place, (section, name), f"{what} {name} is there twice, first in {first}: keep one of them"
    )


def _error(place: Place, path: TreePath, message: str) -> DeskFileError:
    return DeskFileError(place.file, place.line, path, message)
