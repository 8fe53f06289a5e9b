"""Desk files as bytes, read into one tree that knows where everything stands."""

import codecs
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bridge.desk_file.errors import DeskFileError, DeskFileRefused, Place, TreePath
from bridge.desk_file.merging import merge
from bridge.desk_file.tree import MapNode, Node, Scalar, key_place_at, place_at, plain
from bridge.desk_file.yaml_reader import TreeReader, TreeRefused

MAX_BYTES = 4 * 1024 * 1024
OTHER_ENCODINGS = (
    (codecs.BOM_UTF32_LE, "UTF-32"),
    (codecs.BOM_UTF32_BE, "UTF-32"),
    (codecs.BOM_UTF16_LE, "UTF-16"),
    (codecs.BOM_UTF16_BE, "UTF-16"),
)


@dataclass(frozen=True)
class Written:
    """What the files say, not yet judged.

    errors: what was wrong before anything could be judged.
    is_whole: whether every file could be read to its end; otherwise names in it are not known.
    """

    root: MapNode
    errors: tuple[DeskFileError, ...]
    is_whole: bool

    @property
    def data(self) -> dict[str, Any]:
        """Return the sections of all files as plain data."""
        return {key: plain(node) for key, (_, node) in self.root.entries.items()}

    def error(self, path: TreePath, message: str, *, at_key: bool = False) -> DeskFileError:
        """Return the mistake `message` about `path`, with its file and line."""
        place = key_place_at(self.root, path) if at_key else place_at(self.root, path)
        return DeskFileError(place.file, place.line, path, message)


def read_files(paths: Sequence[Path]) -> Written:
    """Return what the files say together. Raises DeskFileRefused if one cannot be opened."""
    contents: list[tuple[str, bytes]] = []
    errors: list[DeskFileError] = []
    for path in paths:
        try:
            with path.open("rb") as file:
                contents.append((str(path), file.read(MAX_BYTES + 1)))
        except OSError as error:
            reason = error.strerror or type(error).__name__
            message = f"the file cannot be read ({reason}): check its name and who may read it"
            errors.append(DeskFileError(str(path), None, (), message))
    if errors:
        raise DeskFileRefused(errors)
    return read_bytes(contents)


def read_bytes(contents: Iterable[tuple[str, bytes]]) -> Written:
    """Return what the named contents say together, as `read_files` does."""
    roots: list[MapNode] = []
    refused = 0
    errors: list[DeskFileError] = []
    for file, raw in contents:
        try:
            reader = TreeReader(file, _decoded(file, raw))
            root = reader.read()
            errors += reader.errors
            roots.append(_sections(file, root))
        except TreeRefused as refusal:
            errors.append(refusal.error)
            refused += 1
    whole, repeated = merge(roots)
    return Written(whole, (*errors, *repeated), is_whole=refused == 0)


def _decoded(file: str, raw: bytes) -> str:
    if len(raw) > MAX_BYTES:
        raise TreeRefused(
            Place(file),
            f"the file is larger than {MAX_BYTES // 1024 // 1024} MiB: a desk file of a thousand"
            " customers has half of that; split it, or check that it is the right file",
        )
    for mark, encoding in OTHER_ENCODINGS:
        if raw.startswith(mark):
            raise TreeRefused(Place(file), f"the file is {encoding}: save it as UTF-8")
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise TreeRefused(
            Place(file, line),
            f"the byte 0x{raw[error.start]:02X} is not UTF-8: save the file as UTF-8",
        ) from error


def _sections(file: str, root: Node | None) -> MapNode:
    advice = "a desk file has sections such as `calendars:` and `customers:`"
    if root is None or (isinstance(root, Scalar) and root.value is None):
        raise TreeRefused(Place(file), f"the file is empty: {advice}")
    if not isinstance(root, MapNode):
        raise TreeRefused(root.place, f"this is not a map: {advice}")
    return root
