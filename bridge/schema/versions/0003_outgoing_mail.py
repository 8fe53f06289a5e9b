"""outgoing mail: who it goes to, and what is attached."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)
LOST = sa.text("state IN ('failed', 'maybe')")


def upgrade() -> None:
    op.create_table(
        "mail_attachments",
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("sha256", name=op.f("pk_mail_attachments")),
    )
    op.create_table(
        "mail_recipients",
        sa.Column("id", BIG, nullable=False),
        sa.Column("entry_id", BIG, nullable=False),
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("reply", sa.String(), nullable=True),
        sa.Column("changed_at", MOMENT, nullable=True),
        sa.CheckConstraint(
            "state IN ('waiting', 'accepted', 'failed', 'maybe')",
            name=op.f("ck_mail_recipients_state"),
        ),
        sa.ForeignKeyConstraint(
            ["entry_id"], ["outbox.id"], name=op.f("fk_mail_recipients_entry_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mail_recipients")),
        sa.UniqueConstraint(
            "entry_id", "address", name=op.f("uq_mail_recipients_entry_id_address")
        ),
    )
    op.create_index(
        "ix_mail_recipients_lost",
        "mail_recipients",
        ["changed_at"],
        sqlite_where=LOST,
        postgresql_where=LOST,
    )
