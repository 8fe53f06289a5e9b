"""What is wrong with a desk file, and where."""

from collections.abc import Iterable
from dataclasses import dataclass

from bridge.errors import Refused

TreePath = tuple[str | int, ...]


@dataclass(frozen=True)
class Place:
    """A line of a file; None where the file as a whole is meant."""

    file: str
    line: int | None = None

    def __str__(self) -> str:
        return self.file if self.line is None else f"{self.file}:{self.line}"


@dataclass(frozen=True)
class DeskFileError:
    """One mistake: where it stands, what it is about, and a sentence that says what to do."""

    file: str
    line: int | None
    path: TreePath
    message: str

    def __str__(self) -> str:
        return f"{Place(self.file, self.line)}: {self.message}"


class DeskFileRefused(Refused):
    """The desk file cannot be taken; the text has one line for each mistake."""

    def __init__(self, errors: Iterable[DeskFileError]) -> None:
        self.errors = tuple(
            sorted(set(errors), key=lambda e: (e.file, e.line or 0, str(e.path), e.message))
        )
        super().__init__("\n".join(str(error) for error in self.errors))


def path_text(path: TreePath) -> str:
    """Return a path as people write it: `customers[0].contracts[1].fault`."""
    text = ""
    for step in path:
        text += f"[{step}]" if isinstance(step, int) else f".{step}" if text else step
    return text
