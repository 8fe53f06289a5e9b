"""Desk files, read and judged: a document, or everything that is wrong with them at once."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from bridge.desk_file.document import Document
from bridge.desk_file.errors import DeskFileError, DeskFileRefused, TreePath
from bridge.desk_file.merging import NAMED_BY
from bridge.desk_file.mistakes import Mistake, mistakes_of
from bridge.desk_file.promises import never_due
from bridge.desk_file.reading import Written, read_bytes, read_files
from bridge.desk_file.references import NOTHING_KNOWN, KnownNames, unresolved


@dataclass(frozen=True)
class DeskFile:
    """What the files say, and where they say it."""

    document: Document
    written: Written

    def error(self, path: TreePath, message: str) -> DeskFileError:
        """Return the mistake `message` about `path`, as `customers, 0, name`, with its line."""
        return self.written.error(path, message)


def load(paths: Sequence[Path], known: KnownNames = NOTHING_KNOWN) -> DeskFile:
    """Return what the files say together; with `known`, names may also come from elsewhere.

    Raises DeskFileRefused with every mistake in every file.
    """
    return judge(read_files(paths), known)


def load_bytes(
    contents: Iterable[tuple[str, bytes]], known: KnownNames = NOTHING_KNOWN
) -> DeskFile:
    """Return what the named contents say together, as `load` does."""
    return judge(read_bytes(contents), known)


def judge(written: Written, known: KnownNames = NOTHING_KNOWN) -> DeskFile:
    """Return the document that was written. Raises DeskFileRefused with every mistake."""
    data = written.data
    try:
        document = _document(data)
        mistakes = _between(document, known) if written.is_whole else []
    except ValidationError as error:
        mistakes = list(mistakes_of(error, Document))
        mistakes += _among_the_rest(data, mistakes, known) if written.is_whole else []
    errors = [
        *written.errors,
        *(written.error(m.path, m.sentence, at_key=m.at_key) for m in mistakes),
    ]
    if errors:
        raise DeskFileRefused(errors)
    return DeskFile(document, written)


def _document(data: dict[str, Any]) -> Document:
    return Document.model_validate(data, by_name=False, by_alias=True)


def _between(document: Document, known: KnownNames) -> list[Mistake]:
    return [*unresolved(document, known), *never_due(document)]


def _among_the_rest(
    data: dict[str, Any], mistakes: Iterable[Mistake], known: KnownNames
) -> Iterator[Mistake]:
    """Yield the mistakes that show only between entries, of the entries that are good so far.

    A name counts as known where its entry is there, good or bad. Where a whole section cannot be
    read nobody knows its names, and nothing is said.
    """
    bad = {m.path[:2] for m in mistakes if m.path[0] != "desk"}
    if any(path[1:] == () and path[0] in Document.model_fields for path in bad):
        return
    good = {section: entries for section, entries in data.items() if section in NAMED_BY}
    kept: dict[str, list[int]] = {}
    for section, entries in good.items():
        kept[section] = [at for at in range(len(entries)) if (section, at) not in bad]
        good[section] = [entries[at] for at in kept[section]]
    for section in ("calendars", "teams", "schedules", "policies"):
        if section in data:
            good[section] = {
                key: entry for key, entry in data[section].items() if (section, key) not in bad
            }
    document = _document(good)
    for mistake in _between(document, _with_names(known, data)):
        top, at, *rest = mistake.path
        where = kept[str(top)][at] if isinstance(at, int) else at
        yield replace(mistake, path=(top, where, *rest))


def _with_names(known: KnownNames, data: dict[str, Any]) -> KnownNames:
    people = (p.get("id") for p in data.get("staff", ()) if isinstance(p, dict))
    return replace(
        known,
        calendars=known.calendars | set(data.get("calendars", ())),
        schedules=known.schedules | set(data.get("schedules", ())),
        policies=known.policies | set(data.get("policies", ())),
        teams=known.teams | set(data.get("teams", ())),
        staff={**known.staff, **{str(name): None for name in people}},
    )
