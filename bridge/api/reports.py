"""The SLA report of a customer and month, for programs."""

from collections.abc import Iterable
from typing import Any

from flask.typing import ResponseReturnValue
from pydantic import TypeAdapter

from bridge import utc
from bridge.api import report_shapes as shapes
from bridge.api.answering import answered
from bridge.api.blueprint import blueprint
from bridge.api.forms import ReportChoice
from bridge.api.reading import parameters
from bridge.api.shapes import CustomerReference
from bridge.flows import reports
from bridge.flows.reports import Shown
from bridge.sla.models import SlaReport
from bridge.sla.month import Month
from bridge.sla.report import Line
from bridge.sla.report_document import plain
from bridge.web import here

_LINES = TypeAdapter(list[Line])


@blueprint.get("/sla/report")
def sla_report() -> ResponseReturnValue:
    """Return the report of a customer's month, as it was frozen or as it is (200); 400, 404."""
    wanted = parameters(ReportChoice)
    with here().database.reading() as session:
        directory = here().directories.current(session)
        month = Month.of_text(wanted.month)
        shown = reports.shown(session, directory, wanted.customer, month, utc.now())
    return answered(shape_of(shown))


def shape_of(shown: Shown) -> shapes.Report:
    """Return a report as programs read it."""
    report, subject = shown.report, shown.report.subject
    document = plain(report)
    figures: dict[str, Any] = {
        key: value for key, value in document["figures"].items() if key != "not_due"
    }
    return shapes.Report(
        customer=CustomerReference(number=subject.customer, name=subject.customer_name),
        month=subject.month,
        timezone=subject.zone,
        begins_at=subject.begins_at,
        ends_at=subject.ends_at,
        as_of=subject.as_of,
        provisional=not subject.is_over,
        frozen=_frozen(shown.frozen),
        missed=_lines(report.missed),
        not_due=_lines(report.not_due),
        lines_without_guarantee=_lines(report.without_guarantee),
        corrections=document["corrections"],
        **figures,
    )


def _lines(lines: Iterable[Line]) -> list[shapes.Line]:
    return [shapes.Line.model_validate(one) for one in _LINES.dump_python(list(lines), mode="json")]


def _frozen(kept: SlaReport | None) -> shapes.Frozen | None:
    if kept is None:
        return None
    return shapes.Frozen(
        at=kept.frozen_at,
        by=kept.frozen_by,
        csv_sha256=kept.csv_sha256,
        pdf_sha256=kept.pdf_sha256,
        mailed_at=kept.mailed_at,
    )
