"""The certificate of a withdrawal: as JSON, and as one page of HTML that needs nothing else."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from html import escape
from pathlib import Path

from ui.reports.check_page import STYLE
from ui.reports.withdrawal_words import certificate_facts
from woz import __version__
from woz.base.clock import iso_utc
from woz.base.counts import counted
from woz.base.errors import WozError
from woz.privacy.certificate import Certificate


def write_certificate(folder: Path, done: Certificate) -> tuple[Path, Path]:
    """A new pair of files, JSON and page, named by the person and the time. Raises WozError where that fails."""
    stamp = iso_utc(done.ended_utc_ns).partition(".")[0].replace(":", "")
    plain, page = (folder / f"{done.plan.person}-{stamp}.{kind}" for kind in ("json", "html"))
    try:
        folder.mkdir(exist_ok=True)
        facts = {"woz": __version__, **certificate_facts(done)}
        for path, text in (
            (plain, json.dumps(facts, indent=1, ensure_ascii=False)),
            (page, certificate_page(done)),
        ):
            part = path.with_name(f"{path.name}.part")
            part.write_text(text, encoding="utf-8")
            part.replace(path)
    except OSError as error:
        raise WozError(f"The certificate can't be written into {folder} ({error.strerror}); make room.") from error
    return plain, page


def certificate_page(done: Certificate) -> str:
    plan, title = done.plan, f"Withdrawal of {escape(done.plan.person)}"
    parts = [
        f"<h1>{title}</h1>",
        f'<p class="sub">Begun {iso_utc(done.begun_utc_ns)} by {escape(done.by)},'
        f" ended {iso_utc(done.ended_utc_ns)};"
        f" woz {__version__}</p>",
        _verdict(done),
        "<h2>Taken out of the database</h2>",
        _table(("what", "how many"), ((kind, str(count)) for kind, count in plan.rows.items())),
        "<h2>Files</h2>",
        _table(("session", "file", "what became of it", "SHA-256 before", "SHA-256 now"), _changes(done)),
        "<h2>Pictures to be blurred, files to be looked at</h2>",
        _table(("session", "file", "why"), _left(done)),
        "<h2>What others hold</h2>",
        _table(("who or where", "what"), _others(done)),
        "<h2>Next versions of releases, without what is theirs</h2>",
        _table(("release", "where", "SHA-256 of its manifest"), _rebuilt(done)),
        "<h2>What is left to people</h2>",
        "".join(f"<p>{escape(text)}</p>" for text in done.limits),
    ]
    body = "\n".join(parts)
    head = f'<!doctype html>\n<html lang="en"><meta charset="utf-8"><title>{title}</title>\n<style>{STYLE}</style>'
    return f"{head}\n{body}\n</html>\n"


def _verdict(done: Certificate) -> str:
    if done.found:
        names = ", ".join(map(escape, done.found))
        return f'<p class="verdict bad">These files still hold something of theirs: {names}</p>'
    words = f"{done.texts} of their sentences were searched for in {counted(done.files, 'file')}; none was found."
    return f'<p class="verdict good">{words}</p>'


def _changes(done: Certificate) -> Iterator[tuple[str, ...]]:
    for each in done.changed:
        yield str(each.session_id), each.path, "replaced" if each.now else "deleted", each.was, each.now
    for copy in done.copies:
        yield "", copy, "the same was done in this copy", "", ""
    for folder in done.plan.folders:
        for file in folder.files:
            yield "", f"{folder.path}/{file.path}", str(file.fate), "", ""
    for old in done.plan.old_databases:
        yield "", old.path, "deleted", "", ""


def _left(done: Certificate) -> Iterator[tuple[str, ...]]:
    for session in done.plan.sessions:
        for file in session.files:
            if file.shows:
                yield str(session.session_id), file.path, "its pictures may show them"
            elif file.fate == "to be looked at":
                yield str(session.session_id), file.path, file.why


def _others(done: Certificate) -> Iterator[tuple[str, ...]]:
    for folder, files in done.plan.releases.items():
        yield folder, f"{counted(len(files), 'file holds', 'files hold')} something of theirs"
    for release in done.plan.away:
        yield release, "was built from these sessions, and isn't on this computer"
    for session in done.plan.sessions:
        for name in session.annotators:
            yield name, f"was given work in {session.session_id}"


def _rebuilt(done: Certificate) -> Iterator[tuple[str, ...]]:
    for each in done.rebuilt:
        yield each.called, each.path, each.manifest_sha256 or f"not built: {each.why}"


def _table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    found = ["".join(f"<td>{escape(cell)}</td>" for cell in row) for row in rows]
    if not found:
        return "<p>None.</p>"
    top = "".join(f"<th>{escape(cell)}</th>" for cell in head)
    return f"<table><tr>{top}</tr>{''.join(f'<tr>{row}</tr>' for row in found)}</table>"
