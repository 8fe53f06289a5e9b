"""A schedule as the desk file writes it, read into values, with reasons for what is refused."""

from collections.abc import Iterator, Mapping
from zoneinfo import ZoneInfo

from bridge.calendars.desk_form import zone_from_plain
from bridge.oncall.layer_form import layer_from_plain, people_from_plain, person_from_plain
from bridge.oncall.local_form import BadSchedule, Path, moment_from_plain
from bridge.oncall.schedule import Override, OverrideKind, Schedule


class BadOverride(BadSchedule):
    """An override does not say what changes, or ends before it begins."""


def schedule_from_plain(plain: object) -> Schedule:
    """Return the schedule that an entry of the section `schedules` says.

    Keys that there are not are for the reader of the desk file to refuse; here they count as
    absent. Whether the people exist is for the caller to see.
    Raises a class below Refused, with the `path` to what is wrong, for the first broken rule.
    """
    if not isinstance(plain, Mapping):
        raise BadSchedule("a schedule is a mapping with timezone and layers")
    zone = ZoneInfo(zone_from_plain(plain.get("timezone"), ("timezone",)))
    return Schedule(
        timezone=zone,
        layers=tuple(layer_from_plain(*each) for each in _entries(plain, "layers", zone)),
        overrides=tuple(override_from_plain(*each) for each in _entries(plain, "overrides", zone)),
    )


def override_from_plain(plain: object, zone: ZoneInfo, path: Path = ()) -> Override:
    """Return the override that an entry of `overrides` says; `zone` is that of its schedule.

    `cover` takes the whole schedule over, whoever is on call and also where nobody is.
    Raises a class below Refused, with the `path` to what is wrong, for the first broken rule.
    """
    if not isinstance(plain, Mapping):
        raise BadOverride("an override is a mapping with from, to and what changes", path)
    for key in ("from", "to"):
        if plain.get(key) is None:
            raise BadOverride(f"the override has no {key}: write when it begins and ends", path)
    starts_at = moment_from_plain(plain["from"], zone, (*path, "from"))
    ends_at = moment_from_plain(plain["to"], zone, (*path, "to"))
    if starts_at >= ends_at:
        raise BadOverride(
            f"the override ends at {plain['to']}, which is not after its begin at {plain['from']}",
            (*path, "to"),
        )
    kind = _kind(plain, path)
    people, replaced = _people(plain, kind, path)
    return Override(starts_at, ends_at, kind, people, replaced)


def _entries(
    plain: Mapping[object, object], key: str, zone: ZoneInfo
) -> Iterator[tuple[object, ZoneInfo, Path]]:
    entries = plain.get(key)
    if entries is None:
        return
    if not isinstance(entries, list | tuple):
        raise BadSchedule(f"{key} are a list", (key,))
    for at, entry in enumerate(entries):
        yield entry, zone, (key, at)


def _kind(plain: Mapping[object, object], path: Path) -> OverrideKind:
    kinds = [kind for kind in OverrideKind if plain.get(kind.value) is not None]
    if len(kinds) != 1:
        named = ", ".join(kind.value for kind in OverrideKind)
        raise BadOverride(f"an override has one of {named}; this one has {len(kinds)}", path)
    return kinds[0]


def _people(
    plain: Mapping[object, object], kind: OverrideKind, path: Path
) -> tuple[tuple[str, ...], str | None]:
    """Return whom the override is about, and whom it replaces."""
    if kind is not OverrideKind.REPLACE:
        if plain.get("with") is not None:
            raise BadOverride(f"{kind.value} has no with: only replace has", (*path, "with"))
        return _one_or_more(plain[kind.value], (*path, kind.value)), None
    if plain.get("with") is None:
        raise BadOverride("replace needs with: write who comes instead, or use remove", path)
    replaced = person_from_plain(plain["replace"], (*path, "replace"))
    return _one_or_more(plain["with"], (*path, "with")), replaced


def _one_or_more(plain: object, path: Path) -> tuple[str, ...]:
    if isinstance(plain, str):
        return (person_from_plain(plain, path),)
    return people_from_plain(plain, path)
