"""clocks that the journal can rebuild, versions that know when they became known."""

from bisect import bisect_right
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from alembic import op

from bridge.schema.old_journal import Ending, OldEntry, completed, endings

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)
AT_ONCE = 1000

VERSIONS = {"calendar_versions": "calendar_id", "contract_versions": "contract_id"}


def upgrade() -> None:
    for table, owner in VERSIONS.items():
        _number_versions(table, owner)
    _widen_tickets()
    _complete_journals()
    _widen_clocks()
    _complete_verdicts()
    op.create_table(
        "verifications",
        sa.Column("id", BIG, nullable=False),
        sa.Column("night", sa.String(length=10), nullable=True),
        sa.Column("began_at", MOMENT, nullable=False),
        sa.Column("ended_at", MOMENT, nullable=True),
        sa.Column("last_ticket", BIG, nullable=False),
        sa.Column("tickets", sa.Integer(), nullable=False),
        sa.Column("clocks", sa.Integer(), nullable=False),
        sa.Column("differences", sa.Integer(), nullable=False),
        sa.Column("document", sa.JSON(), nullable=False),
        sa.Column("leased_by", sa.String(), nullable=True),
        sa.Column("lease_until", MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_verifications")),
        sa.UniqueConstraint("night", name=op.f("uq_verifications_night")),
    )


def _number_versions(table: str, owner: str) -> None:
    with op.batch_alter_table(table) as batch_op:
        batch_op.add_column(sa.Column("revision", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("replaces_id", BIG, nullable=True))
    # A version was made by the first change of the configuration that is not older than itself.
    # Those of one owner must differ, so that the later ones of a moment count upwards.
    op.execute(f"""
        UPDATE {table} SET revision = coalesce(
            (SELECT min(r.id) FROM revisions r WHERE r.changed_at >= {table}.created_at), 1)
    """)  # noqa: S608 - names from this file
    op.execute(f"""
        UPDATE {table} SET revision = revision + (
            SELECT count(*) FROM {table} other WHERE other.{owner} = {table}.{owner}
            AND other.id < {table}.id AND other.created_at = {table}.created_at)
    """)  # noqa: S608 - names from this file
    with op.batch_alter_table(table) as batch_op:
        batch_op.alter_column("revision", existing_type=sa.Integer(), nullable=False)
        batch_op.drop_constraint(op.f(f"uq_{table}_{owner}_effective_from"), type_="unique")
        batch_op.create_unique_constraint(op.f(f"uq_{table}_{owner}_revision"), [owner, "revision"])
        batch_op.create_foreign_key(op.f(f"fk_{table}_replaces_id"), table, ["replaces_id"], ["id"])


def _widen_tickets() -> None:
    with op.batch_alter_table("tickets") as batch_op:
        batch_op.add_column(sa.Column("waiting_for", sa.String(length=16), nullable=True))
        batch_op.add_column(sa.Column("waiting_until", MOMENT, nullable=True))
        batch_op.create_check_constraint(
            op.f("ck_tickets_waiting_for"), "waiting_for IN ('customer', 'third_party')"
        )
        batch_op.create_index("ix_tickets_resolved_at", ["resolved_at"])
        batch_op.create_index(
            "ix_tickets_merged_into",
            ["merged_into"],
            sqlite_where=sa.text("merged_into IS NOT NULL"),
            postgresql_where=sa.text("merged_into IS NOT NULL"),
        )
        batch_op.create_index(
            "ix_tickets_waiting_until",
            ["waiting_until"],
            sqlite_where=sa.text("waiting_until IS NOT NULL"),
            postgresql_where=sa.text("waiting_until IS NOT NULL"),
        )


JOURNAL = sa.table(
    "journal", sa.column("id", BIG), sa.column("ticket_number", BIG), sa.column("kind"),
    sa.column("at", MOMENT), sa.column("recorded_at", MOMENT), sa.column("data", sa.JSON()),
)  # fmt: skip
TICKETS = sa.table(
    "tickets", sa.column("number", BIG), sa.column("contract_id", BIG),
    sa.column("customer_id", BIG), sa.column("address", sa.String()),
)  # fmt: skip
CLOCKS = sa.table(
    "clocks", sa.column("id", BIG), sa.column("ticket_number", BIG), sa.column("kind"),
    sa.column("nth"), sa.column("class"), sa.column("priority"), sa.column("guaranteed"),
    sa.column("calendar_id", BIG), sa.column("customer_id", BIG), sa.column("contract_id", BIG),
    sa.column("stopped_at", MOMENT), sa.column("frozen", sa.JSON()), sa.column("revision"),
)  # fmt: skip


def _portions_of_tickets() -> Iterator[dict[int, Mapping[str, Any]]]:
    after = -1
    while True:
        some = sa.select(TICKETS).where(TICKETS.c.number > after).order_by(TICKETS.c.number)
        rows = op.get_bind().execute(some.limit(AT_ONCE)).mappings().all()
        if not rows:
            return
        yield {row["number"]: dict(row) for row in rows}
        after = rows[-1]["number"]


def _revision_at() -> Callable[[datetime], int]:
    changes = sa.table("revisions", sa.column("id", BIG), sa.column("changed_at", MOMENT))
    rows = op.get_bind().execute(sa.select(changes).order_by(changes.c.id)).all()
    moments = [_aware(row.changed_at) for row in rows]
    return lambda at: rows[bisect_right(moments, at) - 1].id if moments and at >= moments[0] else 0


def _aware(moment: datetime) -> datetime:
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _journals(first: int, last: int) -> dict[int, list[OldEntry]]:
    some = sa.select(JOURNAL).where(JOURNAL.c.ticket_number.between(first, last))
    found: dict[int, list[OldEntry]] = {}
    for row in op.get_bind().execute(some.order_by(JOURNAL.c.id)):
        entry = OldEntry(row.id, row.kind, _aware(row.at), _aware(row.recorded_at), row.data)
        found.setdefault(row.ticket_number, []).append(entry)
    return found


def _change(table: sa.TableClause, values: Sequence[str], rows: list[dict[str, Any]]) -> None:
    bound = {name: sa.bindparam(f"new_{name}", type_=table.c[name].type) for name in values}
    change = sa.update(table).where(table.c.id == sa.bindparam("of")).values(bound)
    if rows:
        op.get_bind().execute(change, rows)


def _complete_journals() -> None:
    """Write into the journal what clocks begin with, and what was known when it was written."""
    revision_at = _revision_at()
    for tickets in _portions_of_tickets():
        changed: dict[int, dict[str, Any]] = {}
        for number, entries in _journals(min(tickets), max(tickets)).items():
            changed |= completed(entries, _belonging(tickets[number]), revision_at)
        _change(JOURNAL, ["data"], [{"of": of, "new_data": said} for of, said in changed.items()])


def _belonging(row: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "contract": row["contract_id"],
        "customer": row["customer_id"],
        "guaranteed": row["address"] is not None,
    }


def _complete_verdicts() -> None:
    """Freeze with each clock that has stopped all that its verdict was given by."""
    revision_at = _revision_at()
    calendars = sa.table("calendars", sa.column("id", BIG), sa.column("label"))
    rows = op.get_bind().execute(sa.select(calendars)).all()
    labels = {row.id: row.label for row in rows}
    for tickets in _portions_of_tickets():
        first, last = min(tickets), max(tickets)
        ends = {
            (number, one.kind, one.nth): one
            for number, entries in _journals(first, last).items()
            for one in endings(entries, revision_at)
        }
        stopped = sa.select(CLOCKS).where(
            CLOCKS.c.ticket_number.between(first, last), CLOCKS.c.stopped_at.is_not(None)
        )
        found = op.get_bind().execute(stopped).mappings().all()
        known = [
            (dict(row), ends.get((row["ticket_number"], row["kind"], row["nth"]))) for row in found
        ]
        new = [_frozen(row, end, labels) for row, end in known if end is not None]
        _change(CLOCKS, ["frozen", "priority", "revision"], new)


def _frozen(row: Mapping[str, Any], end: Ending, labels: Mapping[int, str]) -> dict[str, Any]:
    frozen = {
        **row["frozen"],
        "contract": row["contract_id"],
        "customer": row["customer_id"],
        "class": row["class"],
        "priority": end.priority,
        "guaranteed": bool(row["guaranteed"]),
        "calendar": labels[row["calendar_id"]],
        "revision": end.revision,
        "ended_by": end.ended_by,
    }
    return {
        "of": row["id"],
        "new_frozen": frozen,
        "new_priority": end.priority,
        "new_revision": end.revision,
    }


NEW_CLOCK_COLUMNS = (
    ("nth", sa.Integer()),
    ("rule", sa.String(length=8)),
    ("customer_id", BIG),
    ("contract_id", BIG),
    ("class", sa.String(length=8)),
    ("priority", sa.String(length=2)),
    ("falls_at", MOMENT),
    ("pauses", sa.JSON()),
    ("warn_at", MOMENT),
    ("warn_percent", sa.Integer()),
    ("revision", sa.Integer()),
)
NEEDED = ("nth", "customer_id", "contract_id", "class", "priority", "pauses", "revision")


def _widen_clocks() -> None:
    with op.batch_alter_table("clocks") as batch_op:
        for name, of_type in NEW_CLOCK_COLUMNS:
            batch_op.add_column(sa.Column(name, of_type, nullable=True))
    op.execute("""
        UPDATE clocks SET
            nth = (SELECT count(*) FROM clocks c WHERE c.ticket_number = clocks.ticket_number
                   AND c.kind = clocks.kind AND c.id <= clocks.id),
            customer_id = (SELECT k.customer_id FROM contract_versions v
                           JOIN contracts k ON k.id = v.contract_id
                           WHERE v.id = clocks.contract_version_id),
            contract_id = (SELECT v.contract_id FROM contract_versions v
                           WHERE v.id = clocks.contract_version_id),
            class = (SELECT t.class FROM tickets t WHERE t.number = clocks.ticket_number),
            priority = (SELECT t.priority FROM tickets t WHERE t.number = clocks.ticket_number),
            falls_at = CASE WHEN stopped_at < due_at THEN stopped_at ELSE due_at END,
            pauses = '[]',
            revision = (SELECT coalesce(max(r.id), 0) FROM revisions r)
    """)
    with op.batch_alter_table("clocks") as batch_op:
        for name, of_type in NEW_CLOCK_COLUMNS:
            if name in NEEDED:
                batch_op.alter_column(name, existing_type=of_type, nullable=False)
        batch_op.alter_column("due_at", existing_type=MOMENT, nullable=True)
        batch_op.drop_constraint(op.f("uq_clocks_ticket_number_kind_started_at"), type_="unique")
        batch_op.create_unique_constraint(
            op.f("uq_clocks_ticket_number_kind_nth"), ["ticket_number", "kind", "nth"]
        )
        batch_op.create_foreign_key(
            op.f("fk_clocks_customer_id"), "customers", ["customer_id"], ["id"]
        )
        batch_op.create_foreign_key(
            op.f("fk_clocks_contract_id"), "contracts", ["contract_id"], ["id"]
        )
        batch_op.create_index("ix_clocks_falls_at", ["falls_at"])
        batch_op.create_index("ix_clocks_customer_id_falls_at", ["customer_id", "falls_at"])
        batch_op.create_index(
            "ix_clocks_warn_at",
            ["warn_at"],
            sqlite_where=sa.text("warn_at IS NOT NULL"),
            postgresql_where=sa.text("warn_at IS NOT NULL"),
        )
