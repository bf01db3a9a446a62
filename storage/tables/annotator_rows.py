"""Between the values of those who annotate and their rows."""

from __future__ import annotations

import json

from storage.tables.annotators import AnnotatorRow, BlindScopeRow
from woz.base.interval import Interval
from woz.model.annotator import Annotator, AnnotatorRole, BlindScope, BlindTo
from woz.model.ids import AnnotatorId, BlindScopeId, SchemeId, SessionId


def annotator_row(annotator: Annotator) -> AnnotatorRow:
    roles = json.dumps(list(annotator.roles))
    return AnnotatorRow(id=annotator.id, pseudonym=annotator.pseudonym, roles=roles, retired=annotator.retired)


def annotator_value(row: AnnotatorRow) -> Annotator:
    roles = tuple(AnnotatorRole(role) for role in json.loads(row.roles))
    return Annotator(AnnotatorId(row.id), row.pseudonym, roles, row.retired)


def scope_row(scope: BlindScope) -> BlindScopeRow:
    return BlindScopeRow(
        id=scope.id,
        annotator_id=scope.annotator_id,
        session_id=scope.session_id,
        tier_type=scope.tier_type,
        start_ns=scope.interval.start_ns if scope.interval else None,
        end_ns=scope.interval.end_ns if scope.interval else None,
        hidden=scope.to,
        scheme_id=scope.scheme_id,
    )


def scope_value(row: BlindScopeRow) -> BlindScope:
    span = None
    if row.start_ns is not None and row.end_ns is not None:
        span = Interval(row.start_ns, row.end_ns)
    ids = BlindScopeId(row.id), AnnotatorId(row.annotator_id), SessionId(row.session_id)
    return BlindScope(*ids, row.tier_type, span, BlindTo(row.hidden), SchemeId(row.scheme_id))
