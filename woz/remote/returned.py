"""What comes back of a package: its annotator's edits, comments and hours of work, encrypted for the project that
made it.

A plain age file with JSON inside. Only who opened the package knows the recipient, so that what the project's own
identity opens was made from the package, and age tells what was changed since.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import msgspec
import pyrage
from msgspec import Meta

from woz.annotation.logged import ItemChange, LoggedEdit
from woz.base.errors import WozError
from woz.base.interval import NS_PER_S
from woz.base.outside import MOST_FILE_BYTES, Count, Unsound, Whole, read
from woz.model.comment import Comment
from woz.model.ids import AnnotatorId, CommentId, PackageId, SessionId, TierId
from woz.model.item import ItemRef
from woz.model.item_json import from_json, to_json
from woz.model.kinds import KINDS
from woz.model.work import Work
from woz.remote.keys import identities_in, recipient

FORMAT = 2
"""1 held edits alone."""
FIRST = b"age-encryption.org/v1"


@dataclass(frozen=True, slots=True)
class _Change:
    kind: str
    id: str
    before: str | None = None
    after: str | None = None


@dataclass(frozen=True, slots=True)
class _Edit:
    nr: Count
    session: str
    made_utc_ns: Whole
    name: str
    changes: tuple[_Change, ...]
    why: str = ""
    undoes: Count | None = None


@dataclass(frozen=True, slots=True)
class _Comment:
    id: str
    session: str
    by: str
    text: str
    made_utc_ns: Whole
    to: str | None = None
    tier: str | None = None
    item_kind: str = ""
    item: str = ""
    at_ns: Whole | None = None
    answers: str | None = None
    closed_utc_ns: Whole | None = None


@dataclass(frozen=True, slots=True)
class _Work:
    session: str
    tier: str
    day: Annotated[str, Meta(pattern=r"^\d{4}-\d\d-\d\d$")]
    active_ns: Annotated[int, Meta(ge=0, le=86_400 * NS_PER_S)]


@dataclass(frozen=True, slots=True)
class _File:
    package: str
    annotator: str
    returned_utc_ns: Whole
    edits: tuple[_Edit, ...]
    comments: tuple[_Comment, ...] = ()
    work: tuple[_Work, ...] = ()
    format: int = FORMAT


@dataclass(frozen=True, slots=True)
class Returned:
    """Edits by their ids in the package, the oldest first, and when they were sent by the clock there. `comments`
    are those that the annotator wrote or closed, what answers after what is answered; `work` all that was measured.
    """

    package: PackageId
    annotator_id: AnnotatorId
    returned_utc_ns: int
    edits: tuple[LoggedEdit, ...]
    comments: tuple[Comment, ...] = ()
    work: tuple[Work, ...] = ()


def write_returned(returned: Returned, to: str, out: Path) -> None:
    """Raises WozError where it can't be written."""
    file = _File(
        returned.package,
        returned.annotator_id,
        returned.returned_utc_ns,
        tuple(map(_edit, returned.edits)),
        tuple(map(_comment, returned.comments)),
        tuple(_Work(each.session_id, each.tier_id, each.day, each.active_ns) for each in returned.work),
    )
    sealed = pyrage.encrypt(msgspec.json.encode(file), [recipient(to)])
    part = out.with_name(f"{out.name}.part")
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        with part.open("wb") as file_out:
            file_out.write(sealed)
            file_out.flush()
            os.fsync(file_out.fileno())
        part.replace(out)
    except OSError as error:
        raise WozError(f"{out} can't be written ({error.strerror}); choose another file.") from error
    finally:
        part.unlink(missing_ok=True)


def read_returned(path: Path, secrets: Mapping[PackageId, str]) -> Returned:
    """Opened by the identity of the package that it is of. Raises WozError for a file that none of them opens, that
    was changed, or that says it is of another package.
    """
    raw = _bytes(path)
    for package, secret in secrets.items():
        try:
            text = pyrage.decrypt(raw, identities_in(secret))
        except pyrage.DecryptError as error:
            if "No matching keys" in str(error):
                continue
            break
        return _value(path, package, bytes(text))
    raise WozError(
        f"{path} can't be taken: it belongs to no package of this project, or it was changed by hand or on the way."
        " Have it made again with woz package return."
    )


def _bytes(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            raw = file.read(MOST_FILE_BYTES + 1)
    except OSError as error:
        raise WozError(f"{path} can't be read ({error.strerror}); choose the file that came back.") from error
    if not raw.startswith(FIRST) or len(raw) > MOST_FILE_BYTES:
        raise WozError(f"{path} is no returned package; choose the file that woz package return made.")
    return raw


def _value(path: Path, package: PackageId, text: bytes) -> Returned:
    try:
        file = read(text, _File)
        if file.format > FORMAT:
            raise WozError(f"{path} was made by a newer woz; update the program.")
        if file.package != package:
            raise Unsound(f"it says that it is of package {file.package}")
        edits = tuple(sorted((_logged(each, file.annotator) for each in file.edits), key=lambda edit: edit.id))
    except Unsound as error:
        raise WozError(f"{path} is damaged: {error}; have it made again with woz package return.") from error
    comments = sorted((_said(each, file.annotator) for each in file.comments), key=_in_order)
    work = tuple(
        Work(SessionId(each.session), TierId(each.tier), file.annotator, each.day, each.active_ns)
        for each in file.work
    )
    return Returned(package, AnnotatorId(file.annotator), file.returned_utc_ns, edits, tuple(comments), work)


def _in_order(one: Comment) -> tuple[bool, int, str]:
    return one.answers is not None, one.made_utc_ns, one.id


def _comment(one: Comment) -> _Comment:
    return _Comment(
        one.id,
        one.session_id,
        one.by,
        one.text,
        one.made_utc_ns,
        one.to,
        one.tier_id,
        one.item.kind if one.item else "",
        one.item.id if one.item else "",
        one.at_ns,
        one.answers,
        one.closed_utc_ns,
    )


def _said(one: _Comment, annotator: str) -> Comment:
    """Who closed one is whoever the package is for."""
    closed = one.closed_utc_ns is not None
    return Comment(
        CommentId(one.id),
        SessionId(one.session),
        AnnotatorId(one.by),
        one.text,
        one.made_utc_ns,
        AnnotatorId(one.to) if one.to is not None else None,
        TierId(one.tier) if one.tier is not None else None,
        ItemRef(one.item_kind, one.item) if one.item else None,
        one.at_ns,
        CommentId(one.answers) if one.answers is not None else None,
        AnnotatorId(annotator) if closed else None,
        one.closed_utc_ns,
    )


def _edit(edit: LoggedEdit) -> _Edit:
    changes = tuple(
        _Change(
            change.item.kind,
            change.item.id,
            None if change.before is None else to_json(change.before),
            None if change.after is None else to_json(change.after),
        )
        for change in edit.changes
    )
    return _Edit(edit.id, edit.session_id, edit.made_utc_ns, edit.name, changes, edit.why, edit.undoes)


def _logged(edit: _Edit, by: str) -> LoggedEdit:
    changes = tuple(map(_change, edit.changes))
    return LoggedEdit(
        edit.nr, SessionId(edit.session), by, edit.made_utc_ns, edit.name, edit.why, edit.undoes, changes
    )


def _change(change: _Change) -> ItemChange:
    if change.kind not in KINDS:
        raise Unsound(f"there is no kind of item {change.kind[:40]!r}")
    before, after = (
        None if text is None else from_json(change.kind, text) for text in (change.before, change.after)
    )
    return ItemChange(ItemRef(change.kind, change.id), before, after)
