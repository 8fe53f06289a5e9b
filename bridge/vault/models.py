"""The table of encrypted values."""

from datetime import datetime

from sqlalchemy.orm import Mapped, mapped_column

from bridge.tables import Base


class Secret(Base):
    """One encrypted value; its name says whose it is, such as `staff.anna.push`."""

    __tablename__ = "secrets"

    name: Mapped[str] = mapped_column(primary_key=True)
    ciphertext: Mapped[str]
    changed_at: Mapped[datetime]
