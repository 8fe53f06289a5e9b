"""escalation: what a run waits for, receipts, bundles, storms, overrides and findings."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)
SCHEDULED = sa.text("next_due_at IS NOT NULL")
MOMENTS_OF_RUNS = (
    "step_due_at",
    "owner_until",
    "remind_at",
    "expires_at",
    "handover_at",
    "held_until",
)


def upgrade() -> None:
    _make_tables()
    _widen_deliveries()
    _widen_runs()
    _let_runs_go_on()


def _make_tables() -> None:
    op.create_table(
        "findings",
        sa.Column("id", BIG, nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("ticket_number", BIG, nullable=True),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("found_at", MOMENT, nullable=False),
        sa.Column("ended_at", MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_findings")),
    )
    with op.batch_alter_table("findings") as batch_op:
        batch_op.create_index(
            "uq_findings_unended",
            ["key"],
            unique=True,
            sqlite_where=sa.text("ended_at IS NULL"),
            postgresql_where=sa.text("ended_at IS NULL"),
        )

    op.create_table(
        "calendar_feeds",
        sa.Column("id", BIG, nullable=False),
        sa.Column("token_hash", sa.String(), nullable=False),
        sa.Column("staff_id", BIG, nullable=False),
        sa.Column("schedule_id", BIG, nullable=True),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("withdrawn_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(
            ["schedule_id"], ["schedules.id"], name=op.f("fk_calendar_feeds_schedule_id")
        ),
        sa.ForeignKeyConstraint(
            ["staff_id"], ["staff.id"], name=op.f("fk_calendar_feeds_staff_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_calendar_feeds")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_calendar_feeds_token_hash")),
    )
    op.create_table(
        "schedule_overrides",
        sa.Column("id", BIG, nullable=False),
        sa.Column("schedule_id", BIG, nullable=False),
        sa.Column("starts_at", MOMENT, nullable=False),
        sa.Column("ends_at", MOMENT, nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("people", sa.JSON(), nullable=False),
        sa.Column("replaced", sa.String(), nullable=True),
        sa.Column("uid", sa.String(), nullable=True),
        sa.Column("created_by", BIG, nullable=True),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("withdrawn_at", MOMENT, nullable=True),
        sa.CheckConstraint(
            "kind IN ('replace', 'add', 'remove', 'cover')", name=op.f("ck_schedule_overrides_kind")
        ),
        sa.CheckConstraint("starts_at < ends_at", name=op.f("ck_schedule_overrides_order")),
        sa.ForeignKeyConstraint(
            ["created_by"], ["staff.id"], name=op.f("fk_schedule_overrides_created_by")
        ),
        sa.ForeignKeyConstraint(
            ["schedule_id"], ["schedules.id"], name=op.f("fk_schedule_overrides_schedule_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_schedule_overrides")),
    )
    with op.batch_alter_table("schedule_overrides") as batch_op:
        batch_op.create_index("ix_schedule_overrides_schedule_id", ["schedule_id", "ends_at"])
        batch_op.create_index("ix_schedule_overrides_uid", ["uid"])

    op.create_table(
        "channel_health",
        sa.Column("channel_id", BIG, nullable=False),
        sa.Column("paged_at", MOMENT, nullable=True),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("open_until", MOMENT, nullable=True),
        sa.Column("worked_at", MOMENT, nullable=True),
        sa.Column("failed_at", MOMENT, nullable=True),
        sa.Column("reason", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(
            ["channel_id"], ["channels.id"], name=op.f("fk_channel_health_channel_id")
        ),
        sa.PrimaryKeyConstraint("channel_id", name=op.f("pk_channel_health")),
    )
    op.create_table(
        "channel_tests",
        sa.Column("id", BIG, nullable=False),
        sa.Column("channel_id", BIG, nullable=False),
        sa.Column("asked_by", BIG, nullable=True),
        sa.Column("week", sa.String(length=8), nullable=True),
        sa.Column("asked_at", MOMENT, nullable=False),
        sa.Column("outbox_id", BIG, nullable=True),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("receipt_id", sa.String(), nullable=True),
        sa.Column("finished_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(["asked_by"], ["staff.id"], name=op.f("fk_channel_tests_asked_by")),
        sa.ForeignKeyConstraint(
            ["channel_id"], ["channels.id"], name=op.f("fk_channel_tests_channel_id")
        ),
        sa.ForeignKeyConstraint(
            ["outbox_id"],
            ["outbox.id"],
            name=op.f("fk_channel_tests_outbox_id"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_channel_tests")),
        sa.UniqueConstraint("channel_id", "week", name=op.f("uq_channel_tests_channel_id_week")),
    )
    with op.batch_alter_table("channel_tests") as batch_op:
        batch_op.create_index("ix_channel_tests_channel_id", ["channel_id", "asked_at"])
        batch_op.create_index(batch_op.f("ix_channel_tests_outbox_id"), ["outbox_id"])

    op.create_table(
        "storms",
        sa.Column("id", BIG, nullable=False),
        sa.Column("scope", sa.String(length=32), nullable=False),
        sa.Column("ticket_number", BIG, nullable=False),
        sa.Column("started_at", MOMENT, nullable=False),
        sa.Column("calm_since", MOMENT, nullable=True),
        sa.Column("ended_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(
            ["ticket_number"], ["tickets.number"], name=op.f("fk_storms_ticket_number")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_storms")),
        sa.UniqueConstraint("ticket_number", name=op.f("uq_storms_ticket_number")),
    )
    with op.batch_alter_table("storms") as batch_op:
        batch_op.create_index(
            "uq_storms_under_way",
            ["scope"],
            unique=True,
            sqlite_where=sa.text("ended_at IS NULL"),
            postgresql_where=sa.text("ended_at IS NULL"),
        )


def _widen_deliveries() -> None:
    with op.batch_alter_table("deliveries") as batch_op:
        batch_op.add_column(sa.Column("sent_at", MOMENT, nullable=True))
        batch_op.add_column(sa.Column("receipt_id", sa.String(), nullable=True))
        batch_op.add_column(sa.Column("receipt_due_at", MOMENT, nullable=True))
        batch_op.add_column(sa.Column("seen_at", MOMENT, nullable=True))
        batch_op.create_index(
            "ix_deliveries_awaited",
            ["receipt_due_at"],
            sqlite_where=sa.text("receipt_due_at IS NOT NULL"),
            postgresql_where=sa.text("receipt_due_at IS NOT NULL"),
        )
        batch_op.create_index("ix_deliveries_receipt", ["receipt_id"])


def _widen_runs() -> None:
    """What held a run was a downtime; what it has is as bad as it has ever been."""
    with op.batch_alter_table("runs") as batch_op:
        for name in MOMENTS_OF_RUNS:
            batch_op.add_column(sa.Column(name, MOMENT, nullable=True))
        batch_op.add_column(sa.Column("held_because", sa.String(length=8), nullable=True))
        batch_op.add_column(sa.Column("exhausted", sa.Boolean(), nullable=True))
        batch_op.add_column(sa.Column("fallbacks", sa.SmallInteger(), nullable=True))
        batch_op.add_column(sa.Column("worst_rank", sa.SmallInteger(), nullable=True))
        batch_op.add_column(sa.Column("worst_priority", sa.String(length=2), nullable=True))
    op.execute("""
        UPDATE runs SET
            exhausted = false,
            fallbacks = 0,
            held_because = CASE WHEN state = 'held' THEN 'downtime' END,
            worst_rank = coalesce((
                SELECT CASE p.state WHEN 'DOWN' THEN 4 WHEN 'CRITICAL' THEN 3
                    WHEN 'UNKNOWN' THEN 2 WHEN 'WARNING' THEN 1 ELSE 0 END
                FROM ticket_problems p WHERE p.ticket_number = runs.ticket_number), 0),
            worst_priority = (SELECT t.priority FROM tickets t WHERE t.number = runs.ticket_number)
    """)
    with op.batch_alter_table("runs") as batch_op:
        for name, of_type in (
            ("exhausted", sa.Boolean()),
            ("fallbacks", sa.SmallInteger()),
            ("worst_rank", sa.SmallInteger()),
            ("worst_priority", sa.String(length=2)),
        ):
            batch_op.alter_column(name, existing_type=of_type, nullable=False)
        batch_op.create_check_constraint(
            op.f("ck_runs_held_because"),
            "held_because IN ('downtime', 'snooze', 'parent', 'storm')",
        )
        batch_op.drop_index("ix_runs_due")
        batch_op.create_index(
            "ix_runs_due", ["next_due_at"], sqlite_where=SCHEDULED, postgresql_where=SCHEDULED
        )
        batch_op.create_index("ix_runs_started_at", ["started_at"])


def _let_runs_go_on() -> None:
    """Whom nobody answered, and for whom nothing was to follow, the next step fires at once."""
    op.execute(
        "UPDATE runs SET next_due_at = CURRENT_TIMESTAMP WHERE state = 'live' AND next_due_at IS NULL"
    )
    op.execute("UPDATE runs SET step_due_at = next_due_at WHERE state = 'live'")
