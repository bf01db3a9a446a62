"""What came back of a package, taken into the project: edit by edit, merged as those of a second window are."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from pathlib import Path

from woz.annotation.beginning import with_beginnings, without_beginnings
from woz.annotation.conflict import ConflictError
from woz.annotation.dispute import Dispute, Shown
from woz.annotation.dispute_words import sides
from woz.annotation.edits import Edit
from woz.annotation.link_owner import link_owner
from woz.annotation.logged import LoggedEdit
from woz.annotation.settling import touched
from woz.annotation.submitting import SubmissionError, in_work, refuse_errors, submitted
from woz.annotation.tier_states import MANAGERS, OPEN
from woz.base.clock import Clock, iso_utc
from woz.base.commands import quoted
from woz.base.errors import UnreachableError, WozError
from woz.base.interval import NS_PER_S
from woz.lab.annotators import annotator_named
from woz.lab.findings import session_findings
from woz.lab.item_names import ItemNames, names_in
from woz.lab.package_beside import Beside, take_beside
from woz.lab.package_ports import Stamp
from woz.lab.ports import Project
from woz.model.annotation import Annotation
from woz.model.annotator import Annotator
from woz.model.comment import Comment
from woz.model.ids import CommentId, new_id
from woz.model.item import ItemRef, ref_to
from woz.model.kinds import Item
from woz.model.link import Link
from woz.model.package import Package, end_utc_ns
from woz.model.tier import Tier
from woz.privacy.names.listing import NameList
from woz.privacy.names.restoring import named_again, stands_in
from woz.remote.facts import package_in
from woz.remote.returned import Returned, read_returned

ALL = -1
"""As the number of an edit: each of them."""
TOOK_BACK = "Its annotator took it back later."
SLACK_NS = 3600 * NS_PER_S
"""Clocks that differ by less aren't spoken of."""


class Fate(StrEnum):
    """What became of an edit that came back."""

    TAKEN = "taken"
    BEFORE = "taken before"
    PASSED = "passed over"
    ASKS = "asks"
    REFUSED = "refused"
    WAITS = "waits"
    BACK = "back in work"
    """It submits a tier that has errors by its scheme: all but that is taken."""


@dataclass(frozen=True, slots=True)
class Choice:
    """How a person decides: `late` says why what came after its last day is taken; `returned` are the numbers of
    edits that hold where both sides changed the same, `kept` those where the project's own stays.
    """

    late: str = ""
    returned: frozenset[int] = frozenset()
    kept: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class TakenEdit:
    """`why` is a sentence where it was not taken as it is; where it asks, `here` and `returned` are both sides in
    words.
    """

    edit: LoggedEdit
    fate: Fate
    why: str = ""
    here: str = ""
    returned: str = ""


@dataclass(frozen=True, slots=True)
class TakenPackage:
    package: Package
    edits: tuple[TakenEdit, ...]
    beside: Beside
    told: tuple[str, ...]

    def count(self, fate: Fate) -> int:
        return sum(each.fate == fate for each in self.edits)

    @property
    def open(self) -> int:
        """How many somebody has to decide on."""
        return sum(each.fate in (Fate.ASKS, Fate.REFUSED, Fate.WAITS) for each in self.edits)


def taker_named(project: Project, pseudonym: str) -> Annotator:
    """Raises WozError as `annotator_named`, and in an opened package, whoever asks."""
    if facts := package_in(project.path):
        raise WozError(
            f"{project.path} is a package for {facts.pseudonym}; what came back of it is taken in the project that"
            f" it was made from ({facts.project}): woz package take ITS_FOLDER FILE --by PSEUDONYM."
        )
    return annotator_named(project, pseudonym)


