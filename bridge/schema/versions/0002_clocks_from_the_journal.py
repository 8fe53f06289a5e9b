"""clocks that the journal can rebuild, versions that know when they became known."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from alembic import op

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
    _complete_openings()
    _widen_clocks()
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


def _complete_openings() -> None:
    """Write into the journal whose a ticket was when it was opened: clocks begin with that."""
    journal = sa.table(
        "journal", sa.column("id", BIG), sa.column("ticket_number", BIG),
        sa.column("kind", sa.String()), sa.column("data", sa.JSON()),
    )  # fmt: skip
    tickets = sa.table(
        "tickets", sa.column("number", BIG), sa.column("contract_id", BIG),
        sa.column("customer_id", BIG), sa.column("address", sa.String()),
    )  # fmt: skip
    opened = (
        sa.select(
            journal.c.id, journal.c.data,
            tickets.c.contract_id, tickets.c.customer_id, tickets.c.address,
        )
        .join(tickets, tickets.c.number == journal.c.ticket_number)
        .where(journal.c.kind == "opened")
        .order_by(journal.c.id)
    )  # fmt: skip
    change = (
        sa.update(journal)
        .where(journal.c.id == sa.bindparam("of"))
        .values(data=sa.bindparam("now_says", type_=sa.JSON()))
    )
    connection = op.get_bind()
    for rows in _portions(connection.execute(opened).mappings().all()):
        connection.execute(
            change,
            [{"of": row["id"], "now_says": row["data"] | _belonging(row)} for row in rows],
        )


def _belonging(row: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "contract": row["contract_id"],
        "customer": row["customer_id"],
        "guaranteed": row["address"] is not None,
    }


def _portions(rows: Sequence[Any]) -> Iterator[Sequence[Any]]:
    for begin in range(0, len(rows), AT_ONCE):
        yield rows[begin : begin + AT_ONCE]


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
