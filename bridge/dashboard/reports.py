"""The pages of SLA reports: all customers by month, one month, its CSV and PDF, its freezing."""

from flask import Response, flash, make_response, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from bridge import utc
from bridge.dashboard.blueprint import blueprint
from bridge.dashboard.reports_page import read_overview
from bridge.dashboard.visitor import Right, must, must_visitor, told
from bridge.dashboard.wording import desk_zone, moments, page_language
from bridge.dashboard.wording import gettext as _
from bridge.flows import report_freezing, reports
from bridge.flows.report_freezing import file_names
from bridge.language import best
from bridge.sla.month import Month
from bridge.sla.report_csv import csv_of
from bridge.sla.report_pdf import pdf_of
from bridge.sla.report_sheet import sheet_of
from bridge.staff.models import StaffMember
from bridge.web import here

REPORT = "/sla/report/<number>/<month>"


@blueprint.get("/sla/report")
def sla_reports() -> ResponseReturnValue:
    """Show the customers, and how their promises of the last months ended (200)."""
    person, now = must_visitor(), utc.now()
    with here().database.reading() as session:
        directory = here().directories.current(session)
        overview = read_overview(session, desk_zone(directory), page_language(), now)
    return render_template(
        "dashboard/reports.html",
        overview=overview,
        person=person,
        desk_name=directory.desk.name,
        said=told(),
    )


@blueprint.get(REPORT)
def sla_report(number: str, month: str) -> ResponseReturnValue:
    """Show the report of one customer's month (200); 404 for a customer nobody knows."""
    person, now, wanted = must_visitor(), utc.now(), Month.of_text(month)
    with here().database.reading() as session:
        directory = here().directories.current(session)
        found = reports.shown(session, directory, number, wanted, now)
    subject = found.report.subject
    return render_template(
        "dashboard/report.html",
        sheet=sheet_of(found.report, page_language()),
        subject=subject,
        frozen=found.frozen,
        may_freeze=person.may(Right.FREEZE) and found.frozen is None and subject.is_over,
        before=str(wanted.later(-1)),
        after=str(wanted.later(1)),
        person=person,
        desk_name=directory.desk.name,
        at=moments(directory, now, subject.zone),
        said=told(),
    )


@blueprint.get(f"{REPORT}.csv")
def sla_report_csv(number: str, month: str) -> ResponseReturnValue:
    """Answer the report as CSV in the customer's language (200); a frozen one as it was told."""
    return _file(number, Month.of_text(month), is_pdf=False)


@blueprint.get(f"{REPORT}.pdf")
def sla_report_pdf(number: str, month: str) -> ResponseReturnValue:
    """Answer the report as PDF in the customer's language (200); a frozen one as it was told."""
    return _file(number, Month.of_text(month), is_pdf=True)


def _file(number: str, month: Month, *, is_pdf: bool) -> Response:
    must_visitor()
    with here().database.reading() as session:
        directory = here().directories.current(session)
        found = reports.shown(session, directory, number, month, utc.now())
        # While the session is there: the contents are read when they are asked for.
        kept = (found.frozen.pdf if is_pdf else found.frozen.csv) if found.frozen else None
    make = pdf_of if is_pdf else csv_of
    content = kept or make(found.report, best(found.report.subject.language))
    name = file_names(found.report.subject.customer, str(month))[is_pdf]
    answer = make_response(content)
    answer.mimetype = "application/pdf" if is_pdf else "text/csv"
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


@blueprint.post(f"{REPORT}/freeze")
def freeze_sla_report(number: str, month: str) -> ResponseReturnValue:
    """Freeze a month that is over and show it (303); 403 for who may not, 400 before its end."""
    visitor, now, wanted = must(Right.FREEZE), utc.now(), Month.of_text(month)
    with here().database.reading() as session:
        directory = here().directories.current(session)
        ready = report_freezing.prepare(session, directory, number, wanted, now)
    with here().database.transaction() as session:
        person = session.get_one(StaffMember, visitor.staff_id)
        is_new = report_freezing.freeze(session, ready, person, now)
    if is_new:
        flash(_("The report is frozen: from now on it stays as it is."))
    else:
        flash(_("Somebody was faster: the report was frozen already."))
    return redirect(url_for("dashboard.sla_report", number=number, month=month), 303)
