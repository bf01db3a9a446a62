"""What is searched in a project, and what is found."""

from __future__ import annotations

from dataclasses import dataclass

from woz.base.interval import NS_PER_S
from woz.model.ids import SessionId
from woz.model.people import Role

LIMIT, CONTEXT = 100, 2
ANY_LINK = "any"


@dataclass(frozen=True, slots=True)
class Query:
    """All of it must hold. `terms` stand in one text, each as it is written, also within words.

    Of turns: `speaker`; `within_step`, the label of an annotation that is going on when the turn begins;
    `followed_by`, who begins to speak within `within_ns` of its end. Of annotations: `label`, `attributes` as keys
    with values, and `without_link`, a type of link that leads neither to it nor from it (ANY_LINK: any). Labels go
    by id, key or name. `by` is the id of the annotator for whom it is searched: what they are blind to is nowhere.
    """

    terms: tuple[str, ...] = ()
    session: SessionId | None = None
    by: str = ""
    speaker: Role | None = None
    within_step: str = ""
    followed_by: Role | None = None
    within_ns: int = 3 * NS_PER_S
    label: str = ""
    attributes: tuple[tuple[str, str], ...] = ()
    without_link: str = ""
    limit: int = LIMIT

    @property
    def of_turns(self) -> bool:
        return bool(self.speaker or self.within_step or self.followed_by)

    @property
    def of_annotations(self) -> bool:
        return bool(self.label or self.attributes or self.without_link)


@dataclass(frozen=True, slots=True)
class Line:
    """A turn before or after a hit."""

    speaker: Role
    start_ns: int
    text: str


@dataclass(frozen=True, slots=True)
class Hit:
    """A text in which something was found. `field` is the item's field, "label" where its label was found.

    `text` is empty for an annotation that was found without words. Of a link and of what has no time, `start_ns` is
    None.
    """

    session: SessionId
    title: str
    session_start_utc_ns: int
    kind: str
    item_id: str
    field: str
    start_ns: int | None
    end_ns: int | None
    who: str
    text: str
    before: tuple[Line, ...] = ()
    after: tuple[Line, ...] = ()


@dataclass(frozen=True, slots=True)
class Found:
    """Sessions from the newest, in each by time. Where there are `more`, these are those that were written last."""

    hits: tuple[Hit, ...]
    more: bool
