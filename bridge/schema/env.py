"""Alembic's environment: runs the migrations on the connection that `migrate` gives it."""

from alembic import context

from bridge.tables import Base

connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=Base.metadata,
    render_as_batch=connection.dialect.name == "sqlite",
    compare_type=True,
    # The caller's transaction holds all steps, so that a failed upgrade leaves nothing behind.
    transactional_ddl=True,
)
context.run_migrations()
