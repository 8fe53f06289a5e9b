"""A report as PDF/A, laid out by Typst from `report.typ`; the same report gives the same bytes."""

import json
import unicodedata
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import typst

from bridge.errors import Permanent
from bridge.sla.report_document import Report
from bridge.sla.report_sheet import sheet_of

LAYOUT = Path(__file__).with_name("report.typ")
# What the fonts have that Typst brings along; a sign they lack would end the work.
KNOWN = (
    (0x20, 0x7E), (0xA0, 0x2FF), (0x370, 0x4FF), (0x1E00, 0x1EFF), (0x2010, 0x2027),
    (0x202F, 0x203A), (0x20A0, 0x20BF), (0x2190, 0x21FF), (0x2200, 0x22FF), (0x25A0, 0x25FF),
)  # fmt: skip
UNKNOWN = "\u25a1"


class NotRendered(Permanent):
    """A report could not be made into a PDF; the text says at what Typst stopped."""


@cache
def _fonts() -> typst.Fonts:
    # Those of the machine would make other bytes on another one.
    return typst.Fonts(include_system_fonts=False)


def pdf_of(report: Report, language: str) -> bytes:
    """Return the report as PDF/A-2a and PDF/UA-1; raises NotRendered."""
    try:
        return typst.compile(
            LAYOUT.read_bytes(),
            format="pdf",
            # For archives, and for people who have it read to them.
            pdf_standards=["a-2a", "ua-1"],
            timestamp=int(report.subject.as_of.timestamp()),
            font_paths=_fonts(),
            ignore_system_fonts=True,
            sys_inputs=_inputs(report, language),
        )
    except typst.TypstError as error:
        raise NotRendered(f"the report could not be laid out: {error}") from error


def _inputs(report: Report, language: str) -> dict[str, str]:
    return {"sheet": json.dumps(printable(sheet_of(report, language)))}


def printable(value: Any) -> Any:
    """Return plain JSON with a box in place of every sign that no font has."""
    match value:
        case str():
            return "".join(map(_printable, unicodedata.normalize("NFC", value)))
        case Mapping():
            return {key: printable(below) for key, below in value.items()}
        case Sequence():
            return [printable(below) for below in value]
        case _:
            return value


@cache
def _printable(sign: str) -> str:
    category = unicodedata.category(sign)
    if category in {"Cc", "Cf"}:
        # Neither a line's end nor a change of direction belongs into a cell.
        return " " if sign in "\t\n\r" else ""
    has_glyph = any(first <= ord(sign) <= last for first, last in KNOWN)
    return sign if has_glyph and category != "Cn" else UNKNOWN
