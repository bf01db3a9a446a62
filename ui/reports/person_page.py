"""The page of a person on record, as HTML: consents with their versions, what rests on each, what is due."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

from woz.base.counts import counted
from woz.lab.people import NEEDED, PersonPage, newest
from woz.lab.session_names import told_apart
from woz.model.people import ConsentKind
from woz.model.plan import day_of
from woz.privacy.consent import WORDS


def person_html(page: PersonPage) -> str:
    person = page.person
    parts = [f"<h2>{escape(person.pseudonym)}, {escape(person.role)}</h2>"]
    if person.withdrawn:
        done = f" ({escape(page.withdrawal)})" if page.withdrawal else ", and is still in the project"
        parts.append(f"<p><b>⚠ Has withdrawn from the study{done}.</b></p>")
    parts += [
        f"<p><b>⚠ Due since {day_of(each.until_utc_ns)}</b>: {escape(each.why)}"
        f" ({counted(len(each.sessions), 'session')})."
        " Nothing goes by itself: “Withdrawal: what would go” lists it.</p>"
        for each in page.due
    ]
    parts += [
        "<h3>Agreed to</h3>",
        _table(("what", "version", "day", "kept until", "what rests on it"), _consents(page), "nowrap"),
    ]
    parts += ["<h3>Sessions</h3>", _table(("session", "day", "as", "hours", "in the database"), _sessions(page))]
    releases = ((f"{r.name} {r.version}", day_of(r.made_utc_ns), r.path) for r in page.releases)
    parts += ["<h3>Releases that hold something of these</h3>", _table(("release", "day", "where"), releases)]
    return "\n".join(parts)


def _consents(page: PersonPage) -> Iterator[tuple[str, ...]]:
    for kind in ConsentKind:
        held, name = newest(page.person, kind), WORDS[kind]
        rests = NEEDED[kind]
        if held is None:
            lamp = "⚠ missing" if kind in page.lacking else "not given"
            yield name, lamp, "", "", rests
            continue
        until = "no end" if held.until_utc_ns is None else day_of(held.until_utc_ns)
        yield name, held.version, day_of(held.given_utc_ns), until, rests
        for older in page.person.consents:
            if older.kind == kind and older != held:
                yield "", older.version, day_of(older.given_utc_ns), "", "an older version"


def _sessions(page: PersonPage) -> Iterator[tuple[str, ...]]:
    names = told_apart({each.session_id: each.title for each in page.sessions})
    for each in page.sessions:
        rows = ", ".join(f"{what} {count}" for what, count in each.rows.items()) or "nothing"
        yield names[each.session_id], day_of(each.start_utc_ns), "/".join(each.roles), f"{each.hours:.2f}", rows


def _table(head: tuple[str, ...], rows: Iterator[tuple[str, ...]], names: str = "normal") -> str:
    """`names` is the `white-space` of the first column."""
    found = [_cells(each, names) for each in rows]
    if not found:
        return "<p>None.</p>"
    top = "".join(f"<th align='left' style='padding-right:14px'>{escape(cell)}</th>" for cell in head)
    return f"<table><tr>{top}</tr>{''.join(f'<tr>{each}</tr>' for each in found)}</table>"


def _cells(row: tuple[str, ...], names: str) -> str:
    spaces = (names, *["normal"] * (len(row) - 1))
    return "".join(
        f"<td style='padding-right:14px; white-space:{space}'>{escape(cell)}</td>"
        for space, cell in zip(spaces, row, strict=True)
    )