def take_package(project: Project, file: Path, taker: Annotator, choice: Choice, clock: Clock) -> TakenPackage:
    """Taken again, it goes on where it was: what was taken stays, and what was decided meanwhile is taken.

    Raises WozError, with nothing taken, where the file was changed, is of no package of this project or too late,
    and where its annotator is gone or has retired.
    """
    if not MANAGERS & set(taker.roles):
        raise WozError(f"Only a manager may take a returned package, and {taker.pseudonym} is not; ask one to.")
    project = project.seen_by(taker.id).whole()
    returned = read_returned(file, project.packages.secrets())
    package = project.packages.get(returned.package)
    person = _person(project, package, returned)
    now_ns = clock.utc_ns()
    if (late := now_ns >= end_utc_ns(package.until)) and not choice.late.strip():
        raise WozError(
            f"This package ended on {package.until}. A manager can take it all the same: say why with --late WORDS."
        )
    taking = _Taking(project, package, taker, returned, choice, now_ns)
    edits = tuple(taking.all())
    if late and any(each.fate in (Fate.TAKEN, Fate.BACK) for each in edits):
        _tell_late(project, package, taker, choice.late.strip())
    beside = take_beside(project, package, returned, now_ns)
    project.packages.note_returned(package.id, now_ns)
    told = (*beside.told, *_told(project, package, person, returned, now_ns))
    return TakenPackage(package, edits, beside, told)


def _person(project: Project, package: Package, returned: Returned) -> Annotator:
    if returned.annotator_id != package.annotator_id:
        raise WozError("The file says that somebody else made these edits; have it made again.")
    person = next((each for each in project.annotators.all() if each.id == package.annotator_id), None)
    if person is None:
        raise WozError(
            f"{package.pseudonym}, whom the package was made for, is no annotator of this project any more; nothing"
            " was taken. Restore a backup in which they are."
        )
    if person.retired:
        known = person.pseudonym == package.pseudonym
        who = person.pseudonym if known else f"{package.pseudonym}, who is called {person.pseudonym} here now,"
        raise WozError(
            f"{who} has retired meanwhile; nothing was taken. Bring them back with woz annotators"
            f" retire {quoted(project.path)} {person.pseudonym} --back, take the package, and have them retire"
            " again."
        )
    return person


def _tell_late(project: Project, package: Package, taker: Annotator, word: str) -> None:
    """Kept where people talk, for its annotator too."""
    for session_id in package.sessions:
        text = f"Took the package {package.id} after its end ({package.until}): {word}"
        project.comments.add(
            Comment(CommentId(new_id()[:8]), session_id, taker.id, text, 0, to=package.annotator_id)
        )


