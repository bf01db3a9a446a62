"""What concerns somebody of all that is said in a project: listed over all sessions, answered, closed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from woz.lab.commenting import Talk, answer, close, talks
from woz.lab.item_names import pseudonyms
from woz.lab.ports import Project
from woz.lab.session_names import told_apart
from woz.model.annotator import Annotator
from woz.model.ids import SessionId


@dataclass(frozen=True, slots=True)
class TalkLine:
    """A talk with its session's title, who began it and whom it asks (pseudonyms, empty for nobody), and a line for
    each who said something. `waits`: it is open, and somebody else said the last of it.
    """

    talk: Talk
    session: str
    by: str
    to: str
    said: tuple[str, ...]
    waits: bool


class OwnTalks:
    """As `woz comments --mine` lists them. All may raise WozError of the store."""

    def __init__(self, project: Project, person: Annotator) -> None:
        self._project, self.person = project, person

    def read(self) -> tuple[TalkLine, ...]:
        """The open ones first, each part by time."""
        names, titles = pseudonyms(self._project), told_apart(self._project.sessions.titles())
        return tuple(self._line(each, names, titles) for each in talks(self._project, self.person, mine=True))

    def answer(self, talk: Talk, text: str) -> None:
        answer(self._project, talk.first.id, self.person, text)

    def settle(self, talk: Talk) -> None:
        close(self._project, talk.first.id, self.person)

    def _line(self, talk: Talk, names: Mapping[str, str], titles: Mapping[SessionId, str]) -> TalkLine:
        first, said = talk.first, (talk.first, *talk.answers)
        return TalkLine(
            talk,
            titles.get(first.session_id, str(first.session_id)),
            names.get(first.by, "?"),
            names.get(first.to, "?") if first.to else "",
            tuple(f"{names.get(each.by, '?')}: {each.text}" for each in said),
            first.open and said[-1].by != self.person.id,
        )
