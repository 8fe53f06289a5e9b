"""The documents are true: what code cites is there, links lead somewhere, lists are complete."""

import json
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

import bridge.schema  # noqa: F401 - it makes every table known
from bridge.app import create_app
from bridge.cli import bridge as program
from bridge.desk_file.loading import load_bytes
from bridge.icinga import notification
from bridge.installation import Installation
from bridge.settings import PREFIX, SECRETS, Settings
from bridge.tables import Base
from bridge.tickets.journal import Event

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"
PAGES = sorted([*ROOT.glob("*.md"), *DOCS.rglob("*.md"), *ROOT.glob("icinga-conf/**/*.md")])
# What is fetched or served, and not for programs.
UNNAMED_PATHS = ("/static/",)
TEXT = r'"(?:[^"\n]|\n)+?"'
CITATION = re.compile(rf"docs/(\w+\.md)((?:,?\s*(?:and|to)?\s*{TEXT})*)")


def _name(file: Path) -> str:
    return str(file.relative_to(ROOT))


def _code() -> Iterator[Path]:
    for folder in ("bridge", "bench", "icinga-conf", "tests"):
        for path in sorted((ROOT / folder).rglob("*")):
            if path.suffix in {".py", ".conf", ".html", ".css", ".js", ".yaml"} and path.is_file():
                yield path


def _cited() -> list[tuple[str, str, str]]:
    """Return every citation in the code: where it stands, the page, and the rule or heading."""
    found = []
    for path in _code():
        # A citation may go on in the next line of a comment or a docstring.
        text = re.sub(r"\s*\n\s*(?:#\s*)?", " ", path.read_text("utf8"))
        where = str(path.relative_to(ROOT))
        for page, texts in CITATION.findall(text):
            found.append((where, page, ""))
            found += [(where, page, one) for one in _spelled_out(texts)]
    return found


def _spelled_out(texts: str) -> Iterator[str]:
    """Yield what is cited; `"R1" to "R3"` is three rules."""
    parts = re.findall(r'(to\s*)?"([^"]+)"', texts)
    last = ""
    for to, text in parts:
        if to:
            letter, first, end = text[0], int(last[1:]), int(text[1:])
            yield from (f"{letter}{number}" for number in range(first + 1, end + 1))
        else:
            yield text
        last = text


def _headings(page: Path) -> list[str]:
    text = re.sub(r"```.*?```", "", page.read_text("utf8"), flags=re.DOTALL)
    return re.findall(r"^#+ (.+)$", text, re.MULTILINE)


def _anchor(heading: str) -> str:
    kept = re.sub(r"[^\w\- ]", "", heading.lower())
    return kept.replace(" ", "-")


def _rules(page: Path) -> set[str]:
    return set(re.findall(r"\*\*([A-Z]\d+)\b", page.read_text("utf8")))


def test_what_the_code_cites_stands_in_the_documents() -> None:
    cited = _cited()

    wrong = [
        f"{where}: docs/{page} has no {text!r}"
        for where, page, text in cited
        if not (DOCS / page).exists()
        or (text and text not in _rules(DOCS / page) and text not in _headings(DOCS / page))
    ]

    assert not wrong
    assert len([text for _, _, text in cited if text]) > 20


@pytest.mark.parametrize("file", PAGES, ids=_name)
def test_every_link_leads_somewhere(file: Path) -> None:
    text = re.sub(r"```.*?```", "", file.read_text("utf8"), flags=re.DOTALL)

    for target in re.findall(r"(?<!!)\[[^\]]*\]\(([^)\s]+)\)", text):
        if "://" in target:
            continue
        path, _, anchor = target.partition("#")
        goal = (file.parent / path).resolve() if path else file
        assert goal.exists(), target
        if anchor:
            assert anchor in map(_anchor, _headings(goal)), target


@pytest.mark.parametrize("file", PAGES, ids=_name)
def test_every_picture_is_there(file: Path) -> None:
    for target in re.findall(r"!\[[^\]]*\]\(([^)\s]+)\)", file.read_text("utf8")):
        assert (file.parent / target).exists(), target


@pytest.mark.parametrize("file", PAGES, ids=_name)
def test_every_make_target_that_is_named_exists(file: Path) -> None:
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text("utf8"), re.MULTILINE))

    named = re.findall(r"(?:`|^)make ([a-z]+)", file.read_text("utf8"), re.MULTILINE)

    assert set(named) <= targets


