"""Figures of a release, counted while it is written."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from woz.base.interval import seconds
from woz.dataset.release.changes import Changes
from woz.dataset.release.coding import Coding
from woz.dataset.release.distributions import Distributions
from woz.dataset.release.fields import MORE_FIELDS
from woz.dataset.release.record import Record
from woz.formats.bundle import SessionBundle
from woz.model.ids import SchemeId, SessionId
from woz.model.language import is_english
from woz.model.origin import Origin

_COSINE = re.compile(r" \(-?\d\.\d+\)$")
"""Behind the well of what sentence vectors suggested: each has its own."""


@dataclass(slots=True)
class Summary:
    """`questions` by split; `positions` of the right answers, from 0; `clip_s` in all."""

    questions: Counter[str] = field(default_factory=Counter)
    types: Counter[str] = field(default_factory=Counter)
    kinds: Counter[str] = field(default_factory=Counter)
    languages: Counter[str] = field(default_factory=Counter)
    foreign: int = 0
    """Question sets that are not known to be English; `checked` have an English text that a person checked."""
    checked: int = 0
    options: Counter[int] = field(default_factory=Counter)
    positions: Counter[int] = field(default_factory=Counter)
    statuses: Counter[str] = field(default_factory=Counter)
    wordings: Counter[str] = field(default_factory=Counter)
    hours: Counter[str] = field(default_factory=Counter)
    """Nanoseconds of sessions by procedure."""
    protocols: Counter[str] = field(default_factory=Counter)
    flags: Counter[str] = field(default_factory=Counter)
    """Question sets by the gates that hold something against them; `flagged` are those with any."""
    flagged: int = 0
    more: dict[str, set[str]] = field(default_factory=dict)
    """By split: the fields that its lines have where they hold something."""
    machines: set[str] = field(default_factory=set)
    """Programs and models that made transcripts or texts."""
    people: set[str] = field(default_factory=set)
    without_people: int = 0
    """Sessions that nobody on record is in."""
    sources: set[str] = field(default_factory=set)
    chance: float = 0.0
    """The sum over the questions of what a guess would win."""
    clip_s: float = 0.0
    sessions: dict[str, dict[str, object]] = field(default_factory=dict)
    """What the manifest says of each."""
    tasks: dict[str, dict[str, Any]] = field(default_factory=dict)
    """What it says of each task."""
    judges: Counter[int] = field(default_factory=Counter)
    """Question sets by how many people judged their words."""
    spread: Distributions = field(default_factory=Distributions)
    pictures: int = 0
    """Of whole sessions."""
    without_pictures: int = 0
    """Sessions of tasks that have no video to take pictures of."""
    tiers: dict[tuple[SchemeId, str], set[SessionId]] = field(default_factory=dict)
    """The sessions whose tiers of a type are taken."""
    coding: Coding = field(default_factory=Coding)
    """How far those agree who coded these."""
    changes: Changes | None = None
    """Against an earlier release, where there is one."""
    splits: str = ""
    """What became of the splits that earlier releases settled, a sentence."""

    def add(self, record: Record, line: str = "") -> None:
        """A question set, with its line in the data file."""
        if self.changes:
            self.changes.add(record, line)
        self.questions[record["split"]] += 1
        self.more.setdefault(record["split"], set()).update(MORE_FIELDS.keys() & record.keys())
        self.types[record["type"] or "none"] += 1
        self.kinds[record["kind"]] += 1
        self.languages[record["language"] or "unknown"] += 1
        foreign = not is_english(record["language"])
        self.foreign += foreign
        self.checked += foreign and record["english_checked"] and bool(record["options_english"])
        self.options[len(record["options"])] += 1
        self.positions[record["answer_index"]] += 1
        self.statuses[record["status"]] += 1
        self.wordings.update(_COSINE.sub("", each) for each in record["option_wordings"])
        self.flags.update(record["flags"])
        self.flagged += bool(record["flags"])
        self.spread.add(record)
        self.chance += 1 / len(record["options"])
        self.clip_s += record["clip_end_s"] - record["clip_start_s"]

    @property
    def more_fields(self) -> set[str]:
        """Those that a line of any split has."""
        return set[str]().union(*self.more.values())

    def add_session(self, bundle: SessionBundle, split: str, taken: SessionBundle) -> None:
        """`taken` is the session with the tiers that go into the release."""
        session = bundle.session
        self.spread.add_session(bundle, taken)
        for tier in taken.tiers:
            self.tiers.setdefault(tier.type_id, set()).add(session.id)
        procedure = bundle.procedure.name if bundle.procedure else "no procedure"
        self.hours[procedure] += session.duration_ns or 0
        self.protocols[str(session.protocol.kind) if session.protocol else "not on record"] += 1
        self.without_people += not bundle.participants
        self.people.update(person.pseudonym for person in bundle.participants)
        if bundle.transcript and bundle.transcript.origin == Origin.RECOGNISED:
            self.machines.add(bundle.transcript.made_by)
        self.machines.update(_writers(bundle))
        if session.provenance:
            self.sources.add(f"{session.provenance.source} ({session.provenance.licence})")
        self.sessions[session.id] = {
            "split": split,
            "participants": sorted(person.pseudonym for person in bundle.participants),
            "length_s": seconds(session.duration_ns or 0),
            "transcript": str(bundle.origin or ""),
            "tiers": [
                {"name": tier.name, "state": str(tier.state), "by": bundle.maker(tier)} for tier in taken.tiers
            ],
        }


def _writers(bundle: SessionBundle) -> set[str]:
    """Whatever wrote texts of questions and is no annotator."""
    wordings = [
        each
        for question in bundle.questions
        for each in (question.wording, question.answer_wording, *(wrong.wording for wrong in question.distractors))
    ]
    people = set(bundle.pseudonyms)
    return {wording.by for wording in wordings if wording.by and wording.by not in people}
