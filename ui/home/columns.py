"""What the library's table tells of a session: a column a fact, as words and as what it is sorted by."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from ui.application.bytes_text import bytes_text
from ui.widgets.parts import clock_text
from woz.lab.library import SessionFacts
from woz.lab.on_disk import OnDisk
from woz.model.ids import SessionId
from woz.model.plan import day_of
from woz.model.session import SessionState
from woz.privacy.consent import WORDS
from woz.recording.check.verdict import Verdict

STATE_WORDS = {
    SessionState.RECORDING: "not closed",
    SessionState.CLOSED: "recorded",
    SessionState.RECOVERED: "recovered",
}
NOTHING = "–"


@dataclass(frozen=True, slots=True)
class SessionLine:
    """One line of the table; `running` is whether a station records it at this moment, `whereabouts` where its
    recording is, where the project has a store; `ended` are those of whom a consent has ended. `project` (its name)
    and `folder` are given where several are shown.
    """

    id: SessionId
    title: str
    state: SessionState
    start_utc_ns: int
    duration_ns: int | None
    participants: str
    running: bool = False
    facts: SessionFacts | None = None
    whereabouts: str = ""
    disk: OnDisk | None = None
    """None as long as nobody looked, and where its files aren't here."""
    project: str = ""
    folder: str = ""
    ended: tuple[str, ...] = ()

    @property
    def state_words(self) -> str:
        return "● recording now" if self.running else STATE_WORDS[self.state]

    @property
    def lacks_consent(self) -> bool:
        return self.facts is not None and bool(self.facts.lacking)


@dataclass(frozen=True, slots=True)
class Column:
    """`key` is what a saved view holds. `hint` is more than there is room for."""

    key: str
    header: str
    text: Callable[[SessionLine], str]
    value: Callable[[SessionLine], str | float]
    hint: Callable[[SessionLine], str] = lambda line: ""


def _of_words(key: str, header: str, text: Callable[[SessionLine], str], hint: bool = False) -> Column:
    tip = text if hint else lambda line: ""
    return Column(key, header, lambda line: text(line) or NOTHING, lambda line: text(line).casefold(), tip)


def _fact(name: str) -> Callable[[SessionLine], str]:
    return lambda line: str(getattr(line.facts, name)) if line.facts else ""


def date_text(utc_ns: int) -> str:
    return datetime.fromtimestamp(utc_ns / 1e9).astimezone().strftime("%d %b %Y, %H:%M")


def tier_counts(line: SessionLine) -> Counter[str]:
    """“steps: submitted” with how many tiers of people are so."""
    tiers = line.facts.tiers if line.facts else ()
    return Counter(f"{tier.tier_type}: {tier.state}" for tier in tiers if tier.annotator_id)


def _tiers(line: SessionLine) -> str:
    return ", ".join(f"{words} ×{n}" if n > 1 else words for words, n in sorted(tier_counts(line).items()))


def consent_words(line: SessionLine) -> str:
    if line.facts is None or not (line.facts.people or line.facts.lacking):
        return ""
    said = [f"missing: {', '.join(line.facts.lacking)}"] if line.facts.lacking else []
    said += [f"ended: {', '.join(line.ended)}"] if line.ended else []
    return f"⚠ {'; '.join(said)}" if said else "given"


def _consent_hint(line: SessionLine) -> str:
    consents = line.facts.consents if line.facts else ()
    return "\n".join(
        f"{who}: {WORDS[kind]}, {date_text(utc_ns)}" + (f", until {day_of(until)}" if until else "")
        for who, kind, utc_ns, until in consents
    )


def agreed_words(line: SessionLine) -> str:
    """Whose, to what, and until when the first of them ends."""
    kinds: dict[str, list[str]] = {}
    for who, kind, _, until in line.facts.consents if line.facts else ():
        words = f"{kind} until {day_of(until)}" if until else str(kind)
        if words not in kinds.setdefault(who, []):
            kinds[who].append(words)
    return "; ".join(f"{who}: {', '.join(words)}" for who, words in kinds.items())


def _ends(line: SessionLine) -> float:
    """When the first consent ends; those without an end go last."""
    ends = [until for *_, until in (line.facts.consents if line.facts else ()) if until]
    return min(ends, default=float("inf"))


