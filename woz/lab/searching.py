"""Searches a project: what somebody types as a query, and hits in words and for programs."""

from __future__ import annotations

import re
from dataclasses import asdict
from typing import Any

from woz.annotation.tier_states import KEEPERS
from woz.base.errors import WozError
from woz.base.interval import seconds
from woz.lab.ports import Project
from woz.lab.search import Found, Hit, Line, Query
from woz.model.annotator import Annotator

_TERM = re.compile(r'"([^"]*)"?|(\S+)')


def terms_of(text: str) -> tuple[str, ...]:
    """Words, and what stands in quotation marks as one."""
    found = (quoted or word for quoted, word in _TERM.findall(text.replace("“", '"').replace("”", '"')))
    return tuple(term for term in found if any(char.isalnum() for char in term))


def search(project: Project, query: Query) -> Found:
    """Raises WozError for a query that asks for nothing, or for turns and annotations at once."""
    if query.of_turns and query.of_annotations:
        raise WozError(
            "A search is for turns (speaker, step, followed by) or for annotations (label, attribute, link); leave"
            " one of both out."
        )
    if not (query.terms or query.of_turns or query.of_annotations):
        raise WozError("Say what is searched: a word with a letter or a digit in it, or a condition.")
    if query.session is not None:
        project.sessions.get(query.session)
    return project.search.find(query)


def seekers_of(project: Project, own: Annotator | None, last: str) -> list[Annotator] | None:
    """As whom somebody at this computer may search, the likeliest first. None where they have to say who they are.

    `own` is whose login it is, `last` the pseudonym of who annotated here last. A curator or a manager may look as
    anybody; who may be blind to something looks as themselves.
    """
    known = [each for each in project.annotators.all() if not each.retired]
    person = own or next((each for each in known if each.pseudonym == last), None)
    if person is None:
        return None if project.annotators.scopes() else known
    if KEEPERS & set(person.roles):
        return [person, *(each for each in known if each.id != person.id)]
    return [person]


def hit_facts(hit: Hit) -> dict[str, Any]:
    """For programs: times in nanoseconds of session time."""
    return asdict(hit)


def hit_words(hit: Hit) -> str:
    """Some lines: where it is, the turns before, itself, the turns after."""
    at = f"{seconds(hit.start_ns):.1f} s" if hit.start_ns is not None else "no time"
    lines = [f"{hit.session}  {hit.title}  {at}  {hit.kind}, {hit.field}"]
    lines += [f"      {_line(line)}" for line in hit.before]
    lines.append(f"    > {hit.who}: {hit.text}" if hit.who else f"    > {hit.text}")
    lines += [f"      {_line(line)}" for line in hit.after]
    return "\n".join(lines)


def _line(line: Line) -> str:
    return f"{line.speaker}: {line.text}"
