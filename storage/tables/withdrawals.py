"""The table of withdrawals from the study."""

from __future__ import annotations

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from storage.tables.models import Base


class WithdrawalRow(Base):
    """`plan` and `certificate` are JSON, the latter empty until it has ended; neither holds anybody's words."""

    __tablename__ = "withdrawal"
    participant_id: Mapped[str] = mapped_column(ForeignKey("participant.id", ondelete="CASCADE"), primary_key=True)
    by: Mapped[str]
    begun_utc_ns: Mapped[int]
    plan: Mapped[str]
    ended_utc_ns: Mapped[int | None]
    certificate: Mapped[str]
