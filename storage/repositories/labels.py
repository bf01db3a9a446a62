"""Labels by what people call them: in the schemes, and in the procedures where labels are steps."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session as Rows

from storage.history.schemes import KnownSchemes
from storage.tables.grams import folded
from storage.tables.models import StepRow


@dataclass(frozen=True, slots=True)
class Labels:
    """Names by (scheme, version, tier type, label), and by (procedure, step)."""

    of_schemes: dict[tuple[str, int, str, str], str]
    of_procedures: dict[tuple[str, str], str]

    def __bool__(self) -> bool:
        return bool(self.of_schemes or self.of_procedures)

    @property
    def ids(self) -> list[str]:
        return sorted({key[3] for key in self.of_schemes} | {key[1] for key in self.of_procedures})

    def name(self, tier: Any, procedure_id: str | None, label: str) -> str:
        """Of a label in a tier's row, by its session's procedure; empty for one that isn't among these."""
        key = (tier.scheme_id, tier.scheme_version, tier.tier_type, label)
        return self.of_schemes.get(key) or self.of_procedures.get((procedure_id or "", label), "")


def labels_named(rows: Rows, terms: Sequence[str]) -> Labels:
    """Those whose name, key or id holds all terms."""
    wanted = [folded(term) for term in terms]

    def fits(*names: str) -> bool:
        return any(all(term in name for term in wanted) for name in map(folded, names))

    schemes: dict[tuple[str, int, str, str], str] = {
        (scheme_id, version, tier_type.key, label.id): label.name()
        for (scheme_id, version), scheme in KnownSchemes().all(rows).items()
        for tier_type in scheme.tier_types
        for label in tier_type.labels
        if fits(label.id, label.key, *label.names.values())
    }
    steps = rows.execute(select(StepRow.procedure_id, StepRow.id, StepRow.name))
    return Labels(schemes, {(procedure, step): name for procedure, step, name in steps if fits(step, name)})


def labels_called(rows: Rows, name: str) -> Labels:
    """Those of this id, key or name."""
    wanted = folded(name)
    found = labels_named(rows, (name,))

    def fits(*names: str) -> bool:
        return wanted in map(folded, names)

    return Labels(
        {key: label for key, label in found.of_schemes.items() if fits(label, key[3])},
        {key: label for key, label in found.of_procedures.items() if fits(label, key[1])},
    )


def all_labels(rows: Rows) -> Labels:
    return labels_named(rows, ())
