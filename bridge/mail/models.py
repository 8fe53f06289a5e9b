"""The table of mailboxes."""

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Mapped, mapped_column

from bridge.tables import Base, Id


class Mailbox(Base):
    """A mailbox to read; `document` is the entry of the desk file, without its secret."""

    __tablename__ = "mailboxes"

    id: Mapped[Id]
    label: Mapped[str] = mapped_column(unique=True)
    document: Mapped[dict[str, Any]]
    retired_at: Mapped[datetime | None]
