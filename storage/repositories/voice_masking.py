"""Whether a project's voices are released only masked, and the secret that their keys are drawn from."""

from __future__ import annotations

import secrets

from sqlalchemy import select, update

from storage.repositories.repository import Repository
from storage.tables.models import About

SECRET_BYTES = 16


class VoiceMasking(Repository):
    @property
    def required(self) -> bool:
        with self._database.snapshot() as rows:
            return bool(rows.scalar(select(About.masks_voices)))

    def require(self, on: bool) -> None:
        with self._database.transaction() as rows:
            rows.execute(update(About).values(masks_voices=on))

    def secret(self) -> str:
        """Drawn once for a project."""
        with self._database.transaction() as rows:
            known = rows.scalar(select(About.voice_secret)) or ""
            if not known:
                known = secrets.token_hex(SECRET_BYTES)
                rows.execute(update(About).values(voice_secret=known))
            return known

    def set_secret(self, secret: str) -> None:
        """In its place: the same masks another day, or in another project."""
        with self._database.transaction() as rows:
            rows.execute(update(About).values(voice_secret=secret))