def verdict_word(line: SessionLine) -> str:
    checked = line.disk.checked if line.disk else None
    return str(checked.verdict) if checked else "not checked"


def _verdict(line: SessionLine) -> str:
    checked = line.disk.checked if line.disk else None
    if checked is None:
        return NOTHING
    return f"{checked.verdict}, {checked.worst_ms:.0f} ms" if checked.worst_ms is not None else str(checked.verdict)


def _badness(line: SessionLine) -> float:
    """The worst first where it is sorted downwards; within a verdict by the error."""
    checked = line.disk.checked if line.disk else None
    if checked is None:
        return -1.0
    order = (Verdict.NONE, Verdict.GOOD, Verdict.DOUBTFUL, Verdict.BAD)
    return order.index(checked.verdict) * 1e6 + (checked.worst_ms or 0.0)


def _verdict_hint(line: SessionLine) -> str:
    checked = line.disk.checked if line.disk else None
    if checked is None:
        return "Not checked as it is now: Ctrl+K checks it, Ctrl+Shift+K all."
    return (
        f"Checked {date_text(checked.utc_ns)}; the number is the largest error of any two streams, by sync marks."
    )


def _hours(line: SessionLine) -> float:
    return (line.duration_ns or 0) / 3.6e12


def _questions(line: SessionLine) -> str:
    facts = line.facts
    return f"{facts.accepted_questions} of {facts.questions} accepted" if facts and facts.questions else ""


def protocol_words(line: SessionLine) -> str:
    protocol = line.facts.session.protocol if line.facts else None
    return f"{protocol.name} {protocol.version}".strip() if protocol else ""


COLUMNS = (
    Column(
        "title", "Session", lambda line: line.title, lambda line: line.title.casefold(), lambda line: line.title
    ),
    Column("started", "Started", lambda line: date_text(line.start_utc_ns), lambda line: line.start_utc_ns),
    Column(
        "length",
        "Length",
        lambda line: NOTHING if line.duration_ns is None else clock_text(line.duration_ns),
        lambda line: -1 if line.duration_ns is None else line.duration_ns,
    ),
    _of_words("people", "Participants", lambda line: line.participants),
    _of_words("state", "State", lambda line: line.state_words),
    Column(
        "consents",
        "Consents",
        lambda line: consent_words(line) or NOTHING,
        lambda line: len(line.facts.lacking) + len(line.ended) if line.facts else 0,
        _consent_hint,
    ),
    _of_words("transcript", "Transcript", _fact("transcript")),
    _of_words("tiers", "Annotation", _tiers, hint=True),
    Column(
        "questions",
        "Questions",
        lambda line: _questions(line) or NOTHING,
        lambda line: line.facts.questions if line.facts else 0,
    ),
    _of_words("procedure", "Procedure", _fact("procedure")),
    _of_words("scenario", "Scenario", lambda line: line.facts.session.scenario if line.facts else "", hint=True),
    _of_words("protocol", "Protocol", protocol_words),
    _of_words("whereabouts", "Recording", lambda line: line.whereabouts, hint=True),
    _of_words("project", "Project", lambda line: line.project),
    _of_words("place", "Place", lambda line: line.facts.session.place if line.facts else ""),
    Column("hours", "Hours", lambda line: f"{_hours(line):.2f}", _hours),
    Column(
        "agreed",
        "Agreed to",
        lambda line: agreed_words(line) or NOTHING,
        _ends,
        _consent_hint,
    ),
    Column(
        "size",
        "Size on disk",
        lambda line: bytes_text(line.disk.bytes) if line.disk else NOTHING,
        lambda line: line.disk.bytes if line.disk else -1,
    ),
    Column("sync", "Sync check", _verdict, _badness, _verdict_hint),
    Column(
        "touched",
        "Last touched",
        lambda line: date_text(line.facts.touched_utc_ns) if line.facts else NOTHING,
        lambda line: line.facts.touched_utc_ns if line.facts else 0,
    ),
)
USUAL = ("title", "started", "length", "people", "state", "consents", "transcript", "tiers")
"""The columns that are shown as long as nobody chose others."""