def test_every_file_that_the_house_and_the_proof_name_is_there() -> None:
    for page in ("architecture.md", "words.md", "proof.md", "interfaces.md", "operations.md"):
        for name in re.findall(
            r"`((?:\w+/)+\w+\.(?:py|po|yaml))`", (DOCS / page).read_text("utf8")
        ):
            assert (ROOT / name).exists() or (ROOT / "bridge" / name).exists(), f"{page}: {name}"


def test_the_house_has_the_floors_of_the_import_contract() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf8"))
    layers = project["tool"]["importlinter"]["contracts"][0]["layers"]
    house = (DOCS / "architecture.md").read_text("utf8")

    drawn = next(
        block for block in re.findall(r"```\n(.*?)```", house, re.DOTALL) if "__main__" in block
    )

    assert [re.split(r"\s{2,}", line)[0] for line in drawn.splitlines()] == layers


def test_the_house_names_every_table() -> None:
    house = (DOCS / "architecture.md").read_text("utf8")

    assert [name for name in Base.metadata.tables if f"`{name}`" not in house] == []


def _commands(command: click.Command, name: str) -> Iterator[tuple[str, click.Command]]:
    if isinstance(command, click.Group):
        for part, below in command.commands.items():
            yield from _commands(below, f"{name} {part}")
    else:
        yield name, command


COMMANDS = dict(_commands(program, "bridge"))


@pytest.mark.parametrize("name", COMMANDS)
def test_the_interfaces_name_every_command_and_its_options(name: str) -> None:
    text = (DOCS / "interfaces.md").read_text("utf8")

    (row,) = [line for line in text.splitlines() if re.match(rf"\| `{name}[` ]", line)]

    for option in COMMANDS[name].params:
        if isinstance(option, click.Option):
            assert option.opts[0] in row, option.opts[0]


def test_the_interfaces_name_every_address(tmp_path: Path) -> None:
    settings = Settings(database_url=f"sqlite:///{tmp_path / 'bridge.db'}")
    app = create_app(Installation.open(settings))
    text = (DOCS / "interfaces.md").read_text("utf8")

    missing = []
    for rule in app.url_map.iter_rules():
        path = re.sub(r"<[^>]*?(\w+)>", r"{\1}", rule.rule)
        pages = re.sub(r"\{(\w+)\}", lambda found: found[1].upper(), path)
        is_form = "POST" in (rule.methods or ()) and not path.startswith(("/api/", "/webhooks/"))
        if not (is_form or path.startswith(UNNAMED_PATHS)) and not re.search(
            rf"(?:{re.escape(path)}|{re.escape(pages)})[`,]", text
        ):
            missing.append(path)
    assert missing == []


def test_the_interfaces_name_every_event_of_the_journal() -> None:
    text = (DOCS / "interfaces.md").read_text("utf8")

    assert [event.value for event in Event if f"`{event.value}`" not in text] == []


def test_the_desk_file_of_the_interfaces_is_one() -> None:
    text = (DOCS / "interfaces.md").read_text("utf8")
    (example,) = re.findall(r"```yaml\n(.*?)```", text, re.DOTALL)

    document = load_bytes([("interfaces.md", example.encode())]).document

    sections = document.plain()
    assert set(sections) == set(type(document).model_fields)


def test_the_notification_of_the_interfaces_is_one() -> None:
    text = (DOCS / "interfaces.md").read_text("utf8")
    (example,) = re.findall(r"```json\n(.*?)```", text, re.DOTALL)

    said = notification.parse(json.loads(example))

    assert said.notes == ()
    assert (said.key, said.vars.priority) == (("web01", "http"), "P2")


@pytest.mark.parametrize("name", Settings.model_fields)
def test_the_operations_name_every_setting_and_its_variable(name: str) -> None:
    text = (DOCS / "operations.md").read_text("utf8")

    assert f"| `{name}` | `{PREFIX}{name.upper()}` |" in text
    if name in SECRETS:
        assert f"`{PREFIX}{name.upper()}_FILE`" in text
        assert f"`{name}_file`" in text


def test_the_decisions_are_all_in_their_list() -> None:
    listed = (DOCS / "decisions/README.md").read_text("utf8")

    pages = [path.name for path in sorted((DOCS / "decisions").glob("0*.md"))]

    assert re.findall(r"\]\((0[^)]+)\)", listed) == pages
