"""The register of packages, in words and for programs."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from woz.base.clock import iso_utc
from woz.base.counts import counted
from woz.base.interval import NS_PER_S
from woz.lab.package_taking import Fate, TakenEdit, TakenPackage
from woz.model.package import Package, PackageState, end_utc_ns
from woz.remote.facts import PackageFacts


def package_facts(one: Package) -> dict[str, Any]:
    return {
        "package": one.id,
        "annotator": one.pseudonym,
        "sessions": list(one.sessions),
        "holds": list(one.holds),
        "made": iso_utc(one.made_utc_ns),
        "by": one.by,
        "until": one.until.isoformat(),
        "state": one.state,
        "because": one.because,
        "returned": iso_utc(one.returned_utc_ns) if one.returned_utc_ns is not None else None,
        "deleted": iso_utc(one.deleted_utc_ns) if one.deleted_utc_ns is not None else None,
    }


def package_words(one: Package, utc_ns: int) -> str:
    """One line."""
    past = one.state != PackageState.DELETED and utc_ns >= end_utc_ns(one.until)
    count = counted(len(one.sessions), "session")
    return (
        f"{one.id}  {one.pseudonym}  {one.state}{', past its end' * past}  until {one.until}  {count}, by {one.by}"
    )


def facts_words(facts: PackageFacts) -> str:
    """Of an opened package, in one sentence."""
    count = counted(len(facts.sessions), "session")
    return f"A package of {facts.project} for {facts.pseudonym}: {count}, until {facts.until}."


def taken_facts(done: TakenPackage) -> dict[str, Any]:
    counts = {str(fate): done.count(fate) for fate in Fate}
    return {
        "package": done.package.id,
        "annotator": done.package.pseudonym,
        "counts": counts,
        "edits": [_edit_facts(each) for each in done.edits],
        "comments": done.beside.comments,
        "work_s": done.beside.work_ns / NS_PER_S,
        "told": list(done.told),
    }


def _edit_facts(one: TakenEdit) -> dict[str, Any]:
    edit = one.edit
    facts = {"nr": edit.id, "session": edit.session_id, "made": iso_utc(edit.made_utc_ns), "name": edit.name}
    return {**facts, "fate": one.fate, "why": one.why, "here": one.here, "returned": one.returned}


def taken_words(done: TakenPackage) -> Iterator[str]:
    """A line each."""
    counts = ", ".join(f"{count} {fate}" for fate in Fate if (count := done.count(fate)))
    yield f"Edits of {done.package.pseudonym}: {counts or 'none'}."
    if done.beside.comments:
        yield f"Comments of theirs that are new or closed here: {done.beside.comments}."
    if done.beside.work_ns:
        yield f"Work of theirs that is new here: {done.beside.work_ns / NS_PER_S / 60:.1f} minutes."
    for one in done.edits:
        if one.fate in (Fate.ASKS, Fate.REFUSED, Fate.WAITS, Fate.BACK):
            yield f"  {one.edit.id:>4}  {one.fate}  {one.edit.name} ({one.edit.session_id}): {one.why}"
        if one.fate == Fate.ASKS:
            yield f"        here: {one.here}"
            yield f"        returned: {one.returned}"
    yield from done.told
    if done.open:
        yield (
            "Nothing of these is lost: take the file again with --returned NR where what came back holds, with"
            " --keep NR where the project's own stays (or all); what is refused is taken once the project lets it."
        )
