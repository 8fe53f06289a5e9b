"""The mail that a month's report goes out with, in the customer's language."""

from bridge.language import say
from bridge.sla.report_document import Report
from bridge.sla.report_sheet import count_heads
from bridge.sla.report_words import Words


def subject_of(report: Report, language: str) -> str:
    """Return the subject; one line whatever the customer is called."""
    words = Words(report, language)
    text = f"{words.say('SLA report')} {words.month()} – {report.subject.customer_name}"
    return " ".join(text.split())


def text_of(report: Report, language: str, names: list[str]) -> str:
    """Return the text; names: those of the files that are attached."""
    words, _ = Words(report, language), say(language)
    total, subject = report.figures.total, report.subject
    numbers = (total.promised, total.kept, total.missed, total.cancelled, total.merged)
    lines = [
        _("Hello,"),
        "",
        _("here is the SLA report of %(month)s for %(customer)s.")
        % {"month": words.month(), "customer": subject.customer_name},
        "",
        *(f"  {name}: {n}" for name, n in zip(count_heads(words), numbers, strict=False)),
        f"  {_('kept of those decided')}: {words.percentage(total.percentage)}",
        "",
    ]
    if total.missed:
        lines += [_("Why each one was missed stands in the report."), ""]
    if report.corrections:
        lines += [_("It also corrects earlier months."), ""]
    lines += [_("Attached: %(names)s") % {"names": ", ".join(names)}, ""] if names else []
    return "\n".join([*lines, subject.desk, subject.desk_address]).rstrip() + "\n"
