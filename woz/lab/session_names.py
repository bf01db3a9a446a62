"""What sessions are called where several stand beside each other."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from woz.lab.ports import Project
from woz.model.ids import SessionId
from woz.model.plan import day_of
from woz.model.session import Session


def told_apart(titles: Mapping[SessionId, str]) -> dict[SessionId, str]:
    """The titles; with its id where another one has the same."""
    times = Counter(titles.values())
    return {key: title if times[title] == 1 else f"{title}  ({key})" for key, title in titles.items()}


def known_as(project: Project) -> dict[SessionId, str]:
    """What people know each session by."""
    names = {str(each.id): each.name for each in project.procedures.all()}
    return {each.id: known_words(each, names.get(each.procedure_id or "", "")) for each in project.sessions.all()}


def known_words(session: Session, procedure: str) -> str:
    """As "Desk lamp, 2026-03-01, Assemble a lamp": title, day and the procedure's name, each once."""
    return ", ".join(dict.fromkeys(filter(None, (session.title, day_of(session.start_utc_ns), procedure))))
