"""Builds a release: the same database and recipe make the same bytes, whenever that is."""

from __future__ import annotations

import json
import platform
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import av

from woz import __version__
from woz.base.errors import WozError
from woz.base.interval import NS_PER_S, Interval
from woz.dataset.release.building_folder import BuildingFolder
from woz.dataset.release.card import card_files
from woz.dataset.release.changes import Changes
from woz.dataset.release.clips import ENCODER, Cut, Film
from woz.dataset.release.coding import Coding, CodingOf
from woz.dataset.release.croissant import NAME as CROISSANT
from woz.dataset.release.croissant import croissant
from woz.dataset.release.cutting import CUT, DONE, Tell, Wanted, clip_name, cut_all, picture_names
from woz.dataset.release.evidence import Resting
from woz.dataset.release.fields import SCHEMA
from woz.dataset.release.hiding import Hiding
from woz.dataset.release.recipe import Recipe
from woz.dataset.release.record import Record, Told, clip_of, record_of
from woz.dataset.release.selection import (
    CORRECTED,
    FEW_WRONG,
    FEWER,
    NO_WRONG,
    PROPOSED,
    LeftOut,
    Objection,
    chosen,
    may_leave,
    reason_for,
)
from woz.dataset.release.session_pictures import take_pictures
from woz.dataset.release.sessions_out import for_tasks, session_files, taken_tiers
from woz.dataset.release.staying_words import StayingWords
from woz.dataset.release.summary import Summary
from woz.dataset.release.task_parts import TaskParts
from woz.dataset.release.untagged import demand_untagged
from woz.dataset.review.agreement import Judging
from woz.dataset.splits.assigning import Member, assign
from woz.dataset.splits.groups import groups, members_of
from woz.dataset.splits.settled import Settled, demand_named, split_words
from woz.dataset.tasks.task import Given
from woz.formats.bundle import SessionBundle
from woz.model.ids import ParticipantId, SessionId
from woz.model.people import Participant
from woz.model.question import Question, ReviewStatus
from woz.model.session import Session

SHORTEST_NS = NS_PER_S
"""A shorter clip, at a session's beginning, has fewer frames than tools ask for."""
BundleOf = Callable[[SessionId], SessionBundle]
FilmOf = Callable[[SessionId], Film | None]


@dataclass(slots=True)
class Built:
    """What went into a release, by split, and what didn't."""

    path: Path
    counts: dict[str, int]
    left_out: LeftOut
    files: int = 0
    sessions: tuple[SessionId, ...] = ()
    tasks: dict[str, dict[str, Any]] = field(default_factory=dict)
    judges: Counter[int] = field(default_factory=Counter)
    """Question sets by how many people judged their words."""
    changes: Changes | None = None
    splits: str = ""
    """What became of the splits that earlier releases settled, a sentence."""
    groups: dict[str, str] = field(default_factory=dict)
    """The split of each, and of each that is in one."""


@dataclass(slots=True)
class _Plan:
    """What is known before anything is written; `members` has who is in which group, `kept` are the splits that
    earlier releases settled, `questions` is how many a session gives.
    """

    groups: dict[str, str]
    splits: dict[str, str]
    members: dict[str, str]
    kept: Settled
    questions: dict[SessionId, int] = field(default_factory=dict)

    def split_of(self, session_id: str) -> str:
        return self.splits[self.groups[session_id]]


@dataclass(slots=True)
class _Going:
    """Of the sessions that go: how many questions each gives, who is in them, what a split wants its share of."""

    sessions: list[Session] = field(default_factory=list)
    counts: dict[SessionId, int] = field(default_factory=dict)
    people: dict[ParticipantId, Participant] = field(default_factory=dict)
    strata: dict[str, list[str]] = field(default_factory=dict)
    tasks: set[str] = field(default_factory=set)

    def add(self, bundle: SessionBundle, found: Sequence[Question], tasks: Sequence[str]) -> None:
        session = bundle.session
        self.sessions.append(session)
        self.counts[session.id] = len(found)
        self.people.update({person.id: person for person in bundle.participants})
        kinds = [each.type or "" for each in found]
        self.strata[session.id] = [_stratum(session, each) for each in (*kinds, *tasks)]
        self.tasks.update(tasks)


