"""Whether the process lives, whether the desk is ready to work, and the numbers behind it."""

from flask import Blueprint, Flask, Response, jsonify
from flask.typing import ResponseReturnValue
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily
from prometheus_client.registry import Collector

from bridge import utc
from bridge.database import DatabaseUnavailable
from bridge.flows.readiness import DeskState, desk_state, reasons
from bridge.installation import Installation
from bridge.web import here

blueprint = Blueprint("health", __name__)


def register(app: Flask) -> None:
    """Add the health pages to the application."""
    app.register_blueprint(blueprint)


@blueprint.get("/healthz")
def healthz() -> ResponseReturnValue:
    """Answer 200 as long as the process lives; restart it when it does not."""
    return jsonify(status="ok")


def _state(installation: Installation) -> DeskState:
    with installation.database.reading() as session:
        return desk_state(session, utc.now())


@blueprint.get("/readyz")
def readyz() -> ResponseReturnValue:
    """Answer 200 when alarms are taken in, worked through and passed on; 503 with the reasons."""
    installation = here()
    try:
        found = reasons(_state(installation), installation.settings.reconcile_seconds, utc.now())
    except DatabaseUnavailable as error:
        found = [str(error)]
    status = 503 if found else 200
    return jsonify(status="not ready" if found else "ready", reasons=found), status


class _Numbers(Collector):
    def __init__(self, state: DeskState) -> None:
        self._state = state

    def collect(self) -> list[GaugeMetricFamily | CounterMetricFamily]:
        state = self._state
        now = utc.now()
        families: list[GaugeMetricFamily | CounterMetricFamily] = []
        for name, text, since in (
            ("inbox_oldest_seconds", "age of the oldest waiting inbox entry", state.inbox_since),
            ("outbox_oldest_seconds", "how long the oldest entry is due", state.outbox_since),
        ):
            age = (now - since).total_seconds() if since else 0.0
            families.append(GaugeMetricFamily(f"bridge_{name}", text, age))
        failed = GaugeMetricFamily(
            "bridge_inbox_failed", "inbox entries set aside", state.inbox_failed
        )
        tickets = GaugeMetricFamily("bridge_tickets", "unfinished tickets", labels=["state"])
        for name, count in state.tickets.items():
            tickets.add_metric([name], count)
        gaps = CounterMetricFamily(
            "bridge_source_gap", "what notifications had lost", labels=["source"]
        )
        for source in state.sources:
            gaps.add_metric([source.label], source.gap_total)
        pages = CounterMetricFamily("bridge_pages", "deliveries of pages", labels=["outcome"])
        for outcome, count in state.pages.items():
            pages.add_metric([outcome], count)
        differences = GaugeMetricFamily(
            "bridge_sla_differences",
            "clocks that were not what the journal says when last compared",
            state.sla_differences,
        )
        return [*families, failed, tickets, gaps, pages, differences]


@blueprint.get("/metrics")
def metrics() -> ResponseReturnValue:
    """Answer the desk's numbers for Prometheus; every node tells the same."""
    registry = CollectorRegistry(auto_describe=False)
    registry.register(_Numbers(_state(here())))
    return Response(generate_latest(registry), mimetype="text/plain; version=0.0.4")
