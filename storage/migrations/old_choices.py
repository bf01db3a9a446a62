"""Choices of questions, the answer among them, as wrong answers: in the rows and in the edit log."""

from __future__ import annotations

import json
from typing import Any

import sqlalchemy as sa

_NOBODY = {"by": "", "how": "", "utc_ns": 0}


def choices_to_distractors(connection: sa.Connection) -> None:
    _in_rows(connection)
    _in_log(connection)


def _in_rows(connection: sa.Connection) -> None:
    rows = connection.execute(sa.text("SELECT id, answer, choices FROM question WHERE choices <> '[]'")).all()
    update = sa.text("UPDATE question SET distractors = :data WHERE id = :id")
    for key, answer, choices in rows:
        wrong = _distractors(answer, json.loads(choices))
        connection.execute(update, {"id": key, "data": json.dumps(wrong, ensure_ascii=False)})


def _in_log(connection: sa.Connection) -> None:
    query = 'SELECT edit_id, place, "before", "after" FROM edit_item WHERE kind = \'question\''
    update = sa.text(
        'UPDATE edit_item SET "before" = :old, "after" = :new WHERE edit_id = :edit_id AND place = :place'
    )
    for edit_id, place, before, after in connection.execute(sa.text(query)).all():
        values = {"edit_id": edit_id, "place": place, "old": _logged(before), "new": _logged(after)}
        connection.execute(update, values)


def _logged(text: str | None) -> str | None:
    if text is None:
        return None
    item: dict[str, Any] = json.loads(text)
    item["distractors"] = _distractors(item["answer"], item.pop("choices", []))
    return json.dumps(item, ensure_ascii=False, separators=(",", ":"))


def _distractors(answer: str, choices: list[str]) -> list[dict[str, Any]]:
    return [{"text": text, "wording": _NOBODY, "source": "", "english": ""} for text in choices if text != answer]