class ReleaseBuilder:
    """One session is held in memory at a time: each is read once to plan (twice where some are left out), once to
    write, and once for its clips.
    """

    def __init__(
        self,
        recipe: Recipe,
        sessions: Sequence[Session],
        bundle_of: BundleOf,
        film_of: FilmOf,
        tell: Tell,
        hiding: Hiding | None = None,
        judging: Judging | None = None,
        coding_of: CodingOf = lambda _: Coding(),
    ) -> None:
        """`hiding` says of which sessions the films may not go, and what the card tells of faces and voices;
        `judging` how those who judged question sets did, `coding_of` how those agree who coded tiers.
        """
        self._recipe = recipe
        self._sessions = sorted(sessions, key=lambda each: each.id)
        self._bundle_of = bundle_of
        self._film_of = film_of
        self._tell = tell
        self._hiding = hiding or Hiding()
        self._judging = judging or Judging()
        self._coding_of = coding_of
        self._left_out = LeftOut()
        self._filmed: dict[SessionId, bool] = {}
        self._staying = StayingWords()
        self._tasks = TaskParts(recipe)

    def build(self, out: Path) -> Built:
        """Raises WozError, with nothing at `out`, where nothing may be released or something can't be written."""
        folder, earlier = BuildingFolder(out), self._recipe.earlier
        summary = Summary(changes=Changes.since_release(earlier) if earlier else None)
        plan = self._plan()
        summary.splits = split_words(self._recipe.before, plan.members, plan.splits, self._recipe.new_splits)
        folder.begin(CUT if self._recipe.clips else ())
        times = self._cut(folder, plan) if self._recipe.clips else {}
        self._write(folder, plan, times, summary)
        summary.coding = self._coding_of(summary.tiers)
        (folder.path / DONE).unlink(missing_ok=True)
        told = (self._recipe, summary, self._left_out, self._hiding, self._judging)
        folder.text(CROISSANT, [croissant(*told, folder.files("data"))])
        for name, text in card_files(*told):
            folder.text(name, [text])
        counts = {split: summary.questions[split] for split in self._recipe.shares}
        manifest = self._manifest(folder, plan, counts, summary)
        demand_untagged(folder.path, folder_files(manifest))
        folder.finish(manifest)
        files, sessions = len(folder_files(manifest)) + 1, tuple(plan.questions)
        made = (summary.tasks, summary.judges, summary.changes, summary.splits)
        stand = {name: plan.splits[group] for name, group in plan.members.items()}
        return Built(out, counts, self._left_out, files, sessions, *made, stand)

    def _plan(self) -> _Plan:
        going = self._going()
        if self._staying:
            # only now are all words known that stay, which may stand among another session's wrong answers
            self._left_out = LeftOut()
            going = self._going()
        if not going.counts and self._nothing_may_leave():
            raise WozError(self._nothing())
        self._tasks.demand_sessions(going.tasks)
        if not going.counts:
            raise WozError(self._nothing())
        grouped = groups(going.sessions, going.people.values(), self._recipe.split_by)
        members = [Member(grouped[key], each) for key, kinds in going.strata.items() for each in kinds]
        names = members_of(going.sessions, going.people.values(), self._recipe.split_by, grouped)
        kept = self._recipe.kept(names)
        demand_named(kept, self._recipe.shares)
        splits = assign(members, self._recipe.shares, self._recipe.seed, kept.splits)
        return _Plan(grouped, splits, names, kept, going.counts)

    def _going(self) -> _Going:
        """Notes what is left out, and the words that stay."""
        going = _Going()
        for session in self._sessions:
            bundle = self._bundle_of(session.id)
            if not may_leave(bundle, self._left_out, self._objection):
                self._staying.add(bundle.questions)
                continue
            self._staying.add(each for each in bundle.questions if self._touched(each))
            found = self._chosen(bundle, self._left_out)
            fitting = self._tasks.fitting(for_tasks(bundle, self._recipe))
            if found or fitting:
                going.add(bundle, found, fitting)
        return going

    def _nothing_may_leave(self) -> bool:
        return bool(self._left_out.sessions) and len(self._left_out.sessions) == len(self._sessions)

    def _objection(self, session_id: SessionId) -> Objection | None:
        hiding, recipe = self._hiding, self._recipe
        if over := hiding.over.get(session_id, ""):
            return Objection(over, "their time is over")
        if recipe.shows and (faces := hiding.faces.objection_of(session_id)):
            return Objection(faces, "faces are not blurred and signed off")
        if recipe.clips and (voices := hiding.voices.objection_of(session_id)):
            return Objection(voices, "voices are not masked")
        return None

    def _nothing(self) -> str:
        if self._nothing_may_leave():
            reason = next(iter(self._left_out.sessions.values()))
            mend = "" if "run woz" in reason else " Enter consents with woz consent PROJECT."
            return f"No session may be released: {reason}{mend}"
        left = sorted(self._left_out.questions.items())
        why = "; ".join(f"{count} because {reason_for(count, reason)}" for reason, count in left)
        if why:
            return "; ".join([f"No question set goes into this release ({why})", *self._mends()]) + "."
        return "This project has no question sets; propose some with woz questions propose PROJECT."

    def _mends(self) -> Iterator[str]:
        """What to do, where the reasons don't say it themselves."""
        reasons = self._left_out.questions
        if any(reason.startswith(FEWER) for reason in reasons):
            fewer = "take fewer with --judges, or for good with woz questions rule PROJECT"
            yield f"let more people judge them, or {fewer}"
        if PROPOSED in reasons:
            yield "accept some with woz questions review PROJECT, or take proposals with --status proposed"
        if any(reason.endswith((NO_WRONG, FEW_WRONG)) for reason in reasons):
            yield f"{self._more_wrong()}, or take fewer with --fewest-wrong"
        if CORRECTED in reasons:
            yield "judge anew what was corrected, with woz questions review PROJECT"

    def _more_wrong(self) -> str:
        """Rules give wrong answers only to what nobody has judged."""
        if ReviewStatus.PROPOSED in self._recipe.statuses:
            return "give them wrong answers with woz questions propose PROJECT"
        return "have who judged them write some (W) in woz questions review PROJECT"

    def _chosen(self, bundle: SessionBundle, left_out: LeftOut) -> list[Question]:
        found = self._shown(self._fit(bundle.questions, left_out), left_out)
        if not self._recipe.clips:
            return found
        if found and not self._has_film(bundle.session.id):
            left_out.questions["their session has no video; release them without clips"] += len(found)
            return []
        fitting = [each for each in found if _within(each, self._recipe, bundle.session.duration_ns)]
        if len(found) > len(fitting):
            left_out.questions["their clip lies outside the video"] += len(found) - len(fitting)
        long = [each for each in fitting if clip_of(each, self._recipe).duration_ns >= SHORTEST_NS]
        if len(fitting) > len(long):
            left_out.questions["their clip is shorter than 1 s"] += len(fitting) - len(long)
        return long

    def _has_film(self, session_id: SessionId) -> bool:
        """Asked once: to read one takes the times of all its frames."""
        if session_id not in self._filmed:
            self._filmed[session_id] = self._film_of(session_id) is not None
        return self._filmed[session_id]

    def _fit(self, questions: Sequence[Question], left_out: LeftOut) -> list[Question]:
        """Those that the recipe takes, without wrong answers that are words which stay in the lab."""
        without = [self._staying.without(each) for each in questions]
        found = chosen(without, self._recipe, left_out, self._judging.people)
        whole = {each.id: len(each.distractors) for each in questions}
        left_out.wrong += sum(whole[each.id] - len(each.distractors) for each in found)
        return found

    def _touched(self, each: Question) -> bool:
        """Whether it, or its clip, touches what stays in the lab."""
        spans = (each.clip, each.answered, clip_of(each, self._recipe))
        return any(self._hiding.touches(each.session_id, span) for span in spans)

    def _shown(self, found: list[Question], left_out: LeftOut) -> list[Question]:
        free = [each for each in found if not self._touched(each)]
        if len(found) > len(free):
            left_out.questions["a stretch that is kept out of releases touches them"] += len(found) - len(free)
        return free

    def _each(self, plan: _Plan) -> Iterator[tuple[SessionBundle, list[Question]]]:
        for session_id in plan.questions:
            bundle = self._bundle_of(session_id)
            yield bundle, self._chosen(bundle, LeftOut())

    def _cut(self, folder: BuildingFolder, plan: _Plan) -> dict[str, list[int]]:
        def wanted() -> Iterator[Wanted]:
            for bundle, questions in self._each(plan):
                film = self._film_of(bundle.session.id)
                for each in questions:
                    assert film
                    span = clip_of(each, self._recipe)
                    yield Wanted(each.id, film, Cut(span, each.answered.start_ns, self._recipe.frames))

        return cut_all(folder, wanted(), sum(plan.questions.values()), self._tell)

    def _write(self, folder: BuildingFolder, plan: _Plan, times: dict[str, list[int]], summary: Summary) -> None:
        lines = {split: folder.place(f"data/{split}.jsonl") for split in self._recipe.shares}
        try:
            with ExitStack() as opened:
                files = {
                    split: opened.enter_context(path.open("w", encoding="utf-8", newline=""))
                    for split, path in lines.items()
                }
                for bundle, questions in self._each(plan):
                    split, group = plan.split_of(bundle.session.id), plan.groups[bundle.session.id]
                    for record in self._records(bundle, questions, split, group, times):
                        line = json.dumps(record, ensure_ascii=False) + "\n"
                        files[split].write(line)
                        summary.add(record, line)
                        summary.judges[self._judging.people.get(record["id"], 0)] += 1
                    summary.add_session(bundle, split, taken_tiers(bundle, self._recipe))
                    given = Given(for_tasks(bundle, self._recipe), split, group)
                    if self._tasks.add(given, folder) and self._recipe.task_pictures:
                        self._take_pictures(folder, bundle, self._recipe.task_pictures, summary)
                    for name, text in session_files(bundle, self._recipe):
                        folder.text(name, text)
            summary.tasks = self._tasks.finish(folder)
            summary.machines.update(by for each in summary.tasks.values() for by in each["written_by"])
        except OSError as error:
            raise folder.trouble(error) from error

    def _take_pictures(self, folder: BuildingFolder, bundle: SessionBundle, rate: float, summary: Summary) -> None:
        session = bundle.session
        film = self._film_of(session.id)
        if film is None or not session.duration_ns:
            summary.without_pictures += 1
        else:
            summary.pictures += take_pictures(folder, session.id, film, session.duration_ns, rate)

    def _records(
        self,
        bundle: SessionBundle,
        questions: Sequence[Question],
        split: str,
        group: str,
        times: dict[str, list[int]],
    ) -> Iterator[Record]:
        told, resting = Told(bundle), Resting(taken_tiers(bundle, self._recipe))
        for each in questions:
            record = record_of(told, each, self._recipe, split, group) | resting.fields(each)
            if self._recipe.clips:
                _add_clip(record, times[each.id])
            yield record

    def _manifest(
        self, folder: BuildingFolder, plan: _Plan, counts: dict[str, int], summary: Summary
    ) -> dict[str, object]:
        versions: dict[str, object] = {"woz": __version__, "python": platform.python_version()}
        if self._recipe.clips:
            versions |= {"pyav": av.__version__, "ffmpeg": {k: list(v) for k, v in av.library_versions.items()}}
        return {
            "schema": SCHEMA,
            "name": self._recipe.name,
            "version": self._recipe.version,
            "query": self._recipe.query(plan.kept),
            "versions": versions,
            "encoder": ENCODER if self._recipe.clips else None,
            "groups": plan.splits,
            "counts": counts,
            "sessions": summary.sessions,
            "tasks": summary.tasks,
            **({"changes": summary.changes.told()} if summary.changes else {}),
            "left_out": self._left_out.counts(),
            "files": folder.files(),
        }


def folder_files(manifest: dict[str, object]) -> Sequence[str]:
    files = manifest["files"]
    assert isinstance(files, dict)
    return list(files)


def _add_clip(record: Record, times: list[int]) -> None:
    record["clip"] = clip_name(record["id"])
    record["frames"] = picture_names(record["id"], len(times))
    record["frame_times_s"] = [t_ns / 1e9 for t_ns in times]


def _within(question: Question, recipe: Recipe, duration_ns: int | None) -> bool:
    span: Interval = clip_of(question, recipe)
    return bool(span) and (duration_ns is None or span.end_ns <= duration_ns)


def _stratum(session: Session, kind: str) -> str:
    """Each split gets its share of each procedure's questions of a type, and of its sessions that a task takes."""
    return f"{session.procedure_id or ''}/{kind}"
