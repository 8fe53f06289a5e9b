"""Keeps what a customer was told of a month; there is one report for each, and it stays."""

import hashlib
from datetime import datetime

from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from bridge.sla.corrections import told_of
from bridge.sla.models import SlaReport
from bridge.sla.report_csv import csv_of
from bridge.sla.report_document import Report, plain
from bridge.sla.report_pdf import pdf_of


def rendered(report: Report, language: str) -> tuple[bytes, bytes]:
    """Return the report as CSV and as PDF."""
    return csv_of(report, language), pdf_of(report, language)


def keep(
    session: Session,
    customer_id: int,
    report: Report,
    files: tuple[bytes, bytes],
    by: tuple[str, int | None],
    now: datetime,
) -> bool:
    """Keep a report as it is told, with its CSV and PDF; return False where one was kept before.

    by: the name and id of the person who froze it.
    """
    csv, pdf = files
    row = {
        "customer_id": customer_id,
        "month": report.subject.month,
        "begins_at": report.subject.begins_at,
        "ends_at": report.subject.ends_at,
        "language": report.subject.language,
        "kept": report.figures.total.kept,
        "missed": report.figures.total.missed,
        "has_corrections": bool(report.corrections),
        "document": plain(report),
        "told": told_of(report.lines),
        "csv": csv,
        "csv_sha256": hashlib.sha256(csv).hexdigest(),
        "pdf": pdf,
        "pdf_sha256": hashlib.sha256(pdf).hexdigest(),
        "frozen_at": now,
        "frozen_by": by[0],
        "staff_id": by[1],
        "mailed_at": None,
        "recipients": [],
    }
    insert = sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
    statement = insert(SlaReport).values(row).on_conflict_do_nothing().returning(SlaReport.id)
    return session.scalar(statement) is not None
