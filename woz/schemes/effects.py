"""What a new version of a scheme does to what was annotated by an older one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from woz.model.annotation import Annotation
from woz.model.ids import SessionId
from woz.model.scheme import Move, MoveKind, Scheme, named
from woz.model.tier import Tier, TierState

OPEN = frozenset({TierState.ASSIGNED, TierState.IN_WORK, TierState.RETURNED})
"""Tiers that move on to a new version; those that are closed stay in theirs."""


@dataclass(frozen=True, slots=True)
class Affected:
    """How many annotations of one tier."""

    session_id: SessionId
    tier: Tier
    count: int


@dataclass(frozen=True, slots=True)
class Effect:
    """What becomes of a label or an attribute, and in how many annotations."""

    move: Move
    sentence: str
    affected: tuple[Affected, ...]

    @property
    def count(self) -> int:
        return sum(each.count for each in self.affected)


@dataclass(frozen=True, slots=True)
class Tiers:
    """The tiers of a session that a new version concerns, each with its annotations."""

    session_id: SessionId
    tiers: tuple[tuple[Tier, tuple[Annotation, ...]], ...]


class Path:
    """From any older version of a scheme to the newest: what each label and attribute becomes."""

    def __init__(self, versions: Iterable[Scheme]) -> None:
        self._versions = sorted(versions, key=lambda scheme: scheme.version)
        self.newest = self._versions[-1]

    def moves(self, tier: Tier) -> dict[tuple[str, bool], Move]:
        """What becomes of what the tier's version has, by id or key and whether it is an attribute."""
        found: dict[tuple[str, bool], Move] = {}
        for scheme in self._versions:
            if scheme.version > tier.scheme_version:
                _go_on(found, [move for move in scheme.moves if move.tier_type == tier.tier_type])
        return found

    def goes_on(self, tier: Tier) -> bool:
        """Whether the tier moves on: it is open, older, and its type is still there."""
        known = {each.key for each in self.newest.tier_types}
        older = tier.scheme_id == self.newest.id and tier.scheme_version < self.newest.version
        return older and tier.state in OPEN and tier.tier_type in known

    def moved(self, tier: Tier, annotations: Iterable[Annotation]) -> tuple[list[Annotation], list[Annotation]]:
        """The annotations that become others, and what they become."""
        moves = self.moves(tier)
        before, after = [], []
        for each in annotations:
            new = _moved(each, moves)
            if new != each:
                before.append(each)
                after.append(new)
        return before, after

    def effects(self, sessions: Sequence[Tiers], language: str = "en") -> list[Effect]:
        """By label, those of tiers that move on; labels that nothing was annotated with are told, too."""
        counts: dict[Move, list[Affected]] = {}
        for move in self.newest.moves:
            counts.setdefault(move, [])
        for session in sessions:
            for tier, held in session.tiers:
                if self.goes_on(tier):
                    for move in self.moves(tier).values():
                        number = sum(_has(each, move) for each in held)
                        if number:
                            counts.setdefault(move, []).append(Affected(session.session_id, tier, number))
        return [Effect(m, self._sentence(m, found, language), tuple(found)) for m, found in counts.items()]

    def _sentence(self, move: Move, affected: Sequence[Affected], language: str) -> str:
        count, sessions = sum(each.count for each in affected), {each.session_id for each in affected}
        old = self._name(move.source, move, language, before=True)
        new = " and ".join(repr(self._name(target, move, language)) for target in move.targets)
        becomes = _becomes(move, new, many=count > 1)
        if count == 0:
            return f"{old!r} {becomes}; nothing is annotated with it."
        what = f"{_counted(count, 'annotation')} {'with' if move.attribute else 'of'} {old!r}"
        return f"{what} in {_counted(len(sessions), 'session')} {becomes}."

    def _name(self, wanted: str, move: Move, language: str, before: bool = False) -> str:
        """What a label or an attribute is called now, or was before the newest version."""
        for scheme in self._versions[-2::-1] if before else self._versions[::-1]:
            tier_type = scheme.tier_type(move.tier_type)
            if move.attribute:
                found = next((each for each in tier_type.attributes if each.key == wanted), None)
                if found:
                    return named(found.names, language, found.key)
            elif wanted in {label.id for label in tier_type.labels}:
                return tier_type.label(wanted).name(language)
        return wanted


def _counted(count: int, what: str) -> str:
    return f"{count} {what}{'' if count == 1 else 's'}"


def _becomes(move: Move, new: str, many: bool) -> str:
    if move.kind == MoveKind.SPLIT:
        return f"must be looked at, since it was split into {new}"
    if move.kind == MoveKind.RETIRED:
        return f"{'stay as they are' if many else 'stays as it is'}, and can't be chosen any more"
    if move.targets == (move.source,):
        return f"{'are' if many else 'is'} called {new} from now on"
    return f"{'become' if many else 'becomes'} {new}"


def _go_on(found: dict[tuple[str, bool], Move], later: Sequence[Move]) -> None:
    """What a later version does to what became of the labels before."""
    by_source = {(move.source, move.attribute): move for move in later}
    for key, move in list(found.items()):
        target = move.targets[0] if len(move.targets) == 1 else ""
        after = by_source.get((target, move.attribute))
        if after is not None:
            found[key] = replace(after, source=move.source)
    for key, move in by_source.items():
        found.setdefault(key, move)


def _has(annotation: Annotation, move: Move) -> bool:
    if move.attribute:
        return any(each.key == move.source for each in annotation.attributes)
    return annotation.label == move.source


def _target(moves: Mapping[tuple[str, bool], Move], source: str, attribute: bool) -> str:
    move = moves.get((source, attribute))
    if move is None or move.kind not in (MoveKind.RENAMED, MoveKind.MERGED) or len(move.targets) != 1:
        return source
    return move.targets[0]


def _moved(annotation: Annotation, moves: Mapping[tuple[str, bool], Move]) -> Annotation:
    attributes = tuple(
        replace(each, key=_target(moves, each.key, attribute=True)) for each in annotation.attributes
    )
    return replace(annotation, label=_target(moves, annotation.label, attribute=False), attributes=attributes)
