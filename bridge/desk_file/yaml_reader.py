"""One file's text, read as YAML 1.2 into a tree."""

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError
from ruamel.yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    MappingEndEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)

from bridge.desk_file.errors import DeskFileError, Place
from bridge.desk_file.tree import ListNode, MapNode, Node, Scalar
from bridge.desk_file.yaml_mistakes import sentence

MAX_DEPTH = 24
MAX_VALUES = 400_000

# The core schema of YAML 1.2 without its oddities: a number with leading zeros is text here,
# because whoever writes 007 means three digits.
INTEGER = re.compile(r"[-+]?(0|[1-9][0-9]{0,17})")
NUMBER = re.compile(r"[-+]?(0|[1-9][0-9]{0,17})?\.[0-9]{0,18}|[-+]?[0-9]{1,9}(\.[0-9]*)?[eE][0-9]")
WORDS: dict[str, bool | None] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL")),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}
TEXT_TAG = "tag:yaml.org,2002:str"
# Control characters and halves of surrogate pairs, which only an escape such as "\\0" can write.
UNFIT = re.compile("[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")
PLAIN_TAGS = (None, "!", TEXT_TAG, "tag:yaml.org,2002:map", "tag:yaml.org,2002:seq")


class TreeRefused(Exception):
    """The text cannot be read on from here; carries the mistake."""

    def __init__(self, place: Place, message: str) -> None:
        self.error = DeskFileError(place.file, place.line, (), message)
        super().__init__(str(self.error))


class TreeReader:
    """Builds the tree of one file; `errors` collects what does not stop the reading."""

    def __init__(self, file: str, text: str) -> None:
        self.file = file
        self.errors: list[DeskFileError] = []
        self._text = text
        self._anchors: dict[str, Node] = {}
        self._values = 0

    def read(self) -> Node | None:
        """Return the tree; None if the text has no content. Raises TreeRefused."""
        events = self._events()
        root: Node | None = None
        for event in events:
            if isinstance(event, DocumentStartEvent):
                if root is not None:
                    raise TreeRefused(
                        self._place(event),
                        "a second document begins here: remove the line ---, or make it a file"
                        " of its own",
                    )
                root = self._node(next(events), events, 1)
        return root

    def _events(self) -> Iterator[Any]:
        try:
            yield from YAML(typ="safe", pure=True).parse(self._text)
        except YAMLError as error:
            line, message = sentence(error, self._text)
            raise TreeRefused(Place(self.file, line), message) from error
        except (ValueError, OverflowError) as error:
            # An escape such as "\UFFFFFFFF" that names no character; the reader has no line.
            raise TreeRefused(
                Place(self.file), f"a character cannot be read: {error}; write it as it is"
            ) from error

    def _place(self, event: Any) -> Place:
        return Place(self.file, event.start_mark.line + 1)

    def _node(self, event: Any, events: Iterator[Any], depth: int) -> Node:
        place = self._place(event)
        self._check_depth(depth, place)
        if isinstance(event, AliasEvent):
            return self._alias(event.anchor, place, depth)
        if getattr(event, "tag", None) not in PLAIN_TAGS:
            self._mistake(place, f"the tag {event.tag} is not known here: remove it")
        node: Node
        if isinstance(event, ScalarEvent):
            self._check_text(event, place)
            node = Scalar(place, _value(event))
        elif isinstance(event, SequenceStartEvent):
            node = self._list(place, events, depth)
        else:
            node = self._map(place, events, depth)
        self._count(1, place)
        if event.anchor:
            self._anchors[event.anchor] = node
        return node

    def _check_depth(self, depth: int, place: Place) -> None:
        if depth > MAX_DEPTH:
            raise TreeRefused(
                place, f"this is nested deeper than {MAX_DEPTH} levels: nothing here needs so many"
            )

    def _alias(self, name: str, place: Place, depth: int) -> Node:
        if name not in self._anchors:
            raise TreeRefused(
                place,
                f"*{name} repeats what is marked &{name}, but nothing above is: mark it, or put"
                " quotes around the text",
            )
        node = self._anchors[name]
        self._check_depth(depth + node.height - 1, place)
        self._count(node.size, place)
        return node

    def _count(self, values: int, place: Place) -> None:
        self._values += values
        if self._values > MAX_VALUES:
            raise TreeRefused(
                place,
                f"more than {MAX_VALUES} values up to here, aliases (*name) counted in full:"
                " use fewer aliases, or split the file",
            )

    def _list(self, place: Place, events: Iterator[Any], depth: int) -> ListNode:
        node = ListNode(place)
        while not isinstance(event := next(events), SequenceEndEvent):
            item = self._node(event, events, depth + 1)
            node.items.append(item)
            node.size += item.size
            node.height = max(node.height, item.height + 1)
        return node

    def _map(self, place: Place, events: Iterator[Any], depth: int) -> MapNode:
        node = MapNode(place)
        while not isinstance(event := next(events), MappingEndEvent):
            key_place = self._place(event)
            key = self._key(event, events, depth)
            value = self._node(next(events), events, depth + 1)
            if key is not None and key in node.entries:
                first = node.entries[key][0].line
                self._mistake(key_place, f"{key} is written twice, first in line {first}: keep one")
            elif key is not None:
                node.entries[key] = (key_place, value)
            node.size += value.size
            node.height = max(node.height, value.height + 1)
        return node

    def _key(self, event: Any, events: Iterator[Any], depth: int) -> str | None:
        place = self._place(event)
        if not isinstance(event, ScalarEvent):
            self._node(event, events, depth + 1)
            self._mistake(place, "a key is a single word or text: a list or map cannot be one")
            return None
        if event.value == "<<" and event.implicit[0]:
            self._mistake(
                place,
                "<< merges maps in YAML 1.1 only: write the keys out, or repeat a whole value"
                " with *name",
            )
            return None
        self._check_text(event, place)
        if event.value == "":
            self._mistake(place, "a key is missing before the colon: write its name")
            return None
        return str(event.value)

    def _check_text(self, event: Any, place: Place) -> None:
        if unfit := UNFIT.search(str(event.value)):
            self._mistake(
                place, f"the character U+{ord(unfit[0]):04X} is not allowed in a text: remove it"
            )

    def _mistake(self, place: Place, message: str) -> None:
        self.errors.append(DeskFileError(place.file, place.line, (), message))


def _value(event: Any) -> str | int | Decimal | bool | None:
    text = str(event.value)
    if not event.implicit[0] or event.tag == TEXT_TAG:
        return text
    if text in WORDS:
        return WORDS[text]
    if INTEGER.fullmatch(text):
        return int(text)
    if NUMBER.fullmatch(text) and any(c.isdigit() for c in text):
        return Decimal(text)
    return text
