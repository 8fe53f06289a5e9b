"""A desk file whose addresses lead nowhere: nothing in it can be reached, and nothing is secret."""

from typing import Any

from bridge.desk_file.document import Document

# A name that no resolver knows, by RFC 6761.
NOWHERE = "json://simulation.invalid"
ROOM = "room:"


def silenced(document: Document) -> Document:
    """Return the document with other addresses for channels and rooms, and no doors to Icinga.

    Whom the rules page, and when, stays the same. What was env:, file: or secret: is not asked.
    """
    plain = document.plain()
    plain.pop("mailboxes", None)
    if "sources" in plain:
        plain["sources"] = [{"id": source["id"]} for source in plain["sources"]]
    if "staff" in plain:
        plain["staff"] = [_person(person) for person in plain["staff"]]
    if "policies" in plain:
        plain["policies"] = {name: _policy(one) for name, one in plain["policies"].items()}
    return Document.from_plain(plain)


def _person(person: dict[str, Any]) -> dict[str, Any]:
    if "channels" not in person:
        return person
    channels = {name: f"{NOWHERE}/{person['id']}/{name}" for name in person["channels"]}
    return person | {"channels": channels}


def _policy(policy: dict[str, Any]) -> dict[str, Any]:
    steps = [
        step
        | {
            "page": [
                f"{ROOM}{NOWHERE}/room/{number}" if target.startswith(ROOM) else target
                for number, target in enumerate(step["page"], 1)
            ]
        }
        for step in policy["steps"]
    ]
    return policy | {"steps": steps}
