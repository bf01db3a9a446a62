"""A withdrawal's plan and certificate, in words and for programs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict
from typing import Any

from woz.base.clock import iso_utc
from woz.base.counts import counted
from woz.model.ids import SessionId
from woz.privacy.certificate import Certificate
from woz.privacy.withdrawal import Fate, Plan, Rebuilt, SessionPlan


def plan_facts(plan: Plan) -> dict[str, Any]:
    """The plan with its sums, as JSON has it."""
    files = {
        str(fate): {"files": len(plan.files(fate)), "bytes": plan.bytes(fate)} for fate in Fate if plan.files(fate)
    }
    return {**asdict(plan), "sums": {"sessions": len(plan.sessions), "rows": plan.rows, "files": files}}


def certificate_facts(done: Certificate) -> dict[str, Any]:
    facts = asdict(done)
    times = {"begun": iso_utc(done.begun_utc_ns), "ended": iso_utc(done.ended_utc_ns)}
    return {**facts, **times, "plan": plan_facts(done.plan), "nothing_found": not done.found}


def plan_words(plan: Plan, names: Mapping[SessionId, str]) -> Iterator[str]:
    """A line each. `names` has what people know sessions by: no plan keeps a title, which may go with the rest."""
    if plan.refused:
        yield plan.refused
    if not plan.sessions:
        yield f"{plan.person} is on record of no session."
    else:
        yield f"{plan.person} was in {counted(len(plan.sessions), 'session')}. In all: {_rows(plan.rows)}."
    for session in plan.sessions:
        yield from _session_words(session, names.get(session.session_id, "a session"))
    for folder, files in plan.releases.items():
        hold = counted(len(files), "file holds", "files hold")
        yield f"Release {folder}: {hold} something; the next version leaves out what is theirs."
    for version in plan.next:
        yield f"{version.called} ({version.path}) is the next version of {version.release}, built without them."
    for package in plan.packages:
        yield f"Package {package.id} with {package.annotator} ({package.state}, until {package.until}); it holds:"
        yield from (f"    {text}" for text in package.holds)
    for release in plan.away:
        yield f"Release {release} was built from these sessions and isn't here: find it, and ask woz release reach."
    for each in plan.folders:
        sizes = sum(file.bytes for file in each.files)
        yield f"{each.path}: {counted(len(each.files), 'file')} ({_size(sizes)}) with something of theirs:"
        yield from (f"    {file.path} ({_size(file.bytes)}) {file.fate}" for file in each.files)
    for backup in plan.backups:
        yield f"Backup {backup.path} ({_size(backup.bytes)}): the same is done in it."
    for old in plan.old_databases:
        yield f"{old.path} ({_size(old.bytes)}), kept before an update, is deleted."


def certificate_words(done: Certificate) -> Iterator[str]:
    yield f"{done.plan.person} was withdrawn by {done.by}: {_rows(done.plan.rows)}."
    for each in done.changed:
        yield f"    {each.session_id}/{each.path}: {'replaced' if each.now else 'deleted'}"
    if done.found:
        yield f"These files still hold something of theirs, look at them: {', '.join(done.found)}"
    else:
        yield f"{done.texts} of their sentences were searched for in {counted(done.files, 'file')}: none was found."
    yield from rebuilt_words(done.rebuilt)
    yield from done.limits


def rebuilt_words(found: Iterable[Rebuilt]) -> Iterator[str]:
    """What became of next versions, a line each."""
    for each in found:
        if each.why:
            yield f"{each.called} was not built: {each.why}"
        else:
            yield f"{each.called} is built: {each.path}, its manifest's SHA-256 is {each.manifest_sha256}."


def _session_words(session: SessionPlan, name: str) -> Iterator[str]:
    what = "all of it goes, nobody else is left" if session.whole else "their share goes"
    yield f"{name} ({', '.join(session.roles)}; {session.session_id}): {what}: {_rows(session.rows)}."
    for file in session.files:
        blurred = "; its pictures are to be blurred" if file.shows and file.fate != Fate.BLUR else ""
        yield f"    {file.path} ({_size(file.bytes)}) {file.fate}: {file.why}{blurred}"
    if session.annotators:
        yield f"    Given to {', '.join(session.annotators)}: they may hold drafts or exports."
    yield from (f"    {text}" for text in session.blind_spots)


def _rows(rows: Mapping[str, int]) -> str:
    return ", ".join(f"{kind} {count}" for kind, count in rows.items()) or "nothing in the database"


def _size(count: int) -> str:
    for unit in ("B", "kB", "MB"):
        if count < 1000:
            return f"{count:.0f} {unit}"
        count //= 1000
    return f"{count} GB"
