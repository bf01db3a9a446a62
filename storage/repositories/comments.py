"""What people say to each other about sessions."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session as Rows

from storage.backends.database import Database
from storage.backends.own_time import own_time_ns
from storage.history.blindness import blind_scopes, seen_among
from storage.history.viewer import Viewer
from storage.repositories.repository import Repository
from storage.tables.item_rows import stored_items
from storage.tables.items import ITEM_TABLES
from storage.tables.work import CommentRow
from storage.tables.work_rows import comment_row, comment_value
from woz.annotation.blindness import comment_hidden
from woz.base.errors import WozError
from woz.model.comment import Comment
from woz.model.ids import AnnotatorId, CommentId, SessionId
from woz.model.item import ItemRef
from woz.model.tier import Tier


class Comments(Repository):
    """Without what its `viewer` is blind to."""

    def __init__(self, database: Database, viewer: Viewer) -> None:
        super().__init__(database)
        self._viewer, self._reads_as = viewer.id, viewer.reads_as

    def add(self, comment: Comment) -> Comment:
        """With the database's time. An answer to a closed talk opens it again.

        Raises WozError where it answers nothing that is there.
        """
        with self._database.transaction() as rows:
            made = replace(comment, made_utc_ns=own_time_ns(rows))
            if made.answers is not None:
                first = rows.get(CommentRow, made.answers)
                if first is None or first.answers is not None or first.session_id != made.session_id:
                    raise WozError(f"There is no comment {made.answers} to answer; woz comments lists them.")
                first.closed_by = first.closed_utc_ns = None
            rows.add(comment_row(made))
            return made

    def take(self, comment: Comment) -> bool:
        """As `woz.lab.ports.Comments` says."""
        with self._database.transaction() as rows:
            known = rows.get(CommentRow, comment.id)
            if known is None:
                first = rows.get(CommentRow, comment.answers) if comment.answers else None
                if comment.answers and (first is None or first.session_id != comment.session_id):
                    raise WozError(
                        f"There is no comment {comment.answers} here to answer; woz comments lists them."
                    )
                if first and first.closed_utc_ns is not None and first.closed_utc_ns < comment.made_utc_ns:
                    first.closed_by = first.closed_utc_ns = None
                rows.add(comment_row(comment))
                return True
            if known.closed_utc_ns is not None or comment.closed_utc_ns is None:
                return False
            known.closed_by, known.closed_utc_ns = comment.closed_by, comment.closed_utc_ns
            return True

    def close_talk(self, comment_id: CommentId, by: AnnotatorId) -> Comment:
        """Raises WozError where there is none, or it is closed."""
        with self._database.transaction() as rows:
            row = rows.get(CommentRow, comment_id)
            if row is None or row.answers is not None:
                raise WozError(f"There is no comment {comment_id} to close; woz comments lists them.")
            if row.closed_utc_ns is not None:
                raise WozError(f"The comment {comment_id} is closed already.")
            row.closed_by, row.closed_utc_ns = by, own_time_ns(rows)
            return comment_value(row)

    def all(self, session_id: SessionId | None = None, viewer: str = "") -> list[Comment]:
        """Of a session or of all, the oldest first; as somebody sees them, whole talks."""
        query = select(CommentRow).order_by(CommentRow.made_utc_ns, CommentRow.id)
        if session_id is not None:
            query = query.where(CommentRow.session_id == session_id)
        shown_to = self._reads_as(viewer)
        with self._database.snapshot() as rows:
            found = [comment_value(row) for row in rows.scalars(query)]
            return _seen(rows, found, shown_to)

    def begun(self, comment_id: str) -> Comment | None:
        """As `woz.lab.ports.Comments` says."""
        with self._database.snapshot() as rows:
            row = rows.get(CommentRow, comment_id)
            if row is None or row.answers is not None:
                return None
            return next(iter(_seen(rows, [comment_value(row)], self._viewer)), None)

    def concerning(self, annotator_id: AnnotatorId, session_id: SessionId | None = None) -> list[Comment]:
        """As `woz.lab.ports.Comments` says."""
        self._reads_as(annotator_id)
        query = select(CommentRow).where(_talk.in_(_talks_of(annotator_id)))
        if session_id is not None:
            query = query.where(CommentRow.session_id == session_id)
        with self._database.snapshot() as rows:
            found = [
                comment_value(row) for row in rows.scalars(query.order_by(CommentRow.made_utc_ns, CommentRow.id))
            ]
            for viewer in {annotator_id, self._viewer or annotator_id}:
                found = _seen(rows, found, viewer)
            return found


_talk = func.coalesce(CommentRow.answers, CommentRow.id)
"""The id of the comment that began the talk."""


def _talks_of(annotator_id: AnnotatorId) -> Select[str]:
    tier = ITEM_TABLES["tier"].table.c
    own = select(tier.id).where(tier.annotator_id == annotator_id)
    said = (CommentRow.by == annotator_id) | (CommentRow.recipient_id == annotator_id)
    return select(_talk).where(said | CommentRow.tier_id.in_(own))


def _seen(rows: Rows, found: list[Comment], viewer: str) -> list[Comment]:
    """Whole talks. What is said to somebody of what they don't see, or what is gone, is of the session."""
    scopes = blind_scopes(rows, viewer)
    if not scopes:
        return found
    stored = stored_items(rows, {ref for each in found for ref in _places(each)})
    types = {ref.id: t.type_id for ref, (t, _) in stored.items() if isinstance(t, Tier)}
    hidden = {
        each.id
        for each in found
        if each.answers is None and comment_hidden(each, types.get(str(each.tier_id)), viewer, scopes)
    }
    blind, seen = {each.session_id for each in scopes}, seen_among(rows, stored, viewer).keys()
    unseen = {ref for each in found if each.session_id in blind for ref in _places(each)} - seen
    return [
        _of_session(each) if _places(each) & unseen else each
        for each in found
        if not {each.id, each.answers} & hidden
    ]


def _places(one: Comment) -> set[ItemRef]:
    tier = {ItemRef("tier", one.tier_id)} if one.tier_id else set()
    return tier | ({one.item} if one.item else set())


def _of_session(one: Comment) -> Comment:
    """At the time that was said; when an item begins isn't said."""
    return replace(one, tier_id=None, item=None, at_ns=None if one.item else one.at_ns)