@dataclass(slots=True)
class _Taking:
    project: Project
    package: Package
    taker: Annotator
    returned: Returned
    choice: Choice
    now_ns: int
    blocked: dict[ItemRef, int] = field(default_factory=dict)
    """What may not change before an edit that was not taken is decided, and the number of that edit."""

    def all(self) -> Iterator[TakenEdit]:
        taken = dict(self.project.packages.taken(self.package.id))
        undone = _undone(self.returned.edits)
        names, hidden = names_in(self.project, self.returned.edits), self.project.names.all()
        for edit in self.returned.edits:
            if edit.id in taken:
                yield TakenEdit(edit, Fate.BEFORE if taken[edit.id] is not None else Fate.PASSED)
                continue
            done = self._one(self._named(edit, hidden), taken, edit.id in undone, names)
            if done.fate in (Fate.ASKS, Fate.REFUSED, Fate.WAITS):
                self.blocked.update(dict.fromkeys(self._held_up_by(edit), edit.id))
            elif done.fate == Fate.PASSED:
                self.project.packages.pass_over(self.package.id, [edit.id])
                taken[edit.id] = None
            yield done

    def _held_up_by(self, edit: LoggedEdit) -> set[ItemRef]:
        """What waits for an edit that wasn't taken: other edits of its items, and moves of the tiers that these lie
        in, since nothing could be decided any more in a tier that is submitted.
        """
        items = [item for each in edit.changes for item in (each.before, each.after)]
        owners = {link_owner(item) for item in items if isinstance(item, Link)}
        marks = [*items, *(item for item, _ in self.project.annotations.stored(owners).values())]
        tiers = {ItemRef("tier", mark.tier_id) for mark in marks if isinstance(mark, Annotation)}
        return {change.item for change in edit.changes} | tiers | {each for each in owners if each.kind == "tier"}

    def _named(self, edit: LoggedEdit, names: NameList) -> LoggedEdit:
        """With the names again for which something stood in the package."""
        if not any(stands_in(side, names) for each in edit.changes for side in (each.before, each.after)):
            return edit
        shown = self._shown(edit)
        changes = (
            replace(
                each,
                before=named_again(each.before, shown(each.item), names),
                after=named_again(each.after, shown(each.item), names),
            )
            for each in edit.changes
        )
        return replace(edit, changes=tuple(changes))

    def _one(self, edit: LoggedEdit, taken: dict[int, int | None], undone: bool, names: ItemNames) -> TakenEdit:
        if edit.session_id not in self.package.sessions:
            return TakenEdit(edit, Fate.REFUSED, f"{edit.session_id} is not in this package.")
        if edit.undoes is not None and edit.undoes in taken and taken[edit.undoes] is None:
            return TakenEdit(edit, Fate.PASSED, f"It takes back edit {edit.undoes}, which was passed over.")
        made = without_beginnings(edit.edit)
        waits = next((nr for ref in touched(made) if (nr := self.blocked.get(ref))), None)
        if waits is not None:
            return TakenEdit(edit, Fate.WAITS, f"It follows edit {waits}; decide on that one first.")
        try:
            return self._take(edit, edit.edit, taken, undone=undone)
        except UnreachableError:
            raise
        except ConflictError as error:
            if undone:
                return TakenEdit(edit, Fate.PASSED, TOOK_BACK)
            return self._disputed(edit, Dispute(made, error.clashes), taken, names)
        except WozError as error:
            if undone or self._chosen(edit, self.choice.kept):
                return TakenEdit(edit, Fate.PASSED, str(error))
            return TakenEdit(edit, Fate.REFUSED, str(error))

    def _disputed(
        self, edit: LoggedEdit, dispute: Dispute, taken: dict[int, int | None], names: ItemNames
    ) -> TakenEdit:
        shown = self._shown(edit)
        asked = sides(dispute, shown, names.of)
        if self._chosen(edit, self.choice.kept):
            left = dispute.undisputed(shown)
            if not left:
                return TakenEdit(edit, Fate.PASSED, "The project's own stays.")
        elif asked is None or self._chosen(edit, self.choice.returned):
            left = dispute.insisted(shown)
        else:
            return TakenEdit(edit, Fate.ASKS, asked.asked, asked.theirs, asked.mine)
        try:
            return self._take(edit, with_beginnings(left, edit.edit), taken, "As it was decided.")
        except UnreachableError:
            raise
        except WozError as error:
            return TakenEdit(edit, Fate.REFUSED, str(error))

    def _take(
        self, edit: LoggedEdit, made: Edit, taken: dict[int, int | None], why: str = "", undone: bool = False
    ) -> TakenEdit:
        """What would submit a tier with errors leaves it in work, and its annotator is told in the same moment."""
        try:
            taken[edit.id] = self._record(edit, made, taken)
            return TakenEdit(edit, Fate.TAKEN, why)
        except SubmissionError as error:
            if undone:
                return TakenEdit(edit, Fate.PASSED, TOOK_BACK)
            reasons = str(error)
        with self.project.at_once():
            if left := in_work(made, reasons):
                taken[edit.id] = self._record(edit, left, taken)
            else:
                self.project.packages.pass_over(self.package.id, [edit.id])
                taken[edit.id] = None
            self._tell_back(edit, reasons)
        return TakenEdit(edit, Fate.BACK, reasons)

    def _tell_back(self, edit: LoggedEdit, why: str) -> None:
        """Of each tier that isn't submitted after all, its annotator, where people talk; not where they moved it
        again themselves.
        """
        edits = self.returned.edits
        later = edits[[each.id for each in edits].index(edit.id) + 1 :]
        again = {change.item for each in later for change in each.changes}
        for tier in submitted(edit.edit):
            if ref_to(tier) not in again:
                said = Comment(CommentId(new_id()[:8]), edit.session_id, self.taker.id, why, 0)
                self.project.comments.add(replace(said, to=self.package.annotator_id, tier_id=tier.id))

    def _record(self, edit: LoggedEdit, made: Edit, taken: Mapping[int, int | None]) -> int | None:
        """Raises SubmissionError, with nothing recorded, where a tier that it submits has errors by then."""
        undoes = taken.get(edit.undoes) if edit.undoes is not None else None
        at = Stamp(edit.session_id, self.package.annotator_id, self._time(edit), undoes)
        closes = [ref_to(tier) for tier in self._tiers(map(ref_to, submitted(made))) if tier.state in OPEN]
        with self.project.at_once() if closes else contextlib.nullcontext():
            own = self.project.packages.take(self.package.id, edit.id, made, at)
            for tier in self._tiers(closes):
                refuse_errors(tier, session_findings(self.project, edit.session_id, tier))
        return own

    def _tiers(self, refs: Iterable[ItemRef]) -> list[Tier]:
        """As they are stored."""
        found = self.project.annotations.stored(tuple(refs))
        return [item for item, _ in found.values() if isinstance(item, Tier)]

    def _time(self, edit: LoggedEdit) -> int:
        """When it was made, as its annotator's clock had it; now where that can't be."""
        possible = self.package.made_utc_ns <= edit.made_utc_ns <= self.now_ns
        return edit.made_utc_ns if possible else self.now_ns

    def _shown(self, edit: LoggedEdit) -> Shown:
        found = self.project.annotations.stored([change.item for change in edit.changes])

        def shown(ref: ItemRef) -> Item | None:
            return found[ref][0] if ref in found else None

        return shown

    @staticmethod
    def _chosen(edit: LoggedEdit, numbers: frozenset[int]) -> bool:
        return ALL in numbers or edit.id in numbers


