"""What a file says as a tree that knows the place of every key and value."""

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from bridge.desk_file.errors import Place, TreePath


@dataclass
class Scalar:
    """A text, a number, true, false or null.

    size: the values in a node with all below it; height: its levels. An alias repeats its node.
    """

    place: Place
    value: str | int | Decimal | bool | None
    size: int = 1
    height: int = 1


@dataclass
class ListNode:
    """A list, in order."""

    place: Place
    items: list["Node"] = field(default_factory=list)
    size: int = 1
    height: int = 1


@dataclass
class MapNode:
    """A map: each key with the place it stands at and its value."""

    place: Place
    entries: dict[str, tuple[Place, "Node"]] = field(default_factory=dict)
    size: int = 1
    height: int = 1


Node = Scalar | ListNode | MapNode


def plain(node: Node) -> Any:
    """Return what the node holds as dicts, lists, text, ints, Decimals, bools and None."""
    match node:
        case Scalar():
            return node.value
        case ListNode():
            return [plain(item) for item in node.items]
        case MapNode():
            return {key: plain(value) for key, (_, value) in node.entries.items()}


def place_at(root: Node, path: TreePath) -> Place:
    """Return where `path` stands: the key of a map or list, the line of a single value.

    Where the path leads past what is there, the place is that of the last step found.
    """
    node, place = root, root.place
    for step in path:
        if isinstance(node, MapNode) and isinstance(step, str) and step in node.entries:
            place, node = node.entries[step]
        elif isinstance(node, ListNode) and isinstance(step, int) and step < len(node.items):
            node = node.items[step]
            place = node.place
        else:
            return place
    return node.place if isinstance(node, Scalar) and node.value is not None else place


def key_place_at(root: Node, path: TreePath) -> Place:
    """Return where the key stands that is the last step of `path`."""
    parent, last = root, path[-1]
    for step in path[:-1]:
        if isinstance(parent, MapNode) and isinstance(step, str):
            parent = parent.entries[step][1]
        elif isinstance(parent, ListNode) and isinstance(step, int):
            parent = parent.items[step]
    if isinstance(parent, MapNode) and last in parent.entries:
        return parent.entries[str(last)][0]
    return place_at(root, path)
