"""What a lab has set itself: how long recordings are kept, how much is to be recorded, when drift is told."""

from __future__ import annotations

import json
from dataclasses import asdict

from sqlalchemy import select, update

from storage.repositories.repository import Repository
from storage.tables.models import About
from woz.annotation.measures.drift_limits import DriftLimits
from woz.lab.library import Planned
from woz.privacy.retention import Retention


class Keeping(Repository):
    """Implements `woz.lab.ports.Keeping`."""

    def retention(self) -> Retention:
        with self._database.snapshot() as rows:
            text = rows.scalar(select(About.retention))
        return Retention(json.loads(text)) if text else Retention()

    def set_retention(self, retention: Retention) -> None:
        with self._database.transaction() as rows:
            rows.execute(update(About).values(retention=json.dumps(dict(retention.months), sort_keys=True)))

    def planned(self) -> Planned | None:
        """None where nobody has planned anything."""
        with self._database.snapshot() as rows:
            text = rows.scalar(select(About.planned))
        return Planned(**json.loads(text)) if text else None

    def plan(self, planned: Planned | None) -> None:
        with self._database.transaction() as rows:
            rows.execute(update(About).values(planned=json.dumps(asdict(planned)) if planned else ""))

    def drift_limits(self) -> DriftLimits:
        """The usual ones where nobody has agreed on any."""
        with self._database.snapshot() as rows:
            text = rows.scalar(select(About.drift_limits))
        return DriftLimits(**json.loads(text)) if text else DriftLimits()

    def agree_on_drift(self, limits: DriftLimits) -> None:
        with self._database.transaction() as rows:
            rows.execute(update(About).values(drift_limits=json.dumps(asdict(limits))))