def _undone(edits: tuple[LoggedEdit, ...]) -> set[int]:
    """Those that their annotator took back, and what took them back."""
    undoing: dict[int, list[int]] = {}
    for edit in edits:
        if edit.undoes is not None:
            undoing.setdefault(edit.undoes, []).append(edit.id)

    def holds(nr: int) -> bool:
        return not any(holds(each) for each in undoing.get(nr, ()))

    return {edit.id for edit in edits if not holds(edit.id)}


def _told(project: Project, package: Package, person: Annotator, returned: Returned, now_ns: int) -> Iterator[str]:
    """What a manager should know of it, a sentence each."""
    if person.pseudonym != package.pseudonym:
        yield f"{package.pseudonym} is called {person.pseudonym} here now; the edits are theirs."
    yield from _clock_words(package, returned, now_ns)
    yield from _scheme_words(project, package)
    for session in (project.sessions.get(each) for each in package.sessions):
        for one in (project.participants.get(each) for each in session.participants):
            begun = project.withdrawals.found(one.id)
            if begun and begun.begun_utc_ns >= package.made_utc_ns:
                yield (
                    f"{one.pseudonym} withdrew from {session.id} after the package was made: run woz withdraw"
                    f" {quoted(project.path)} {one.pseudonym} again, which takes their words out of what came back,"
                    f" and have {person.pseudonym} delete the package."
                )


def _clock_words(package: Package, returned: Returned, now_ns: int) -> Iterator[str]:
    times = [edit.made_utc_ns for edit in returned.edits] + [returned.returned_utc_ns]
    early, ahead = package.made_utc_ns - min(times), max(times) - now_ns
    off, which = (ahead, "ahead") if ahead >= early else (early, "behind")
    if off > SLACK_NS:
        yield (
            f"The clock of {package.pseudonym}'s computer was {_span(off)} {which}, at least: edits whose time"
            f" can't be right have that of now, {iso_utc(now_ns)[:16]} UTC."
        )


def _span(ns: int) -> str:
    hours = ns / SLACK_NS
    return f"{hours:.0f} hours" if hours < 36 else f"{hours / 24:.0f} days"


def _scheme_words(project: Project, package: Package) -> Iterator[str]:
    newest: dict[str, int] = {}
    for scheme in project.schemes.all():
        newest[scheme.id] = max(scheme.version, newest.get(scheme.id, 0))
    for session_id in package.sessions:
        for tier in project.annotations.load(session_id):
            mine = isinstance(tier, Tier) and tier.annotator_id == package.annotator_id
            if mine and isinstance(tier, Tier) and newest.get(tier.scheme_id, 0) > tier.scheme_version:
                yield (
                    f"{tier.name} of {session_id} is in version {tier.scheme_version} of the scheme"
                    f" {tier.scheme_id}, which has version {newest[tier.scheme_id]} by now: see woz scheme use."
                )
