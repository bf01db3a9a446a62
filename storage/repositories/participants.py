"""Those who take part, by pseudonym."""

from __future__ import annotations

from sqlalchemy import select

from storage.repositories.repository import Repository
from storage.tables.models import ParticipantRow
from storage.tables.rows import participant_row, participant_value
from woz.base.errors import WozError
from woz.model.ids import ParticipantId
from woz.model.people import Participant


class Participants(Repository):
    def save(self, participant: Participant) -> None:
        """Raises WozError where somebody else has the pseudonym."""
        of_another = (ParticipantRow.pseudonym == participant.pseudonym) & (ParticipantRow.id != participant.id)
        with self._database.transaction() as rows:
            if rows.scalar(select(ParticipantRow.id).where(of_another)) is not None:
                raise WozError(f"There is a participant {participant.pseudonym} already; choose another pseudonym.")
            rows.merge(participant_row(participant))

    def get(self, participant_id: ParticipantId) -> Participant:
        with self._database.snapshot() as rows:
            row = rows.get(ParticipantRow, participant_id)
            if row is None:
                raise WozError("The participant is no longer in this project; open it again.")
            return participant_value(row)

    def all(self) -> list[Participant]:
        """By pseudonym."""
        with self._database.snapshot() as rows:
            found = rows.scalars(select(ParticipantRow).order_by(ParticipantRow.pseudonym))
            return [participant_value(row) for row in found]
