"""The edit log as it was before each edit said which items it changed, in the form that it has since.

A tier's and a segment's JSON become those of a tier and an annotation in a scheme; who made an item follows from
the edits that made it. What was undone within one run of the editor is found again: it stands in the log as the
inverse of an edit by the same person.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa

from storage.migrations.old_makers import Makers

_STATES = {"draft": "in work", "done": "submitted"}
_OWNERS = {"tier": "session_id", "annotation": "tier_id", "turn": "transcript_id", "term": "procedure_id"}
_KINDS = {"Tier": "tier", "Segment": "annotation", "Turn": "turn", "Question": "question", "Term": "term"}

Raw = dict[str, Any]


class OldLog:
    def __init__(self, connection: sa.Connection, makers: Makers) -> None:
        self._makers = makers
        self._made: dict[str, Raw] = {}
        self._last: dict[tuple[str, str], int] = {}
        self._labels: dict[str, dict[str, None]] = {}
        self._undo = _OldUndo()
        self.edits: list[Raw] = []
        self.items: list[Raw] = []
        columns = "id, session_id, kind, name, codebook_id, annotator, origin, status"
        self._tiers: list[Raw] = [dict(r) for r in connection.execute(_select("tier", columns)).mappings()]
        self._segments: list[Raw] = [
            {**segment, "interval": {"start_ns": segment["start_ns"], "end_ns": segment["end_ns"]}}
            for segment in connection.execute(
                _select("segment", "id, tier_id, start_ns, end_ns, label, note, mistake")
            ).mappings()
        ]
        self._books = {tier["id"]: tier["codebook_id"] for tier in self._tiers}
        self._origins = {tier["id"]: tier["origin"] for tier in self._tiers}
        log = "id, session_id, by, made_utc_ns, name, before, after"
        for row in connection.execute(_select("edit_log", log)).mappings():
            self._take(row)
        for segment in self._segments:
            self._use(segment)

    # the log

    def _take(self, row: Any) -> None:
        before, after = ({raw["id"]: raw for raw in json.loads(text)} for text in (row["before"], row["after"]))
        for raw in (*before.values(), *after.values()):
            self._learn(raw)
        by = self._makers.maker(row["by"])
        edit = {"id": row["id"], "session_id": row["session_id"], "by": by, "made_utc_ns": row["made_utc_ns"]}
        undoes = self._undo.undoes(row)
        self.edits.append({**edit, "name": row["name"], "why": "", "undoes": undoes})
        for place, item_id in enumerate(dict.fromkeys((*before, *after))):
            self.items.append(self._item(row, place, before.get(item_id), after.get(item_id)))

    def _learn(self, raw: Raw) -> None:
        if raw["type"] == "Tier":
            self._books[raw["id"]], self._origins[raw["id"]] = raw["codebook_id"], raw["origin"]
        elif raw["type"] == "Segment":
            self._use(raw)

    def _use(self, segment: Raw) -> None:
        book = self._books.get(segment["tier_id"], "")
        self._labels.setdefault(book, {})[segment["label"]] = None

    def _item(self, row: Any, place: int, before: Raw | None, after: Raw | None) -> Raw:
        known = before or after
        assert known is not None
        kind, item_id = _KINDS[known["type"]], known["id"]
        old = None if before is None else self._plain(before, self._made.get(item_id))
        if after is not None:
            self._made[item_id] = self._made_by(after, row, item_id)
        new = None if after is None else self._plain(after, self._made.get(item_id))
        self._last[kind, item_id] = row["id"]
        return {
            "edit_id": row["id"],
            "place": place,
            "kind": kind,
            "item_id": item_id,
            "owner_id": known[_OWNERS.get(kind, "session_id")],
            "before": None if old is None else json.dumps(old, ensure_ascii=False),
            "after": None if new is None else json.dumps(new, ensure_ascii=False),
        }

    def _made_by(self, raw: Raw, row: Any, item_id: str) -> Raw:
        """A person's segment is the person's; a tier and a question stay whose they were first."""
        maker = self._makers.maker(row["by"])
        if raw["type"] == "Segment":
            origin = "manual"
            if self._makers.is_program(row["by"]):
                origin = self._origins.get(raw["tier_id"], "derived")
            return _made(origin, maker, row["made_utc_ns"])
        if raw["type"] == "Tier":
            maker = self._makers.maker(raw["annotator"])
        return self._made.get(item_id) or _made(raw.get("origin", "derived"), maker, row["made_utc_ns"])

    # items

    def _plain(self, raw: Raw, made: Raw | None) -> Raw:
        """An item in the form in which it is kept since."""
        kind = raw["type"]
        if kind == "Tier":
            return self._tier(raw, made)
        if kind == "Segment":
            return self._annotation(raw, made)
        plain = {key: value for key, value in raw.items() if key != "type"}
        if kind == "Question":
            plain["made"] = made or _made(plain.get("origin", "derived"), "", 0)
            plain.pop("origin", None)
        return plain

    def _tier(self, raw: Raw, made: Raw | None) -> Raw:
        account, maker = raw["annotator"], self._makers.maker(raw["annotator"])
        return {
            "id": raw["id"],
            "session_id": raw["session_id"],
            "scheme_id": raw["codebook_id"],
            "scheme_version": 1,
            "tier_type": raw["kind"],
            "name": raw["name"],
            "made": made or _made(raw["origin"], maker, 0),
            "annotator_id": None if self._makers.is_program(account) else maker,
            "subject": "",
            "parent_id": None,
            "state": _STATES.get(raw.get("status", "draft"), "in work"),
        }

    def _annotation(self, raw: Raw, made: Raw | None) -> Raw:
        mistake = [{"key": "mistake", "value": True, "note": "", "place": ""}] if raw.get("mistake") else []
        return {
            "id": raw["id"],
            "tier_id": raw["tier_id"],
            **raw["interval"],
            "label": raw["label"],
            "made": made or _made(self._origins.get(raw["tier_id"], "derived"), "", 0),
            "attributes": mistake,
            "note": raw.get("note", ""),
            "confidence": None,
            "parent_id": None,
        }

    # rows

    def used_labels(self, book: str) -> list[str]:
        return list(self._labels.get(book, ()))

    def tier_rows(self) -> Iterator[Raw]:
        for raw in self._tiers:
            tier = self._tier(raw, self._made.get(raw["id"]))
            yield {**_flat(tier), "edit_id": self._last.get(("tier", tier["id"]))}

    def annotation_rows(self) -> Iterator[tuple[Raw, list[Raw]]]:
        """Each with the rows of its attributes."""
        for raw in self._segments:
            item = self._annotation(raw, self._made.get(raw["id"]))
            attributes = [
                {"annotation_id": item["id"], "nr": nr, "key": a["key"], "bool_value": a["value"]}
                | {"note": a["note"], "place": a["place"]}
                for nr, a in enumerate(item.pop("attributes"))
            ]
            yield {**_flat(item), "edit_id": self._last.get(("annotation", item["id"]))}, attributes

    def mark_rows(self, connection: sa.Connection) -> None:
        """Which edit made each turn, term and question as it is, and who made the questions."""
        for kind, table in (("turn", "turn"), ("term", "glossary_term"), ("question", "question")):
            last = [{"key": key, "edit": edit} for (of, key), edit in self._last.items() if of == kind]
            if last:
                connection.execute(sa.text(f"UPDATE {table} SET edit_id = :edit WHERE id = :key"), last)
        connection.execute(sa.text("UPDATE question SET made_origin = origin"))
        made = [
            {"key": key, "by": self._made[key]["by"], "at": self._made[key]["utc_ns"]}
            for of, key in self._last
            if of == "question" and key in self._made
        ]
        if made:
            update = "UPDATE question SET made_by = :by, made_utc_ns = :at WHERE id = :key"
            connection.execute(sa.text(update), made)


class _OldUndo:
    """Each person's edits of a session as a stack, as the editor had it in memory."""

    def __init__(self) -> None:
        self._done: dict[tuple[str, str], list[Any]] = {}
        self._undone: dict[tuple[str, str], list[tuple[Any, int]]] = {}

    def undoes(self, row: Any) -> int | None:
        key = row["session_id"], row["by"]
        done, undone = self._done.setdefault(key, []), self._undone.setdefault(key, [])
        tip = int(row["id"])
        if done and _inverse(row, done[-1][0]):
            edit, last = done.pop()
            undone.append((edit, tip))
            return int(last)
        if undone and _same(row, undone[-1][0]):
            edit, last = undone.pop()
            done.append((edit, tip))
            return last
        done.append((row, tip))
        undone.clear()
        return None


def _inverse(row: Any, other: Any) -> bool:
    return (row["name"], row["before"], row["after"]) == (other["name"], other["after"], other["before"])


def _same(row: Any, other: Any) -> bool:
    return (row["name"], row["before"], row["after"]) == (other["name"], other["before"], other["after"])


def _made(origin: str, by: str, utc_ns: int) -> Raw:
    return {"origin": origin, "by": by, "utc_ns": utc_ns, "run": "", "sources": [], "stale": False}


def _flat(item: Raw) -> Raw:
    """As columns: who made it stands in columns of its own."""
    made = {f"made_{key}": value for key, value in item.pop("made").items()}
    return {**item, **made, "made_sources": "[]"}


def _select(table: str, columns: str) -> sa.TextClause:
    return sa.text(f"SELECT {columns} FROM {table} ORDER BY id")
