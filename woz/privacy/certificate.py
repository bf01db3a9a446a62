"""What a withdrawal deleted, when and by whom; what others hold already, and what no program can reach."""

from __future__ import annotations

from dataclasses import dataclass

from woz.base.commands import quoted
from woz.model.ids import SessionId
from woz.privacy.withdrawal import Plan, Rebuilt


@dataclass(frozen=True, slots=True)
class Changed:
    """A file that was changed, or deleted (`now` is empty), with the SHA-256 of what it was and is."""

    session_id: SessionId
    path: str
    was: str
    now: str


@dataclass(frozen=True, slots=True)
class Certificate:
    """`plan` is what it began with. `texts` of the person's own sentences were then searched for in `files` files;
    `found` are those that still hold one."""

    plan: Plan
    by: str
    begun_utc_ns: int
    ended_utc_ns: int
    changed: tuple[Changed, ...]
    copies: tuple[str, ...]
    texts: int
    files: int
    found: tuple[str, ...]
    limits: tuple[str, ...]
    rebuilt: tuple[Rebuilt, ...] = ()
    """The next versions of releases, without what is theirs."""


CONSOLE = (
    "A console's computer may keep a recording, notes and pictures of its own of these sessions (console/SESSION in"
    " woz's folder of data there): have them deleted."
)


UNSEARCHED = (
    "It was stopped on the way and gone on with: what was said in the sessions that were done by then was gone, and"
    " not searched for."
)


def limits_of(plan: Plan, unsearched: bool = False) -> tuple[str, ...]:
    """What is left to people, a sentence each. `unsearched` says that sessions lost their words before the search
    could know them.
    """
    said = [text for session in plan.sessions for text in session.blind_spots]
    if any(file.shows for session in plan.sessions for file in session.files):
        said.append("The pictures may show them, and were not changed: blur them before they are used again.")
    if plan.releases:
        said.append("The releases named here hold something of theirs; the next version leaves them out.")
        if not plan.next:
            folders = " ".join(map(quoted, plan.releases))
            said.append(f"woz release next PROJECT {folders} --into FOLDER builds it.")
    if plan.packages:
        names = ", ".join(dict.fromkeys(each.annotator for each in plan.packages))
        said.append(f"Packages with their recordings are with {names}: have them deleted, and note it.")
    if any(session.annotators for session in plan.sessions):
        said.append("Annotators who were given these sessions may hold files of their own; ask them.")
    if plan.sessions:
        said.append(CONSOLE)
    if unsearched:
        said.append(UNSEARCHED)
    return (
        *dict.fromkeys(said),
        "A deleted file's blocks on a disk, a server's own log and archive, and copies that woz doesn't know of are"
        " out of its reach.",
    )
