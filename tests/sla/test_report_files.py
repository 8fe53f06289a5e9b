"""A report as CSV and PDF: what spreadsheets and archives take, and the same bytes each time."""

import csv
import io
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from pypdf import PdfReader

from bridge.sla.report import Line, Outcome, figures
from bridge.sla.report_csv import csv_of
from bridge.sla.report_document import Report, Subject, plain, restored
from bridge.sla.report_pdf import KNOWN, pdf_of, printable

MONDAY = datetime(2026, 11, 2, 8, tzinfo=UTC)
SUBJECT = Subject(
    customer="1001", customer_name="ACME GmbH", language="de", desk="Example IT",
    desk_address="support@desk.example", month="2026-11", zone="Europe/Berlin",
    begins_at=datetime(2026, 10, 31, 23, tzinfo=UTC),
    ends_at=datetime(2026, 11, 30, 23, tzinfo=UTC),
    as_of=datetime(2026, 12, 3, 7, tzinfo=UTC),
)  # fmt: skip
KEPT = Line(
    ticket=20001, title="web01 / http", kind="response", nth=1, rule=None, contract="acme-care",
    ticket_class="fault", priority="P1", guaranteed=True, outcome=Outcome.KEPT, started_at=MONDAY,
    due_at=MONDAY + timedelta(minutes=30), stopped_at=MONDAY + timedelta(minutes=10, seconds=30),
    target_minutes=30, consumed_seconds=630.0, counted_from=MONDAY, counted_minutes=30,
    count_seconds=630.0, ended_by="acknowledged",
)  # fmt: skip
MISSED = replace(
    KEPT, ticket=20002, outcome=Outcome.MISSED, stopped_at=MONDAY + timedelta(minutes=47),
    consumed_seconds=2820.0, count_seconds=2820.0,
)  # fmt: skip
UNANSWERED = replace(MISSED, ticket=20003, stopped_at=None, ended_by=None)
STRANGE = '=1+1 ünïcödé 😀 漢字 \u202egnp.exe\tx #strong[x] $x$ \\ "q" „deutsch“'


def report(*lines: Line, **changes: object) -> Report:
    subject = replace(SUBJECT, **changes)  # type: ignore[arg-type]
    return Report(subject, figures(lines), lines, ())


def rows(content: bytes, delimiter: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig")), delimiter=delimiter))


def text_of(pdf: bytes) -> str:
    return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages)


@pytest.mark.parametrize(
    ("language", "delimiter", "start", "used"),
    [("de", ";", "02.11.2026 09:00:00", "10,50"), ("en", ",", "2026-11-02 09:00:00", "10.50")],
)
def test_csv_is_what_excel_reads_in_that_language(
    language: str, delimiter: str, start: str, used: str
) -> None:
    content = csv_of(report(KEPT), language)

    assert content.startswith(b"\xef\xbb\xbf")
    head, row = rows(content, delimiter)
    assert len(head) == len(row) == 16
    assert {start, used} <= set(row)


@pytest.mark.parametrize("sign", ["=", "+", "-", "@", "\t", "\r"])
def test_no_title_becomes_a_formula(sign: str) -> None:
    _, row = rows(csv_of(report(replace(KEPT, title=f"{sign}cmd")), "de"), ";")

    assert row[2] == f"'{sign}cmd"


@pytest.mark.parametrize(
    ("line", "language", "words"),
    [
        pytest.param(MISSED, "en", "Answered Mon 2 Nov 09:47 CET, 17 min too late. 47 min of"
                     " service time were used, 30 min were promised.", id="answered late"),
        pytest.param(UNANSWERED, "en", "Nobody has answered yet, overdue for 30 d 22 h.", id="no"),
        pytest.param(UNANSWERED, "de", "Noch hat niemand geantwortet", id="no answer in German"),
        pytest.param(replace(MISSED, ended_by="recovered"), "en",
                     "Nobody answered before it recovered Mon 2 Nov 09:47 CET", id="recovered"),
        pytest.param(replace(MISSED, kind="solution"), "en", "Solved Mon 2 Nov 09:47", id="solved"),
        pytest.param(replace(UNANSWERED, kind="solution"), "en", "Not solved yet", id="unsolved"),
        pytest.param(replace(MISSED, counted_from=MONDAY + timedelta(minutes=15),
                             counted_minutes=15, count_seconds=1920.0), "en",
                     "The target changed Mon 2 Nov 09:15 CET: from then on 32 min of service time"
                     " were used, 15 min were promised.", id="after a rise"),
    ],
)  # fmt: skip
def test_every_missed_promise_says_why_in_both_files(line: Line, language: str, words: str) -> None:
    made = report(line)

    table = rows(csv_of(made, language), ";" if language == "de" else ",")

    assert words in table[1][-1]
    assert words in " ".join(text_of(pdf_of(made, language)).split())


@pytest.mark.parametrize("language", ["de", "en"])
def test_the_same_report_gives_the_same_bytes(language: str) -> None:
    made = report(KEPT, MISSED, UNANSWERED)
    again = restored(plain(made))

    assert again == made
    assert csv_of(again, language) == csv_of(made, language)
    assert pdf_of(again, language) == pdf_of(made, language)


def test_a_pdf_is_for_archives_and_says_whose_it_is() -> None:
    reader = PdfReader(io.BytesIO(pdf_of(report(KEPT, MISSED), "de")))

    metadata = reader.metadata
    assert metadata is not None
    assert metadata.title == "SLA-Bericht November 2026 – ACME GmbH"
    assert metadata.creation_date == SUBJECT.as_of
    xmp = reader.xmp_metadata
    assert xmp is not None
    assert b"<pdfaid:part>2</pdfaid:part>" in xmp.stream.get_data()


@pytest.mark.parametrize("field", ["title", "contract"])
def test_nothing_that_people_write_breaks_a_pdf(field: str) -> None:
    strange = replace(MISSED, **{field: STRANGE})  # type: ignore[arg-type]

    text = text_of(
        pdf_of(report(strange, replace(strange, contract="b"), customer_name=STRANGE), "de")
    )

    assert "#strong[x] $x$ \\" in text
    assert "□" in text
    assert "\u202e" not in text


def test_every_sign_that_is_taken_for_known_has_a_glyph() -> None:
    known = "".join(chr(n) for first, last in KNOWN for n in range(first, last + 1))
    lines = [replace(MISSED, title=known[at : at + 250]) for at in range(0, len(known), 250)]

    assert pdf_of(report(*lines), "en").startswith(b"%PDF")


def test_what_cannot_be_printed_is_a_box_and_layout_is_taken_out() -> None:
    assert printable({"a": ["e\u0301\u202e\n漢", 3, None]}) == {"a": ["é □", 3, None]}


def test_an_empty_month_is_a_report_too() -> None:
    made = report()

    assert len(rows(csv_of(made, "de"), ";")) == 1
    text = text_of(pdf_of(made, "en"))
    assert "None was missed." in text
    assert "No response was due." in text
